"""Words that are corrected, withdrawn or erased are so for every reader, and outside too."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.support.client import Client
from tests.support.recording import delivered, entries, picked_up
from tests.support.service import service_of
from tests.support.shapes import plain
from vipservice.rules.chats import Visibility
from vipservice.rules.refusals import NotAllowed, NotFound, Refusal
from vipservice.services.chats import access, amending, messages, saying, timeline
from vipservice.services.chats.amending import Correction, Target
from vipservice.services.chats.attachments import KeptFile, add_file, get_file
from vipservice.services.incidents import drafting, escalation
from vipservice.store.tables import Attachment, Entry, Incident, Outbox, RememberedAnswer
from vipservice.store.types import new_id
from vipservice.testing.queues import drain
from vipservice.testing.ticketing import DRAFTER, Recording, edited
from vipservice.testing.world import World
from vipservice.web import create_web

SECRET = "BSN van de buurvrouw staat in dossier 77"


def words(world: World, chat_id: str, who: str) -> list[tuple[str, str]]:
    """What somebody reads, of what was said."""
    read = timeline.read_timeline(world.store, world.actors[who], chat_id).entries
    return [(one.body, one.words) for one in read if one.kind in ("message", "note")]


def correct(world: World, who: str, chat_id: str, of: int, body: str) -> Any:
    data = Correction(of=of, body=body)
    return amending.correct(world.store, world.actors[who], chat_id, data)


def withdraw(world: World, who: str, chat_id: str, of: int, *, note: bool = False) -> Any:
    return amending.withdraw(world.store, world.actors[who], chat_id, Target(of=of, note=note))


def test_a_correction_stands_where_the_words_stood_for_everybody(world: World) -> None:
    chat_id = picked_up(world, "Hoe druk ik een uitreksel af?")
    said = correct(world, "jeroen", chat_id, 2, "Hoe druk ik een uittreksel af?")
    assert (said.kind, said.body) == ("corrected", "Hoe druk ik een uittreksel af?")
    for who in ("jeroen", "samira", "sanne"):
        assert words(world, chat_id, who) == [("Hoe druk ik een uittreksel af?", "corrected")]
    chat = access.get_chat(world.store, world.sanne, chat_id)
    assert chat.last_words == "Hoe druk ik een uittreksel af?"
    draft = drafting.get_draft(world.store, world.sanne, chat_id, DRAFTER)
    assert "uitreksel" not in str(draft.transcript)
    assert "uittreksel" in draft.transcript


def test_of_two_corrections_the_last_one_counts_and_withdrawing_ends_both(world: World) -> None:
    chat_id = picked_up(world, "een")
    correct(world, "jeroen", chat_id, 2, "twee")
    correct(world, "jeroen", chat_id, 2, "drie")
    assert words(world, chat_id, "sanne") == [("drie", "corrected")]
    withdraw(world, "jeroen", chat_id, 2)
    assert words(world, chat_id, "sanne") == [("", "withdrawn")]
    read = timeline.read_timeline(world.store, world.sanne, chat_id).entries
    assert not any(word in str(read) for word in ("twee", "drie"))
    assert access.get_chat(world.store, world.sanne, chat_id).last_words == ""
    with pytest.raises(Refusal, match="not there any more"):
        correct(world, "jeroen", chat_id, 2, "vier")


def test_only_who_said_it_changes_it(world: World) -> None:
    chat_id = picked_up(world, "een")
    for who, error in (("sanne", NotAllowed), ("samira", NotAllowed), ("klarinda", NotFound)):
        with pytest.raises(error):
            correct(world, who, chat_id, 2, "iets anders")
    for of in (1, 3, 99):
        with pytest.raises(NotFound):
            withdraw(world, "jeroen", chat_id, of)
    with pytest.raises(Refusal):
        correct(world, "jeroen", chat_id, 2, "een")


def test_a_note_is_corrected_among_the_centre(world: World) -> None:
    chat_id = picked_up(world, "een")
    data = messages.NewMessage(body="nota", client_id=new_id())
    seq = messages.add_note(world.store, world.sanne, chat_id, data).seq
    before = entries(world, {"chatId": chat_id}, "jeroen")
    correction = Correction(of=seq, note=True, body="notitie")
    said = amending.correct(world.store, world.sanne, chat_id, correction)
    assert said.visibility is Visibility.CENTRE
    assert ("notitie", "corrected") in words(world, chat_id, "ilias")
    assert entries(world, {"chatId": chat_id}, "jeroen") == before
    with pytest.raises(NotAllowed):
        amending.correct(world.store, world.jeroen, chat_id, correction)


def test_a_withdrawn_file_is_not_given_any_more(world: World) -> None:
    chat_id = picked_up(world, "een")
    file = KeptFile("scherm.png", "image/png", b"png")
    entry = add_file(world.store, world.jeroen, chat_id, file, new_id(), world.capacity)
    attachment = plain(entry)["data"]["file"]["id"]
    with pytest.raises(Refusal):
        correct(world, "jeroen", chat_id, entry.seq, "ander.png")
    withdraw(world, "jeroen", chat_id, entry.seq)
    with pytest.raises(NotFound):
        get_file(world.store, world.sanne, attachment)
    assert "scherm.png" not in str(timeline.read_timeline(world.store, world.sanne, chat_id))


def test_said_again_after_a_correction_it_is_answered_as_it_stands(world: World) -> None:
    chat_id = picked_up(world, "een")
    data = messages.NewMessage(body="twee", client_id=new_id())
    said = saying.send_message(world.store, world.jeroen, chat_id, data, world.capacity)
    withdraw(world, "jeroen", chat_id, said.seq)
    again = saying.send_message(world.store, world.jeroen, chat_id, data, world.capacity)
    assert (again.seq, again.body, again.words) == (said.seq, "", "withdrawn")


def test_the_engineers_hear_of_it_and_what_has_not_left_leaves_right(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    chat_id = incident["chatId"]
    world.say("jeroen", chat_id, "Het is versie 8.")
    number = entries(world, incident)[-1]["seq"]
    correct(world, "jeroen", chat_id, number, "Het is versie 9.")
    drain(world, system, 3)
    comments = str(system.comments)
    assert "versie 8" not in comments
    assert f"Verbetering van bericht {number}: Het is versie 9." in comments
    withdraw(world, "jeroen", chat_id, 2)
    drain(world, system, 3)
    assert "Bericht 2 is ingetrokken." in str(system.comments)


def test_an_incident_is_not_made_of_words_that_just_changed(world: World) -> None:
    chat_id = picked_up(world, "een")
    draft = drafting.get_draft(world.store, world.sanne, chat_id, DRAFTER)
    slow = DRAFTER.make

    def changed_meanwhile(*given: Any) -> Any:
        made = slow(*given)
        correct(world, "jeroen", chat_id, 2, "iets heel anders")
        return made

    drafter = drafting.Drafter(changed_meanwhile, DRAFTER.public_url, "en")
    with pytest.raises(Refusal, match="just changed"):
        escalation.escalate(
            world.store, world.sanne, chat_id, edited(draft), system="recording", drafter=drafter
        )


def test_erased_words_are_nowhere_and_the_entry_stays(world: World) -> None:
    client = Client(create_web(service_of(world.store)), world.tokens["jeroen"])
    key = {"X-CSRF-Token": client.csrf, "Idempotency-Key": "een-sleutel"}
    asked = {"topicId": world.topic_id, "body": SECRET, "clientId": new_id()}
    answer: Any = client.http.post("/api/v1/chats", json=asked, headers=key)
    chat_id = answer.json["id"]
    incident = delivered(world, Recording(), body=SECRET)
    for one in (chat_id, incident["chatId"]):
        correct(world, "jeroen", one, 2, f"Toch: {SECRET}")
        with world.store.read() as work:
            digests = {row.seq: row.digest for row in work.session.exec(_entries(one))}
        amending.erase(world.store, one, Target(of=2))
        assert words(world, one, "sanne") == [("", "erased")]
        with world.store.read() as work:
            rows = work.session.exec(_entries(one)).all()
        assert {row.seq: row.digest for row in rows[:-1]} == digests
        assert rows[1].author_id == world.jeroen.id
    assert SECRET not in _everything(world)


def test_a_short_word_is_not_taken_out_of_others(world: World) -> None:
    incident = delivered(world, Recording(), body="Fout UIT-5031 in de 1e kolom. Versie 8.")
    chat_id, number = incident["chatId"], entries(world, incident)[-1]["seq"] + 1
    world.say("jeroen", chat_id, "e")
    with world.store.read() as work:
        before = work.session.get_one(Incident, incident["id"]).draft
    correct(world, "jeroen", chat_id, number, "ja")
    with world.store.read() as work:
        assert work.session.get_one(Incident, incident["id"]).draft == before


def test_what_is_not_there_is_not_erased(world: World) -> None:
    chat_id = picked_up(world, "een")
    before = entries(world, {"chatId": chat_id}, "sanne")
    for of in (1, 99):
        with pytest.raises(NotFound):
            amending.erase(world.store, chat_id, Target(of=of))
    assert entries(world, {"chatId": chat_id}, "sanne") == before


def test_an_erased_file_is_not_kept(world: World) -> None:
    chat_id = picked_up(world, "een")
    file = KeptFile("paspoort.png", "image/png", b"geheim")
    entry = add_file(world.store, world.jeroen, chat_id, file, new_id(), world.capacity)
    amending.erase(world.store, chat_id, Target(of=entry.seq))
    with world.store.read() as work:
        assert work.session.exec(select(Attachment)).all() == []
    assert "paspoort" not in _everything(world)


def _entries(chat_id: str) -> Any:
    return select(Entry).where(Entry.chat_id == chat_id).order_by(Entry.seq)  # type: ignore[arg-type]


def _everything(world: World) -> str:
    """All that is kept of conversations."""
    with world.store.read() as work:
        found: list[Any] = [
            row.model_dump()
            for table in (Entry, Incident, Outbox, RememberedAnswer)
            for row in work.session.exec(select(table))
        ]
        found += work.session.execute(text("SELECT * FROM incident_text")).all()
    chats = access.list_chats(world.store, world.annet)
    return str(found) + str(chats)
