"""Two processes on one database do what the moment allows: the ledger and figures stay true."""

import multiprocessing
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from tests.services.test_ledger import cells
from tests.support.busy import Busy
from tests.support.sizes import size
from vipservice.rules.people import Side
from vipservice.rules.refusals import Refusal
from vipservice.services.people.sessions import actor_of
from vipservice.services.reports.folding import fold_all, rebuild
from vipservice.services.sla.replay import verify
from vipservice.store.queries import entries_after
from vipservice.store.tables import Chat
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World, make_world

SECONDS = size(20, 2)
LEAST = size(1000, 100)
"""Acts of each process, also where the machine is busy."""
PROCESSES = 2
BEGIN = datetime(2026, 4, 20, 8, 0, tzinfo=UTC)
SPAWN = multiprocessing.get_context("spawn")


class Quick:
    """Real time from a moment on, so many times as quick; the same in every process."""

    def __init__(self, since: float, times: int) -> None:
        self.since, self.times = since, times

    def __call__(self) -> datetime:
        return BEGIN + timedelta(seconds=(time.time() - self.since) * self.times)

    def forward(self, **_: float) -> None:
        """It goes by itself."""


def act(url: str, tokens: dict[str, str], place: tuple[str, str], clock: Quick, seed: int) -> None:
    """One process: everybody does something, at random, for so long and so often."""
    store = Store(url, clock)
    found = {name: actor_of(store, token) for name, token in tokens.items()}
    actors = {name: actor for name, actor in found.items() if actor}
    world = World(store, clock, actors, tokens, *place)  # type: ignore[arg-type]
    busy, until = Busy(world, seed), time.monotonic() + SECONDS
    acts: list[Callable[[], Any]] = [
        busy.ask, busy.pick_up, busy.answer, busy.reply, busy.propose, busy.confirm, busy.confirm,
        busy.withdraw, busy.reopen, busy.park, busy.resume, busy.escalate, busy.call_back,
        busy.hand_over_to_team, busy.flag, lambda: fold_all(store, per_specialist=True),
    ]  # fmt: skip
    acted = 0
    while acted < LEAST or time.monotonic() < until:
        acted += 1
        with suppress(Refusal, StopIteration):
            busy.chance.choice(acts)()
    store.close()


@pytest.mark.prove
@pytest.mark.parametrize("times", [1, 120])
def test_after_chaos_everything_tells_the_same(database_url: str, times: int) -> None:
    clock = Quick(time.time(), times)
    store = Store(database_url, ManualClock(BEGIN.isoformat()))
    world = make_world(store, store.clock)  # type: ignore[arg-type]
    place = (world.topic_id, world.team_id)
    processes = [
        SPAWN.Process(target=act, args=(database_url, world.tokens, place, clock, seed))
        for seed in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    store.clock = clock
    assert list(verify(store)) == []
    fold_all(store, per_specialist=True)
    kept = cells(world)
    assert rebuild(store, per_specialist=True) > 5
    assert cells(world) == kept
    _no_time_goes_back(world)
    store.close()


def _no_time_goes_back(world: World) -> None:
    with world.store.read() as work:
        for chat in work.session.exec(select(Chat.id)).all():
            entries = [row[0] for row in entries_after(work.session, chat, 0, Side.CENTRE, 10_000)]
            assert [one.seq for one in entries] == list(range(1, len(entries) + 1))
            assert [one.at for one in entries] == sorted(one.at for one in entries)
