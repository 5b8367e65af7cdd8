"""What the system dropped or refused, breaker and alarm; files and their own number."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from tests.support.recording import (
    add_next,
    deliver_next,
    delivered,
    entries,
    escalated,
    incident_of,
    picked_up,
)
from tests.support.shapes import plain
from vipservice.adapters.base import Refused, Unavailable
from vipservice.rules.notices import Channel
from vipservice.rules.refusals import NotAllowed, NotFound, Refusal
from vipservice.services import breakers
from vipservice.services.chats import access, references
from vipservice.services.chats.attachments import LARGEST, KeptFile, add_file, get_file
from vipservice.services.incidents import escalation, undelivered
from vipservice.store.tables import Outbox
from vipservice.store.types import new_id
from vipservice.testing.queues import drain
from vipservice.testing.ticketing import Recording, edited
from vipservice.testing.world import World

# What the system did not keep


def test_what_the_system_drops_is_told_to_the_centre_alone(world: World) -> None:
    class Forgetful(Recording):
        def read(self, ticket: Any) -> Any:
            from dataclasses import replace

            return replace(super().read(ticket), title="kort", files={})

    incident = delivered(world, Forgetful())
    seen = incident_of(world, incident, "sanne")
    assert seen["state"] == "created"
    assert len(seen["dropped"]) == 2
    assert incident_of(world, incident, "jeroen")["dropped"] == []
    assert "dropped" not in [one["data"].get("step") for one in entries(world, incident)]
    assert "dropped" in [one["data"].get("step") for one in entries(world, incident, "sanne")]


def test_a_refused_file_does_not_keep_the_incident_back(world: World) -> None:
    system = Recording(steps={"attach": [Refused("415 no text files")]})
    incident = delivered(world, system)
    seen = incident_of(world, incident, "sanne")
    assert seen["state"] == "created"
    assert "415 no text files" in str(seen["dropped"])


# Breaker, alarm, and the page


def test_a_dead_system_rests_and_does_not_tie_up_the_rest(world: World) -> None:
    system = Recording(before=[Unavailable("time-out")] * 100)
    for _ in range(10):
        escalated(world)
    calls = 0
    while deliver_next(world, system, "test"):
        calls += 1
    assert calls == breakers.MOST_FAILURES
    (found,) = undelivered.resting(world.store)
    assert (found.name, found.words) == ("recording", "time-out")
    row = undelivered.list_undelivered(world.store, world.annet)[0]
    undelivered.try_again(world.store, world.annet, row.id)
    assert deliver_next(world, system, "test"), "asked for, so not after the rest"
    assert not deliver_next(world, system, "test")
    world.clock.forward(seconds=50)
    world.clock.forward(seconds=46)
    assert deliver_next(world, system, "test")
    assert not deliver_next(world, system, "test"), "one probe, then rest again"
    system.before.clear()
    world.clock.forward(seconds=1000)
    drain(world, system, 30)
    assert len(system.tickets) == 10
    assert undelivered.resting(world.store) == []


def test_one_that_is_told_to_wait_makes_all_wait(world: World) -> None:
    system = Recording(before=[Unavailable("429", retry_after=200)])
    for _ in range(2):
        escalated(world)
    assert deliver_next(world, system, "test")
    assert not deliver_next(world, system, "test")
    world.clock.forward(seconds=199)
    assert not deliver_next(world, system, "test")
    world.clock.forward(seconds=2)
    assert deliver_next(world, system, "test")


def test_the_page_says_what_is_not_delivered_and_tries_again(world: World) -> None:
    incident, system = escalated(world), Recording(before=[Unavailable("503 onderhoud")])
    deliver_next(world, system, "test")
    for who in ("sanne", "annet", "peter"):
        (row,) = undelivered.list_undelivered(world.store, world.actors[who])
        assert (row.problem, row.refused, row.attempts) == ("503 onderhoud", False, 1)
        assert "UIT-5031" not in str(row)
    undelivered.try_again(world.store, world.peter, row.id)
    assert deliver_next(world, system, "test")
    assert undelivered.list_undelivered(world.store, world.peter) == []
    with pytest.raises(NotFound):
        undelivered.try_again(world.store, world.peter, row.id)
    assert incident_of(world, incident)["state"] == "created"


def test_a_refused_incident_stays_on_the_page_until_it_is_mended(world: World) -> None:
    incident, system = escalated(world), Recording(before=[Refused("400 category")] * 2)
    deliver_next(world, system, "test")
    world.clock.forward(hours=24 * 90)
    (row,) = undelivered.list_undelivered(world.store, world.annet)
    assert row.refused
    with pytest.raises(Refusal, match="mends"):
        undelivered.try_again(world.store, world.annet, row.id)
    draft = escalation.get_sent_draft(world.store, world.sanne, incident["id"])
    mended = edited(draft, title="Met bsn 111222333")
    escalation.retry(
        world.store, world.sanne, incident["id"], mended, system="recording", translate=str
    )
    drain(world, system, 1)
    assert undelivered.list_undelivered(world.store, world.annet) == []
    assert "111222333" not in system.tickets[incident["reference"]].title


def test_an_addition_that_is_refused_is_told_and_can_be_tried_again(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    world.say("jeroen", incident["chatId"], "Nog iets.")
    system.steps["read"] = [Refused("403 closed")]
    assert add_next(world, system)
    (row,) = undelivered.list_undelivered(world.store, world.annet)
    assert (row.channel, row.refused) == ("addition", True)
    steps = [one["data"].get("step") for one in entries(world, incident, "sanne")]
    assert steps[-1] == "addition_refused"
    undelivered.try_again(world.store, world.annet, row.id)
    assert add_next(world, system)
    assert len(system.comments[incident["reference"]]) == 1


def test_the_alarm_goes_once_an_hour_after_five_minutes(world: World) -> None:
    escalated(world)
    assert not undelivered.raise_alarm(world.store, 5)
    deliver_next(world, Recording(before=[Unavailable("weg")]), "test")
    world.clock.forward(minutes=5, seconds=1)
    assert undelivered.raise_alarm(world.store, 5)
    assert undelivered.raise_alarm(world.store, 5)
    with world.store.read() as work:
        rows = work.session.exec(select(Outbox).where(Outbox.channel == Channel.MAIL)).all()
    (alarm,) = [row.payload for row in rows if row.payload["kind"] == "alarm"]
    assert alarm["to"] == ["annet@test.example", "peter@test.example"]
    assert (alarm["count"], alarm["words"]) == (1, "weg")
    world.clock.forward(hours=1)
    assert undelivered.raise_alarm(world.store, 5)
    with world.store.read() as work:
        rows = work.session.exec(select(Outbox).where(Outbox.channel == Channel.MAIL)).all()
    assert len([row for row in rows if row.payload["kind"] == "alarm"]) == 2, "the next hour again"


# Files and their own number


def test_a_file_is_kept_whole_and_given_only_to_who_may_read(world: World) -> None:
    chat_id = picked_up(world, "Zie de schermafdruk.")
    file, name = KeptFile("..\\..\\kwaad\x00.png", "image/png", bytes(range(256))), new_id()
    entry = add_file(world.store, world.jeroen, chat_id, file, name, world.capacity)
    assert add_file(world.store, world.jeroen, chat_id, file, name, world.capacity) == entry
    assert entry.body == "kwaad.png"
    attachment = plain(entry)["data"]["file"]["id"]
    assert get_file(world.store, world.sanne, attachment).content == file.content
    for who in ("klarinda", "peter"):
        with pytest.raises(NotFound):
            get_file(world.store, world.actors[who], attachment)
    with pytest.raises(NotFound):
        get_file(world.store, world.sanne, "none")
    for content in (b"", b"x" * (LARGEST + 1)):
        bad = KeptFile("a", "text/plain", content)
        with pytest.raises(Refusal):
            add_file(world.store, world.jeroen, chat_id, bad, new_id(), world.capacity)


def test_nothing_is_committed_where_everybody_waits(world: World) -> None:
    chat_id, calls = picked_up(world, "Zie de schermafdruk."), list[str]()

    def beside(function: Callable[..., Any], *given: Any) -> Any:
        calls.append(function.__name__)
        return function(*given)

    world.store.beside = beside
    world.say("jeroen", chat_id, "Hier komt hij.")
    file = KeptFile("scherm.png", "image/png", b"x" * LARGEST)
    entry = add_file(world.store, world.jeroen, chat_id, file, new_id(), world.capacity)
    embedded = world.store.engine.dialect.name == "sqlite"  # PostgreSQL's client yields
    assert calls == (["commit", "commit"] if embedded else [])
    assert entry.body == "scherm.png"


def test_their_own_number_is_noted_told_and_searched(world: World) -> None:
    chat_id = picked_up(world, "Hoe werkt dit?")
    data = references.CustomerReference(number="  M2026-  778 ")
    references.set_reference(world.store, world.jeroen, chat_id, data)
    references.set_reference(world.store, world.jeroen, chat_id, data)
    told = entries(world, {"chatId": chat_id}, "sanne")
    assert [e["data"] for e in told if e["kind"] == "customer_reference"] == [
        {"number": "M2026- 778"}
    ]
    for who, count in (("jeroen", 1), ("sanne", 1), ("klarinda", 0)):
        assert len(access.list_chats(world.store, world.actors[who], words="2026- 7")) == count
    with pytest.raises(NotAllowed):
        references.set_reference(world.store, world.samira, chat_id, data)


def test_a_chat_is_found_by_the_number_of_its_incident(world: World) -> None:
    system = Recording()
    delivered(world, system, body="Een eerste vraag over de BRP.")
    found = access.list_chats(world.store, world.jeroen, words="1")
    assert len(found) == 1
    assert access.list_chats(world.store, world.klarinda, words="1") == []
