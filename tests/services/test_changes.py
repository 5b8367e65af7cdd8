"""New hours and targets: from a moment on, with running clocks left alone unless so chosen."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.support.busy import Busy
from tests.support.shapes import plain
from vipservice.rules.policy import Agreement, Policy, Promise, Target
from vipservice.rules.refusals import Invalid, NotAllowed, Refusal
from vipservice.rules.routing import LEAST_HANDLED, Presence
from vipservice.rules.sla import Calendar
from vipservice.services.chats import access, clocks, moves, timeline
from vipservice.services.flags import flag_due
from vipservice.services.hours_and_targets import changes
from vipservice.services.hours_and_targets.clocks import Change
from vipservice.services.routing import presence, serving
from vipservice.services.sla.replay import verify
from vipservice.services.sla.versions import add_calendar
from vipservice.store.tables import CalendarVersion, Team
from vipservice.store.types import new_id
from vipservice.testing.world import World

EVENINGS = Calendar("Europe/Amsterdam", (((480, 1200),),) * 5 + ((), ()))


def due_of(world: World, chat_id: str) -> str:
    return str(plain(access.get_chat(world.store, world.sanne, chat_id))["pickup"]["dueAt"])


def targets(world: World, **others: Any) -> Policy:
    return replace(changes.current_targets(world.store), **others)


def test_a_change_holds_from_the_next_minute_and_leaves_running_clocks(world: World) -> None:
    before = world.ask()
    changes.save(world.store, world.peter, Change(EVENINGS))
    meanwhile = world.ask()
    world.clock.set("2026-04-24T16:47+02:00")
    after = world.ask()
    assert due_of(world, before) == due_of(world, meanwhile) == "2026-04-28T06:15:00Z"
    assert due_of(world, after) == "2026-04-24T15:17:00Z"


def test_a_preview_tells_what_would_move_and_saves_nothing(world: World) -> None:
    chat_id = world.ask()
    seen = changes.preview(world.store, world.annet, Change(EVENINGS))
    (shift,) = seen.shifts
    assert (shift.number, seen.running) == ("VIP-2026-000001", 1)
    assert shift.after == datetime(2026, 4, 24, 15, 15, tzinfo=UTC)
    assert due_of(world, chat_id) == "2026-04-28T06:15:00Z"
    assert len(changes.versions_of(world.store, CalendarVersion)) == 1


def test_running_clocks_follow_when_the_operator_says_why(world: World) -> None:
    chat_id = world.ask()
    changes.save(
        world.store, world.peter, Change(EVENINGS, recalculate=True, reason="Verkiezingen")
    )
    assert due_of(world, chat_id) == "2026-04-24T15:15:00Z"
    entries = timeline.read_timeline(world.store, world.jeroen, chat_id).entries
    assert entries[-1].kind == "recalculated"
    assert plain(entries[-1])["data"]["reason"] == "Verkiezingen"
    (clock,) = clocks.list_clocks(world.store, world.jeroen, chat_id)
    assert clock.calendar_version == 2
    assert list(verify(world.store)) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change(EVENINGS, recalculate=True), "reason"),
        (Change(EVENINGS, valid_from=datetime(2026, 4, 24, 14, 45, tzinfo=UTC)), "valid_from"),
        (
            Change(
                EVENINGS, valid_from=datetime(2026, 5, 1, tzinfo=UTC), recalculate=True, reason="x"
            ),
            "recalculate",
        ),
        (Change(Calendar("Europe/Amsterdam", ((),) * 7)), "monday"),
        (
            Change(
                Calendar("Europe/Amsterdam", ((),) * 7, special={date(2026, 4, 30): ((0, 1440),)})
            ),
            "monday",
        ),
        (
            Change(Policy(Target(9_000, 1), Target(2, 1), Target(200_000, 1), manager_minutes=1)),
            "pickup_minutes",
        ),
    ],
)
def test_what_can_not_hold_is_refused_by_its_field(
    world: World, change: Change, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        changes.save(world.store, world.peter, change)
    assert [error.field for error in refusal.value.errors] == [field]


def test_only_planners_plan(world: World) -> None:
    for who in (world.jeroen, world.sanne):
        with pytest.raises(NotAllowed):
            changes.save(world.store, who, Change(EVENINGS))


def test_a_planned_version_waits_for_its_moment(world: World) -> None:
    """And holds then, although another was made after it for the time until then."""
    monday = datetime(2026, 5, 3, 22, tzinfo=UTC)
    changes.save(world.store, world.peter, Change(EVENINGS, valid_from=monday))
    mornings = Calendar("Europe/Amsterdam", (((480, 720),),) * 5 + ((), ()))
    changes.save(world.store, world.peter, Change(mornings))
    world.clock.set("2026-04-29T11:45+02:00")
    before = world.ask()
    world.clock.set("2026-05-04T16:45+02:00")
    after = world.ask()
    assert due_of(world, before) == "2026-04-30T06:15:00Z"
    assert due_of(world, after) == "2026-05-04T15:15:00Z"


def test_a_team_has_hours_of_its_own_until_it_follows_again(world: World) -> None:
    changes.save(world.store, world.peter, Change(EVENINGS, team_id=world.team_id))
    world.clock.set("2026-04-24T16:47+02:00")
    own = world.ask()
    assert due_of(world, own) == "2026-04-24T15:17:00Z"
    changes.save(world.store, world.peter, Change(None, team_id=world.team_id))
    world.clock.set("2026-04-24T16:50+02:00")
    assert due_of(world, world.ask()) == "2026-04-28T06:20:00Z"
    assert changes.current_hours(world.store, world.team_id)[1] is False


def test_hours_of_another_team_move_nothing(world: World) -> None:
    world.ask()
    with world.store.work() as work:
        other = Team(name="Andere", id=new_id())
        work.session.add(other)
    seen = changes.preview(world.store, world.peter, Change(EVENINGS, team_id=other.id))
    assert (seen.running, seen.shifts) == (1, ())


def test_good_friday_can_be_a_working_day(world: World) -> None:
    open_then = replace(
        changes.current_hours(world.store, None)[0], open_on=frozenset({date(2027, 3, 26)})
    )
    changes.save(world.store, world.peter, Change(open_then))
    world.clock.set("2027-03-25T16:45+01:00")
    assert due_of(world, world.ask()) == "2027-03-26T07:15:00Z"


def test_the_most_precise_agreement_is_the_target(world: World) -> None:
    town = world.jeroen.municipality_id
    agreements = (
        Agreement(Target(60, 50), topic_id=world.topic_id),
        Agreement(Target(15, 10), municipality_id=town),
        Agreement(Target(10, 5), town, new_id()),
    )
    changes.save(world.store, world.annet, Change(targets(world, agreements=agreements)))
    world.clock.set("2026-04-28T10:00+02:00")
    assert due_of(world, world.ask("jeroen")) == "2026-04-28T08:15:00Z"
    assert due_of(world, world.ask("klarinda")) == "2026-04-28T09:00:00Z"


def test_changes_in_busy_days_replay_too(world: World) -> None:
    busy = Busy(world, 3)
    for change in (
        Change(EVENINGS),
        Change(targets(world, pickup=Target(20, 10)), recalculate=True, reason="Drukte"),
        Change(Calendar("Europe/Amsterdam", (((540, 720), (780, 1020)),) * 7, ""), world.team_id),
        Change(None, world.team_id, recalculate=True, reason="Rust"),
    ):
        busy.live(60)
        changes.save(world.store, world.peter, change)
    busy.live(60)
    assert list(verify(world.store)) == []


def test_an_answer_has_its_own_target(world: World) -> None:
    changes.save(world.store, world.annet, Change(targets(world, reply=Target(5, 2))))
    world.clock.set("2026-04-28T10:00+02:00")
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    reply = clocks.list_clocks(world.store, world.sanne, chat_id)[-1]
    assert (reply.target, plain(reply)["dueAt"]) == (Promise.REPLY, "2026-04-28T08:05:00Z")


def test_hours_that_ran_out_keep_no_flag_from_falling(world: World) -> None:
    """However such a version came to be: flags fall, and asking gets a sentence."""
    world.ask()
    with world.store.work() as work:
        add_calendar(work, Calendar("Europe/Amsterdam", ((),) * 7), world.clock())
    world.clock.set("2026-04-28T09:00+02:00")
    assert flag_due(world.store, world.capacity) == 3
    with pytest.raises(Refusal):
        world.ask()


def test_the_new_expectation_lies_in_opening_time(world: World) -> None:
    world.clock.set("2026-04-22T10:00+02:00")
    for _ in range(LEAST_HANDLED):
        done = world.ask()
        serving.pick_up(world.store, world.sanne, done, 9)
        world.clock.forward(minutes=4)
        world.say("sanne", done, "Zo.")
        moves.propose(world.store, world.sanne, done)
        moves.confirm(world.store, world.jeroen, done)
    world.clock.set("2026-04-22T16:30+02:00")
    chat_id = world.ask()
    world.clock.set("2026-04-22T17:00:01+02:00")
    available = presence.NewPresence(status=Presence.AVAILABLE)
    presence.set_presence(world.store, world.sanne, available)
    flag_due(world.store, world.capacity)
    entries = timeline.read_timeline(world.store, world.jeroen, chat_id).entries
    assert plain(entries[-1])["data"]["expectedAt"] == "2026-04-23T06:01:00Z"
