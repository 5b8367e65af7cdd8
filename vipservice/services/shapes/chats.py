"""Chats, entries and who asks, as they are told outside."""

from datetime import date, datetime
from functools import cached_property

from pydantic import Field

from vipservice.rules.chats import ChatKind, EntryKind, Outcome, State, Visibility
from vipservice.rules.entries import AnyPayload
from vipservice.rules.people import Side
from vipservice.rules.shape import Count, Id, Json, Many, Named, Shape
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

    id: Id
    number: str
    kind: ChatKind
    municipality: Named
    requester: Named
    topic: Named
    title: str
    customer_reference: str
    state: State
    outcome: Outcome | None
    assignee: Named | None
    returned: bool
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    pickup: PickupClock | None
    last_seq: Count
    last_public_seq: Count = Field(exclude=True)
    last_words: str
    last_side: str
    requester_read_seq: Count
    centre_read_seq: Count
    unread_requester: Count
    unread_centre: Count
    unread: Count = 0

    def seen_from(self, side: Side) -> "ChatShape":
        """As that side sees it: a requester's side knows no number of a note."""
        if side is Side.CENTRE:
            return self.model_copy(update={"unread": self.unread_centre})
        own = {"unread": self.unread_requester, "last_seq": self.last_public_seq}
        return self.model_copy(update=own)


class EntryShape(Shape):
    """One line of a timeline. ``seq`` is the number of the side that reads it.

    ``publicSeq`` counts what everyone reads; what only the centre reads has none. ``words``: what
    became of the words; ``body`` is what they are now.
    """

    chat_id: Id
    seq: Count
    public_seq: Count | None
    kind: EntryKind
    visibility: Visibility
    author: Author | None
    at: datetime
    body: str
    words: Words
    data: AnyPayload
    client_id: Id | None

    def seen_from(self, side: Side) -> "EntryShape":
        """As that side sees it: a requester's side knows no number that counts notes."""
        if side is Side.CENTRE or self.seq == self.public_seq:
            return self
        seen = self.model_copy(update={"seq": self.public_seq})
        seen.__dict__.pop("_public", None)
        return seen

    @cached_property
    def _public(self) -> Json:
        return super().public()

    def public(self) -> Json:
        """As plain JSON values; made once for all to whom it is told, so nobody may change it."""
        return self._public


class TimelineShape(Shape):
    """A chat, its entries after a number of the reader's side, and the last number there is."""

    chat: ChatShape
    entries: Many[EntryShape]
    last_seq: Count


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
    grants: Many[GrantShape]
