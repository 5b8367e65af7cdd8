"""kill -9 at full load: every client's own history agrees with the store."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.support.crowd import Crowd, crowd, in_own_loop
from tests.support.launching import forked
from tests.support.server import Server, running
from tests.support.sizes import size

PARTS, KILLS = size(8, 1), size(25, 10)
"""In parts, so that the proof is not longer than its longest."""
CONVERSATIONS = size(50, 10)
WINDOW = 3
MOST_BETWEEN = size(1_000, 100)
"""Messages between two kills; the fewest is one, while most are still coming back."""
MOMENT = 0.02
"""Seconds: so that not each kill comes just after an acknowledgement."""


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_kill_nine_at_full_load_breaks_no_promise(
    tmp_path: Path, database_url: str, part: int
) -> None:
    with running(tmp_path, database_url, "eventlet", launch=forked) as server:
        everybody = crowd(server, CONVERSATIONS, WINDOW)
        assert in_own_loop(_killed(server, everybody, random.Random(part))) == []
        assert everybody.answers >= KILLS
        assert everybody.errors == []


async def _killed(server: Server, everybody: Crowd, chance: random.Random) -> list[str]:
    await everybody.begin()
    for _ in range(KILLS):
        await everybody.answered(chance.randint(1, MOST_BETWEEN))
        await asyncio.sleep(chance.uniform(0, MOMENT))
        server.kill()
        await asyncio.to_thread(server.start)
    return await everybody.finish()
