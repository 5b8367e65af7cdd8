"""The public shapes: what the API answers and what the live connection sends are one thing."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from vipservice.rules.chats import EntryKind, Kind, Outcome, State, Visibility
from vipservice.rules.entries import AnyPayload
from vipservice.rules.incidents.model import Impact, IncidentState, Progress, Urgency
from vipservice.rules.incidents.model import Kind as Sort
from vipservice.rules.notices import Channel
from vipservice.rules.people import Role, Side
from vipservice.rules.policy import Promise
from vipservice.rules.routing import Presence
from vipservice.rules.shape import Named, Shape
from vipservice.rules.words import Words


class Author(Named):
    """Who said it, and on which side."""

    side: Side


class PickupClock(Shape):
    """The promise of the current contact cycle."""

    due_at: datetime
    warn_at: datetime
    met_at: datetime | None
    breached_at: datetime | None


class ChatShape(Shape):
    """Summary of a chat. ``unread`` and ``lastSeq`` are those of the side that reads it.

    Up to where somebody has read is a ``publicSeq``.
    """

    id: str
    number: str
    kind: Kind
    municipality: Named
    requester: Named
    topic: Named
    title: str
    their_number: str
    state: State
    outcome: Outcome | None
    assignee: Named | None
    front: bool
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    pickup: PickupClock | None
    last_seq: int
    last_public_seq: int = Field(exclude=True)
    last_words: str
    last_side: str
    requester_read_seq: int
    centre_read_seq: int
    unread_requester: int
    unread_centre: int
    unread: int = 0

    def seen_from(self, side: Side) -> dict[str, Any]:
        """As that side sees it: a requester's side knows no number of a note."""
        if side == Side.REQUESTER:
            return self.public() | {
                "unread": self.unread_requester,
                "lastSeq": self.last_public_seq,
            }
        return self.public() | {"unread": self.unread_centre}


class EntryShape(Shape):
    """One line of a timeline. ``seq`` is the number of the side that reads it.

    ``publicSeq`` counts what everyone reads; what only the centre reads has none. ``words``: what
    became of the words; ``body`` is what they are now.
    """

    chat_id: str
    seq: int
    public_seq: int | None
    kind: EntryKind
    visibility: Visibility
    author: Author | None
    at: datetime
    body: str
    words: Words
    data: AnyPayload
    client_id: str | None

    def seen_from(self, side: Side) -> "EntryShape":
        """As that side sees it: a requester's side knows no number that counts notes."""
        own = {"seq": self.public_seq} if side is Side.REQUESTER else {}
        return self.model_copy(update=own)


class GrantShape(Shape):
    """A right to open chats; no topic means all, no end means until further notice."""

    topic: str | None
    starts_on: date
    ends_on: date | None


class RequesterShape(Named):
    """Who asks."""

    email: str
    phone: str
    municipality: str
    grants: tuple[GrantShape, ...]


class FoundShape(Shape):
    """Words of the conversation that the draft quotes, with the entry they came from."""

    kind: Sort
    text: str
    seq: int


class DraftShape(Shape):
    """The draft of an incident, to read and to send back edited."""

    title: str
    description: str
    category: str
    impact: Impact
    urgency: Urgency
    because: tuple[str, ...] = ()
    requester: str
    email: str = ""
    phone: str = ""
    municipality: str
    reference: str
    chat_url: str
    transcript: str = ""
    transcript_name: str = ""
    found: tuple[FoundShape, ...] = ()
    note: str = ""


class IncidentShape(Shape):
    """An incident and how far it is.

    ``added``: the chat was added to an incident of another one. ``followed``: its ticket is there
    and its system is configured. ``problem`` and ``dropped``, what the system did not keep, are for
    the knowledge centre.
    """

    id: str
    chat_id: str
    reference: str
    system: str
    state: IncidentState
    number: str
    url: str
    problem: str
    dropped: tuple[str, ...]
    progress: Progress | None
    status_words: str
    title: str
    added: bool = False
    followed: bool = True
    gone_at: datetime | None = None
    created_at: datetime


class SimilarShape(Shape):
    """An incident that may be about the same; for the knowledge centre alone."""

    id: str
    number: str
    title: str
    municipality: str
    topic: str
    progress: Progress | None
    chats: int
    created_at: datetime


class UndeliveredShape(Shape):
    """What has not arrived outside. ``refused``: it is not tried again by itself."""

    id: str
    channel: Channel
    about: str
    chat_number: str
    problem: str
    refused: bool
    attempts: int
    created_at: datetime
    next_attempt_at: datetime


class Counted(Shape):
    """An opening interval that counted towards a due time."""

    start: datetime
    end: datetime


class ClockShape(Shape):
    """A clock with its derivation: what was counted to its due time, and what has been spent.

    ``spent`` runs until the promise was kept, the clock stopped, or now.
    """

    cycle: int
    target: Promise
    turn: int
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    warned_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    ended_at: datetime | None
    minutes: int
    policy_version: int
    calendar_version: int
    timezone: str
    counted: tuple[Counted, ...]
    spent: tuple[Counted, ...]
    spent_seconds: int


class ExpectedPickup(Shape):
    """When a chat is likely to be picked up; None where nobody knows, or it does not wait."""

    chat_id: str
    expected_at: datetime | None


class ExpectedWait(Shape):
    """When who asks now is likely to be picked up: as likely before ``at`` as after it, and as
    likely as not between ``from`` and ``until``."""

    from_: datetime = Field(alias="from")
    at: datetime
    until: datetime


class Availability(Shape):
    """Whether one can be helped now; nothing is expected where nobody knows."""

    open: bool
    staffed: bool
    waiting: int
    expected_wait_minutes: int | None
    expected_wait: ExpectedWait | None
    next_opening: datetime | None


class TopicAvailability(Availability):
    """The same for one topic."""

    topic: Named


class DeskShape(Availability):
    """The whole centre and every topic."""

    topics: tuple[TopicAvailability, ...]


class SpecialistLoad(Shape):
    """A specialist on the board."""

    id: str
    name: str
    status: Presence
    reason: str
    active: int
    slots: int


class BoardLine(Shape):
    """The figures of one topic or municipality."""

    name: str
    waiting: int
    breached_today: int
    offered_today: int
    within_today: int


class Board(Shape):
    """The live figures for the manager. ``percent_within`` is None before the first pick-up."""

    at: datetime
    waiting: int
    longest_wait_since: datetime | None
    warned: int
    late: int
    breached_today: int
    offered_today: int
    within_today: int
    percent_within: float | None
    goal_percent: int
    active: int
    topics: tuple[BoardLine, ...]
    municipalities: tuple[BoardLine, ...]
    specialists: tuple[SpecialistLoad, ...]


class CallbackShape(Shape):
    """A callback that is still to be done."""

    id: str
    chat_id: str
    number: str
    title: str
    requester: str
    municipality: str
    phone: str
    window: str
    note: str
    attempts: int
    due_at: datetime
    breached_at: datetime | None


class Chance(Shape):
    """The chance, from 0 to 1, that a waiting chat is picked up in time."""

    chat_id: str
    number: str
    chance: float


class IdleChat(Shape):
    """An active chat whose customer has been silent for so many opening minutes."""

    chat_id: str
    number: str
    specialist: str
    minutes: int


class ForecastShape(Shape):
    """What is late, what will be, what would save it, and whom to ask.

    ``overdue`` chats are too late already. ``late`` chats have time, and are more likely to be
    late than not unless one more specialist comes before ``join_by``, or ``needed_now`` more at
    once. ``known`` is False where nobody can say.
    """

    at: datetime
    open: bool
    known: bool
    overdue: int
    late: int
    join_by: datetime | None
    needed_now: int | None
    chances: tuple[Chance, ...]
    colleagues: tuple[Named, ...]
    idle: tuple[IdleChat, ...]


class Me(Shape):
    """Who is signed in."""

    id: str
    name: str
    role: Role
    municipality: Named | None
    language: str
