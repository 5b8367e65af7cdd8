"""Real ticketing systems: Roundup from PyPI, Request Tracker 5 from Debian's packages."""

import time
from base64 import b64decode
from collections.abc import Callable

import pytest

from tests.integration.conftest import Real
from tests.support import redmine, roundup
from tests.support.drafts import FILES, make_draft
from tests.support.recording import add_next, deliver_next, escalate, incident_of, poll_next
from tests.support.shapes import plain
from vipservice.adapters.base import OutsideError, Unavailable
from vipservice.adapters.ticketing.base import Ticket
from vipservice.rules.incidents.compare import differences
from vipservice.services.chats import timeline
from vipservice.services.chats.attachments import KeptFile, add_file
from vipservice.services.routing import serving
from vipservice.store.types import new_id
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World

POLL = 300


def test_check_reaches_it(real: Real) -> None:
    real.system().check()


def test_unicode_hostile_markup_and_100_kb_come_back_whole(real: Real) -> None:
    system, draft = real.system(), make_draft()
    ticket = system.create(draft)
    system.attach(ticket, FILES)
    kept = system.read(ticket)
    sizes = {file.name: len(file.content) for file in FILES}
    assert sizes[FILES[1].name] > 80_000
    assert (
        list(differences(draft, kept.title, kept.text, kept.reference, sizes, kept.files, str))
        == []
    )
    assert system.find(draft.reference) == ticket
    assert system.find(draft.reference[:-1]) is None


def test_files_are_kept_byte_for_byte(real: Real) -> None:
    system = real.system()
    ticket = system.create(make_draft())
    system.attach(ticket, FILES)
    for file in FILES:
        assert _content(real, ticket.id, file.name) == file.content


def test_a_comment_is_there_once_it_was_made(real: Real) -> None:
    system = real.system()
    ticket = system.create(make_draft())
    text = "één <b>aanvulling</b> & 😀\nregel 2\n\nVIP-2026-000001 [9]"
    system.comment(ticket, text)
    assert text in [comment.strip() for comment in system.read(ticket).comments]


def test_a_wrong_password_is_told_and_makes_nothing(real: Real) -> None:
    draft = make_draft()
    with pytest.raises(Unavailable, match="40[13]"):
        real.system(**real.wrong).create(draft)
    assert real.system().find(draft.reference) is None


def test_missing_rights_are_told_and_make_nothing(real: Real) -> None:
    draft = make_draft()
    with pytest.raises(OutsideError, match="40[0135]"):
        real.system(**real.without_rights).create(draft)
    assert real.system().find(draft.reference) is None


def test_stopped_in_mid_call_and_resumed_gives_one_ticket(real: Real) -> None:
    draft = make_draft()
    real.running.stop()
    try:
        with pytest.raises(Unavailable, match="[Tt]ime"):
            real.system(timeout_seconds=1).create(draft)
    finally:
        real.running.resume()
    system = real.system()
    found = _later(lambda: system.find(draft.reference)) or system.create(draft)
    assert system.find(draft.reference) == found
    assert _numbers(real, draft.reference) == [found.number]


def test_a_chat_becomes_an_incident_and_sees_its_progress(
    real: Real, world: World, clock: ManualClock
) -> None:
    """The whole way: conversation, file, delivery, addition, solved, and told."""
    chat_id = world.ask(body="Sinds vannacht 'één' fout UIT-5031 bij <b>uittreksels</b>.")
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    shot = KeptFile("scherm é.png", "image/png", bytes(range(256)))
    add_file(world.store, world.jeroen, chat_id, shot, new_id(), world.capacity)
    incident = escalate(world, "sanne", chat_id, system=real.name)
    system = real.system()
    assert deliver_next(world, system, "test")
    made = incident_of(world, incident, "sanne")
    assert (made["state"], made["dropped"], made["problem"]) == ("created", [], "")
    world.say("jeroen", chat_id, "Bij Ede ook, zegt men.")
    assert add_next(world, system)
    found = system.find(incident["reference"])
    assert found
    kept = system.read(found)
    assert any("Bij Ede ook" in comment for comment in kept.comments)
    assert len(kept.files) == 2
    real.running.set_status(found.id, real.solved)
    clock.forward(seconds=POLL + 1)
    assert poll_next(world, system)
    entries = timeline.read_timeline(world.store, world.jeroen, chat_id).entries
    assert plain(entries[-1])["data"]["progress"] == "solved"
    assert plain(entries[-1])["data"]["statusWords"] == real.solved


def _later(look: Callable[[], Ticket | None]) -> Ticket | None:
    """What another process brings about in some seconds; in the product the outbox waits 60."""
    until = time.monotonic() + 5
    while (found := look()) is None and time.monotonic() < until:
        time.sleep(0.1)
    return found


def _numbers(real: Real, reference: str) -> list[str]:
    """Every ticket under a reference, past the adapter."""
    if isinstance(real.running, redmine.Redmine):
        params = {f"cf_{real.running.field}": reference, "status_id": "*"}
        answer = real.running.call("GET", "/issues.json", params=params).json()
        return [str(one["id"]) for one in answer["issues"]]
    if isinstance(real.running, roundup.Roundup):
        found = real.running.get("/issue", **{"external_ref:": reference}).json()
        return [one["id"] for one in found["data"]["collection"]]
    query = f"CF.{{External Reference}} = '{reference}'"
    return [str(one["id"]) for one in real.running.get("/tickets", query=query).json()["items"]]


def _content(real: Real, ticket_id: str, name: str) -> bytes:
    """A file as the system gives it back, past the adapter."""
    if isinstance(real.running, redmine.Redmine):
        kept = real.running.get(f"/issues/{ticket_id}.json", include="attachments").json()
        (one,) = [one for one in kept["issue"]["attachments"] if one["filename"] == name]
        return real.running.get(one["content_url"].removeprefix(real.running.url)).content
    if isinstance(real.running, roundup.Roundup):
        files = real.running.get(f"/issue/{ticket_id}").json()["data"]["attributes"]["files"]
        kept = [real.running.get(f"/file/{one['id']}").json()["data"] for one in files]
        number = next(one["id"] for one in kept if one["attributes"]["name"] == name)
        return real.running.get_raw(f"/file{number}/")
    found = real.running.get(f"/ticket/{ticket_id}/attachments", fields="Filename").json()
    number = next(one["id"] for one in found["items"] if one["Filename"] == name)
    answer = real.running.get(f"/attachment/{number}").json()
    return b64decode(answer["Content"])
