"""The real server in a process of its own, with a clock that the test can move."""

import vipservice.server as server  # isort: skip - patches first

import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path


def shifted_clock() -> datetime:
    """Real time, plus the seconds that the test wrote into a file."""
    return datetime.now(UTC) + timedelta(seconds=float(SHIFT.read_text() or 0))


SHIFT = Path(os.environ["TEST_CLOCK_SHIFT"])

if __name__ == "__main__":
    listener = socket.socket(fileno=int(os.environ["TEST_LISTENER"]))
    server.serve(server.make_app(clock=shifted_clock), listener)
