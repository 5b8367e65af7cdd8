"""What an incident consists of, on its way from a conversation to a ticketing system."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.people import Side

TITLE_LENGTH = 160
DESCRIPTION_LENGTH = 200_000

Translate = Callable[[str], str]


class Impact(StrEnum):
    """How many are hit."""

    PERSON = "person"
    DEPARTMENT = "department"
    ORGANISATION = "organisation"


class Urgency(StrEnum):
    """How long it can wait."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class IncidentState(StrEnum):
    """Where an incident stands on its way to the ticketing system."""

    PENDING = "pending"
    CREATED = "created"
    REFUSED = "refused"


class Step(StrEnum):
    """What an entry of the timeline tells of an incident."""

    STATE = "state"
    DROPPED = "dropped"
    PROGRESS = "progress"
    REOPENED = "reopened"
    GONE = "gone"
    ADDITION_REFUSED = "addition_refused"
    WITHHELD = "withheld"


class Progress(StrEnum):
    """How far the engineers are, in words that are the same for every system."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


DONE = frozenset({Progress.SOLVED, Progress.CLOSED, Progress.CANCELLED})
"""Nothing more comes of these by itself: the requester may reopen the chat."""


class FindingKind(StrEnum):
    """What something that was found in a conversation is."""

    QUESTION = "question"
    STEP = "step"
    TRIED = "tried"
    ERROR = "error"
    VERSION = "version"
    SCREEN = "screen"
    NUMBER = "number"
    ENVIRONMENT = "environment"
    IMPACT = "impact"
    URGENCY = "urgency"


@dataclass(frozen=True)
class Line:
    """One entry of the timeline: words, or what happened. ``at`` is local time, for reading.

    ``seq`` is the number that everyone knows it by; a note has one that only the centre knows.
    ``pick`` is the number by which who makes the draft chooses it. ``file`` is the name of a file
    that came with it, ``label`` stands for its entry in the name by which it leaves.
    """

    seq: int
    at: datetime
    kind: EntryKind
    visibility: Visibility
    side: Side
    author: str
    body: str
    file: str = ""
    label: str = ""
    pick: int = 0

    @property
    def mark(self) -> str:
        """What stands before it in a transcript."""
        return str(self.seq) if self.visibility is Visibility.EVERYONE else f"n{self.seq}"


@dataclass(frozen=True)
class Conversation:
    """A chat as the draft needs it; ``facts`` are lines that the supplier keeps of the customer."""

    number: str
    title: str
    topic: str
    municipality: str
    requester: str
    email: str
    phone: str
    url: str
    lines: tuple[Line, ...]
    customer_reference: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """Words of the conversation, literally, with the entry that they came from."""

    kind: FindingKind
    text: str
    seq: int


@dataclass(frozen=True)
class IncidentDraft:
    """What is put before the specialist, and after editing before the ticketing system.

    ``because`` are the words that led to impact and urgency. ``transcript`` is the conversation,
    word for word; it goes along as a file of the name ``transcript_name``. ``note`` holds the
    internal notes that were chosen: only the engineers read it, never who the ticket is for.
    """

    title: str
    description: str
    category: str
    impact: Impact
    urgency: Urgency
    because: tuple[str, ...]
    requester: str
    email: str
    phone: str
    municipality: str
    reference: str
    chat_url: str
    transcript: str
    transcript_name: str
    found: tuple[Found, ...]
    note: str = ""
