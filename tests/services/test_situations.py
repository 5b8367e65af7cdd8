"""Twenty situations at a desk, and what is told about each: the figures behind the words.

The words themselves are tested by the pages (model/situations.test.ts) with the figures that
are kept in tests/data/situations.json: this test says that they are still what is told.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import sqlite
from tests.support.shapes import plain
from vipservice.config import Settings
from vipservice.rules.routing import Presence
from vipservice.services.chats import moves
from vipservice.services.forecast import forecast
from vipservice.services.routing import presence, serving
from vipservice.services.routing.presence import NewPresence
from vipservice.services.waits import availability, expected_pickup
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World, make_world

KEPT = Path(__file__).parents[1] / "data" / "situations.json"
ENOUGH = (10,) * 6
FRIDAY = "2026-04-24T11:00+02:00"


@dataclass
class At:
    """A situation: who is there, with which chats for so many minutes, and who waits how long."""

    now: str = FRIDAY
    there: tuple[str, ...] = ("sanne",)
    busy: dict[str, tuple[int, ...]] = field(default_factory=dict)
    parked: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    handled: tuple[int, ...] = ENOUGH


SITUATIONS = {
    "nobody there, nobody waits": At(there=()),
    "nobody there, three wait": At(there=(), waiting=(5, 10, 20)),
    "nobody there, one is late": At(there=(), waiting=(40, 10)),
    "all late": At(waiting=(40, 45, 50), busy={"sanne": (5, 8)}),
    "all late and nobody there": At(there=(), waiting=(40, 45, 50)),
    "some late, some will be": At(waiting=(40, 35, 25, 24, 23, 22), busy={"sanne": (1, 2)}),
    "late by a minute": At(waiting=(31,)),
    "due this very minute": At(waiting=(30,)),
    "free at once": At(),
    "one waits, one is free": At(waiting=(3,)),
    "full, nobody waits": At(busy={"sanne": (2, 3)}),
    "full, ten wait": At(busy={"sanne": (2, 3)}, waiting=tuple(range(1, 11))),
    "two there, full": At(there=("sanne", "ilias"), busy={"sanne": (2, 3), "ilias": (4, 5)}),
    "closing in ten minutes": At(now="2026-04-24T16:50+02:00", waiting=(5, 8)),
    "closing in ten minutes, full": At(
        now="2026-04-24T16:50+02:00", busy={"sanne": (1, 2)}, waiting=(5, 8)
    ),
    "closed, two wait": At(now="2026-04-24T17:30+02:00", there=(), waiting=(40, 45)),
    "all parked": At(parked=(60, 90), waiting=(4,)),
    "stuck for five hours": At(now="2026-04-24T14:00+02:00", busy={"sanne": (300, 310)}),
    "first day": At(handled=(), waiting=(5,)),
    "first day, late": At(handled=(), waiting=(35,)),
}  # fmt: skip


def made(folder: Path, at: At) -> World:
    """A desk that has come to this situation."""
    now = datetime.fromisoformat(at.now)
    clock = ManualClock("2026-04-22T09:00+02:00")
    store = Store(sqlite.database(folder), clock)
    world = make_world(store, clock, Settings())
    for minutes in at.handled:
        handle(world, minutes)
    for minute, act in sorted(happened(world, at), key=lambda one: -one[0]):
        clock.now = (now - timedelta(minutes=minute)).astimezone(UTC)
        act()
    clock.now = now.astimezone(UTC)
    for name in at.there:
        presence.set_presence(store, getattr(world, name), NewPresence(status=Presence.AVAILABLE))
    return world


def happened(world: World, at: At) -> Iterator[tuple[int, Callable[[], Any]]]:
    for name, ages in at.busy.items():
        yield from ((age, lambda name=name: _taken(world, name)) for age in ages)
    yield from ((age, lambda: _parked(world)) for age in at.parked)
    yield from ((age, world.ask) for age in at.waiting)


def handle(world: World, minutes: int) -> None:
    chat_id = _taken(world, "marieke")
    world.clock.forward(minutes=minutes)
    world.say("marieke", chat_id, "Zo doet u dat.")
    moves.propose(world.store, world.marieke, chat_id)
    moves.confirm(world.store, world.jeroen, chat_id)


def _taken(world: World, name: str) -> str:
    chat_id = world.ask()
    serving.pick_up(world.store, getattr(world, name), chat_id, 9)
    return chat_id


def _parked(world: World) -> None:
    moves.park(world.store, world.sanne, _taken(world, "sanne"))


def told(world: World) -> dict[str, Any]:
    """What the pages are given, with numbers in the place of ids."""
    queue = serving.queue(world.store)
    numbers = {one.id: one.number for one in queue} | {world.topic_id: "topic"}
    everything = {
        "at": world.clock().isoformat(),
        "waiting": [
            {
                "pickup": plain(one)["pickup"],
                "expectedAt": plain(
                    expected_pickup(world.store, world.jeroen, one.id, world.capacity)
                )["expectedAt"],
            }
            for one in queue
        ],
        "availability": plain(availability(world.store, world.capacity)),
        "forecast": plain(forecast(world.store, world.capacity, 10)),
    }
    text = json.dumps(everything)
    for actor in world.actors.values():
        text = text.replace(actor.id, actor.name)
    for id_, number in numbers.items():
        text = text.replace(id_, number)
    return dict(json.loads(text))


def test_what_is_told_is_what_the_words_were_tested_with(tmp_path: Path) -> None:
    found = {}
    for number, (name, at) in enumerate(SITUATIONS.items()):
        world = made(tmp_path / str(number), at)
        found[name] = told(world)
        world.store.close()
    if os.environ.get("KEEP") == "1":
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    assert found == json.loads(KEPT.read_text())


@pytest.mark.parametrize("name", [*SITUATIONS])
def test_nobody_late_is_called_in_time_and_nothing_is_expected_in_the_past(name: str) -> None:
    about = json.loads(KEPT.read_text())[name]
    at, foreseen, answer = about["at"], about["forecast"], about["availability"]
    late = [one for one in about["waiting"] if _past(one["pickup"]["dueAt"], at)]
    assert foreseen["overdue"] == len(late)
    assert foreseen["overdue"] + foreseen["late"] <= len(about["waiting"])
    if foreseen["known"]:
        chances = [one["chance"] for one in foreseen["chances"]]
        assert sum(chance == 0 for chance in chances) >= len(late)
    assert not (foreseen["joinBy"] and not _reached(at, foreseen["joinBy"]))
    for one in (answer, *answer["topics"]):
        wait = one["expectedWait"]
        assert (wait is None) == (one["expectedWaitMinutes"] is None)
        if wait:
            assert one["staffed"]
            assert _reached(at, wait["from"])
            assert wait["from"] <= wait["at"] <= wait["until"]
    assert answer["expectedWait"] == answer["topics"][0]["expectedWait"]


def _past(iso: str, at: str) -> bool:
    return datetime.fromisoformat(iso) <= datetime.fromisoformat(at)


def _reached(at: str, iso: str) -> bool:
    return datetime.fromisoformat(at) <= datetime.fromisoformat(iso)
