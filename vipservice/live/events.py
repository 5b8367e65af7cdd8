"""The events of the live connection: each that is sent has one shape, and each shape one event."""

from typing import Annotated

from pydantic import Field

from vipservice.live.inputs import Read, Send, Subscribe, Typing, Unsubscribe, Watch
from vipservice.rules.shape import Count, Id, Many, Shape
from vipservice.services.conversations import Followed
from vipservice.services.inputs import Input
from vipservice.services.lists import ChatList
from vipservice.services.routing.presence import NewPresence
from vipservice.services.shapes.chats import Author, ChatShape, EntryShape
from vipservice.services.shapes.desk import CallbackShape, DeskShape, OwnPresence
from vipservice.services.shapes.incidents import ChatIncidents, UndeliveredAlarm
from vipservice.services.shapes.watching import Board, ForecastShape

LATEST = 2**53
"""Of a whole number that JavaScript keeps exactly."""


class IsTyping(Shape):
    """Somebody else in the chat types, or stopped."""

    chat_id: Id
    person: Author
    typing: bool


class HasRead(Shape):
    """Somebody else in the chat has read up to and including ``seq``, a public number."""

    chat_id: Id
    person: Author
    seq: Count


class Queue(Shape):
    """The waiting chats in the order of the queue, and the callbacks that are due."""

    waiting: Many[ChatShape]
    callbacks: Many[CallbackShape]


class Digest(Shape):
    """What changed in a list of chats, and what left it: as it is now, nothing of what was.

    ``version`` grows: what a later one says of a chat is newer. It is the moment, in milliseconds,
    or the one after the version before it where a clock went back.
    """

    list: ChatList
    changed: Many[ChatShape]
    removed: Many[Id]
    version: Annotated[int, Field(ge=0, le=LATEST)]


class Watched(Shape):
    """The lists that are watched now, as they are."""

    digests: Many[Digest]


class Sent(Shape):
    """What was said, as it is stored."""

    entry: EntryShape


class Come(Shape):
    """``by`` asks this specialist to come online."""

    by: str


class Taken(Shape):
    """A colleague took this specialist's chat ``number`` over, and why."""

    by: str
    number: str
    reason: str


class Goodbye(Shape):
    """Why the server ends this connection."""

    reason: str


TAKEN: dict[str, tuple[type[Input], type[Shape] | None]] = {
    "subscribe": (Subscribe, Followed), "unsubscribe": (Unsubscribe, None),
    "send": (Send, Sent), "typing": (Typing, None), "read": (Read, None),
    "presence": (NewPresence, OwnPresence),
    "watch": (Watch, Watched), "unwatch": (Watch, None),
}  # fmt: skip
"""What a client sends, and with what beside ``ok`` it is acknowledged."""
EVENTS: dict[type[Shape], str] = {
    EntryShape: "entry", ChatShape: "chat", IsTyping: "typing", HasRead: "read", Queue: "queue",
    Digest: "digest", DeskShape: "availability", Board: "board", ForecastShape: "forecast",
    OwnPresence: "presence", Come: "come", Taken: "taken", Goodbye: "goodbye",
    ChatIncidents: "incidents", UndeliveredAlarm: "undelivered",
}  # fmt: skip
"""What the server sends."""
