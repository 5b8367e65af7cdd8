"""What is for one never reaches another: notes, files, numbers, and other municipalities."""

from typing import Any

import pytest

from tests.support.recording import add, delivered, entries, escalate, incident_of, picked_up
from tests.support.shapes import plain
from vipservice.rules.chats import Visibility
from vipservice.rules.people import Side
from vipservice.rules.refusals import NotAllowed, NotFound
from vipservice.services import callbacks
from vipservice.services.chats import access, messages, moves, reading, timeline
from vipservice.services.chats.attachments import KeptFile, add_file, get_file
from vipservice.services.incidents import drafting, escalation
from vipservice.services.people import accounts
from vipservice.store.tables import Person
from vipservice.store.types import new_id
from vipservice.testing.queues import drain
from vipservice.testing.ticketing import DRAFTER, URL, Recording, edited
from vipservice.testing.world import World

SECRET = "Geheim van Rijssen-Holten"


def note(world: World, chat_id: str, body: str = "zelfde als bij de buren") -> dict[str, Any]:
    data = messages.NewMessage(body=body, client_id=new_id())
    return messages.add_note(world.store, world.sanne, chat_id, data).public()


def send_file(world: World, who: str, chat_id: str, name: str, **audience: Any) -> dict[str, Any]:
    file = KeptFile(name, "image/png", name.encode())
    actor = world.actors[who]
    return add_file(
        world.store, actor, chat_id, file, new_id(), world.capacity, **audience
    ).public()


def added(world: World, system: Recording) -> tuple[str, str]:
    """Klarinda's chat, with a file, in the ticket of Amersfoort; reference and chat."""
    incident = delivered(world, system)
    chat_id = picked_up(world, f"{SECRET}: fout UIT-5031.", "klarinda")
    send_file(world, "klarinda", chat_id, "geheim.png")
    add(world, chat_id, incident, text=f"{SECRET}, hier ook.")
    world.say("klarinda", chat_id, f"{SECRET}, nog iets.")
    drain(world, system, 4)
    return incident["reference"], chat_id


# Another municipality's chat in a ticket


def test_another_municipality_reaches_a_ticket_as_notes_alone(world: World) -> None:
    system = Recording()
    reference, _ = added(world, system)
    assert system.comments[reference] == []
    assert len(system.notes[reference]) == 2
    theirs = [name for name in system.files[reference] if "VIP-2026-000002" in name]
    assert sorted(theirs) == sorted(system.internal[reference])
    assert len(theirs) == 2, "the file and the transcript"


def test_where_nobody_but_engineers_reads_a_text_it_goes_but_its_files_do_not(world: World) -> None:
    system = Recording(has_internal_files=False)
    reference, chat_id = added(world, system)
    assert len(system.notes[reference]) == 2
    assert not any("VIP-2026-000002" in name for name in system.files[reference])
    (told,) = [
        entry["data"]["problem"]
        for entry in entries(world, {"chatId": chat_id}, "sanne")
        if entry["data"].get("step") == "withheld"
    ]
    assert "geheim.png" in told


def test_where_everybody_reads_all_only_number_and_address_go(world: World) -> None:
    system = Recording(has_notes=False, has_internal_files=False)
    reference, chat_id = added(world, system)
    for said in system.comments[reference]:
        number = access.get_chat(world.store, world.sanne, chat_id).number
        assert said.startswith(f"{URL}/chats/{number}\n\n{number} [")
    assert len(system.comments[reference]) == 2
    assert SECRET not in str(system)
    told = [entry["data"].get("step") for entry in entries(world, {"chatId": chat_id}, "sanne")]
    assert told.count("withheld") == 2
    seen = entries(world, {"chatId": chat_id}, "klarinda")
    assert "withheld" not in str(seen), "what the system can do is for the centre"


# Internal notes


def with_note(world: World) -> tuple[str, int]:
    chat_id = picked_up(world, "De knop is grijs sinds gisteren.")
    note(world, chat_id, "zelfde als bij de buren")
    seq = send_file(world, "sanne", chat_id, "buren.png", visibility=Visibility.CENTRE)["seq"]
    return chat_id, seq


def test_chosen_notes_are_read_by_engineers_alone(world: World) -> None:
    system = Recording()
    chat_id, seq = with_note(world)
    incident = escalate(world, "sanne", chat_id, notes=(seq - 1, seq))
    drain(world, system, 2)
    reference = incident["reference"]
    (said,) = system.notes[reference]
    assert "zelfde als bij de buren" in said
    assert [name for name in system.files[reference] if "buren" in name] == (
        system.internal[reference]
    )
    ticket = system.tickets[reference]
    transcript = next(c for n, c in system.files[reference].items() if n.startswith("gesprek"))
    assert "buren" not in ticket.title + ticket.description + transcript.decode()
    assert incident_of(world, incident, "sanne")["dropped"] == []


def test_notes_that_were_not_chosen_stay_with_their_files(world: World) -> None:
    system = Recording()
    chat_id, _ = with_note(world)
    escalate(world, "sanne", chat_id)
    drain(world, system, 2)
    assert "buren" not in str(system)


def test_a_system_without_notes_gets_none_and_the_specialist_is_told(world: World) -> None:
    system = Recording(has_notes=False, has_internal_files=False)
    chat_id, seq = with_note(world)
    incident = escalate(world, "sanne", chat_id, notes=(seq - 1, seq))
    drain(world, system, 2)
    ticket = system.tickets[incident["reference"]]
    assert "buren" not in ticket.description + str(system.comments) + str(system.files)
    assert len(incident_of(world, incident, "sanne")["dropped"]) == 1
    assert incident_of(world, incident, "jeroen")["dropped"] == []


def test_an_internal_file_does_not_exist_for_a_requester(world: World) -> None:
    chat_id = picked_up(world, "De knop is grijs sinds gisteren.")
    internal = send_file(world, "sanne", chat_id, "buren.png", visibility=Visibility.CENTRE)
    public = send_file(world, "sanne", chat_id, "uitleg.png")
    assert internal["kind"] == "note"
    assert "buren.png" not in str(entries(world, {"chatId": chat_id}, "jeroen"))
    for id_, who, given in (
        (public["data"]["file"]["id"], "jeroen", b"uitleg.png"),
        (internal["data"]["file"]["id"], "annet", b"buren.png"),
    ):
        assert get_file(world.store, world.actors[who], id_).content == given
    with pytest.raises(NotFound):
        get_file(world.store, world.jeroen, internal["data"]["file"]["id"])
    with pytest.raises(NotAllowed):
        send_file(world, "jeroen", chat_id, "x.png", visibility=Visibility.CENTRE)


# Numbers


def test_a_requesters_numbers_tell_of_no_note(world: World) -> None:
    chat_id = picked_up(world, "Waar vind ik dat?")
    before = access.get_chat(world.store, world.jeroen, chat_id)
    world.told.clear()
    seq = note(world, chat_id)["seq"]
    reading.mark_read(world.store, world.sanne, chat_id, seq)
    after = access.get_chat(world.store, world.jeroen, chat_id)
    assert (after.last_seq, after.updated_at) == (before.last_seq, before.updated_at)
    assert access.get_chat(world.store, world.sanne, chat_id).last_seq == seq
    read = timeline.read_timeline(world.store, world.jeroen, chat_id)
    assert read.last_seq == plain(read)["chat"]["lastSeq"] == before.last_seq
    noted, marked = world.told
    assert not noted.public
    assert [(one.side, one.seq) for one in marked.read] == [(Side.CENTRE, before.last_seq)]
    for told in world.told:
        assert told.entries_for(Side.REQUESTER) == ()
        assert told.chat is None
    assert after.centre_read_seq == before.last_seq


def test_reading_a_note_marks_what_stands_before_it(world: World) -> None:
    chat_id = picked_up(world, "Waar vind ik dat?")
    question = access.get_chat(world.store, world.jeroen, chat_id).last_seq
    note(world, chat_id)
    world.say("jeroen", chat_id, "Nog iets.")
    reading.mark_read(world.store, world.sanne, chat_id, question + 1)
    seen = access.get_chat(world.store, world.jeroen, chat_id)
    assert seen.centre_read_seq == question
    assert access.get_chat(world.store, world.sanne, chat_id).unread == 1


@pytest.mark.parametrize("reached", [True, False])
def test_what_is_noted_of_a_call_is_for_the_centre(world: World, reached: bool) -> None:
    chat_id = picked_up(world, "Kunt u bellen?")
    asked = callbacks.NewCallback(phone="033 123 45 67", window="na 14 uur", note="doof links")
    callbacks.call_back(world.store, world.sanne, chat_id, asked)
    (waiting,) = callbacks.list_callbacks(world.store)
    data = callbacks.Attempt(reached=reached, note="klonk boos")
    callbacks.attempt(world.store, world.ilias, waiting.id, data)
    theirs = str(entries(world, {"chatId": chat_id}, "jeroen"))
    assert "doof links" not in theirs
    assert "klonk boos" not in theirs
    assert "na 14 uur" in theirs
    ours = [e["body"] for e in entries(world, {"chatId": chat_id}, "sanne") if e["kind"] == "note"]
    assert ours == ["doof links", "klonk boos"]


def test_what_the_customer_says_of_a_call_is_their_own(world: World) -> None:
    chat_id = world.ask("jeroen")
    asked = callbacks.NewCallback(phone="033 123 45 67", note="vraag naar Jan")
    callbacks.call_back(world.store, world.jeroen, chat_id, asked)
    assert "vraag naar Jan" in str(entries(world, {"chatId": chat_id}, "samira"))


# Rights that ended


def withdraw(world: World, who: str) -> None:
    """May not create incidents any more."""
    with world.store.work() as work:
        work.session.get_one(Person, world.actors[who].id).can_create_incidents = False


def test_a_withdrawn_right_escalates_nothing(world: World) -> None:
    from vipservice.rules.chats import ChatKind

    data = messages.NewChat(
        topic_id=world.topic_id, body="Alles staat stil", client_id=new_id(), kind=ChatKind.PROBLEM
    )
    chat_id = str(messages.open_chat(world.store, world.jeroen, data).id)
    draft = drafting.get_draft(world.store, world.jeroen, chat_id, DRAFTER)
    withdraw(world, "jeroen")
    with pytest.raises(NotAllowed, match="authorised"):
        drafting.get_draft(world.store, world.jeroen, chat_id, DRAFTER)
    with pytest.raises(NotAllowed, match="authorised"):
        escalation.escalate(
            world.store, world.jeroen, chat_id, edited(draft),
            system="recording", drafter=DRAFTER,
        )  # fmt: skip


def test_a_right_that_ended_adds_nothing_to_a_closed_chat(world: World) -> None:
    incident = delivered(world, Recording())
    withdraw(world, "jeroen")
    with pytest.raises(NotAllowed):
        world.say("jeroen", incident["chatId"], "Nog iets.")
    with pytest.raises(NotAllowed):
        send_file(world, "jeroen", incident["chatId"], "nog.png")


def test_a_grant_that_ended_adds_nothing_either(world: World) -> None:
    incident = delivered(world, Recording())
    (grant,) = accounts.grants_of_person(world.store, world.jeroen.id)
    with world.store.work() as work:
        kept = work.session.merge(grant[0])
        kept.ends_on = kept.starts_on
    with pytest.raises(NotAllowed):
        world.say("jeroen", incident["chatId"], "Nog iets.")


def test_each_side_sees_its_own_summary(world: World) -> None:
    chat_id = picked_up(world, "Waar vind ik dat?")
    note(world, chat_id)
    moves.park(world.store, world.sanne, chat_id)
    told = world.told[-1].chat
    assert told
    assert told.seen_from(Side.REQUESTER) == access.get_chat(world.store, world.jeroen, chat_id)
    centre = told.seen_from(Side.CENTRE)
    assert centre.unread == centre.unread_centre
