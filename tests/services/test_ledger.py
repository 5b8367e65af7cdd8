"""The ledger: what the timeline tells is what is stored, and the figures follow from both."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.busy import Busy
from tests.support.shapes import plain
from tests.support.sizes import size
from vipservice.services import callbacks
from vipservice.services.chats import clocks, moves
from vipservice.services.reports.behind import BEHIND, chats_behind
from vipservice.services.reports.folding import fold_all, rebuild
from vipservice.services.reports.tables import Selection, by_specialist, by_topic, days, summary
from vipservice.services.routing import serving
from vipservice.services.sla.replay import restore, verify
from vipservice.store.figures import figure, measure
from vipservice.testing.world import World

SEEDS = range(size(4, 2))
STEPS = 250
ALL = 10_000


def cells(world: World) -> list[Any]:
    with world.store.read() as work:
        rows = [work.session.execute(table.select()).all() for table in (figure, measure)]
    return [sorted(tuple(row) for row in some) for some in rows]


def period(world: World) -> Selection:
    """Everything that can have happened in the test."""
    day = world.clock().date()
    return Selection(day.replace(day=1, month=4), day)


def clocks_told(world: World, chat_id: str, target: str, who: str = "sanne") -> list[Any]:
    told = clocks.list_clocks(world.store, world.actors[who], chat_id)
    return [plain(clock) for clock in told if clock.target == target]


@pytest.mark.prove
@pytest.mark.parametrize("seed", SEEDS)
def test_busy_days_replay_to_the_same_ledger_and_figures(world: World, seed: int) -> None:
    busy = Busy(world, seed)
    for _ in range(2):
        busy.live(STEPS // 2)
        fold_all(world.store, per_specialist=True)
    assert list(verify(world.store)) == []
    kept = cells(world)
    assert all(kept)
    assert rebuild(world.store, per_specialist=True) > 5
    assert cells(world) == kept


@pytest.mark.prove
@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_counts_the_rows_behind_it(world: World, seed: int) -> None:
    Busy(world, seed).live(STEPS)
    fold_all(world.store, per_specialist=True)
    asked = period(world)
    found = summary(world.store, asked)
    told = {name: getattr(found, name) for name in BEHIND}
    rows = {name: chats_behind(world.store, name, asked, limit=ALL) for name in BEHIND}
    assert told == {name: len(found) for name, found in rows.items()}
    assert found.chats > 3
    assert found.chats == sum(day.chats for day in days(world.store, asked))
    assert found.offered == sum(row.offered for row in by_topic(world.store, asked))


def test_hand_overs_count_for_who_had_the_chat(world: World) -> None:
    """A later measure, in the narrow table: the same by day, by month and by whom."""
    chat_id = world.ask()
    world.clock.set("2026-04-28T09:00+02:00")
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    moves = (("sanne", "ilias"), ("marieke", "sanne"), ("annet", "ilias"), ("annet", "ilias"))
    for giver, taker in moves:
        world.hand_over(giver, chat_id, taker)
    fold_all(world.store, per_specialist=True)
    april, may = (Selection(date(2026, month, 1), date(2026, month, 30)) for month in (4, 5))
    assert summary(world.store, april).transfers == 3
    assert summary(world.store, may).transfers == 0
    assert [day.transfers for day in days(world.store, april) if day.contacts] == [0]
    assert {day.id: day.transfers for day in days(world.store, april)}["2026-04-28"] == 3
    assert [topic.transfers for topic in by_topic(world.store, april)] == [3]
    found = {row.id: row.transfers for row in by_specialist(world.store, april)}
    assert found == {world.sanne.id: 2, world.ilias.id: 1}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE sla_clock SET breached_at = NULL", "breached_at"),
        ("UPDATE sla_clock SET due_at = warn_at", "due_at"),
        ("DELETE FROM sla_clock WHERE target = 'pickup'", "pickup"),
        ("UPDATE contact SET handling_seconds = handling_seconds + 1", "handling_seconds"),
        ("UPDATE sla_clock SET met_at = started_at WHERE met_at IS NOT NULL", "met_at"),
    ],
)
def test_verify_names_the_chat_whose_row_was_changed(world: World, change: str, named: str) -> None:
    chat_id = world.ask()
    world.clock.set("2026-04-28T09:00+02:00")
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    assert list(verify(world.store)) == []
    with world.store.work() as work:
        work.session.execute(text(change))
    found = list(verify(world.store))
    assert {difference.number for difference in found} == {"VIP-2026-000001"}
    assert named in found[0].what


def test_an_older_ledger_is_restored_from_the_timelines(world: World) -> None:
    Busy(world, 1).live(STEPS)
    with world.store.work() as work:
        for change in ("DELETE FROM contact", "DELETE FROM sla_clock WHERE target = 'reply'"):
            work.session.execute(text(change))
    assert restore(world.store) > 5
    assert list(verify(world.store)) == []


def test_a_question_that_waits_for_an_answer_has_a_reply_clock(world: World) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    assert len(clocks_told(world, chat_id, "reply")) == 1
    world.say("sanne", chat_id, "Via het menu.")
    world.say("jeroen", chat_id, "Welk menu?")
    world.say("jeroen", chat_id, "Ik zie er drie.")
    first, second = clocks_told(world, chat_id, "reply")
    assert first["metAt"]
    assert (second["turn"], second["metAt"]) == (2, None)


def test_the_customer_sees_what_was_promised_and_no_internal_target(world: World) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    told = clocks.list_clocks(world.store, world.jeroen, chat_id)
    assert [clock.target for clock in told] == ["pickup"]


def test_the_derivation_counts_friday_and_tuesday(world: World) -> None:
    """Friday 16:45 until 17:00, King's Day not, Tuesday 08:00 until 08:15; picked up at 08:11."""
    chat_id = world.ask()
    world.clock.set("2026-04-28T08:11+02:00")
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    (clock,) = clocks_told(world, chat_id, "pickup")
    assert clock["counted"] == [
        {"start": "2026-04-24T14:45:00Z", "end": "2026-04-24T15:00:00Z"},
        {"start": "2026-04-28T06:00:00Z", "end": "2026-04-28T06:15:00Z"},
    ]
    assert clock["spent"][1] == {"start": "2026-04-28T06:00:00Z", "end": "2026-04-28T06:11:00Z"}
    assert clock["spentSeconds"] == 26 * 60


def test_a_repeat_is_counted_on_the_day_of_the_closing(world: World) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    world.say("sanne", chat_id, "Zo.")
    moves.propose(world.store, world.sanne, chat_id)
    moves.confirm(world.store, world.jeroen, chat_id)
    asked = period(world)
    world.clock.forward(days=6)
    world.ask("samira")
    fold_all(world.store, per_specialist=True)
    found = summary(world.store, asked)
    assert (found.closed, found.repeats, found.percent_first_contact) == (1, 1, 0)
    assert list(verify(world.store)) == []


def test_a_callback_by_a_colleague_leaves_the_chat_with_its_own_specialist(world: World) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    data = callbacks.NewCallback(phone="033 123 45 67")
    callbacks.call_back(world.store, world.jeroen, chat_id, data)
    (found,) = callbacks.list_callbacks(world.store)
    callbacks.attempt(world.store, world.ilias, found.id, callbacks.Attempt(reached=False))
    world.clock.forward(hours=6, days=4)
    callbacks.attempt(world.store, world.ilias, found.id, callbacks.Attempt(reached=True))
    (clock,) = clocks_told(world, chat_id, "callback")
    assert clock["breachedAt"] == clock["dueAt"]
    moves.reopen(world.store, world.jeroen, chat_id, world.capacity, 14)
    assert list(verify(world.store)) == []


def test_the_late_promise_itself_stands_behind_the_figure(world: World) -> None:
    """Not the clock of a later stay in the queue."""
    world.clock.set("2026-04-22T10:00+02:00")
    chat_id = world.ask()
    world.clock.set("2026-04-22T10:45+02:00")
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    team = serving.HandOver(team_id=world.team_id)
    serving.hand_over(world.store, world.sanne, chat_id, team, world.capacity)
    world.clock.forward(minutes=2)
    serving.pick_up(world.store, world.ilias, chat_id, 2)
    (row,) = chats_behind(world.store, "breached", period(world))
    assert row.clock
    clock = plain(row.clock)
    assert clock["dueAt"] == "2026-04-22T08:30:00Z"
    assert clock["metAt"] == "2026-04-22T08:45:00Z"


def test_a_specialist_is_judged_by_what_they_picked_up(world: World) -> None:
    world.clock.set("2026-04-22T10:00+02:00")
    for minutes in (5, 45):
        chat_id = world.ask()
        world.clock.forward(minutes=minutes)
        serving.pick_up(world.store, world.sanne, chat_id, 9)
    fold_all(world.store, per_specialist=True)
    (row,) = by_specialist(world.store, period(world))
    assert (row.picked, row.within, row.breached, row.percent_within) == (2, 1, 1, 50)
    (late,) = chats_behind(world.store, "breached", period(world), specialist_id=world.sanne.id)
    assert late.chat.number == "VIP-2026-000002"


def test_an_hour_that_did_not_come_has_no_chats_behind_it(world: World) -> None:
    world.ask()
    friday = Selection(world.clock().date(), world.clock().date())
    assert chats_behind(world.store, "contacts", friday, weekday=0, hour=9) == []
