"""Incidents and their drafts, as they are told outside."""

from datetime import datetime

from vipservice.rules.incidents.model import FindingKind, Impact, IncidentState, Progress, Urgency
from vipservice.rules.notices import Channel
from vipservice.rules.shape import Count, Id, Many, Shape, Whole


class FoundShape(Shape):
    """Words of the conversation that the draft quotes, with the entry they came from."""

    kind: FindingKind
    text: str
    seq: Count


class DraftShape(Shape):
    """The draft of an incident, to read and to send back edited."""

    title: str
    description: Whole
    category: str
    impact: Impact
    urgency: Urgency
    because: Many[str] = ()
    requester: str
    email: str = ""
    phone: str = ""
    municipality: str
    reference: str
    chat_url: str
    transcript: Whole = ""
    transcript_name: str = ""
    found: Many[FoundShape] = ()
    note: Whole = ""


class IncidentShape(Shape):
    """An incident and how far it is.

    ``added``: the chat was added to an incident of another one. ``followed``: its ticket is there
    and its system is configured. ``problem`` and ``dropped``, what the system did not keep, are for
    the knowledge centre.
    """

    id: Id
    chat_id: Id
    reference: str
    system: str
    state: IncidentState
    number: str
    url: str
    problem: str
    dropped: Many[str]
    progress: Progress | None
    status_words: str
    title: str
    added: bool = False
    followed: bool = True
    gone_at: datetime | None = None
    created_at: datetime


class ChatIncidents(Shape):
    """The incidents of a chat, when one of them changed."""

    chat_id: Id
    items: Many[IncidentShape]


class SimilarShape(Shape):
    """An incident that may be about the same; for the knowledge centre alone."""

    id: Id
    number: str
    title: str
    municipality: str
    topic: str
    progress: Progress | None
    chats: Count
    created_at: datetime


class UndeliveredShape(Shape):
    """What has not arrived outside. ``refused``: it is not tried again by itself."""

    id: Id
    channel: Channel
    about: str
    chat_number: str
    problem: str
    refused: bool
    attempts: Count
    created_at: datetime
    next_attempt_at: datetime


class RestingShape(Shape):
    """A ticketing system that fails: since when, when it is tried again, and its last answer."""

    name: str
    failing_since: datetime | None
    rests_until: datetime | None
    words: str


class UndeliveredAlarm(Shape):
    """How much has not left for too long, and since when; nothing at all is ``since`` null."""

    count: Count = 0
    since: datetime | None = None
