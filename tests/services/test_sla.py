"""Clocks and flags on real databases."""

from typing import Any

from sqlmodel import select

from tests.support.shapes import plain
from vipservice.rules.sla import Calendar
from vipservice.services.chats import access, moves, timeline
from vipservice.services.flags import flag_due
from vipservice.services.leases import take
from vipservice.services.routing import serving
from vipservice.services.sla.promises import clocks_of, derivation
from vipservice.services.sla.versions import add_calendar
from vipservice.store.tables import Chat, SlaClock
from vipservice.testing.world import World


def flags(world: World, who: str, chat_id: str) -> list[str]:
    read = timeline.read_timeline(world.store, world.actors[who], chat_id)
    return [plain(entry)["data"]["level"] for entry in read.entries if entry.kind == "flag"]


def clock_of(world: World, chat_id: str) -> SlaClock:
    with world.store.read() as work:
        return work.session.exec(select(SlaClock).where(SlaClock.chat_id == chat_id)).all()[-1]


def pickup(world: World, chat_id: str) -> dict[str, Any]:
    found: dict[str, Any] = plain(access.get_chat(world.store, world.sanne, chat_id))["pickup"]
    return found


def test_the_clock_runs_over_the_weekend_and_kings_day(world: World) -> None:
    chat_id = world.ask()
    assert pickup(world, chat_id)["dueAt"] == "2026-04-28T06:15:00Z"
    assert pickup(world, chat_id)["warnAt"] == "2026-04-28T06:05:00Z"


def test_warning_and_breach_are_flagged_once_each_whoever_looks(world: World) -> None:
    chat_id = world.ask()
    world.clock.set("2026-04-28T08:04:59+02:00")
    assert flag_due(world.store, world.capacity) == 0
    world.clock.set("2026-04-28T08:05:00+02:00")
    assert [flag_due(world.store, world.capacity) for _ in range(3)] == [1, 0, 0]
    world.clock.set("2026-04-28T08:15:00+02:00")
    assert [flag_due(world.store, world.capacity) for _ in range(3)] == [1, 0, 0]
    assert flags(world, "sanne", chat_id) == ["warning", "breach"]
    assert flags(world, "jeroen", chat_id) == ["breach"]


def test_a_late_scheduler_flags_what_it_missed_with_the_true_times(world: World) -> None:
    chat_id = world.ask()
    world.clock.set("2026-04-28T15:00+02:00")
    assert flag_due(world.store, world.capacity) == 3
    clock = clock_of(world, chat_id)
    assert (clock.warned_at, clock.breached_at) == (clock.warn_at, clock.due_at)
    assert clock.manager_told_at == clock.manager_at
    assert flags(world, "sanne", chat_id) == ["warning", "breach", "manager"]


def test_a_breach_stays_a_breach_after_a_late_answer(world: World) -> None:
    chat_id = world.ask()
    world.clock.set("2026-04-28T09:00+02:00")
    flag_due(world.store, world.capacity)
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    found = pickup(world, chat_id)
    assert flags(world, "sanne", chat_id) == ["warning", "breach", "manager"]
    assert found["breachedAt"] == found["dueAt"]
    assert found["metAt"] == "2026-04-28T07:00:00Z"


def test_a_late_pick_up_is_a_breach_even_when_no_scheduler_ran(world: World) -> None:
    chat_id = world.ask()
    world.clock.set("2026-04-28T09:00+02:00")
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    assert pickup(world, chat_id)["breachedAt"]
    assert flags(world, "jeroen", chat_id) == ["breach"]


def test_no_deadline_runs_on_after_pick_up_or_withdrawal(world: World) -> None:
    picked, withdrawn = world.ask(), world.ask()
    serving.pick_up(world.store, world.sanne, picked, 2)
    world.say("sanne", picked, "Zo doet u dat.")
    moves.withdraw(world.store, world.jeroen, withdrawn)
    world.clock.forward(days=10)
    assert flag_due(world.store, world.capacity) == 0
    assert pickup(world, withdrawn)["breachedAt"] is None


def test_a_reopened_chat_gets_a_clock_of_its_own(world: World) -> None:
    chat_id = world.ask()
    moves.withdraw(world.store, world.jeroen, chat_id)
    world.clock.set("2026-04-28T10:00+02:00")
    moves.reopen(world.store, world.jeroen, chat_id, world.capacity, days=14)
    assert pickup(world, chat_id)["dueAt"] == "2026-04-28T08:30:00Z"
    with world.store.read() as work:
        assert [clock.cycle for clock in clocks_of(work, chat_id)] == [1, 2]


def test_running_clocks_keep_their_versions(world: World) -> None:
    before = world.ask()
    with world.store.work() as work:
        add_calendar(work, Calendar("Europe/Amsterdam", (((0, 1440),),) * 7, ""), work.now)
    after = world.ask()
    assert clock_of(world, before).calendar_version == 1
    assert clock_of(world, after).calendar_version == 2
    assert pickup(world, before)["dueAt"] == "2026-04-28T06:15:00Z"
    assert pickup(world, after)["dueAt"] == "2026-04-24T15:15:00Z"


def test_every_due_time_can_be_derived_again(world: World) -> None:
    chat_id = world.ask()
    with world.store.read() as work:
        chat = work.session.get_one(Chat, chat_id)
        _, due = derivation(work, chat, clock_of(world, chat_id))
    assert due.due_at == clock_of(world, chat_id).due_at
    assert [(end - start).total_seconds() / 60 for start, end in due.counted] == [15, 15]


def test_one_holder_has_the_lease_until_it_runs_out(world: World) -> None:
    assert take(world.store, "sla", "one", 15)
    assert not take(world.store, "sla", "two", 15)
    assert take(world.store, "sla", "one", 15)
    world.clock.forward(seconds=16)
    assert take(world.store, "sla", "two", 15)
