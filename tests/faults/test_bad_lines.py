"""Lines that break in the middle of a frame, say things twice and hold them: histories agree."""

from pathlib import Path

import pytest

from tests.support.crowd import crowd, in_own_loop
from tests.support.launching import forked
from tests.support.proxy import Harm, Proxy, proxy
from tests.support.server import Server, running
from tests.support.sizes import size

PARTS, MESSAGES = size(10, 1), size(20_000, 1_000)
CONVERSATIONS = 15
WINDOW = 3


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_bad_lines_break_no_promise(tmp_path: Path, database_url: str, part: int) -> None:
    with running(tmp_path, database_url, "eventlet", launch=forked) as server:
        bad = Proxy(server.url, seed=part, cut=0.005, twice=0.02, held=0.01)
        assert in_own_loop(_talk_through(bad, server)) == []
        assert set(bad.did) == set(Harm)


async def _talk_through(bad: Proxy, server: Server) -> list[str]:
    async with proxy(bad):
        everybody = crowd(server, CONVERSATIONS, WINDOW, bad.here)
        await everybody.begin()
        await everybody.answered(MESSAGES)
        bad.calm()
        return await everybody.finish()
