"""Clients that sleep for a week in the middle of a sentence, and wake up to all that was said."""

from datetime import timedelta
from pathlib import Path

from tests.support.crowd import Crowd, crowd, in_own_loop
from tests.support.launching import forked
from tests.support.server import Server, running
from tests.support.talkers import Talker
from vipservice.problems import SESSION_COOKIE
from vipservice.testing.world import signed_in

CONVERSATIONS = 9
WINDOW = 3
WEEK = timedelta(days=7)
DAY = 24
"""Hours that a session holds which is over after a week."""


def sign_in(server: Server, one: Talker, hours: int) -> None:
    """Gives a talker a session of its own."""
    who = one.history.name.partition("-")[0]
    one.cookie = f"{SESSION_COOKIE}={signed_in(server.world.store, who, hours)}"


def test_after_a_week_asleep_all_is_there_once(tmp_path: Path, database_url: str) -> None:
    with running(tmp_path, database_url, "eventlet", launch=forked) as server:
        everybody = crowd(server, CONVERSATIONS, WINDOW)
        assert in_own_loop(_sleep(server, everybody)) == []


async def _sleep(server: Server, everybody: Crowd) -> list[str]:
    """The requesters sleep; of the first and last chat each session is over when they wake."""
    sleepers = everybody.talkers[::2]
    expired = [*everybody.talkers[:2], *everybody.talkers[-2:]]
    for one in expired:
        sign_in(server, one, DAY)
    await everybody.begin()
    await everybody.answered(300)
    for one in sleepers:
        one.go()
    assert any(not one.is_answered for one in sleepers)
    await everybody.answered(200)
    server.shift_clock(WEEK.total_seconds())
    await everybody.until(lambda: all(one.away for one in expired))
    await _wake(everybody, expired)
    for one in expired:
        sign_in(server, one, 30 * DAY)
        one.come()
    await everybody.answered(200)
    return await everybody.finish()


async def _wake(everybody: Crowd, expired: list[Talker]) -> None:
    """Whose session is over is told so, and that nothing more was stored is not hidden."""
    before = [len(one.history.acknowledged) for one in expired]
    for one in everybody.talkers:
        if one.away:
            one.come()
    await everybody.until(lambda: all(one.away and one.history.errors for one in expired))
    assert [len(one.history.acknowledged) for one in expired] == before
    assert all(not one.history.errors for one in everybody.talkers if one not in expired)
