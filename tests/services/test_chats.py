"""Chats on real databases: said once, in order, by who may."""

import threading
from typing import Any

import pytest

from tests.support.shapes import plain
from vipservice.rules.chats import IllegalMove, Move, State
from vipservice.rules.people import Side
from vipservice.rules.refusals import NotAllowed, NotFound, NotSignedIn, Refusal
from vipservice.rules.routing import Capacity, Presence
from vipservice.services.chats import access, messages, moves, reading, saying, timeline
from vipservice.services.people import sessions
from vipservice.services.routing import presence, serving
from vipservice.services.shapes.chats import ChatShape
from vipservice.store.queries import grants_of
from vipservice.store.types import new_id
from vipservice.testing.world import World


def entries(world: World, who: str, chat_id: str, after: int = 0) -> list[dict[str, Any]]:
    read = timeline.read_timeline(world.store, world.actors[who], chat_id, after)
    return [plain(entry) for entry in read.entries]


def pick_up(world: World, who: str, chat_id: str) -> ChatShape:
    return serving.pick_up(world.store, world.actors[who], chat_id, world.capacity.max_chats)


def available(world: World, who: str) -> None:
    said = presence.NewPresence(status=Presence.AVAILABLE)
    presence.set_presence(world.store, world.actors[who], said)


def test_a_question_is_a_timeline_of_two_entries(world: World) -> None:
    chat_id = world.ask(body="Goedemorgen. Hoe druk ik een uittreksel af?")
    assert [entry["kind"] for entry in entries(world, "jeroen", chat_id)] == ["opened", "message"]
    chat = access.get_chat(world.store, world.jeroen, chat_id)
    assert (chat.state, chat.title) == ("waiting", "Hoe druk ik een uittreksel af?")
    assert chat.number == "VIP-2026-000001"


def test_the_same_client_id_gives_the_same_entry_even_weeks_later(world: World) -> None:
    chat_id = world.ask()
    data = messages.NewMessage(body="Nog iets", client_id="client-id-1")
    first = saying.send_message(world.store, world.jeroen, chat_id, data, world.capacity)
    world.clock.forward(days=21)
    again = saying.send_message(world.store, world.jeroen, chat_id, data, world.capacity)
    assert again == first
    assert len(entries(world, "jeroen", chat_id)) == 3


def test_the_same_client_id_with_other_words_is_refused(world: World) -> None:
    chat_id = world.ask()
    one = messages.NewMessage(body="een", client_id="client-id-1")
    two = messages.NewMessage(body="twee", client_id="client-id-1")
    saying.send_message(world.store, world.jeroen, chat_id, one, world.capacity)
    with pytest.raises(Refusal, match="other words"):
        saying.send_message(world.store, world.jeroen, chat_id, two, world.capacity)


def test_opening_twice_with_one_client_id_opens_once(world: World) -> None:
    data = messages.NewChat(topic_id=world.topic_id, body="Een vraag over BRP", client_id=new_id())
    first = messages.open_chat(world.store, world.jeroen, data)
    assert messages.open_chat(world.store, world.jeroen, data).id == first.id
    other = data.model_copy(update={"body": "Iets anders"})
    with pytest.raises(Refusal, match="other words"):
        messages.open_chat(world.store, world.jeroen, other)


def test_the_words_of_a_colleague_under_their_client_id_are_not_mine(world: World) -> None:
    chat_id = world.ask()
    note = messages.NewMessage(body="Zie het dossier", client_id="client-id-1")
    messages.add_note(world.store, world.sanne, chat_id, note)
    with pytest.raises(Refusal, match="other words"):
        messages.add_note(world.store, world.ilias, chat_id, note)


def test_two_people_may_use_the_same_client_id(world: World) -> None:
    data = messages.NewChat(topic_id=world.topic_id, body="Een vraag", client_id="client-id-1")
    one = messages.open_chat(world.store, world.jeroen, data)
    assert messages.open_chat(world.store, world.klarinda, data).id != one.id


def test_sequence_numbers_have_no_gap_under_concurrent_senders(world: World) -> None:
    chat_id = world.ask()
    pick_up(world, "sanne", chat_id)

    def send(who: str) -> None:
        for n in range(15):
            world.say(who, chat_id, f"{who} {n}")

    threads = [threading.Thread(target=send, args=(who,)) for who in ("jeroen", "sanne")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = entries(world, "sanne", chat_id)
    assert [entry["seq"] for entry in found] == list(range(1, len(found) + 1))
    for who in ("jeroen", "sanne"):
        said = [entry["body"] for entry in found if entry["body"].startswith(who)]
        assert said == [f"{who} {n}" for n in range(15)]


def test_reading_on_equals_reading_whole(world: World) -> None:
    chat_id = world.ask()
    for n in range(5):
        world.say("jeroen", chat_id, str(n))
    whole = entries(world, "jeroen", chat_id)
    for after in range(len(whole)):
        assert whole[:after] + entries(world, "jeroen", chat_id, after) == whole


def test_internal_notes_never_reach_the_requester(world: World) -> None:
    chat_id = world.ask()
    note = messages.NewMessage(body="alleen wij", client_id=new_id())
    messages.add_note(world.store, world.sanne, chat_id, note)
    assert "alleen wij" not in str(entries(world, "jeroen", chat_id))
    assert "alleen wij" in str(entries(world, "ilias", chat_id))
    for told in world.told:
        assert "alleen wij" not in str(told.entries_for(Side.REQUESTER))
    assert "alleen wij" in str(world.told[-1].entries_for(Side.CENTRE))


def test_another_municipality_gets_the_answer_of_what_does_not_exist(world: World) -> None:
    chat_id = world.ask("jeroen")
    for unknown in (chat_id, new_id()):
        for act in (access.get_chat, timeline.read_timeline, moves.withdraw):
            with pytest.raises(NotFound):
                act(world.store, world.klarinda, unknown)
    assert access.list_chats(world.store, world.klarinda) == []
    assert access.list_chats(world.store, world.peter) == []


def test_a_colleague_follows_but_does_not_act(world: World) -> None:
    chat_id = world.ask("jeroen")
    assert access.get_chat(world.store, world.samira, chat_id).id == chat_id
    with pytest.raises(NotAllowed):
        world.say("samira", chat_id, "ik ook")
    with pytest.raises(NotAllowed):
        moves.withdraw(world.store, world.samira, chat_id)


def test_only_who_has_the_chat_answers(world: World) -> None:
    chat_id = world.ask()
    with pytest.raises(NotAllowed):
        world.say("sanne", chat_id, "te vroeg")
    pick_up(world, "sanne", chat_id)
    world.say("sanne", chat_id, "goed")
    with pytest.raises(NotAllowed):
        world.say("ilias", chat_id, "ik ook")


def test_an_ended_session_can_do_nothing_more(world: World) -> None:
    chat_id = world.ask()
    sessions.sign_out(world.store, world.jeroen)
    with pytest.raises(NotSignedIn):
        world.say("jeroen", chat_id, "nog iets")
    with pytest.raises(NotSignedIn):
        access.list_chats(world.store, world.jeroen)


def test_answered_and_confirmed(world: World) -> None:
    chat_id = world.ask()
    pick_up(world, "sanne", chat_id)
    with pytest.raises(Refusal, match="answer first"):
        moves.propose(world.store, world.sanne, chat_id)
    world.say("sanne", chat_id, "Zo")
    world.say("jeroen", chat_id, "Dank u")
    moves.propose(world.store, world.sanne, chat_id)
    chat = moves.confirm(world.store, world.jeroen, chat_id)
    assert (chat.state, chat.outcome) == ("closed", "answered")
    with pytest.raises(IllegalMove):
        moves.confirm(world.store, world.jeroen, chat_id)
    with pytest.raises(Refusal, match="Reopen"):
        world.say("jeroen", chat_id, "nog iets")


def test_the_specialist_can_not_close_alone(world: World) -> None:
    chat_id = world.ask()
    pick_up(world, "sanne", chat_id)
    world.say("sanne", chat_id, "Zo")
    moves.propose(world.store, world.sanne, chat_id)
    with pytest.raises(NotAllowed):
        moves.confirm(world.store, world.sanne, chat_id)


def test_two_specialists_at_once_one_gets_it_and_the_other_hears_by_whom(world: World) -> None:
    for _ in range(5):
        chat_id = world.ask()
        results: list[str] = []
        barrier = threading.Barrier(2)

        def take(who: str, chat: str, gate: threading.Barrier, told: list[str]) -> None:
            gate.wait()
            try:
                told.append(serving.pick_up(world.store, world.actors[who], chat, 99).id)
            except Refusal as refusal:
                told.append(str(refusal))

        threads = [
            threading.Thread(target=take, args=(who, chat_id, barrier, results))
            for who in ("sanne", "ilias")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        holder = plain(access.get_chat(world.store, world.sanne, chat_id))["assignee"]["name"]
        assert sorted(results) == sorted([chat_id, f"{holder} has picked this up already."])


def test_two_chats_at_once_never_overshoot_the_slots(world: World) -> None:
    pick_up(world, "sanne", world.ask())
    chats = [world.ask(), world.ask()]
    refused: list[str] = []

    def take(chat_id: str) -> None:
        try:
            pick_up(world, "sanne", chat_id)
        except Refusal as refusal:
            refused.append(str(refusal))

    threads = [threading.Thread(target=take, args=(chat_id,)) for chat_id in chats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["You have 2 active chats already. Park or finish one first."]


def test_parking_frees_a_slot_and_the_customers_word_brings_it_back(world: World) -> None:
    available(world, "sanne")
    chat_id = world.ask()
    pick_up(world, "sanne", chat_id)
    moves.park(world.store, world.sanne, chat_id)
    pick_up(world, "sanne", world.ask())
    world.say("jeroen", chat_id, "Ik ben er weer")
    chat = access.get_chat(world.store, world.sanne, chat_id)
    assert (chat.state, plain(chat)["assignee"]["name"]) == ("active", "Sanne")


def test_a_parked_chat_whose_specialist_is_full_goes_to_the_front(world: World) -> None:
    available(world, "sanne")
    chat_id = world.ask()
    pick_up(world, "sanne", chat_id)
    moves.park(world.store, world.sanne, chat_id)
    for _ in range(2):
        pick_up(world, "sanne", world.ask())
    world.ask("klarinda")
    world.say("jeroen", chat_id, "Ik ben er weer")
    first = serving.queue(world.store)[0]
    assert (first.id, first.assignee, first.returned) == (chat_id, None, True)
    assert plain(first)["pickup"]["metAt"] is None


def test_reopening_starts_a_new_cycle_with_its_own_specialist_first(world: World) -> None:
    available(world, "sanne")
    chat_id = world.ask()
    pick_up(world, "sanne", chat_id)
    world.say("sanne", chat_id, "Zo")
    moves.propose(world.store, world.sanne, chat_id)
    moves.confirm(world.store, world.jeroen, chat_id)
    chat = moves.reopen(world.store, world.jeroen, chat_id, world.capacity, days=14)
    assert (chat.state, plain(chat)["assignee"]["name"], chat.outcome) == ("active", "Sanne", None)
    with pytest.raises(Refusal, match="answer first"):
        moves.propose(world.store, world.sanne, chat_id)
    world.say("sanne", chat_id, "Ook zo")
    moves.propose(world.store, world.sanne, chat_id)
    moves.confirm(world.store, world.jeroen, chat_id)
    world.clock.forward(days=15)
    with pytest.raises(Refusal, match="too long ago"):
        moves.reopen(world.store, world.jeroen, chat_id, world.capacity, days=14)


def test_unread_counts_for_the_one_who_must_answer(world: World) -> None:
    chat_id = world.ask()
    pick_up(world, "sanne", chat_id)
    world.say("sanne", chat_id, "een")
    last = world.say("sanne", chat_id, "twee").seq
    assert access.get_chat(world.store, world.jeroen, chat_id).unread == 2
    reading.mark_read(world.store, world.samira, chat_id, last)
    assert access.get_chat(world.store, world.jeroen, chat_id).unread == 2
    reading.mark_read(world.store, world.jeroen, chat_id, last - 1)
    assert access.get_chat(world.store, world.jeroen, chat_id).unread == 1


def test_nothing_is_told_when_the_transaction_fails(world: World) -> None:
    chat_id = world.ask()
    world.news.clear()
    with pytest.raises(IllegalMove):
        moves.confirm(world.store, world.jeroen, chat_id)
    assert world.news == []
    assert len(entries(world, "jeroen", chat_id)) == 2


def test_applying_the_told_events_equals_a_fresh_fetch(world: World) -> None:
    chat_id = world.ask()
    world.say("jeroen", chat_id, "toelichting")
    pick_up(world, "sanne", chat_id)
    told = world.told[-1].chat
    assert told
    assert told.seen_from(Side.REQUESTER) == access.get_chat(world.store, world.jeroen, chat_id)
    assert told.seen_from(Side.CENTRE) == access.get_chat(world.store, world.sanne, chat_id)


def test_every_state_change_is_an_entry(world: World) -> None:
    chat_id = world.ask()
    pick_up(world, "sanne", chat_id)
    moves.park(world.store, world.sanne, chat_id)
    moves.resume(world.store, world.sanne, chat_id, 2)
    steps = [
        entry["data"] for entry in entries(world, "sanne", chat_id) if entry["kind"] == "moved"
    ]
    assert [(step["move"], step["from"], step["to"]) for step in steps] == [
        (Move.PICK_UP, State.WAITING, State.ACTIVE),
        (Move.PARK, State.ACTIVE, State.PARKED),
        (Move.RESUME, State.PARKED, State.ACTIVE),
    ]


def at_once(count: int, act: Any) -> list[Any]:
    """Runs it in as many threads, started together; results or exceptions."""
    barrier, results = threading.Barrier(count), []

    def run(n: int) -> None:
        barrier.wait()
        try:
            results.append(act(n))
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_eight_times_the_same_question_at_once_is_one_chat(world: World) -> None:
    data = messages.NewChat(topic_id=world.topic_id, body="Een vraag", client_id=new_id())
    results = at_once(8, lambda _: messages.open_chat(world.store, world.jeroen, data).id)
    assert len(results) == 8
    assert len(set(results)) == 1


def test_handing_over_to_each_other_at_once_does_not_deadlock(world: World) -> None:
    world.come("sanne", "ilias")
    for _ in range(3):
        chats = {who: world.ask() for who in ("sanne", "ilias")}
        for who, chat_id in chats.items():
            serving.pick_up(world.store, world.actors[who], chat_id, 99)
        pairs = [("sanne", "ilias"), ("ilias", "sanne")]

        def hand(n: int, held: dict[str, str], both: list[tuple[str, str]]) -> str:
            giver, taker = both[n]
            target = serving.HandOver(specialist_id=world.actors[taker].id)
            room = Capacity(99, 120)
            chat = serving.hand_over(world.store, world.actors[giver], held[giver], target, room)
            return str(chat.state)

        results = at_once(2, lambda n, held=chats, both=pairs: hand(n, held, both))
        assert results == ["active", "active"]


def test_a_proposed_chat_can_be_handed_over_when_its_specialist_is_gone(world: World) -> None:
    chat_id = world.ask()
    pick_up(world, "sanne", chat_id)
    world.say("sanne", chat_id, "Zo")
    moves.propose(world.store, world.sanne, chat_id)
    to_team = serving.HandOver(team_id=world.team_id)
    assert (
        serving.hand_over(world.store, world.ilias, chat_id, to_team, world.capacity).state
        == "waiting"
    )


def test_reopening_takes_the_right_to_ask(world: World) -> None:
    chat_id = world.ask()
    moves.withdraw(world.store, world.jeroen, chat_id)
    with world.store.work() as work:
        for grant in grants_of(work.session, world.jeroen.id):
            work.session.delete(grant)
    with pytest.raises(NotAllowed):
        moves.reopen(world.store, world.jeroen, chat_id, world.capacity, days=14)


def test_a_specialist_may_open_many_connections_at_once(world: World) -> None:
    results = at_once(6, lambda _: presence.connected(world.store, world.marieke, world.capacity))
    assert [one.status for one in results] == [Presence.AWAY] * 6
