"""Every ticket stays true: of which system it is, whether it is there, open again or not."""

from typing import Any

import pytest
from sqlmodel import select

from tests.support.recording import (
    add,
    deliver_next,
    delivered,
    escalate,
    escalated,
    incident_of,
    picked_up,
    steps,
)
from vipservice.adapters.base import Missing, Refused, Unavailable
from vipservice.adapters.ticketing import Systems
from vipservice.adapters.ticketing.base import Status
from vipservice.rules.incidents.model import Progress
from vipservice.rules.notices import Channel
from vipservice.rules.refusals import NotFound, Refusal
from vipservice.services.chats import access, moves
from vipservice.services.incidents import delivery, drafting, escalation, progress, undelivered
from vipservice.store.tables import Outbox
from vipservice.store.work import Work
from vipservice.testing.queues import POLL_SECONDS, ask_after, drain
from vipservice.testing.ticketing import DRAFTER, Recording, edited
from vipservice.testing.world import World

SOLVED = Status(Progress.SOLVED, "Opgelost")
OPEN = Status(Progress.IN_PROGRESS, "In behandeling")


def two(world: World) -> tuple[Systems, Recording, Recording]:
    """The system of earlier incidents, and the one that makes new ones."""
    old, new = Recording(name="old"), Recording(name="new")
    systems = Systems("new", {"new": new, "old": old})
    world.store.systems = systems.names
    return systems, old, new


def all_of(world: World, systems: Systems) -> None:
    """Everything that is due is done, with time between."""
    for _ in range(6):
        while delivery.deliver_next(world.store, systems, "test"):
            pass
        while delivery.add_next(world.store, systems, "test", "http://chat"):
            pass
        world.clock.forward(seconds=POLL_SECONDS + 1)
        while progress.poll_next(world.store, systems, POLL_SECONDS):
            pass


# A ticket belongs to its system


def test_after_a_change_of_system_each_ticket_stays_with_its_own(world: World) -> None:
    systems, old, new = two(world)
    before = escalate(world, "sanne", picked_up(world, "Fout UIT-5031."), system="old")
    all_of(world, systems)
    after = escalate(world, "sanne", picked_up(world, "Fout ORA-0600."), system="new")
    all_of(world, systems)
    world.say("jeroen", before["chatId"], "Nog iets van voor de overstap.")
    all_of(world, systems)
    assert (list(old.tickets), list(new.tickets)) == ([before["reference"]], [after["reference"]])
    assert len(old.comments[before["reference"]]) == 1
    assert new.comments[after["reference"]] == [], "the other one's ticket has the same number"
    new.now = SOLVED
    all_of(world, systems)
    assert incident_of(world, before)["progress"] == "received"
    assert incident_of(world, after)["progress"] == "solved"


def test_a_ticket_of_a_system_that_is_not_configured_is_left_alone(world: World) -> None:
    systems, old, _ = two(world)
    incident = escalate(world, "sanne", picked_up(world, "Fout UIT-5031."), system="old")
    all_of(world, systems)
    world.say("jeroen", incident["chatId"], "Gaat nog mee, en wacht.")
    world.store.systems = frozenset({"new"})
    only_new = Systems("new", {"new": Recording(name="new")})
    all_of(world, only_new)
    assert old.comments[incident["reference"]] == []
    assert not incident_of(world, incident)["followed"]
    assert not progress.hint(world.store, "1", world.store.systems)
    with pytest.raises(Refusal):
        world.say("jeroen", incident["chatId"], "Dit kan nergens heen.")
    (row,) = undelivered.list_undelivered(world.store, world.annet)
    assert "ticketing.known.old" in row.problem
    with pytest.raises(NotFound):
        add(world, picked_up(world, "Zelfde fout UIT-5031", "klarinda"), incident)
    reopened = moves.reopen(world.store, world.jeroen, incident["chatId"], world.capacity, 14)
    assert reopened.state in ("active", "waiting")


def test_a_system_that_rests_does_not_rest_the_others(world: World) -> None:
    systems, old, new = two(world)
    old.before = [Unavailable("weg")] * 9
    for _ in range(4):
        escalate(world, "sanne", picked_up(world, "Fout UIT-5031."), system="old")
    after = escalate(world, "sanne", picked_up(world, "Fout ORA-0600."), system="new")
    while delivery.deliver_next(world.store, systems, "test"):
        pass
    assert list(new.tickets) == [after["reference"]]
    assert [one.name for one in undelivered.resting(world.store)] == ["old"]


# Closed is not for ever


@pytest.mark.parametrize("done", [Progress.SOLVED, Progress.CLOSED, Progress.CANCELLED])
def test_a_ticket_that_is_opened_again_is_followed_and_both_sides_told(
    world: World, done: Progress
) -> None:
    system = Recording()
    incident = delivered(world, system)
    system.now = Status(done, "Klaar")
    ask_after(world, system)
    system.now = OPEN
    world.clock.forward(hours=1)
    ask_after(world, system)
    for who in ("sanne", "jeroen"):
        assert steps(world, incident, who)[-2:] == ["progress", "reopened"]
    assert incident_of(world, incident)["progress"] == "in_progress"
    with pytest.raises(Refusal):
        moves.reopen(world.store, world.jeroen, incident["chatId"], world.capacity, 14)
    assert world.say("jeroen", incident["chatId"], "Fijn, want het hapert nog.")
    assert access.get_chat(world.store, world.jeroen, incident["chatId"]).unread > 0


def test_a_hint_asks_at_once_also_after_a_ticket_was_closed(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    system.now = Status(Progress.CLOSED, "Gesloten")
    ask_after(world, system)
    world.clock.forward(hours=24 * 90)
    ask_after(world, system)
    system.now = OPEN
    assert progress.hint(world.store, "1", ["recording"])
    ask_after(world, system)
    assert incident_of(world, incident)["progress"] == "in_progress"


def test_a_status_that_nobody_told_us_of_is_called_what_it_is_called(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    system.now = Status(Progress.UNKNOWN, "Bij de leverancier van de leverancier")
    ask_after(world, system)
    seen = incident_of(world, incident)
    assert (seen["progress"], seen["statusWords"]) == ("unknown", system.now.words)
    assert world.say("jeroen", incident["chatId"], "Weet u al iets?"), "it may not be done"


# What is not set up right makes nothing


def test_nothing_is_made_where_it_could_not_be_found_again(world: World) -> None:
    system = Recording(steps={"check": [Refused("the field is no filter")] * 2})
    incident = escalated(world)
    deliver_next(world, system)
    assert system.tickets == {}
    seen = incident_of(world, incident, "sanne")
    assert (seen["state"], seen["problem"]) == ("pending", "the field is no filter")
    drain(world, system, 4)
    assert incident_of(world, incident)["state"] == "created"


def test_files_that_spoil_a_create_come_afterwards(world: World) -> None:
    class Picky(Recording):
        def create(self, draft: Any, files: Any = ()) -> Any:
            if files:
                raise Refused("413 too large")
            return super().create(draft)

    system = Picky()
    incident = delivered(world, system)
    assert incident_of(world, incident)["state"] == "created"
    assert len(system.files[incident["reference"]]) == 1


def test_a_refused_incident_of_a_system_that_went_is_sent_to_the_new_one(world: World) -> None:
    systems, old, new = two(world)
    old.before = [Refused("400 nee")] * 2
    incident = escalate(world, "sanne", picked_up(world, "Fout UIT-5031."), system="old")
    all_of(world, systems)
    world.store.systems = frozenset({"new"})
    draft = escalation.get_sent_draft(world.store, world.sanne, incident["id"])
    escalation.retry(
        world.store, world.sanne, incident["id"], edited(draft), system="new", translate=str
    )
    all_of(world, Systems("new", {"new": new}))
    assert list(new.tickets) == [incident["reference"]]


# Who reads no conversations


def test_an_operator_sees_that_it_was_refused_and_no_words_of_it(world: World) -> None:
    incident = escalated(world)
    words = "400 the title 'Geheim van Amersfoort' is too long"
    deliver_next(world, Recording(before=[Refused(words)] * 2))
    told = {
        who: undelivered.list_undelivered(world.store, world.actors[who])[0].problem
        for who in ("peter", "annet", "sanne")
    }
    assert told == {"peter": "400", "annet": words, "sanne": words}
    assert incident["reference"]


def test_no_alarm_tells_what_was_written(world: World) -> None:
    escalated(world)
    deliver_next(world, Recording(before=[Refused("400 'Geheim van Amersfoort'")] * 2))
    world.clock.forward(minutes=10)
    assert undelivered.raise_alarm(world.store, 5)
    with world.store.read() as work:
        query = select(Outbox).where(Outbox.channel == Channel.MAIL)
        letters = [row.payload for row in _rows(work, query) if row.payload["kind"] == "alarm"]
    assert [letter["words"] for letter in letters] == ["400"]


def _rows(work: Work, query: Any) -> list[Any]:
    return list(work.session.exec(query).all())


def test_what_is_gone_is_not_offered_as_similar(world: World) -> None:
    system = Recording()
    incident = delivered(world, system, body="Koppeling RNI geeft STUF-7788 bij verhuizing.")
    system.gone[incident["reference"]] = Missing("404")
    ask_after(world, system)
    chat_id = picked_up(world, "Koppeling RNI geeft STUF-7788 ook hier.", "klarinda")
    assert drafting.list_similar(world.store, world.sanne, chat_id, "", DRAFTER) == []
    assert incident["id"]
