"""PostgreSQL dies at full load: errors and no false acknowledgement, and then all goes on."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.support.cluster import Cluster, cluster, programs
from tests.support.crowd import Crowd, crowd, in_own_loop
from tests.support.launching import forked
from tests.support.server import running
from tests.support.sizes import size

DEATHS = size(20, 1)
CONVERSATIONS = 15
BUSY = "Het is nu erg druk. Er is niets verloren: probeer het zo opnieuw."


@pytest.mark.prove
def test_postgresql_dies_at_full_load_and_comes_back(tmp_path: Path) -> None:
    found = programs()
    if found is None:
        absent("initdb")
        return
    with (
        cluster(found) as postgres,
        running(tmp_path, postgres.database(), "eventlet", launch=forked) as server,
    ):
        everybody = crowd(server, CONVERSATIONS)
        assert in_own_loop(_without(postgres, everybody)) == []
        assert set(everybody.errors) == {BUSY}


async def _without(postgres: Cluster, everybody: Crowd) -> list[str]:
    """While it is away, nobody is told that anything was stored."""
    chance = random.Random(7)
    await everybody.begin()
    for _ in range(DEATHS):
        await everybody.answered(chance.randint(1, 500))
        await asyncio.to_thread(postgres.stop, "immediate")
        await everybody.refused(2 * CONVERSATIONS)
        answers = everybody.answers
        await everybody.refused(4 * CONVERSATIONS)
        assert everybody.answers == answers
        await asyncio.to_thread(postgres.start)
        await everybody.answered(2 * CONVERSATIONS)
    return await everybody.finish()
