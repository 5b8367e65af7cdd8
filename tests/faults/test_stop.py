"""Whoever runs the service can stop it, every time, and who was served hears the answer."""

import asyncio
from pathlib import Path

import pytest

from tests.support import sqlite
from tests.support.crowd import Crowd, crowd, in_own_loop
from tests.support.histories import Told
from tests.support.server import Server, running
from tests.support.sizes import size

TIMES = 6
STOPS = size(20, 2)


def test_sigterm_ends_the_server_every_time(tmp_path: Path) -> None:
    """The jobs run most of the time: an interrupt that ended one of them would end nothing."""
    with running(tmp_path, sqlite.database(tmp_path), "eventlet") as server:
        for _ in range(TIMES):
            server.stop()
            assert server.process
            assert server.process.returncode == 0, server.log()
            server.start()


@pytest.mark.prove
def test_what_it_still_stores_when_it_stops_is_acknowledged(
    tmp_path: Path, database_url: str
) -> None:
    with running(tmp_path, database_url, "eventlet") as server:
        everybody = crowd(server, 10, window=3)
        assert in_own_loop(_stopped(server, everybody)) == []


async def _stopped(server: Server, everybody: Crowd) -> list[str]:
    await everybody.begin()
    untold = []
    for _ in range(STOPS):
        await everybody.answered(100)
        await asyncio.to_thread(server.stop)
        await everybody.until(lambda: not any(one.line for one in everybody.talkers))
        untold += _untold(everybody)
        await asyncio.to_thread(server.start)
    return untold + await everybody.finish()


def _untold(everybody: Crowd) -> list[str]:
    """What was stored of somebody's words who does not know it.

    Who writes to a line that is closed loses with it what was not read yet.
    """
    return [
        f"{history.name}: {one.body}"
        for talker, (history, kept) in zip(everybody.talkers, everybody.kept(), strict=True)
        for one in kept
        if not talker.broke and _is_untold(one, history.sent, history.acknowledged)
    ]


def _is_untold(one: Told, sent: dict[str, str], acknowledged: dict[str, Told]) -> bool:
    return one.client_id in sent and one.client_id not in acknowledged
