"""Starting, killing and talking to a real server."""

import itertools
import os
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests
import socketio

from tests.support.launching import Launch, Process, anew
from vipservice.config import load
from vipservice.problems import SESSION_COOKIE
from vipservice.services.shares import Sort
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World, make_world

ALWAYS_OPEN = "\n".join(
    f'{day} = ["00:00-24:00"]'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)


UNLIMITED = "\n[limits]\nconnections = 0\nlines = 0\n" + "".join(
    f"{sort.value} = {{ person = 0, municipality = 0, address = 0 }}\n" for sort in Sort
)
STARTS_WITHIN = 60
"""Seconds."""
PORTS = 1_000
FIRST_PORT = 20_000
"""Each process that tests has some ports, below those that the kernel gives to callers."""
_ports = itertools.count()


def free_port() -> int:
    """A port that nobody listens on, for a server that must open it by itself."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = FIRST_PORT + worker * PORTS + next(_ports) % PORTS
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port


def listening() -> socket.socket:
    """A socket that listens, on a port that the kernel chose: it stays ours over restarts."""
    return socket.create_server(("127.0.0.1", 0), backlog=1024)


def port_of(listener: socket.socket) -> int:
    """The port that the kernel chose."""
    return int(listener.getsockname()[1])


@dataclass
class Server:
    """A server process, its database and its people; ``listener`` outlives the process."""

    folder: Path
    listener: socket.socket
    database: str
    mode: str
    world: World
    process: Process | None = None
    lines: dict[str, socketio.SimpleClient] = field(default_factory=dict)
    launch: Launch = anew
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{port_of(self.listener)}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self._hang_up()
        environment = os.environ | self.environment
        environment["VIPSERVICE_CONFIG"] = str(self.folder / "config.toml")
        environment["TEST_CLOCK_SHIFT"] = str(self.folder / "shift")
        with (self.folder / "server.log").open("ab") as log:
            self.process = self.launch(self.mode, environment, self.listener, log)
        self._wait()

    def stop(self) -> None:
        """As an administrator would: SIGTERM."""
        assert self.process
        self.process.terminate()
        self.process.wait(10)

    def _hang_up(self) -> None:
        """Who called while nobody was there gets no answer, as where no socket is kept."""
        self.listener.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                self.listener.accept()[0].close()
        self.listener.setblocking(True)

    def kill(self) -> None:
        """As a power cut would: SIGKILL."""
        assert self.process
        self.process.kill()
        self.process.wait(10)

    def twin(self, folder: Path) -> "Server":
        """Another server on the same database, with a port of its own; not started yet."""
        folder.mkdir()
        (folder / "shift").write_text("0")
        listener = listening()
        text = (self.folder / "config.toml").read_text()
        ports = str(port_of(self.listener)), str(port_of(listener))
        (folder / "config.toml").write_text(text.replace(*ports))
        return Server(folder, listener, self.database, self.mode, self.world)

    def shift_clock(self, seconds: float) -> None:
        """The server's clock, this much ahead of real time."""
        half = self.folder / "shift.part"
        half.write_text(str(seconds))
        half.rename(self.folder / "shift")

    def log(self) -> str:
        """What the server said so far."""
        return (self.folder / "server.log").read_text()

    def http(self, who: str | None) -> requests.Session:
        """A signed-in HTTP client, by the session cookie alone."""
        session = requests.Session()
        session.headers["Origin"] = self.url
        if who:
            session.cookies.set(SESSION_COOKIE, self.world.tokens[who])
            page = session.get(f"{self.url}/account", timeout=10).text
            token = re.search(r'name="csrf-token" content="([^"]+)"', page)
            assert token
            session.headers["X-CSRF-Token"] = token[1]
        return session

    def connect(self, who: str, **options: Any) -> socketio.SimpleClient:
        """A live connection."""
        client = socketio.SimpleClient(reconnection=False, **options)
        headers = {"Cookie": f"{SESSION_COOKIE}={self.world.tokens[who]}"}
        client.connect(self.url, headers=headers, transports=["websocket"])
        return client

    def line(self, who: str) -> socketio.SimpleClient:
        """Somebody's live connection that many tests may use: under threads closing takes long."""
        found = self.lines.get(who)
        if found is None or not found.connected:
            found = self.lines[who] = self.connect(who)
        return found

    def _wait(self) -> None:
        for _ in range(STARTS_WITHIN):
            assert self.process
            assert self.process.poll() is None, self.log()
            with suppress(requests.RequestException):  # the kernel accepts, nobody answers yet
                if requests.get(f"{self.url}/readyz", timeout=1).ok:
                    return
        raise AssertionError(self.log())


@contextmanager
def running(
    folder: Path,
    database: str,
    mode: str,
    server_keys: str = "",
    extra: str = "",
    launch: Launch = anew,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Server]:
    """A server with the small world in an empty database, open day and night.

    One person stands for many: without ``[limits]`` in ``extra`` nobody has a share.
    ``environment`` is what its process has more than this one.
    """
    extra += "" if "[limits]" in extra else UNLIMITED
    folder.mkdir(parents=True, exist_ok=True)
    listener = listening()
    port = port_of(listener)
    url = f"http://127.0.0.1:{port}"
    (folder / "shift").write_text("0")
    (folder / "config.toml").write_text(
        f'[server]\nport = {port}\npublic_url = "{url}"\nasync_mode = "{mode}"\n{server_keys}\n'
        f'[database]\nurl = "{database}"\n[security]\nsecret_key = "for tests only"\n'
        f'[calendar]\nholidays = ""\n{ALWAYS_OPEN}\n[sla]\ncheck_seconds = 0.5\n{extra}'
    )
    world = _make_world(folder, database)
    server = Server(
        folder, listener, database, mode, world, launch=launch, environment=dict(environment)
    )
    try:
        server.start()
        yield server
    finally:
        server.kill()
        listener.close()
        world.store.close()


def _make_world(folder: Path, database: str) -> World:
    clock = ManualClock(datetime.now(UTC).isoformat())
    store = Store(database, clock)
    return make_world(store, clock, load(folder / "config.toml"))
