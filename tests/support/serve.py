"""The real server in a process of its own, with a clock that the test can move."""

import vipservice.server as server  # isort: skip - patches first

import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path


def shifted_clock() -> datetime:
    """Real time, plus the seconds that the test wrote into a file."""
    shift = Path(os.environ["TEST_CLOCK_SHIFT"])
    return datetime.now(UTC) + timedelta(seconds=float(shift.read_text() or 0))


def main() -> None:
    """Serves on the socket that the test listens on."""
    listener = socket.socket(fileno=int(os.environ["TEST_LISTENER"]))
    server.serve(server.make_app(clock=shifted_clock), listener)


if __name__ == "__main__":
    main()
