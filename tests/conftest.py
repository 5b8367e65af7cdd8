"""What every test can ask for: databases, a clock, a small world of people, servers."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support import postgres, sqlite
from tests.support.server import Server, running
from tests.support.service import service_of
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World, make_world
from vipservice.web import create_web

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
_connect = socket.socket.connect


def absent(what: str) -> None:
    """Skips a test for want of something; with REQUIRE_ALL=1 that is a failure."""
    if REQUIRE_ALL:
        pytest.fail(f"{what} is not here, and REQUIRE_ALL=1 allows no skip")
    pytest.skip(f"{what} is not here")


@pytest.fixture(autouse=True)
def no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test may talk to this machine and to nothing else."""

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def clock() -> ManualClock:
    """Friday 24 April 2026, 16:45 in Amersfoort; moves only when told to."""
    return ManualClock("2026-04-24T16:45+02:00")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        yield sqlite.database(tmp_path)
        return
    if not postgres.is_there():
        absent("PostgreSQL")
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    if not postgres.is_there():
        absent("PostgreSQL")
    with postgres.bare_database() as url:
        yield url


@pytest.fixture
def store(database_url: str, clock: ManualClock) -> Iterator[Store]:
    """A store on such a database."""
    made = Store(database_url, clock)
    yield made
    made.close()


@pytest.fixture
def world(store: Store, clock: ManualClock) -> World:
    """Two municipalities, their people, a knowledge centre."""
    return make_world(store, clock)


HEAVY = ("server", "eventlet_server", "real", "desk", "place", "busy")
"""Fixtures that take seconds to make and serve many tests."""


@pytest.hookimpl(tryfirst=True)  # xdist takes the groups from this hook too
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share something heavy run in one process, which makes it once."""
    for item in items:
        for name in HEAVY:
            if name in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(_home(item, name)))


def _home(item: pytest.Item, name: str) -> str:
    """A fixture of a module is that module's; each parameter makes another one."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    place = item.path.stem if name in ("desk", "place", "busy") else "session"
    return f"{place}-{name}-{params.get(name, '')}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each thing that was not here."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])}
    for reason in sorted(reasons):
        terminalreporter.write_line(reason)


SERVERS = [
    ("sqlite", "eventlet"),
    ("postgresql", "eventlet"),
    ("sqlite", "threading"),
    ("postgresql", "threading"),
]


@pytest.fixture(scope="session", params=SERVERS, ids="-".join)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A real server on each kind of database, with eventlet and with threads."""
    kind, mode = request.param
    folder = tmp_path_factory.mktemp("server")
    if kind == "sqlite":
        with running(folder, sqlite.database(folder), mode) as found:
            yield found
        return
    if not postgres.is_there():
        absent("PostgreSQL")
    with postgres.database() as url, running(folder, url, mode) as found:
        yield found


@pytest.fixture
def web(world: World) -> Flask:
    """The HTTP edge on such a database, without a server."""
    return web_of(world)


def web_of(world: World) -> Flask:
    """The HTTP edge of a world."""
    return create_web(service_of(world.store))


@pytest.fixture(scope="session")
def eventlet_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server as it is deployed: eventlet and SQLite."""
    folder = tmp_path_factory.mktemp("eventlet")
    with running(folder, sqlite.database(folder), "eventlet") as found:
        yield found
