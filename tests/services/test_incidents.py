"""One incident per escalation, whatever fails and whenever."""

from collections.abc import Sequence
from contextlib import suppress

import pytest

from tests.support.recording import Killed, deliver_next, escalate, escalated
from tests.support.recording import (
    incident_of as state,
)
from tests.support.shapes import plain
from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.ticketing.base import File, Ticket
from vipservice.rules.incidents.model import IncidentDraft
from vipservice.rules.refusals import NotAllowed, NotFound, Refusal
from vipservice.services.chats import access, timeline
from vipservice.services.incidents import escalation
from vipservice.testing.queues import drain
from vipservice.testing.ticketing import Recording, edited
from vipservice.testing.world import World


def test_escalating_closes_the_chat_and_delivers_once(world: World) -> None:
    system, incident = Recording(), escalated(world)
    assert incident["state"] == "pending"
    drain(world, system, 30)
    assert (state(world, incident)["state"], state(world, incident)["number"]) == ("created", "1")
    chat = access.get_chat(world.store, world.jeroen, incident["chatId"])
    assert (chat.state, chat.outcome) == ("closed", "incident")
    assert list(system.tickets) == [incident["reference"]]
    told = timeline.read_timeline(world.store, world.jeroen, incident["chatId"]).entries
    assert [plain(e)["data"]["state"] for e in told if e.kind == "incident"] == [
        "pending",
        "created",
    ]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("failure", [Unavailable("time-out"), Killed()])
def test_a_failure_before_or_after_storing_gives_one_ticket(
    world: World, moment: str, failure: BaseException
) -> None:
    system, incident = Recording(), escalated(world)
    getattr(system, moment).extend([failure, failure])
    for _ in range(10):
        with suppress(Killed):  # the lease runs out and another process goes on
            deliver_next(world, system, "test")
        world.clock.forward(minutes=11)
    assert state(world, incident)["state"] == "created"
    assert len(system.tickets) == 1


def test_a_claim_keeps_other_workers_out_until_it_runs_out(world: World) -> None:
    incident = escalated(world)
    system = Recording(before=[Killed()])
    with pytest.raises(Killed):
        deliver_next(world, system, "one")
    assert not deliver_next(world, system, "two")
    world.clock.forward(minutes=3)
    assert deliver_next(world, system, "two")
    assert state(world, incident)["state"] == "created"


def test_trying_later_waits_longer_each_time_and_obeys_retry_after(world: World) -> None:
    incident = escalated(world)
    system = Recording(before=[Unavailable("429 later", retry_after=300)])
    assert deliver_next(world, system, "one")
    world.clock.forward(seconds=299)
    assert not deliver_next(world, system, "one")
    (seen,) = escalation.list_incidents(world.store, world.sanne, incident["chatId"])
    assert seen.problem == "429 later"
    world.clock.forward(seconds=2)
    assert deliver_next(world, system, "one")


def test_refused_for_good_is_shown_mended_and_sent_again(world: World) -> None:
    incident = escalated(world)
    system = Recording(before=[Refused("400 caller unknown")] * 2)
    deliver_next(world, system, "one")
    assert state(world, incident)["state"] == "refused"
    assert not deliver_next(world, system, "one")
    draft = escalation.get_sent_draft(world.store, world.sanne, incident["id"])
    mended = edited(draft, title="Beter")
    escalation.retry(
        world.store, world.sanne, incident["id"], mended, system="recording", translate=str
    )
    drain(world, system, 30)
    assert [draft.title for draft in system.tickets.values()] == ["Beter"]
    with pytest.raises(Refusal, match="already"):
        escalation.retry(
            world.store, world.sanne, incident["id"], mended, system="recording", translate=str
        )


def test_the_words_of_a_refusal_stay_with_the_centre(world: World) -> None:
    incident = escalated(world)
    deliver_next(world, Recording(before=[Refused("geheim")] * 2), "one")
    read = timeline.read_timeline(world.store, world.jeroen, incident["chatId"])
    assert "geheim" not in str(read.entries)
    assert "geheim" not in str(state(world, incident))


def test_an_answer_nobody_foresaw_is_no_silent_none(world: World) -> None:
    incident = escalated(world)
    assert deliver_next(world, Recording(before=[KeyError("data")]), "one")
    (seen,) = escalation.list_incidents(world.store, world.sanne, incident["chatId"])
    assert "KeyError" in seen.problem
    drain(world, Recording(), 30)
    assert state(world, incident)["state"] == "created"


def test_a_refusal_of_what_is_there_already_counts_as_made(world: World) -> None:
    incident = escalated(world)
    deliver_next(world, Recording(after=[Refused("409")]), "one")
    assert state(world, incident)["state"] == "created"


def test_a_worker_that_lost_its_lease_records_nothing(world: World) -> None:
    incident = escalated(world)

    class Slow(Recording):
        def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
            world.clock.forward(minutes=3)
            deliver_next(world, Recording(), "two")
            raise Refused("409 duplicate")

    deliver_next(world, Slow(), "one")
    seen = state(world, incident, "sanne")
    assert (seen["state"], seen["number"], seen["problem"]) == ("created", "1", "")


def test_a_technical_problem_is_escalated_by_the_requester_alone(world: World) -> None:
    from vipservice.rules.chats import ChatKind
    from vipservice.services.chats import messages

    data = messages.NewChat(
        topic_id=world.topic_id,
        body="Alles staat stil",
        client_id="client-1",
        kind=ChatKind.PROBLEM,
    )
    chat_id = str(messages.open_chat(world.store, world.jeroen, data).id)
    with pytest.raises(NotAllowed):
        escalate(world, "samira", chat_id)
    assert escalate(world, "jeroen", chat_id)["state"] == "pending"


def test_a_question_is_not_escalated_by_the_requester(world: World) -> None:
    chat_id = world.ask()
    with pytest.raises(NotAllowed):
        escalate(world, "jeroen", chat_id)
    with pytest.raises(NotFound):
        escalate(world, "klarinda", chat_id)
