"""On real systems: what is for engineers reaches nobody else, and each ticket stays true."""

import re
from typing import Any

import pytest

from tests.integration.conftest import Real
from tests.support.drafts import make_draft
from tests.support.recording import (
    add,
    add_next,
    deliver_next,
    escalate,
    incident_of,
    picked_up,
    poll_next,
    steps,
)
from vipservice.adapters.base import Missing, OutsideError, Refused
from vipservice.services.chats import messages
from vipservice.services.chats.attachments import KeptFile, add_file
from vipservice.services.incidents import undelivered
from vipservice.store.tables import Incident
from vipservice.store.types import new_id
from vipservice.testing.queues import POLL_SECONDS
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World

NOTE = "zelfde als vorige maand bij de buren"
THEIRS = "Bij Rijssen-Holten ook"


def with_everything(world: World, real: Real) -> tuple[dict[str, Any], Any]:
    """A ticket of Amersfoort with five files and a note, to which Rijssen-Holten was added."""
    system = real.system()
    chat_id = picked_up(world, "Sinds vannacht fout UIT-5031 bij uittreksels.")
    for number in range(5):
        shot = KeptFile(f"scherm {number}.png", "image/png", b"x" * (number + 1))
        add_file(world.store, world.jeroen, chat_id, shot, new_id(), world.capacity)
    data = messages.NewMessage(body=NOTE, client_id=new_id())
    note = messages.add_note(world.store, world.sanne, chat_id, data)
    incident = escalate(world, "sanne", chat_id, system=real.name, notes=(note.seq,))
    deliver(world, system)
    other = picked_up(world, f"{THEIRS}: fout UIT-5031.", "klarinda")
    secret = KeptFile("geheim отчёт.txt", "text/plain", THEIRS.encode())
    add_file(world.store, world.klarinda, other, secret, new_id(), world.capacity)
    add(world, other, incident, text=f"{THEIRS}, zie gesprek.")
    world.say("klarinda", other, f"{THEIRS}, en nog iets.")
    deliver(world, system)
    return incident, system.find(incident["reference"])


def deliver(world: World, system: Any) -> None:
    while deliver_next(world, system) or add_next(world, system):
        pass


def test_nobody_outside_the_engineers_reads_or_is_mailed_a_word(real: Real, world: World) -> None:
    incident, ticket = with_everything(world, real)
    shown = str(real.system().read(ticket))
    if real.name == "roundup":
        assert THEIRS not in shown, "everybody reads a tracker: number and address only"
        assert NOTE not in shown
        assert "VIP-2026-000002" in shown
        return
    assert NOTE in shown
    assert THEIRS in shown
    mails = [mail for mail in real.running.mails() if "jeroen@test.example" in mail.lower()]
    if real.name == "rt":
        seen = real.running.seen_by_requester(ticket.id)
        assert len([mail for mail in mails if f"#{ticket.id}]" in mail]) == 1, "one escalation"
    else:
        key = real.running.requester_key
        params = {"include": "journals,attachments"}
        seen = real.running.call("GET", f"/issues/{ticket.id}.json", key, params=params).text
        mails = real.running.mails()
    assert "UIT-5031" in seen
    for text in (seen, *mails):
        assert "Rijssen" not in _plain(text)
        assert "VIP-2026-000002" not in _plain(text)
        assert "buren" not in _plain(text)
    made = incident_of(world, incident, "sanne")
    assert (made["state"], made["problem"], made["dropped"]) == ("created", "", [])
    assert made["progress"] == "received", "our own files are no work on it"


def _plain(mail: str) -> str:
    """A mail without the folding of quoted-printable."""
    return re.sub(r"=\r?\n", "", mail)


def test_a_deleted_ticket_is_told_once_and_rests_nothing(real: Real, world: World) -> None:
    system = real.system()
    lost = []
    for _ in range(4):
        incident = escalate(world, "sanne", picked_up(world, "Fout UIT-5031."), system=real.name)
        deliver(world, system)
        lost.append(incident)
    for incident in lost[:3]:
        ticket = system.find(incident["reference"])
        assert ticket
        real.delete(ticket.id)
        for ask in (system.status, system.read):
            with pytest.raises(Missing):
                ask(ticket)
    world.say("jeroen", lost[0]["chatId"], "Nog iets.")
    for _ in range(3):
        world.clock.forward(seconds=POLL_SECONDS + 1)
        while poll_next(world, system) or add_next(world, system):
            pass
    assert undelivered.resting(world.store) == []
    for incident in lost[:3]:
        assert steps(world, incident, "sanne").count("gone") == 1
        assert not incident_of(world, incident)["followed"]
    assert incident_of(world, lost[3])["followed"]


@pytest.mark.parametrize("real", ["redmine"], indirect=True)
@pytest.mark.parametrize(("project", "followed"), [("other", True), ("elsewhere", False)])
def test_a_ticket_that_is_moved_is_followed_as_long_as_we_see_it(
    real: Real, world: World, project: str, followed: bool
) -> None:
    system = real.system()
    incident = escalate(world, "sanne", picked_up(world, "Fout UIT-5031."), system=real.name)
    deliver(world, system)
    ticket = system.find(incident["reference"])
    assert ticket
    real.running.move(ticket.id, project)
    for _ in range(2):
        world.clock.forward(seconds=POLL_SECONDS + 1)
        while poll_next(world, system):
            pass
    assert incident_of(world, incident)["followed"] is followed
    assert steps(world, incident, "sanne").count("gone") == (0 if followed else 1)
    assert undelivered.resting(world.store) == []


def test_a_ticket_that_is_opened_again_is_followed(real: Real, world: World) -> None:
    system = real.system()
    incident = escalate(world, "sanne", picked_up(world, "Fout UIT-5031."), system=real.name)
    deliver(world, system)
    ticket = system.find(incident["reference"])
    assert ticket
    for status in (real.solved, real.reopened):
        real.running.set_status(ticket.id, status)
        world.clock.forward(hours=6)
        while poll_next(world, system):
            pass
    for who in ("sanne", "jeroen"):
        assert steps(world, incident, who)[-2:] == ["progress", "reopened"]


def test_a_strangers_ticket_of_the_same_number_is_left_alone(real: Real, world: World) -> None:
    """The supplier moved to this system and kept the name: our old number is a stranger's there."""
    old, system = Recording(name=real.name), real.system()
    incident = escalate(world, "sanne", picked_up(world, "Fout UIT-5031."), system=real.name)
    deliver(world, old)
    stranger = system.create(make_draft(reference=f"vip-{new_id()}"))
    with world.store.work() as work:
        row = work.session.get_one(Incident, incident["id"])
        row.external_id, row.number = stranger.id, stranger.number
    before = system.read(stranger)
    real.running.set_status(stranger.id, real.solved)
    world.say("jeroen", incident["chatId"], "Nog iets van voor de overstap.")
    world.clock.forward(seconds=POLL_SECONDS + 1)
    while poll_next(world, system) or add_next(world, system):
        pass
    after = system.read(stranger)
    assert (after.text, after.comments, after.files) == (before.text, before.comments, before.files)
    assert incident_of(world, incident)["progress"] == "received"
    assert not incident_of(world, incident)["followed"]


def test_a_note_never_becomes_a_comment(real: Real) -> None:
    system = real.system()
    ticket = system.create(make_draft())
    if not system.has_notes:
        with pytest.raises(Refused):
            system.note(ticket, NOTE)
        return
    system.note(ticket, f"{NOTE}\n\nVIP-2026-000001 [notities]")
    assert any(NOTE in said for said in system.read(ticket).comments)


WRONG = {
    "roundup": [({"url": "/nowhere"}, "404|answer"), ({"user": "outsider"}, "403|Forbidden")],
    "rt": [
        ({"project": "Nowhere"}, "queue"),
        ({"reference_field": "Nowhere"}, "no such custom field"),
        ({"reference_field": "Not applied"}, "no such custom field"),
        ({"token": "outsider"}, "queue"),
    ],
    "redmine": [
        ({"project": "nowhere"}, "project nowhere"),
        ({"project": "elsewhere"}, "project elsewhere"),
        ({"kind": "99"}, "tracker 99"),
        ({"reference_field": "nofilter_field"}, "used as a filter"),
        ({"reference_field": "other_field"}, "no such field"),
        ({"reference_field": "99"}, "filter"),
    ],
}


def test_check_tells_what_is_wrong_before_the_first_create(real: Real) -> None:
    """Twelve wrong configurations over three systems; nothing is made by any of them."""
    real.system().check()
    for changes, words in WRONG[real.name]:
        given = {name: _meant(real, name, value) for name, value in changes.items()}
        with pytest.raises(OutsideError, match=words):
            real.system(**given).check()


def _meant(real: Real, name: str, value: str) -> str:
    if name == "url":
        return f"{real.settings['url']}{value}"
    if value == "outsider":
        return str(real.without_rights[name])
    return str(getattr(real.running, value, value))


@pytest.mark.parametrize("real", ["redmine"], indirect=True)
def test_a_right_that_redmine_lacks_makes_no_note_public(real: Real) -> None:
    real.running.forbid("set_notes_private")
    try:
        with pytest.raises(Refused, match="set_notes_private"):
            real.system().check()
    finally:
        real.running.allow("set_notes_private")
    real.system().check()


@pytest.mark.parametrize("real", ["redmine"], indirect=True)
@pytest.mark.parametrize("markup", ["textile", "markdown"])
def test_mark_up_is_shown_as_it_was_written(real: Real, markup: str) -> None:
    nasty = "a </pre> *b* @requester #1 {{toc}}\n```\nh1. kop\n" + "lang " * 60
    real.running.set_formatting(markup)
    system, draft = real.system(markup=markup), make_draft(description=nasty)
    before = len(real.running.mails())
    ticket = system.create(draft)
    assert system.read(ticket).text.strip() == nasty.strip()
    page = real.running.page(f"/issues/{ticket.id}")
    shown = re.search(r'(?s)<div class="wiki">(.*?)</div>', page)
    assert shown
    assert shown[1].count("<pre") == 1
    assert not re.search(r"<(strong|h1|a |ul)", shown[1])
    assert all("requester" not in mail.split("\n\n")[0].lower() or "@requester" in mail
               for mail in real.running.mails()[before:])  # fmt: skip
    real.running.set_formatting("textile")
