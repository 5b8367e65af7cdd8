"""The disk is full, at full load: errors and no false acknowledgement, and then all goes on."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import absent
from tests.support import sqlite
from tests.support.cluster import Cluster, cluster, programs
from tests.support.crowd import Crowd, crowd, in_own_loop
from tests.support.disk import Disk, pretended, small
from tests.support.launching import forked
from tests.support.server import running
from tests.support.sizes import size

TIMES = size(10, 1)
CONVERSATIONS = 15
MEGABYTES = 150
DISKS = ("of its own", "pretended")[: size(2, 1)]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the owner of PostgreSQL can reach."""
    with TemporaryDirectory(prefix="vipservice-disk-") as own:
        Path(own).chmod(0o755)
        made = Path(own) / "disk"
        made.mkdir()
        yield made


@pytest.fixture(params=DISKS)
def disk(request: pytest.FixtureRequest, folder: Path) -> Iterator[Disk]:
    """A real one where that may be made, or one that only says so."""
    with ExitStack() as stack:
        found = None
        if request.param == "of its own":
            found = stack.enter_context(small(folder, MEGABYTES))
        if found is None and (found := pretended(folder)) is None:
            absent("cc")
        assert found
        yield found


@pytest.mark.prove
def test_sqlite_on_a_full_disk(tmp_path: Path, disk: Disk) -> None:
    database = sqlite.database(disk.folder)
    with running(tmp_path / "server", database, "eventlet", environment=disk.environment) as server:
        everybody = crowd(server, CONVERSATIONS)
        assert in_own_loop(_filled(disk, everybody, None)) == []
        assert server.process
        assert server.process.poll() is None
        assert all(everybody.errors)


async def _filled(disk: Disk, everybody: Crowd, postgres: Cluster | None) -> list[str]:
    """While nothing fits in SQLite nobody is told yes; PostgreSQL has some room left in its log."""
    await everybody.begin()
    for _ in range(TIMES):
        await everybody.answered(20 * CONVERSATIONS)
        await asyncio.to_thread(disk.fill)
        await everybody.refused(2 * CONVERSATIONS)
        answers = everybody.answers
        await everybody.refused(4 * CONVERSATIONS)
        assert postgres or everybody.answers == answers
        await asyncio.to_thread(disk.make_room)
        if postgres and not postgres.is_up():
            await asyncio.to_thread(postgres.start)
        await everybody.answered(2 * CONVERSATIONS)
    return await everybody.finish()


@pytest.fixture
def place(disk: Disk) -> Iterator[Cluster]:
    """A PostgreSQL on that disk."""
    found = programs()
    if found is None:
        absent("initdb")
    assert found
    with cluster(found, environment=disk.environment, folder=disk.folder) as made:
        yield made


@pytest.mark.prove
def test_postgresql_on_a_full_disk(tmp_path: Path, disk: Disk, place: Cluster) -> None:
    with running(tmp_path / "server", place.database(), "eventlet", launch=forked) as server:
        everybody = crowd(server, CONVERSATIONS)
        assert in_own_loop(_filled(disk, everybody, place)) == []
        assert all(everybody.errors)
