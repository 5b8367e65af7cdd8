"""Splitting, adding to another, additions, progress, what is dropped, and what is not delivered."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import select

from tests.support.recording import (
    Killed,
    add,
    add_next,
    deliver_next,
    delivered,
    entries,
    escalate,
    escalated,
    incident_of,
    picked_up,
    poll_next,
)
from tests.support.shapes import plain
from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.ticketing.base import Status
from vipservice.rules.entries import Message
from vipservice.rules.incidents.draft import Choice
from vipservice.rules.incidents.model import Progress
from vipservice.rules.notices import Channel
from vipservice.rules.refusals import NotAllowed, NotFound, Refusal
from vipservice.services.chats import access, clocks, messages, moves
from vipservice.services.flags import flag_due
from vipservice.services.incidents import drafting, escalation, progress
from vipservice.services.routing import serving
from vipservice.store.tables import Incident, Outbox
from vipservice.store.types import new_id
from vipservice.testing.queues import ask_after, drain
from vipservice.testing.ticketing import DRAFTER, Recording
from vipservice.testing.world import World

# One or more


def test_two_incidents_of_one_chat_hold_only_their_own_messages(world: World) -> None:
    chat_id = picked_up(world, "Fout UIT-5031 bij uittreksels.")
    world.say("jeroen", chat_id, "En de scanner geeft ORA-00060.")
    first = escalate(world, "sanne", chat_id, entries=(2,), keep_open=True)
    assert access.get_chat(world.store, world.sanne, chat_id).state == "active"
    second = escalate(world, "sanne", chat_id, entries=(4,))
    assert access.get_chat(world.store, world.sanne, chat_id).outcome == "incident"
    assert first["reference"] != second["reference"]
    system = Recording()
    drain(world, system, 2)
    assert len(system.tickets) == 2
    kept = system.files[first["reference"]]
    assert all(b"ORA-00060" not in content for content in kept.values())


def test_a_note_goes_along_only_when_the_specialist_chose_it(world: World) -> None:
    chat_id = picked_up(world, "De knop is grijs sinds gisteren.")
    note = messages.NewMessage(body="zelfde als bij de buren", client_id=new_id())
    seq = messages.add_note(world.store, world.sanne, chat_id, note).seq
    read = drafting.get_draft(world.store, world.sanne, chat_id, DRAFTER)
    assert "buren" not in str(read)
    chosen = Choice(notes=(seq,))
    read = drafting.get_draft(world.store, world.sanne, chat_id, DRAFTER, chosen)
    assert "buren" in read.note
    assert "buren" not in read.transcript + read.description


def test_a_transcript_tells_what_happened_as_the_page_does_and_nothing_of_the_centre(
    world: World,
) -> None:
    chat_id = world.ask(body="De knop is grijs sinds gisteren.")
    world.clock.set("2026-04-28T08:05:00+02:00")
    assert flag_due(world.store, world.capacity) == 1, "a warning is for the centre"
    serving.pick_up(world.store, world.sanne, chat_id, world.capacity.max_chats)
    note = messages.NewMessage(body="zelfde als bij de buren", client_id=new_id())
    messages.add_note(world.store, world.sanne, chat_id, note)
    moves.park(world.store, world.sanne, chat_id)
    told = drafting.get_draft(world.store, world.sanne, chat_id, DRAFTER).transcript
    lines = [line.split(" ", 3)[-1] for line in told.splitlines()[3:]]
    assert lines == [
        "· Jeroen asked a question.",
        "Jeroen: De knop is grijs sinds gisteren.",
        "· Sanne has picked up the question.",
        "· Sanne parked the conversation.",
    ]


def test_a_requester_can_not_choose_internal_notes(world: World) -> None:
    from vipservice.rules.chats import ChatKind

    data = messages.NewChat(
        topic_id=world.topic_id, body="Alles staat stil", client_id=new_id(), kind=ChatKind.PROBLEM
    )
    chat_id = str(messages.open_chat(world.store, world.jeroen, data).id)
    note = messages.NewMessage(body="geheim", client_id=new_id())
    seq = messages.add_note(world.store, world.annet, chat_id, note).seq
    chosen = Choice(notes=(seq,))
    read = drafting.get_draft(world.store, world.jeroen, chat_id, DRAFTER, chosen)
    assert "geheim" not in str(read)
    incident = escalate(world, "jeroen", chat_id, notes=(seq,))
    system = Recording()
    drain(world, system, 1)
    assert b"geheim" not in b"".join(system.files[incident["reference"]].values())


def test_similar_incidents_are_shown_to_specialists_alone(world: World) -> None:
    escalated(world, body="Koppeling RNI geeft STUF-7788 bij verhuizing.")
    chat_id = picked_up(world, "STUF-7788 op de koppeling RNI", "klarinda")
    found = drafting.list_similar(world.store, world.sanne, chat_id, "", DRAFTER)
    assert [one.title for one in found] == ["Koppeling RNI geeft STUF-7788 bij verhuizing."]
    other = picked_up(world, "Hoe laat sluit het loket op vrijdag?", "klarinda")
    assert drafting.list_similar(world.store, world.sanne, other, "", DRAFTER) == []
    with pytest.raises(NotAllowed):
        drafting.list_similar(world.store, world.klarinda, chat_id, "", DRAFTER)
    for who in (world.klarinda, world.annet):  # the words are given: no draft of a chat is made
        with pytest.raises(NotAllowed, match="Only specialists"):
            drafting.list_similar(world.store, who, other, "STUF-7788", DRAFTER)


def test_an_added_chat_sees_number_and_progress_and_no_word_of_the_other(world: World) -> None:
    system = Recording()
    incident = delivered(world, system, body="Geheim van Amersfoort: STUF-7788.")
    chat_id = picked_up(world, "Hier ook STUF-7788.", "klarinda")
    added = add(world, chat_id, incident)
    assert added.added
    seen = incident_of(world, {**incident, "chatId": chat_id}, "klarinda")
    assert (seen["number"], seen["state"], seen["added"]) == ("1", "created", True)
    told = entries(world, {"chatId": chat_id}, "klarinda")
    assert "Amersfoort" not in str(seen) + str(told)
    drain(world, system, 2)
    assert len(system.tickets) == 1
    (said,) = system.notes[incident["reference"]]
    assert said.startswith("Ook hier.")
    assert system.comments[incident["reference"]] == []
    assert system.internal[incident["reference"]] == ["gesprek-VIP-2026-000002.txt"]
    assert "gesprek-VIP-2026-000002.txt" in system.files[incident["reference"]]
    with pytest.raises(NotFound):
        escalation.list_incidents(world.store, world.klarinda, incident["chatId"])


def test_a_chat_is_added_once_and_only_to_what_goes_on(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    chat_id = picked_up(world, "Zelfde fout UIT-5031", "klarinda")
    system.now = Status(Progress.CLOSED, "Gesloten")
    ask_after(world, system)
    with pytest.raises(NotFound):
        add(world, chat_id, incident)
    with pytest.raises(NotFound):
        add(world, chat_id, {"id": "none"})


def test_an_addition_waits_for_its_incident(world: World) -> None:
    incident, system = escalated(world), Recording(before=[Unavailable("503")])
    add(world, picked_up(world, "Zelfde fout UIT-5031", "klarinda"), incident)
    assert deliver_next(world, system, "test")
    assert not add_next(world, system), "its absence is no failure of the system"
    drain(world, system, 30)
    assert len(system.notes[incident["reference"]]) == 1


# Both ways


def test_what_is_said_later_goes_along_once(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    entry = world.say("jeroen", incident["chatId"], "Bsn 111222333 heeft het ook.")
    assert isinstance(entry.data, Message)
    assert entry.data.addition
    assert access.get_chat(world.store, world.jeroen, incident["chatId"]).state == "closed"
    running = clocks.list_clocks(world.store, world.sanne, incident["chatId"])
    assert [clock.target for clock in running if plain(clock)["endedAt"] is None] == []
    system.steps["comment"] = [Killed()]
    with pytest.raises(Killed):
        add_next(world, system)
    drain(world, system, 3)
    (said,) = system.comments[incident["reference"]]
    assert "111222333" not in said
    assert said.endswith(f"[{entry.seq}]")


def test_only_the_requester_adds_and_only_while_it_goes_on(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    with pytest.raises(Refusal):
        world.say("sanne", incident["chatId"], "Ik nog iets.")
    system.now = Status(Progress.SOLVED, "Opgelost")
    ask_after(world, system)
    with pytest.raises(Refusal):
        world.say("jeroen", incident["chatId"], "Nog iets.")


def test_progress_is_told_once_to_both_sides_in_our_words_and_theirs(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    system.now = Status(Progress.IN_PROGRESS, "Bij ontwikkeling")
    ask_after(world, system)
    ask_after(world, system)
    told = [
        one["data"] for one in entries(world, incident) if one["data"].get("step") == "progress"
    ]
    assert [(data["progress"], data["statusWords"]) for data in told] == [
        ("in_progress", "Bij ontwikkeling")
    ]
    seen = incident_of(world, incident)
    assert (seen["progress"], seen["statusWords"]) == ("in_progress", "Bij ontwikkeling")


def test_solved_is_mailed_and_the_chat_can_be_reopened(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    with pytest.raises(Refusal, match="still working"):
        moves.reopen(world.store, world.jeroen, incident["chatId"], world.capacity, 14)
    world.clock.forward(hours=24 * 60)
    system.now = Status(Progress.SOLVED, "Gereed")
    ask_after(world, system)
    with world.store.read() as work:
        mail = work.session.exec(select(Outbox).where(Outbox.channel == Channel.MAIL)).all()
    assert [row.payload["to"] for row in mail if row.payload["kind"] == "solved"] == [
        ["jeroen@test.example"]
    ]
    assert access.get_chat(world.store, world.jeroen, incident["chatId"]).unread > 0
    reopened = moves.reopen(world.store, world.jeroen, incident["chatId"], world.capacity, 14)
    assert reopened.state in ("active", "waiting")


def test_a_hint_asks_at_once_and_nothing_more_is_believed(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    ask_after(world, system)
    assert not poll_next(world, system)
    system.now = Status(Progress.ON_HOLD, "Wacht op klant")
    for name in (incident["reference"], "1"):
        assert progress.hint(world.store, name, ["recording"])
    assert not progress.hint(world.store, "999", ["recording"])
    assert not progress.hint(world.store, "1", ["another"]), "another system has a ticket 1 too"
    assert poll_next(world, system)
    assert incident_of(world, incident)["progress"] == "on_hold"


def next_poll(world: World, incident: dict[str, Any]) -> datetime | None:
    with world.store.read() as work:
        return work.session.get_one(Incident, incident["id"]).next_poll_at


def test_what_is_done_is_asked_after_ever_more_slowly_for_a_month(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    system.now = Status(Progress.CLOSED, "Gesloten")
    ask_after(world, system)
    asked: list[float] = []
    began = world.clock()
    while at := next_poll(world, incident):
        assert len(asked) < 100
        world.clock.now = at
        assert poll_next(world, system)
        asked.append((at - began) / timedelta(days=1))
    assert len(asked) > 20
    assert 30 < asked[-1] < 35
    gaps = [after - before for before, after in pairwise(asked)]
    assert gaps == pytest.approx(sorted(gaps))
    assert gaps[-1] > 2


def test_a_poll_that_fails_is_tried_later_and_tells_nobody(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    before = len(entries(world, incident))
    system.steps["status"] = [Unavailable("503"), Refused("404 gone")]
    ask_after(world, system)
    assert len(entries(world, incident)) == before
