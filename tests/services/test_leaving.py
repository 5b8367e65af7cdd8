"""A chat always has somebody (promise 11): who leaves is visited."""

from collections.abc import Callable

import pytest

from tests.support.recording import picked_up
from vipservice.rules.chats import State
from vipservice.rules.people import Role
from vipservice.rules.refusals import NotSignedIn, Refusal
from vipservice.rules.routing import Presence
from vipservice.services.chats import access, moves
from vipservice.services.chats.timeline import read_timeline
from vipservice.services.people import accounts
from vipservice.services.routing import leaving, presence, serving
from vipservice.services.shapes.chats import ChatShape, EntryShape
from vipservice.store.tables import Person
from vipservice.testing import World


def chat(world: World, chat_id: str) -> ChatShape:
    return access.get_chat(world.store, world.annet, chat_id)


def last_move(world: World, chat_id: str) -> EntryShape:
    entries = read_timeline(world.store, world.jeroen, chat_id).entries
    return next(one for one in reversed(entries) if one.kind == "moved")


def goes_home(world: World) -> None:
    presence.set_presence(world.store, world.sanne, presence.NewPresence(status=Presence.OFFLINE))


def loses_the_line(world: World) -> None:
    world.clock.forward(minutes=2.1)
    presence.sweep_offline(world.store, world.capacity)


def loses_the_account(world: World) -> None:
    accounts.disable_person(world.store, world.peter, world.sanne.id)


def becomes_a_manager(world: World) -> None:
    data = accounts.PersonInput(
        email="sanne@test.example", name="Sanne", role=Role.MANAGER, team_ids=frozenset()
    )
    accounts.save_person(world.store, world.peter, world.sanne.id, data)


WAYS = [goes_home, loses_the_line, loses_the_account, becomes_a_manager]


@pytest.mark.parametrize("leaves", WAYS)
def test_who_waits_for_an_answer_of_somebody_who_left_is_offered_again(
    world: World, leaves: Callable[[World], None]
) -> None:
    world.come("sanne")
    waits, answered = picked_up(world, "Hoe dan?"), picked_up(world, "En dit?")
    world.say("sanne", answered, "Zo doet u dat.")
    leaves(world)
    assert leaving.visit_left(world.store) == 2
    assert (chat(world, waits).state, chat(world, waits).assignee) == (State.WAITING, None)
    assert chat(world, waits).returned
    assert chat(world, answered).state is State.PARKED
    assert last_move(world, waits).author is None
    assert leaving.visit_left(world.store) == 0


@pytest.mark.parametrize("leaves", WAYS)
def test_who_writes_to_somebody_who_left_is_in_front_of_the_queue(
    world: World, leaves: Callable[[World], None]
) -> None:
    world.come("sanne")
    parked, proposed = picked_up(world, "Een"), picked_up(world, "Twee")
    world.say("sanne", parked, "Ik antwoord.")
    world.say("sanne", proposed, "Zo doet u dat.")
    moves.propose(world.store, world.sanne, proposed)
    leaves(world)
    leaving.visit_left(world.store)
    for chat_id in (parked, proposed):
        world.say("jeroen", chat_id, "En als dat niet lukt?")
        assert chat(world, chat_id).state is State.WAITING, chat_id


def test_thanks_for_a_proposed_answer_wait_for_nobody(world: World) -> None:
    chat_id = picked_up(world, "Een")
    world.say("sanne", chat_id, "Zo doet u dat.")
    moves.propose(world.store, world.sanne, chat_id)
    goes_home(world)
    world.say("jeroen", chat_id, "Dank u wel!")
    assert chat(world, chat_id).state is State.PROPOSED


def test_what_was_parked_to_look_something_up_is_not_lost_with_an_account(world: World) -> None:
    chat_id = picked_up(world, "Een")
    world.say("sanne", chat_id, "Ik zoek het uit.")
    moves.park(world.store, world.sanne, chat_id)
    goes_home(world)
    leaving.visit_left(world.store)
    assert chat(world, chat_id).state is State.PARKED
    loses_the_account(world)
    leaving.visit_left(world.store)
    assert chat(world, chat_id).state is State.WAITING


def test_where_only_the_customer_could_say_more_nobody_gets_work(world: World) -> None:
    chat_id = picked_up(world, "Een")
    world.say("sanne", chat_id, "Zo doet u dat.")
    moves.park(world.store, world.annet, chat_id)
    loses_the_account(world)
    leaving.visit_left(world.store)
    assert chat(world, chat_id).state is State.PARKED


def test_who_never_had_a_line_leaves_too(world: World) -> None:
    """Whoever works by the interface alone."""
    chat_id = picked_up(world, "Een")
    loses_the_line(world)
    assert leaving.visit_left(world.store) == 1
    assert chat(world, chat_id).state is State.WAITING


def test_who_came_back_in_time_keeps_everything(world: World) -> None:
    chat_id = picked_up(world, "Een")
    goes_home(world)
    world.come("sanne")
    assert leaving.visit_left(world.store) == 0
    assert chat(world, chat_id).assignee


def test_a_visit_that_was_cut_off_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.come("sanne")
    chats = [picked_up(world, body) for body in ("Een", "Twee", "Drie")]
    goes_home(world)
    whole, failing = moves.move, {chats[1]}

    def move(work: object, one: object, *more: object, **named: object) -> None:
        if getattr(one, "id") in failing:  # noqa: B009
            raise OSError("disk full")
        whole(work, one, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(leaving, "move", move)
    assert leaving.visit_left(world.store) == 2
    failing.clear()
    assert leaving.visit_left(world.store) == 1
    assert {chat(world, one).state for one in chats} == {State.WAITING}


def test_nothing_is_handed_to_who_is_not_there(world: World) -> None:
    chat_id = picked_up(world, "Een")
    to_ilias = serving.HandOver(specialist_id=world.ilias.id)
    for status in (None, Presence.AWAY, Presence.OFFLINE):
        if status:
            data = presence.NewPresence(status=status)
            presence.set_presence(world.store, world.ilias, data)
        with pytest.raises(Refusal) as refusal:
            serving.hand_over(world.store, world.sanne, chat_id, to_ilias, world.capacity)
        assert refusal.value.detail == "%(name)s is not there now. Choose somebody else."


def test_who_takes_a_chat_is_there(world: World) -> None:
    world.come("sanne")
    goes_home(world)
    world.pick_up("sanne", world.ask())
    assert (
        presence.presences_of(world.store, [world.sanne.id])[world.sanne.id].status == "available"
    )
    assert leaving.visit_left(world.store) == 0


def test_who_lost_the_account_a_moment_ago_takes_no_chat(world: World) -> None:
    """Whose session was looked at before it ended, and who got the lock after that."""
    with world.store.work() as work:
        work.session.get_one(Person, world.sanne.id).disabled_at = work.now
        with pytest.raises(NotSignedIn):
            moves.require_slot(work, world.sanne.id, 2)
