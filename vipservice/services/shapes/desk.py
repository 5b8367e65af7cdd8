"""Who is there, who waits and who is called back, as it is told outside."""

from datetime import datetime

from pydantic import Field

from vipservice.rules.routing import Presence
from vipservice.rules.shape import Count, Id, Many, Named, Shape


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
    waiting: Count
    expected_wait_minutes: Count | None
    expected_wait: ExpectedWait | None
    next_opening: datetime | None


class TopicAvailability(Availability):
    """The same for one topic."""

    topic: Named


class DeskShape(Availability):
    """The whole centre and every topic."""

    topics: Many[TopicAvailability]


class OwnPresence(Shape):
    """Whether a specialist takes chats, and if not: why, and until when."""

    status: Presence
    reason: str
    until: datetime | None


class SpecialistLoad(Shape):
    """A specialist on the board."""

    id: Id
    name: str
    status: Presence
    reason: str
    until: datetime | None
    active: Count
    max_chats: Count


class CallbackShape(Shape):
    """A callback that is still to be done."""

    id: Id
    chat_id: Id
    number: str
    title: str
    requester: str
    municipality: str
    phone: str
    window: str
    note: str
    attempts: Count
    due_at: datetime
    breached_at: datetime | None
