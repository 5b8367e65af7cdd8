"""A dead ticket is no dead system: it is told once, and the others are followed."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.recording import delivered, escalate, escalated, incident_of, picked_up, steps
from vipservice.adapters.base import Missing, Refused
from vipservice.adapters.ticketing.base import Status
from vipservice.rules.incidents.model import Progress
from vipservice.services import breakers
from vipservice.services.chats import messages
from vipservice.services.chats.attachments import KeptFile, add_file
from vipservice.services.incidents import progress, undelivered
from vipservice.store.tables import Breaker, Incident
from vipservice.store.types import new_id
from vipservice.testing.queues import ask_after, drain
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World

SOLVED = Status(Progress.SOLVED, "Opgelost")


@pytest.mark.parametrize("answer", [Missing("404 Not Found"), Refused("409 retired")])
def test_deleted_tickets_are_told_once_and_rest_nothing(world: World, answer: Exception) -> None:
    system = Recording()
    gone = [delivered(world, system) for _ in range(breakers.MOST_FAILURES + 1)]
    alive = delivered(world, system)
    system.gone = dict.fromkeys((incident["reference"] for incident in gone), answer)
    ask_after(world, system)
    system.now = SOLVED
    for _ in range(3):
        ask_after(world, system)
    assert incident_of(world, alive)["progress"] == "solved"
    assert undelivered.resting(world.store) == []
    for incident in gone:
        assert steps(world, incident, "sanne").count("gone") == 1
        assert "gone" not in steps(world, incident, "jeroen")
        assert not incident_of(world, incident)["followed"]


@pytest.mark.parametrize("answer", [Missing("404"), Refused("project BRP: 403 Forbidden")])
def test_an_answer_of_a_system_that_is_unwell_says_nothing_of_a_ticket(
    world: World, answer: Exception
) -> None:
    """A wrong address answers 404 to everything, a right that was withdrawn 403."""
    system = Recording()
    incident = delivered(world, system)
    system.gone = {incident["reference"]: Missing("404")}
    system.steps = {"check": [answer]}
    ask_after(world, system)
    assert incident_of(world, incident)["followed"]
    with world.store.read() as work:
        assert work.session.get_one(Breaker, "ticketing:recording").failures == 1


def test_an_addition_to_a_ticket_that_is_gone_goes_to_a_person(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    world.say("jeroen", incident["chatId"], "Nog iets.")
    system.gone[incident["reference"]] = Missing("404 Not Found")
    drain(world, system, 3)
    assert steps(world, incident, "sanne")[-2:] == ["gone", "addition_refused"]
    assert undelivered.resting(world.store) == []
    (row,) = undelivered.list_undelivered(world.store, world.annet)
    assert (row.refused, row.problem) == (True, "404 Not Found")


def test_a_ticket_that_goes_while_it_is_delivered_is_told(world: World) -> None:
    system = Recording()
    incident = escalated(world)
    system.gone[incident["reference"]] = Missing("404 Not Found")
    drain(world, system, 3)
    assert steps(world, incident, "sanne")[-1] == "gone"
    with world.store.read() as work:
        assert work.session.get_one(Incident, incident["id"]).next_poll_at is None


def test_a_forbidden_write_is_no_dead_ticket(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    world.say("jeroen", incident["chatId"], "Nog iets.")
    system.steps["comment"] = [Missing("403 no right to comment")]
    drain(world, system, 1)
    assert "gone" not in steps(world, incident, "sanne")
    (row,) = undelivered.list_undelivered(world.store, world.annet)
    assert (row.refused, row.problem) == (False, "403 no right to comment")


def test_a_strangers_ticket_of_the_same_number_is_left_alone(world: World) -> None:
    """Behind the same name another system stands now: its ticket 1 is somebody else's."""
    system = Recording()
    incident = delivered(world, system)
    another = Recording(now=SOLVED)
    another.tickets[incident["reference"]] = replace(
        system.tickets[incident["reference"]], reference="vip-of-somebody-else"
    )
    for kept in (another.comments, another.notes, another.internal):
        kept[incident["reference"]] = []
    another.files[incident["reference"]] = {}
    world.say("jeroen", incident["chatId"], "Nog iets.")
    drain(world, another, 2)
    ask_after(world, another)
    assert another.comments[incident["reference"]] == []
    assert incident_of(world, incident)["progress"] == "received"
    assert "gone" in steps(world, incident, "sanne")


def test_a_reference_that_we_may_no_longer_read_is_no_dead_ticket(world: World) -> None:
    """The field was hidden from us: no ticket carries it any more, and ``check`` says so."""
    system = Recording(now=SOLVED)
    incident = delivered(world, system)
    kept = system.tickets[incident["reference"]]
    system.tickets[incident["reference"]] = replace(kept, reference="")
    system.steps = {"check": [Refused("external_ref: tickets have no such attribute")]}
    ask_after(world, system)
    assert incident_of(world, incident)["followed"]
    assert "gone" not in steps(world, incident, "sanne")


def test_what_was_refused_with_a_file_is_said_once(world: World) -> None:
    class Strict(Recording):
        def comment(self, ticket: Any, text: str, files: Any = ()) -> None:
            super().comment(ticket, text)
            if files:
                raise Refused("413 too large")

        def attach(self, ticket: Any, files: Any, *, internal: bool = False) -> None:
            if any("groot" in file.name for file in files):
                raise Refused("413 too large")
            super().attach(ticket, files, internal=internal)

    system = Strict()
    incident = delivered(world, system)
    file = KeptFile("groot.bin", "application/octet-stream", b"x")
    add_file(world.store, world.jeroen, incident["chatId"], file, new_id(), world.capacity)
    drain(world, system, 2)
    assert len(system.comments[incident["reference"]]) == 1
    assert "addition_refused" in steps(world, incident, "sanne")


def test_a_ticket_that_is_there_again_is_followed_again(world: World) -> None:
    system = Recording()
    incident = delivered(world, system)
    system.gone[incident["reference"]] = Missing("404")
    ask_after(world, system)
    system.gone.clear()
    assert progress.hint(world.store, "1", ["recording"])
    ask_after(world, system)
    assert incident_of(world, incident)["followed"]


def test_a_refused_note_is_told(world: World) -> None:
    system = Recording(steps={"note": [Refused("403 no notes")]})
    chat_id = picked_up(world, "De knop is grijs.")
    data = messages.NewMessage(body="buren", client_id=new_id())
    seq = messages.add_note(world.store, world.sanne, chat_id, data).seq
    incident = escalate(world, "sanne", chat_id, notes=(seq,))
    drain(world, system, 2)
    assert any("403 no notes" in one for one in incident_of(world, incident, "sanne")["dropped"])


def test_an_archived_ticket_was_not_opened_again(world: World) -> None:
    system = Recording(now=Status(Progress.CLOSED, "Gesloten"))
    incident = delivered(world, system)
    ask_after(world, system)
    system.now = Status(Progress.UNKNOWN, "Gearchiveerd")
    for _ in range(3):
        world.clock.forward(hours=12)
        ask_after(world, system)
    seen = incident_of(world, incident)
    assert steps(world, incident, "jeroen").count("progress") == 1
    assert (seen["progress"], seen["statusWords"]) == ("closed", "Gearchiveerd")
    assert "reopened" not in steps(world, incident, "jeroen")
