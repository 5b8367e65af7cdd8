"""What an entry of a timeline says: one frozen payload a kind, with a version.

Nothing else knows what is inside: the store keeps ``dump`` of a payload and gives ``load`` of it,
whatever version it was written in. Its fields are public, its words (``body``) have a place of
their own. ``PERSONAL`` marks what tells of a person, for whoever has to erase or to export it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter

from vipservice.rules.chats import ChatKind, EntryKind, Move, Outcome, State, Visibility
from vipservice.rules.incidents.model import IncidentState, Progress, Step
from vipservice.rules.notices import Level
from vipservice.rules.policy import Promise
from vipservice.rules.routing import Cause
from vipservice.rules.shape import Count, Id, Many, Named, Shape

VERSION: Literal[2] = 2
"""Of every payload that is written now."""


@dataclass(frozen=True)
class Personal:
    """Marks a field that holds something of a person."""


PERSONAL = Personal()
Words = Annotated[str, PERSONAL]
Somebody = Annotated[Named | None, PERSONAL]


class Payload(Shape, extra="forbid"):
    """What every kind has. ``kind``, ``version`` and ``body`` have places of their own."""

    version: Literal[2] = Field(default=VERSION, exclude=True)
    body: Words = Field(default="", exclude=True)

    @property
    def visibility(self) -> Visibility:
        """Who may read it."""
        return Visibility.EVERYONE


class SentFile(Shape, extra="forbid"):
    """A file that came with the words; ``size`` in bytes."""

    id: Id
    name: Words
    size: Count


class Opened(Payload):
    """A chat begins; pick-up is promised for ``due_at``. The first versions named no team."""

    kind: Literal[EntryKind.OPENED] = Field(default=EntryKind.OPENED, exclude=True)
    chat_kind: ChatKind = ChatKind.QUESTION
    team: Named | None = None
    due_at: AwareDatetime | None = None


class Message(Payload):
    """Words to the other side; ``addition``: for the engineers, after the chat was closed."""

    kind: Literal[EntryKind.MESSAGE] = Field(default=EntryKind.MESSAGE, exclude=True)
    addition: bool = False
    file: SentFile | None = None


class Note(Payload):
    """Words for the centre alone."""

    kind: Literal[EntryKind.NOTE] = Field(default=EntryKind.NOTE, exclude=True)
    file: SentFile | None = None

    @property
    def visibility(self) -> Visibility:
        """Never for the requester's side."""
        return Visibility.CENTRE


class Moved(Payload):
    """A move of the state machine, with who has the chat then and which team.

    ``previous``: from whom it was taken over. ``cause``: why, where nobody moved it. ``until``:
    when it returns by itself. ``owed``: it was parked because we still owe an answer.
    """

    kind: Literal[EntryKind.MOVED] = Field(default=EntryKind.MOVED, exclude=True)
    move: Move
    origin: State = Field(alias="from")
    to: State
    assignee: Somebody = None
    previous: Somebody = None
    team: Named | None = None
    outcome: Outcome | None = None
    reason: Words = ""
    cause: Cause | None = None
    until: AwareDatetime | None = None
    owed: bool = False


class Clock(Payload):
    """Something of one clock: the target, in which cycle, and the turn within it."""

    target: Promise
    cycle: Count = 1
    turn: Count = 1
    started_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None


class Flag(Clock):
    """A clock has reached a level; ``expected_at``: when it is likely to be done now."""

    kind: Literal[EntryKind.FLAG] = Field(default=EntryKind.FLAG, exclude=True)
    level: Level
    expected_at: AwareDatetime | None = None

    @property
    def visibility(self) -> Visibility:
        """A breach of what the customer was promised is told to the customer."""
        told = self.level is Level.BREACH and self.target.to_customer
        return Visibility.EVERYONE if told else Visibility.CENTRE


class Recalculated(Clock):
    """The operator chose other versions for a running clock."""

    kind: Literal[EntryKind.RECALCULATED] = Field(default=EntryKind.RECALCULATED, exclude=True)
    policy: Count
    calendar: Count
    reason: str = ""

    @property
    def visibility(self) -> Visibility:
        """What the customer was promised is told to the customer."""
        return Visibility.EVERYONE if self.target.to_customer else Visibility.CENTRE


class Reported(Payload):
    """How far an incident of the chat is. ``problem``: the ticketing system's own words."""

    kind: Literal[EntryKind.INCIDENT] = Field(default=EntryKind.INCIDENT, exclude=True)
    incident_id: Id
    reference: str
    step: Step = Step.STATE
    state: IncidentState
    number: str = ""
    url: str = ""
    progress: Progress | None = None
    status_words: Words = ""
    problem: Words = ""
    dropped: Many[str] = ()

    @property
    def visibility(self) -> Visibility:
        """What the system said of a problem is for the centre: the requester sees it wait."""
        internal = self.problem or self.step is Step.DROPPED
        return Visibility.CENTRE if internal else Visibility.EVERYONE


class CallStep(StrEnum):
    """How far a callback is."""

    OFFERED = "offered"
    ASKED = "asked"
    REACHED = "reached"
    MISSED = "missed"


class Called(Payload):
    """A callback: offered, asked for (where, when, about what), reached or missed."""

    kind: Literal[EntryKind.CALLBACK] = Field(default=EntryKind.CALLBACK, exclude=True)
    step: CallStep
    phone: Words = ""
    window: Words = ""
    note: Words = ""
    caller: Somebody = None


class Referenced(Payload):
    """The municipality's own number for the chat; "" takes it away."""

    kind: Literal[EntryKind.CUSTOMER_REFERENCE] = Field(
        default=EntryKind.CUSTOMER_REFERENCE, exclude=True
    )
    number: Words


class Reminded(Payload):
    """The customer is asked once more whether it is answered; without an answer it closes then."""

    kind: Literal[EntryKind.REMINDED] = Field(default=EntryKind.REMINDED, exclude=True)
    closes_at: AwareDatetime


class Passed(Payload):
    """A colleague of the municipality goes on with it, where ``previous`` asked."""

    kind: Literal[EntryKind.PASSED] = Field(default=EntryKind.PASSED, exclude=True)
    requester: Annotated[Named, PERSONAL]
    previous: Annotated[Named, PERSONAL]


class Amendment(Payload):
    """About words that were said before: ``of`` is their public number, of a note the centre's."""

    of: Count
    note: bool = False

    @property
    def visibility(self) -> Visibility:
        """Who read the words reads what became of them."""
        return Visibility.CENTRE if self.note else Visibility.EVERYONE


class Corrected(Amendment):
    """The words as they are now (``body``)."""

    kind: Literal[EntryKind.CORRECTED] = Field(default=EntryKind.CORRECTED, exclude=True)


class Withdrawn(Amendment):
    """The words are not to be read any more."""

    kind: Literal[EntryKind.WITHDRAWN] = Field(default=EntryKind.WITHDRAWN, exclude=True)


class Erased(Amendment):
    """The words are not kept any more."""

    kind: Literal[EntryKind.ERASED] = Field(default=EntryKind.ERASED, exclude=True)


AnyPayload = (
    Opened | Message | Note | Moved | Flag | Recalculated | Reported | Called | Referenced
    | Corrected | Withdrawn | Erased | Reminded | Passed
)  # fmt: skip
_ANY: TypeAdapter[AnyPayload] = TypeAdapter(Annotated[AnyPayload, Field(discriminator="kind")])


def dump(payload: Payload) -> dict[str, JsonValue]:
    """What is stored beside kind and words. What is not in it has that version's default."""
    kept = payload.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"version": payload.version, **kept}


def without_words(payload: AnyPayload) -> AnyPayload:
    """The same, without anything of a person."""
    blank = {
        name: None if type(None) in get_args(field.annotation) else ""
        for name, field in type(payload).model_fields.items()
        if PERSONAL in field.metadata or name == "file"
    }
    return payload.model_copy(update=blank)


def load(kind: EntryKind, body: str, stored: Mapping[str, JsonValue]) -> AnyPayload:
    """The payload of a stored entry, of any version. Raises ValueError for what never was one."""
    version = stored.get("version", 1)
    fields = _from_version_1(kind, stored) if version == 1 else dict(stored)
    return _ANY.validate_python(fields | {"kind": kind, "body": body})


def _from_version_1(kind: EntryKind, stored: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Before payloads had types: a key that a kind does not have means nothing in it."""
    fields = dict(stored)
    if kind is EntryKind.OPENED:
        fields["chatKind"] = fields.pop("kind", ChatKind.QUESTION)
    elif kind is EntryKind.FLAG:
        fields = {"target": Promise.PICKUP, "level": Level.WARNING} | fields
    known = {field.alias for field in _MODELS[kind].model_fields.values()}
    return {name: value for name, value in fields.items() if name in known}


_MODELS: dict[EntryKind, type[Payload]] = {
    model.model_fields["kind"].default: model for model in get_args(AnyPayload)
}
