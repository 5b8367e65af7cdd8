"""Starting, killing and talking to a real server."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import socketio

from tests.support.clock import ManualClock
from tests.support.world import World, make_world
from vipservice.config import load
from vipservice.problems import SESSION_COOKIE
from vipservice.store.migrate import migrate
from vipservice.store.work import Store

ALWAYS_OPEN = "\n".join(
    f'{day} = ["00:00-24:00"]'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Server:
    """A server process, its database and its people."""

    folder: Path
    url: str
    database: str
    mode: str
    world: World
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        environment = os.environ | {
            "VIPSERVICE_CONFIG": str(self.folder / "config.toml"),
            "TEST_CLOCK_SHIFT": str(self.folder / "shift"),
        }
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.serve", self.mode],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        log.close()
        self._wait()

    def stop(self) -> None:
        """As an administrator would: SIGTERM."""
        assert self.process
        self.process.terminate()
        self.process.wait(10)

    def kill(self) -> None:
        """As a power cut would: SIGKILL."""
        assert self.process
        self.process.kill()
        self.process.wait(10)

    def twin(self, folder: Path) -> "Server":
        """Another server on the same database, with a port of its own; not started yet."""
        folder.mkdir()
        (folder / "shift").write_text("0")
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        text = (self.folder / "config.toml").read_text()
        text = text.replace(f"port = {urlsplit(self.url).port}", f"port = {port}")
        (folder / "config.toml").write_text(text.replace(self.url, url))
        return Server(folder, url, self.database, self.mode, self.world)

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

    def _wait(self) -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            assert self.process
            assert self.process.poll() is None, self.log()
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)  # waits for another process to open its port
        raise AssertionError(self.log())


@contextmanager
def running(
    folder: Path, database: str, mode: str, server_keys: str = "", extra: str = ""
) -> Iterator[Server]:
    """A server with the small world, open day and night."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (folder / "shift").write_text("0")
    (folder / "config.toml").write_text(
        f'[server]\nport = {port}\npublic_url = "{url}"\nasync_mode = "{mode}"\n{server_keys}\n'
        f'[database]\nurl = "{database}"\n[security]\nsecret_key = "for tests only"\n'
        f'[calendar]\nholidays = ""\n{ALWAYS_OPEN}\n[sla]\ncheck_seconds = 0.5\n{extra}'
    )
    world = _make_world(folder, database)
    server = Server(folder, url, database, mode, world)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        world.store.close()


def _make_world(folder: Path, database: str) -> World:
    clock = ManualClock(datetime.now(UTC).isoformat())
    store = Store(database, clock)
    migrate(store.engine)
    return make_world(store, clock, load(folder / "config.toml"))
