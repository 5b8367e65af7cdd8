"""What is measured side by side: the echo, the echo on our transport, and ours."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.load import Seat, Side
from tests.benchmarks.processes import SERVER, pin, pin_postgres, postgres
from tests.benchmarks.seats import SAID
from tests.support import postgres as server
from tests.support.server import UNLIMITED, free_port
from vipservice.problems import SESSION_COOKIE

PYTHON = (sys.executable, "-W", "ignore")
NOTHING, MUCH = (f"person = {n}, municipality = {n}, address = {n}" for n in (0, 10**9))
HIGH = UNLIMITED.replace(NOTHING, MUCH)
"""Shares that are counted, and so large that nobody gets to their end."""
STARTS_WITHIN, ENDS_WITHIN = 60.0, 20.0


Started = tuple[list[str], dict[str, str], int, list[Seat]]
"""A command, its environment, the port that it opens, and the seats that it has."""


@dataclass(frozen=True)
class Contender:
    """Something that passes messages on; ``start`` gives its port, process and seats.

    ``speaks`` is how its clients talk to it.
    """

    name: str
    start: Callable[[Path, int], Started]
    on_postgres: bool = False
    speaks: type[Side] = Side


class Running:
    """A contender that runs on the server's processor, and can be started again with what it has.

    ``pids`` are its processes, those of PostgreSQL too where it needs that.
    """

    def __init__(self, contender: Contender, folder: Path, seats: int) -> None:
        self.contender = contender
        self.speaks = contender.speaks
        command, environment, self.port, self.seats = contender.start(folder, seats)
        self.url = f"http://127.0.0.1:{self.port}"
        self.pids: list[int] = []
        self._command, self._environment = command, os.environ | environment
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log,
                preexec_fn=lambda: pin(SERVER),
            )  # fmt: skip
        self._wait(self._process)
        others = postgres() if self.contender.on_postgres else []
        pin_postgres(SERVER)
        self.pids = [self._process.pid, *others]

    def stop(self) -> None:
        """As who deploys it stops it."""
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(ENDS_WITHIN)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as found:
                if found.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(self._log.read_text())


@contextmanager
def running(contender: Contender, seats: int) -> Iterator[Running]:
    """Starts it with an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        one = Running(contender, Path(folder), seats)
        try:
            one.start()
            yield one
        finally:
            one.stop()


def made_up(count: int) -> list[Seat]:
    """Seats of who knows nobody."""
    return [Seat(f"chat-{number}", ("", "")) for number in range(count)]


def echo(*tuned: str) -> Callable[[Path, int], Started]:
    """The echo, with its defaults or tuned."""

    def start(_folder: Path, seats: int) -> Started:
        port = free_port()
        command = [*PYTHON, "-m", "tests.benchmarks.echo", str(port), *tuned]
        return command, {}, port, made_up(seats)

    return start


def ours(
    url: Callable[[Path], str], said: int = SAID, others: int = 0
) -> Callable[[Path, int], Started]:
    """vipservice on a database, as it is deployed; in each chat so much has been said.

    ``others``: so many more chats are open.
    """

    def start(folder: Path, seats: int) -> Started:
        port, database = free_port(), url(folder)
        subprocess.run(
            [*PYTHON, "-m", "tests.benchmarks.seats", database, str(seats), folder / "seats.json",
             str(said), str(others)],
            check=True,
        )  # fmt: skip
        found = json.loads((folder / "seats.json").read_text())
        (folder / "config.toml").write_text(
            f'[server]\nport = {port}\npublic_url = "http://127.0.0.1:{port}"\n'
            f'[database]\nurl = "{database}"\n[security]\nsecret_key = "benchmarks only"\n{HIGH}'
        )
        names = [tuple(f"{SESSION_COOKIE}={one}" for one in seat["cookies"]) for seat in found]
        return (
            [*PYTHON, "-m", "vipservice.server", "eventlet"],
            {"VIPSERVICE_CONFIG": str(folder / "config.toml")},
            port,
            [Seat(seat["chat"], (two[0], two[1])) for seat, two in zip(found, names, strict=True)],
        )

    return start


def on_sqlite(folder: Path) -> str:
    """An empty database of SQLite; FULL, as always."""
    return f"sqlite:///{folder}/vipservice.db"


def on_postgres(_folder: Path) -> str:
    """An empty database of PostgreSQL that waits for the disk."""
    return server.durable_database()


ECHO = Contender("echo", echo())
CONTENDERS = [
    Contender("echo, our transport", echo("tuned")),
    Contender("vipservice, SQLite FULL", ours(on_sqlite)),
]


def contenders() -> list[Contender]:
    """All that this machine has, beside the echo."""
    found = list(CONTENDERS)
    if server.is_there():
        found.append(Contender("vipservice, PostgreSQL", ours(on_postgres), on_postgres=True))
    return found
