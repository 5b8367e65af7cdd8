"""Taking a chat from a colleague, undoing a pick-up, and another team while it waits."""

import pytest

from tests.support.recording import picked_up
from vipservice.rules.chats import State
from vipservice.rules.entries import Moved
from vipservice.rules.news import TakenOver
from vipservice.rules.refusals import NotAllowed, Refusal
from vipservice.services.chats import access, moves
from vipservice.services.chats.timeline import read_timeline
from vipservice.services.reports.folding import fold_all
from vipservice.services.reports.tables import Selection, by_team, summary
from vipservice.services.routing import serving
from vipservice.services.shapes.chats import ChatShape
from vipservice.services.sla.promises import clocks_of
from vipservice.services.sla.replay import verify
from vipservice.store.tables import SlaClock, Team
from vipservice.testing import World

BECAUSE = serving.TakeOver(reason="Ken deze gemeente")


def chat(world: World, chat_id: str) -> ChatShape:
    return access.get_chat(world.store, world.annet, chat_id)


def pickups(world: World, chat_id: str) -> list[SlaClock]:
    with world.store.read() as work:
        return [one for one in clocks_of(work, chat_id) if one.target == "pickup"]


@pytest.mark.parametrize("state", [State.ACTIVE, State.PARKED, State.PROPOSED])
def test_a_chat_is_taken_over_with_a_reason_and_who_had_it_is_told(
    world: World, state: State
) -> None:
    chat_id = picked_up(world, "Hoe dan?")
    if state is not State.ACTIVE:
        world.say("sanne", chat_id, "Zo.")
        step = moves.park if state is State.PARKED else moves.propose
        step(world.store, world.sanne, chat_id)
    taken = serving.take_over(world.store, world.ilias, chat_id, BECAUSE, 2)
    assert (taken.state, taken.assignee and taken.assignee.name) == (State.ACTIVE, "Ilias")
    moved = read_timeline(world.store, world.jeroen, chat_id).entries[-1].data
    assert isinstance(moved, Moved)
    assert (moved.previous and moved.previous.name, moved.reason) == ("Sanne", BECAUSE.reason)
    number = chat(world, chat_id).number
    told = TakenOver(world.sanne.id, "Ilias", number, BECAUSE.reason)
    assert told in [one for news in world.news for one in news.signals]
    assert not list(verify(world.store))


def test_a_full_specialist_takes_nothing_over(world: World) -> None:
    chat_id = picked_up(world, "Hoe dan?")
    world.pick_up("ilias", world.ask())
    with pytest.raises(Refusal, match="active chats already"):
        serving.take_over(world.store, world.ilias, chat_id, BECAUSE, 1)


def test_managers_and_who_has_it_take_nothing_over(world: World) -> None:
    chat_id = picked_up(world, "Hoe dan?")
    with pytest.raises(NotAllowed):
        serving.take_over(world.store, world.annet, chat_id, BECAUSE, 2)
    with pytest.raises(Refusal, match="already"):
        serving.take_over(world.store, world.sanne, chat_id, BECAUSE, 2)


def test_a_pick_up_that_was_undone_was_none(world: World) -> None:
    first, slip = world.ask(), world.ask("klarinda")
    before = pickups(world, slip)[0].model_dump()
    world.clock.forward(minutes=2)
    world.pick_up("sanne", slip)
    world.clock.forward(minutes=0.9)
    assert serving.give_back(world.store, world.sanne, slip).state is State.WAITING
    assert [one.model_dump() for one in pickups(world, slip)] == [before]
    assert [one.id for one in serving.queue(world.store)] == [first, slip]
    assert not list(verify(world.store))
    fold_all(world.store, per_specialist=True)
    world.pick_up("ilias", slip)
    (clock,) = pickups(world, slip)
    assert clock.met_by == world.ilias.id
    assert not list(verify(world.store))


def test_of_an_undone_pick_up_nothing_stays_in_the_figures(world: World) -> None:
    slip = world.ask()
    world.pick_up("sanne", slip)
    serving.give_back(world.store, world.sanne, slip)
    fold_all(world.store, per_specialist=True)
    day = world.clock.now.date()
    found = summary(world.store, Selection(day, day))
    assert (found.chats, found.picked, found.offered, found.within) == (1, 0, 0, 0)


def test_it_can_not_be_undone_once_something_was_said_or_after_a_minute(world: World) -> None:
    said, late = picked_up(world, "Een"), picked_up(world, "Twee")
    world.clock.forward(minutes=0.1)
    world.say("jeroen", said, "Ik wacht.")
    with pytest.raises(Refusal, match="undone"):
        serving.give_back(world.store, world.sanne, said)
    world.clock.forward(minutes=1)
    with pytest.raises(Refusal, match="undone"):
        serving.give_back(world.store, world.sanne, late)
    with pytest.raises(NotAllowed):
        serving.give_back(world.store, world.ilias, late)


def test_a_waiting_question_goes_to_another_team_with_the_same_clock(world: World) -> None:
    with world.store.work() as work:
        team = Team(name="Techniek")
        work.session.add(team)
        team_id = team.id
    chat_id = world.ask()
    before = pickups(world, chat_id)[0].model_dump()
    world.clock.forward(minutes=3)
    data = serving.HandOver(team_id=team_id)
    handed = serving.hand_over(world.store, world.annet, chat_id, data, world.capacity)
    assert (handed.state, handed.returned) == (State.WAITING, False)
    assert [one.model_dump() for one in pickups(world, chat_id)] == [before | {"team_id": team_id}]
    world.pick_up("sanne", chat_id)
    fold_all(world.store, per_specialist=True)
    day = world.clock.now.date()
    teams = {one.name: one for one in by_team(world.store, Selection(day, day))}
    assert (teams["Techniek"].chats, teams["Techniek"].picked) == (1, 1)
    assert [one.chats for name, one in teams.items() if name != "Techniek"] in ([], [0])
    assert not list(verify(world.store))


def test_who_got_a_chat_does_not_undo_the_pick_up_of_another(world: World) -> None:
    chat_id = picked_up(world, "Hoe dan?")
    world.hand_over("sanne", chat_id, "ilias")
    with pytest.raises(Refusal, match="undone"):
        serving.give_back(world.store, world.ilias, chat_id)


def test_nobody_hands_the_chat_of_a_colleague_to_themselves(world: World) -> None:
    """Taking over asks for a reason, and tells who had it."""
    chat_id = picked_up(world, "Hoe dan?")
    with pytest.raises(Refusal, match="Take it over first"):
        world.hand_over("ilias", chat_id, "ilias")


def test_handing_over_to_a_colleague_and_to_a_team(world: World) -> None:
    chat_id = picked_up(world, "Hoe dan?")
    world.hand_over("sanne", chat_id, "ilias", "kent het beter")
    held = chat(world, chat_id)
    assert (held.state, held.assignee and held.assignee.name) == (State.ACTIVE, "Ilias")
    to_team = serving.HandOver(team_id=world.team_id)
    back = serving.hand_over(world.store, world.annet, chat_id, to_team, world.capacity)
    assert (back.state, back.assignee, back.returned) == (State.WAITING, None, True)
