"""What moves a chat that nobody moves: silence frees a slot, and what was parked comes back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from tests.support.counting import Counted
from tests.support.recording import picked_up
from vipservice.rules.chats import Outcome, State
from vipservice.rules.entries import Moved, Reminded
from vipservice.rules.notices import Channel
from vipservice.rules.refusals import Invalid
from vipservice.rules.routing import Patience
from vipservice.services.chats import access, moves
from vipservice.services.chats.timeline import read_timeline
from vipservice.services.people import accounts
from vipservice.services.routing import serving
from vipservice.services.routing.keeping import keep_moving
from vipservice.services.shapes.chats import ChatShape
from vipservice.services.sla.replay import verify
from vipservice.store.tables import ChatPlan, Outbox
from vipservice.testing import World

LOOKS = 4
"""Statements: who is silent, what is due, and the hours that count."""
PATIENCE = Patience(timedelta(minutes=10), timedelta(hours=24), timedelta(hours=72))


@pytest.fixture(autouse=True)
def morning(world: World) -> None:
    world.clock.set("2026-04-20T10:00+02:00")
    world.come("sanne")


def chat(world: World, chat_id: str) -> ChatShape:
    return access.get_chat(world.store, world.annet, chat_id)


def after(world: World, **time: float) -> int:
    """So much later, with Sanne still there, everything that is due is done."""
    world.clock.forward(minutes=timedelta(**time).total_seconds() / 60)
    world.come("sanne")
    return keep_moving(world.store, world.capacity, PATIENCE)


def answered(world: World) -> str:
    chat_id = picked_up(world, "Hoe dan?")
    world.say("sanne", chat_id, "Zo doet u dat.")
    return chat_id


def mails(world: World) -> list[str]:
    with world.store.read() as work:
        rows = work.session.exec(select(Outbox).where(Outbox.channel == Channel.MAIL)).all()
        return [str(row.payload["kind"]) for row in rows]


def test_ten_silent_minutes_after_our_word_the_slot_is_free(world: World) -> None:
    chat_id = answered(world)
    assert after(world, minutes=9.9) == 0
    assert after(world, minutes=0.2) == 1
    assert chat(world, chat_id).state is State.PARKED
    payload = read_timeline(world.store, world.jeroen, chat_id).entries[-1].data
    assert isinstance(payload, Moved)
    assert payload.cause == "silence"
    assert after(world, minutes=1) == 0


def test_never_while_the_customer_waits_for_us(world: World) -> None:
    chat_id = answered(world)
    world.say("jeroen", chat_id, "En als dat niet lukt?")
    assert after(world, hours=3) == 0
    assert chat(world, chat_id).state is State.ACTIVE


def test_thanks_are_no_question(world: World) -> None:
    chat_id = answered(world)
    world.say("jeroen", chat_id, "Dank u wel!")
    assert after(world, minutes=11) == 1
    assert chat(world, chat_id).state is State.PARKED


def test_who_writes_again_has_their_own_specialist(world: World) -> None:
    chat_id = answered(world)
    after(world, minutes=11)
    world.say("jeroen", chat_id, "Nog iets.")
    assert chat(world, chat_id).state is State.ACTIVE
    assert after(world, hours=200) == 0


def test_what_was_parked_until_a_moment_comes_back_with_a_clock(world: World) -> None:
    chat_id = answered(world)
    data = moves.Parking(until=world.clock.now + timedelta(hours=2), reason="vraag het na")
    moves.park(world.store, world.sanne, chat_id, data)
    assert after(world, hours=1.9) == 0
    assert after(world, hours=0.2) == 1
    assert chat(world, chat_id).state is State.ACTIVE
    assert after(world, hours=1) == 0  # we owe an answer: that is no silence of the customer
    assert not list(verify(world.store))


def test_in_opening_time(world: World) -> None:
    chat_id = answered(world)
    evening = datetime.fromisoformat("2026-04-20T20:00+02:00")
    moves.park(world.store, world.sanne, chat_id, moves.Parking(until=evening))
    world.clock.set("2026-04-21T07:59+02:00")
    assert after(world) == 0
    world.clock.set("2026-04-21T08:00+02:00")
    assert after(world) == 1


def test_to_the_queue_when_the_own_specialist_has_no_room(world: World) -> None:
    chat_id = answered(world)
    data = moves.Parking(until=world.clock.now + timedelta(hours=2))
    moves.park(world.store, world.sanne, chat_id, data)
    for _ in range(2):
        world.pick_up("sanne", world.ask())
    assert after(world, hours=2.1) == 1
    assert (chat(world, chat_id).state, chat(world, chat_id).returned) == (State.WAITING, True)


def test_a_moment_that_has_passed_is_refused(world: World) -> None:
    chat_id = answered(world)
    with pytest.raises(Invalid) as refusal:
        moves.park(world.store, world.sanne, chat_id, moves.Parking(until=world.clock.now))
    assert refusal.value.errors[0].field == "until"


def proposed(world: World) -> str:
    chat_id = answered(world)
    moves.propose(world.store, world.sanne, chat_id)
    return chat_id


def silent(world: World) -> str:
    chat_id = answered(world)
    after(world, minutes=11)
    return chat_id


@pytest.mark.parametrize("begin", [proposed, silent])
def test_one_reminder_and_then_it_closes_unconfirmed_and_can_be_reopened(
    world: World, begin: Callable[[World], str]
) -> None:
    chat_id = begin(world)
    assert after(world, hours=23.9) == 0
    assert after(world, hours=0.3) == 1
    reminded = read_timeline(world.store, world.jeroen, chat_id).entries[-1].data
    assert isinstance(reminded, Reminded)
    assert mails(world) == ["reminded"]
    assert after(world, hours=71.9) == 0
    assert after(world, hours=0.3) == 1
    closed = chat(world, chat_id)
    assert (closed.state, closed.outcome) == (State.CLOSED, Outcome.ANSWERED_UNCONFIRMED)
    assert after(world, hours=24) == 0
    assert mails(world) == ["reminded"]
    again = moves.reopen(world.store, world.jeroen, chat_id, world.capacity, 14)
    assert again.state is State.ACTIVE
    assert not list(verify(world.store))


def test_who_asks_on_under_a_proposed_answer_is_not_reminded(world: World) -> None:
    chat_id = proposed(world)
    world.say("jeroen", chat_id, "Dat lukt niet, hoe dan wel?")
    assert after(world, hours=25) == 0
    assert chat(world, chat_id).state is State.PROPOSED
    world.say("sanne", chat_id, "Zo.")
    assert after(world, hours=23) == 0
    assert after(world, hours=2) == 1


def test_the_end_that_is_told_is_in_opening_time(world: World) -> None:
    """On Thursday of the week before a long weekend: not Sunday, not the King's day on Monday."""
    world.clock.set("2026-04-22T10:00+02:00")
    chat_id = proposed(world)
    assert after(world, hours=24) == 1
    reminded = read_timeline(world.store, world.jeroen, chat_id).entries[-1].data
    assert isinstance(reminded, Reminded)
    assert reminded.closes_at == datetime.fromisoformat("2026-04-28T08:00+02:00")
    world.clock.set("2026-04-28T07:59+02:00")
    assert after(world) == 0
    assert after(world, minutes=1) == 1


@pytest.mark.parametrize("begin", [proposed, silent])
def test_who_wrote_after_the_reminder_is_not_closed_for_silence(
    world: World, begin: Callable[[World], str]
) -> None:
    chat_id = begin(world)
    after(world, hours=24.3)
    after(world, hours=71)
    world.say("jeroen", chat_id, "Nee, het werkt nog niet. Wat nu?")
    world.say("sanne", chat_id, "Dan zo.")
    for _ in range(3):
        after(world, hours=1.1)
    assert chat(world, chat_id).state is not State.CLOSED
    assert mails(world) == ["reminded"]


def thanks(world: World, chat_id: str) -> None:
    world.say("jeroen", chat_id, "Dank u wel!")


def takes_over(world: World, chat_id: str) -> None:
    because = serving.TakeOver(reason="Sanne is ziek")
    serving.take_over(world.store, world.ilias, chat_id, because, 2)


def resumes(world: World, chat_id: str) -> None:
    moves.resume(world.store, world.sanne, chat_id, 2)


@pytest.mark.parametrize("wake", [thanks, takes_over, resumes])
def test_what_we_still_owe_is_owed_whoever_wakes_it(
    world: World, wake: Callable[[World, str], None]
) -> None:
    chat_id = answered(world)
    tomorrow = moves.Parking(until=world.clock.now + timedelta(days=1))
    moves.park(world.store, world.sanne, chat_id, tomorrow)
    wake(world, chat_id)
    assert chat(world, chat_id).state is State.ACTIVE
    assert after(world, hours=1) == 0
    assert chat(world, chat_id).state is State.ACTIVE
    assert not list(verify(world.store))


def test_what_was_parked_without_a_moment_comes_back_after_a_day(world: World) -> None:
    chat_id = answered(world)
    moves.park(world.store, world.sanne, chat_id)
    assert after(world, hours=23) == 0
    assert after(world, hours=1.1) == 1
    assert chat(world, chat_id).state is State.ACTIVE


def test_where_a_manager_parks_the_customer_is_silent(world: World) -> None:
    chat_id = answered(world)
    moves.park(world.store, world.annet, chat_id)
    after(world, hours=24.1)
    assert mails(world) == ["reminded"]


def test_a_chat_of_who_left_the_municipality_is_seen_and_not_closed(world: World) -> None:
    chat_id = proposed(world)
    accounts.disable_person(world.store, world.peter, world.jeroen.id)
    assert after(world, hours=24.1) == 1
    assert (chat(world, chat_id).state, chat(world, chat_id).returned) == (State.WAITING, True)
    assert mails(world) == []


def test_at_night_nothing_is_locked_for_what_is_due(world: World) -> None:
    proposed(world)
    world.clock.set("2026-04-22T03:00+02:00")
    keep_moving(world.store, world.capacity, PATIENCE)
    cost = Counted(world).of(lambda: keep_moving(world.store, world.capacity, PATIENCE))
    assert cost.statements <= LOOKS


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_a_moment_beyond_every_calendar_is_no_moment(moment: str) -> None:
    with pytest.raises(ValidationError, match="date"):
        moves.Parking.model_validate({"until": moment})


def test_nothing_is_planned_for_a_chat_that_was_moved(world: World) -> None:
    moves.confirm(world.store, world.jeroen, proposed(world))
    moves.reject(world.store, world.jeroen, proposed(world), world.capacity)
    with world.store.read() as work:
        assert not work.session.exec(select(ChatPlan).order_by(col(ChatPlan.at))).all()
