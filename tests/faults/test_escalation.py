"""Exactly one incident for each escalation, and none silent, whatever fails and whenever."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlmodel import col, func, select

from tests.support import sqlite
from tests.support.doubles.base import Double, Fault, Request
from tests.support.doubles.topdesk import Topdesk
from tests.support.drafts import adapter
from tests.support.recording import Killed, deliver_next, escalate, incident_of, poll_next
from tests.support.sizes import size
from vipservice.adapters.ticketing.base import Ticketing
from vipservice.rules.chats import EntryKind
from vipservice.rules.entries import Reported
from vipservice.rules.incidents.model import DONE, IncidentState, Step
from vipservice.rules.notices import Channel
from vipservice.services import outbox
from vipservice.services.chats.attachments import KeptFile, add_file
from vipservice.services.incidents.undelivered import MOST, list_undelivered
from vipservice.services.routing import serving
from vipservice.store.tables import Entry, Incident, Outbox
from vipservice.store.types import new_id
from vipservice.store.work import ALONE, Store, Work
from vipservice.store.writer import Turn
from vipservice.testing.clock import ManualClock
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World, make_world

ESCALATIONS = size(1000, 40)
ROUNDS = 4000
FAULTS = 0.05
STALLS = 0.002
SLOW = (Fault.STALL, Fault.DRIP)
KILLS = 0.02
SEED = 4
LOOK_EVERY = 25
ASKED_AFTER = 6
LONGEST_WAIT = 900
"""Seconds between two rounds: who asks for a rest of days is given an hour of it."""


class Mortal(Store):
    """A store whose process can die before or after any commit."""

    die: Callable[[], None] = staticmethod(lambda: None)

    @contextmanager
    def work(self, turn: Turn = ALONE, *, in_bulk: bool = False) -> Iterator[Work]:
        self.die()
        with super().work(turn, in_bulk=in_bulk) as work:
            yield work
        self.die()


@pytest.fixture
def mortal(database_url: str, clock: ManualClock) -> Iterator[World]:
    """The small world on such a store."""
    store = Mortal(database_url, clock)
    yield make_world(store, clock)
    store.close()


@pytest.fixture
def double() -> Iterator[Double]:
    found = Topdesk()
    yield found
    found.close()


@pytest.mark.prove
def test_escalations_in_chaos(tmp_path: Any, clock: ManualClock, double: Double) -> None:
    """Random faults of every sort, and a worker that dies at random: one ticket each.

    Then tickets are deleted, solved and opened again, in the same weather: none unseen.
    """
    store = Mortal(sqlite.database(tmp_path), clock)
    world, chance = make_world(store, clock), random.Random(SEED)
    made = [_escalated(world, system="topdesk") for _ in range(ESCALATIONS)]
    references = {incident["reference"] for incident in made}
    double.fault = _faults(chance)
    store.die = _deaths(chance)
    system, count = adapter(**double.settings | {"timeout_seconds": 0.3}), itertools.count()
    silent = 0
    for _ in range(ROUNDS):
        with suppress(Killed):
            while deliver_next(world, system, "worker"):
                silent += _silent(world) if next(count) % LOOK_EVERY == 0 else 0
        clock.forward(seconds=chance.randint(10, LONGEST_WAIT))
        if _open(world) == 0:
            break
    assert _open(world) == 0
    assert silent == 0
    assert _states(world) == {IncidentState.CREATED: ESCALATIONS}
    numbers = double.numbers()
    assert len(numbers) == ESCALATIONS
    assert {double.kept(number).reference for number in numbers} == references
    assert all(len(double.kept(number).files) == 1 for number in numbers)
    _what_becomes_of_tickets(world, system, double, chance)
    store.close()


def _what_becomes_of_tickets(
    world: World, system: Ticketing, double: Double, chance: random.Random
) -> None:
    """In the end the weather is fair, and each is asked after once more.

    In it a ticket can be missed each time: what is done is asked after ever more slowly.
    """
    numbers = double.numbers()
    chance.shuffle(numbers)
    tenth = len(numbers) // 10
    deleted, reopened, solved = numbers[:tenth], numbers[tenth : 2 * tenth], numbers[-tenth:]
    for number in deleted:
        double.remove(number)
    for number in (*reopened, *solved):
        double.set_status(number, "Opgelost")
    _poll_in_chaos(world, system)
    for number in reopened:
        double.set_status(number, "In behandeling")
    _poll_in_chaos(world, system)
    double.fault = lambda _request: None
    world.store.die = lambda: None  # type: ignore[attr-defined]
    world.clock.forward(days=1)
    _poll_in_chaos(world, system)
    with world.store.read() as work:
        incidents = {one.number: one for one in work.session.exec(select(Incident)).all()}
    gone = {n: one.problem for n, one in incidents.items() if one.gone_at}
    assert set(gone) == set(deleted), gone
    assert {n for n, one in incidents.items() if one.progress in DONE} == set(solved)
    told = _told(world)
    assert all(told[incidents[number].id, Step.GONE] == 1 for number in deleted)
    assert all(told[incidents[number].id, Step.REOPENED] == 1 for number in reopened)
    assert sum(count for (_, step), count in told.items() if step is Step.GONE) == len(deleted)


def _poll_in_chaos(world: World, system: Ticketing) -> None:
    """Until each ticket was asked after some times, whatever failed or died in between."""
    for _ in range(ASKED_AFTER):
        world.clock.forward(hours=8)
        for _ in range(ROUNDS):
            with suppress(Killed):
                while poll_next(world, system):
                    pass
            world.clock.forward(seconds=20)
            if not _due(world):
                break


def _due(world: World) -> int:
    """How many tickets are to be asked after now."""
    with world.store.read() as work:
        query = select(func.count()).where(col(Incident.next_poll_at) <= work.now)
        return work.session.exec(query).one()


def _told(world: World) -> Counter[tuple[str, Step]]:
    with world.store.read() as work:
        query = select(Entry).where(Entry.kind == EntryKind.INCIDENT)
        told = [row.payload for row in work.session.exec(query)]
    return Counter((one.incident_id, one.step) for one in told if isinstance(one, Reported))


def test_a_worker_killed_at_every_step(mortal: World) -> None:
    """Before and after each commit and each call: whoever goes on makes nothing twice."""
    steps = _steps_of_a_delivery(mortal)
    assert steps > 15
    for step in range(steps):
        incident, system = _escalated(mortal, files=2), Counting()
        system.die = mortal.store.die = Fuse(step)  # type: ignore[attr-defined]
        with pytest.raises(Killed):
            deliver_next(mortal, system, "one")
        system.die = mortal.store.die = lambda: None  # type: ignore[attr-defined]
        mortal.clock.forward(seconds=outbox.LEASE.total_seconds() + 1)
        while deliver_next(mortal, system, "two"):
            pass
        assert incident_of(mortal, incident)["state"] == "created", step
        assert list(system.tickets) == [incident["reference"]]
        assert len(system.files[incident["reference"]]) == 3


class Fuse:
    """Burns for so many steps, then the process dies."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


class Counting(Recording):
    """A ticketing system that can die with the worker, before and after each call."""

    die: Callable[[], None] = staticmethod(lambda: None)

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in ("find", "check", "create", "attach", "note", "read"):
            return found
        return lambda *given, **more: self._around(lambda: found(*given, **more))

    def _around(self, act: Callable[[], Any]) -> Any:
        self.die()
        answer = act()
        self.die()
        return answer


def _steps_of_a_delivery(world: World) -> int:
    fuse = Fuse(10_000)
    _escalated(world, files=2)
    system = Counting()
    system.die = world.store.die = fuse  # type: ignore[attr-defined]
    assert deliver_next(world, system, "one")
    system.die = world.store.die = lambda: None  # type: ignore[attr-defined]
    return 10_000 - fuse.left


def _escalated(world: World, files: int = 0, system: str = "recording") -> dict[str, Any]:
    chat_id = world.ask(body="Fout UIT-5031 bij afdrukken.")
    serving.pick_up(world.store, world.sanne, chat_id, ESCALATIONS + 1)
    for number in range(files):
        file = KeptFile(f"{number}.png", "image/png", b"x" * 100)
        add_file(world.store, world.jeroen, chat_id, file, new_id(), world.capacity)
    return escalate(world, "sanne", chat_id, system=system)


def _faults(chance: random.Random) -> Callable[[Request], Fault | None]:
    kinds = [fault for fault in Fault if fault not in SLOW]

    def fault(_request: Request) -> Fault | None:
        drawn = chance.random()
        if drawn < STALLS:
            return chance.choice(SLOW)
        return chance.choice(kinds) if drawn < STALLS + FAULTS else None

    return fault


def _deaths(chance: random.Random) -> Callable[[], None]:
    def die() -> None:
        if chance.random() < KILLS:
            raise Killed

    return die


def _silent(world: World) -> int:
    """How many that were tried and not delivered the page does not show, or not among its most."""
    with world.store.read() as work:
        tried = work.session.exec(
            select(Outbox.id).where(
                Outbox.channel == Channel.INCIDENT,
                col(Outbox.done_at).is_(None),
                Outbox.attempts > 0,
            )
        ).all()
    seen = {row.id for row in list_undelivered(world.store, world.annet)}
    return len(set(tried) - seen) if len(seen) < MOST else 0


def _open(world: World) -> int:
    with world.store.read() as work:
        return work.session.exec(select(func.count()).where(col(Outbox.done_at).is_(None))).one()


def _states(world: World) -> dict[IncidentState, int]:
    with world.store.read() as work:
        query = select(Incident.state, func.count()).group_by(col(Incident.state))
        return {IncidentState(state): count for state, count in work.session.exec(query)}
