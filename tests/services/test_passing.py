"""A colleague of the municipality goes on with a question (promise 11)."""

import pytest
from sqlmodel import col, select

from tests.support.recording import picked_up
from vipservice.rules.entries import Passed
from vipservice.rules.refusals import NotAllowed, NotFound, Refusal
from vipservice.services.chats import access, messages, moves, passing
from vipservice.services.chats.timeline import read_timeline
from vipservice.services.lists import QUEUE, ChatList, changes_of, place_of
from vipservice.services.people import accounts
from vipservice.services.sla.replay import verify
from vipservice.store.tables import Grant, Outbox
from vipservice.testing import World


def goes_on(world: World, who: str, chat_id: str, by: str = "") -> None:
    data = passing.NewRequester(person_id=world.actors[who].id)
    passing.set_requester(world.store, world.actors[by or who], chat_id, data)


def proposed(world: World) -> str:
    chat_id = picked_up(world, "Hoe dan?")
    world.say("sanne", chat_id, "Zo doet u dat.")
    moves.propose(world.store, world.sanne, chat_id)
    return chat_id


def test_a_colleague_confirms_for_who_is_on_holiday(world: World) -> None:
    chat_id = proposed(world)
    with pytest.raises(NotAllowed):
        moves.confirm(world.store, world.samira, chat_id)
    goes_on(world, "samira", chat_id)
    assert moves.confirm(world.store, world.samira, chat_id).outcome == "answered"
    told = [one.data for one in read_timeline(world.store, world.jeroen, chat_id).entries]
    (passed,) = (one for one in told if isinstance(one, Passed))
    assert (passed.previous.name, passed.requester.name) == ("Jeroen", "Samira")


def test_what_the_first_one_asked_stays_a_question(world: World) -> None:
    """Unread, clocks and figures do not turn it into an answer of the centre."""
    chat_id = picked_up(world, "Hoe dan?")
    world.say("sanne", chat_id, "Zo doet u dat.")
    world.say("jeroen", chat_id, "En als dat niet lukt?")
    goes_on(world, "samira", chat_id)
    world.say("samira", chat_id, "Ik neem het over.")
    chat = access.get_chat(world.store, world.sanne, chat_id)
    assert chat.unread == 3
    world.say("sanne", chat_id, "Dan zo.")
    assert not list(verify(world.store))
    with pytest.raises(NotAllowed):
        world.say("jeroen", chat_id, "Ik ook nog.")


def test_it_leaves_the_list_of_who_asked(world: World) -> None:
    chat_id = world.ask()
    world.news.clear()
    goes_on(world, "samira", chat_id)
    found = changes_of(world.store, world.news[0].chats)
    his, hers = (place_of(one, ChatList.MINE) for one in (world.jeroen, world.samira))
    assert found[his].removed == [chat_id]
    assert [one.id for one in found[hers].changed] == [chat_id]
    assert [one.requester.name for one in found[QUEUE].changed] == ["Samira"]


def test_the_centre_turns_to_an_authorised_colleague(world: World) -> None:
    chat_id = picked_up(world, "Hoe dan?")
    assert [one.name for one in passing.colleagues(world.store, world.sanne, chat_id)] == ["Samira"]
    world.say("sanne", chat_id, "Zo doet u dat.")
    accounts.disable_person(world.store, world.peter, world.jeroen.id)
    with pytest.raises(Refusal, match="does not work there any more"):
        moves.propose(world.store, world.sanne, chat_id)
    goes_on(world, "samira", chat_id, by="sanne")
    assert moves.propose(world.store, world.sanne, chat_id).state == "proposed"


def test_who_is_not_authorised_does_not_go_on(world: World) -> None:
    chat_id = world.ask()
    with world.store.work() as work:
        for grant in work.session.exec(
            select(Grant).where(col(Grant.person_id) == world.samira.id)
        ).all():
            work.session.delete(grant)
    assert passing.colleagues(world.store, world.sanne, chat_id) == []
    for by in ("samira", "sanne"):
        with pytest.raises(Refusal, match="not authorised"):
            goes_on(world, "samira", chat_id, by)


def test_what_was_opened_once_is_opened_once_whoever_goes_on_with_it(world: World) -> None:
    """The page that lost the answer sends the same again."""
    question = messages.NewChat(topic_id=world.topic_id, body="Hoe dan?", client_id="question-1")
    first = messages.open_chat(world.store, world.jeroen, question)
    goes_on(world, "samira", first.id)
    assert messages.open_chat(world.store, world.jeroen, question).id == first.id
    own = messages.open_chat(world.store, world.samira, question)
    assert own.id != first.id
    goes_on(world, "jeroen", own.id)
    assert messages.open_chat(world.store, world.samira, question).id == own.id


def test_who_is_asked_to_go_on_gets_a_mail(world: World) -> None:
    chat_id = world.ask()
    goes_on(world, "samira", chat_id, by="sanne")
    with world.store.read() as work:
        (row,) = work.session.exec(select(Outbox)).all()
    assert (row.payload["kind"], row.payload["to"]) == ("passed", ["samira@test.example"])


@pytest.mark.parametrize("who", ["klarinda", "sanne"])
def test_a_chat_goes_to_nobody_but_a_colleague(world: World, who: str) -> None:
    chat_id = world.ask()
    with pytest.raises((NotFound, Refusal)):
        goes_on(world, who, chat_id, by="sanne")


def test_nobody_is_made_to_ask_by_a_colleague(world: World) -> None:
    chat_id = world.ask()
    with pytest.raises(NotAllowed):
        goes_on(world, "samira", chat_id, by="jeroen")
    with pytest.raises(NotFound):
        goes_on(world, "klarinda", chat_id)
