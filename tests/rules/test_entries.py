"""What entries say: typed, versioned, and only what their kind can say."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from vipservice.rules.chats import ChatKind, EntryKind, Move, Outcome, State, Visibility
from vipservice.rules.entries import (
    PERSONAL,
    AnyPayload,
    Called,
    CallStep,
    Corrected,
    Erased,
    Flag,
    Message,
    Moved,
    Note,
    Opened,
    Passed,
    Payload,
    Recalculated,
    Referenced,
    Reminded,
    Reported,
    SentFile,
    Withdrawn,
    dump,
    load,
)
from vipservice.rules.incidents.model import IncidentState, Progress, Step
from vipservice.rules.notices import Level
from vipservice.rules.policy import Promise
from vipservice.rules.shape import Named

AT = datetime(2026, 4, 24, 14, 45, tzinfo=UTC)
SANNE, TEAM = Named(id="s", name="Sanne"), Named(id="t", name="Burgerzaken")
FILE = SentFile(id="f", name="scherm.png", size=3)
EXAMPLES: list[AnyPayload] = [
    Opened(team=TEAM, due_at=AT),
    Message(body="Hoe druk ik af?"),
    Message(body="scherm.png", file=FILE, addition=True),
    Note(body="intern", file=FILE),
    Moved(move=Move.PICK_UP, origin=State.WAITING, to=State.ACTIVE, assignee=SANNE),
    Moved(
        move=Move.CONFIRM, origin=State.PROPOSED, to=State.CLOSED, outcome=Outcome.ANSWERED,
        team=TEAM, reason="klaar",
    ),
    Flag(target=Promise.PICKUP, level=Level.BREACH, due_at=AT, expected_at=AT, turn=2, cycle=3),
    Recalculated(target=Promise.PICKUP, policy=1, calendar=2, reason="Verkiezingen", due_at=AT),
    Reported(
        incident_id="i", reference="vip-1", state=IncidentState.CREATED, number="7",
        url="https://t/7", progress=Progress.SOLVED, status_words="Klaar", step=Step.PROGRESS,
        dropped=("titel",),
    ),
    Called(step=CallStep.ASKED, phone="06 12345678", window="na 14 uur", note="snel"),
    Called(step=CallStep.MISSED, caller=SANNE),
    Referenced(number="M2026-778"),
    Corrected(of=2, body="Hoe druk ik een uittreksel af?"),
    Withdrawn(of=7, note=True),
    Erased(of=2),
    Reminded(closes_at=AT),
    Passed(requester=Named(id="k", name="Samira"), previous=Named(id="j", name="Jeroen")),
]  # fmt: skip
IDS = [f"{one.kind}-{number}" for number, one in enumerate(EXAMPLES)]


@pytest.mark.parametrize("said", EXAMPLES, ids=IDS)
def test_what_is_stored_is_read_as_it_was_said(said: AnyPayload) -> None:
    assert load(said.kind, said.body, dump(said)) == said
    assert dump(said)["version"] == 2


def test_there_is_an_example_of_every_kind() -> None:
    assert {one.kind for one in EXAMPLES} == set(EntryKind)


@pytest.mark.parametrize("said", EXAMPLES, ids=IDS)
def test_kind_version_and_words_are_not_said_twice(said: AnyPayload) -> None:
    assert not {"version", "body"} & set(said.public())
    assert said.public().get("kind") is None


def test_a_payload_says_nothing_that_its_kind_does_not_have() -> None:
    with pytest.raises(ValidationError):
        load(EntryKind.CUSTOMER_REFERENCE, "", {"version": 2, "number": "1", "to": "closed"})
    forged = load(EntryKind.CUSTOMER_REFERENCE, "", {"number": "1", "to": "closed"})
    assert forged == Referenced(number="1")


@pytest.mark.parametrize(
    ("kind", "stored", "said"),
    [
        (EntryKind.OPENED, {"kind": "problem", "dueAt": AT.isoformat()}, {"chatKind": "problem"}),
        (EntryKind.FLAG, {}, {"target": "pickup", "level": "warning", "cycle": 1, "turn": 1}),
        (EntryKind.CALLBACK, {"step": "missed", "note": "geen gehoor"}, {"note": "geen gehoor"}),
        (EntryKind.INCIDENT, {"incidentId": "i", "reference": "r", "state": "pending"}, {}),
    ],
)
def test_what_the_first_version_stored_is_read(
    kind: EntryKind, stored: dict[str, Any], said: dict[str, Any]
) -> None:
    told = load(kind, "", stored).public()
    assert said.items() <= told.items()


@pytest.mark.parametrize(
    ("said", "readers"),
    [
        (Note(body="x"), Visibility.CENTRE),
        (Message(body="x"), Visibility.EVERYONE),
        (Flag(target=Promise.PICKUP, level=Level.WARNING), Visibility.CENTRE),
        (Flag(target=Promise.PICKUP, level=Level.BREACH), Visibility.EVERYONE),
        (Flag(target=Promise.CALLBACK, level=Level.BREACH), Visibility.EVERYONE),
        (Flag(target=Promise.REPLY, level=Level.BREACH), Visibility.CENTRE),
        (Flag(target=Promise.PICKUP, level=Level.MANAGER), Visibility.CENTRE),
        (Withdrawn(of=2), Visibility.EVERYONE),
        (Corrected(of=2, note=True, body="x"), Visibility.CENTRE),
        (Recalculated(target=Promise.REPLY, policy=1, calendar=1), Visibility.CENTRE),
        (Recalculated(target=Promise.CALLBACK, policy=1, calendar=1), Visibility.EVERYONE),
    ],
)
def test_who_may_read_it_follows_from_what_it_says(said: AnyPayload, readers: Visibility) -> None:
    assert said.visibility is readers


@pytest.mark.parametrize(
    ("step", "problem", "readers"),
    [
        (Step.STATE, "", Visibility.EVERYONE),
        (Step.STATE, "422 veld", Visibility.CENTRE),
        (Step.DROPPED, "", Visibility.CENTRE),
    ],
)
def test_a_problem_of_an_incident_is_for_the_centre(
    step: Step, problem: str, readers: Visibility
) -> None:
    told = Reported(
        incident_id="i", reference="r", state=IncidentState.PENDING, step=step, problem=problem
    )
    assert told.visibility is readers


NOT_OF_A_PERSON = {
    "id": "of a file", "incidentId": "of an incident", "reference": "our own",
    "number": "of a ticket", "url": "of a ticket", "dropped": "names of fields",
    "reason": "why hours changed, by the operator", "team": "a team",
}  # fmt: skip


@pytest.mark.parametrize("model", [*get_args(AnyPayload), SentFile], ids=lambda one: one.__name__)
def test_every_text_is_marked_or_known_not_to_be_of_a_person(model: type[Payload]) -> None:
    for name, field in model.model_fields.items():
        is_text = any(one in str(field.annotation) for one in ("'str'", "Named"))
        if is_text and PERSONAL not in field.metadata:
            assert field.alias in NOT_OF_A_PERSON, f"{model.__name__}.{name}"


def test_what_is_stored_is_plain_json_under_the_names_of_the_outside() -> None:
    called = Called(step=CallStep.MISSED, caller=SANNE)
    assert dump(called) == {
        "version": 2, "step": "missed", "caller": {"id": "s", "name": "Sanne"},
    }  # fmt: skip
    assert type(dump(called)["step"]) is str
    flag = Flag(target=Promise.PICKUP, level=Level.BREACH, due_at=AT)
    assert dump(flag) == {
        "version": 2, "target": "pickup", "level": "breach", "dueAt": "2026-04-24T14:45:00Z",
    }  # fmt: skip
    moved = Moved(move=Move.PARK, origin=State.ACTIVE, to=State.PARKED)
    assert dump(moved) == {"version": 2, "move": "park", "from": "active", "to": "parked"}


def test_what_is_told_outside_is_plain_json() -> None:
    told = Flag(target=Promise.PICKUP, level=Level.BREACH, due_at=AT).public()
    assert told["dueAt"] == "2026-04-24T14:45:00Z"
    assert type(told["target"]) is str


def test_the_first_versions_did_not_say_what_kind_of_chat_it_was() -> None:
    assert load(EntryKind.OPENED, "", {}) == Opened()
    assert load(EntryKind.OPENED, "", {"kind": "problem"}) == Opened(chat_kind=ChatKind.PROBLEM)
