"""What happened, as told to the outside after the commit."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class EntryAdded:
    """An entry was appended; ``entry`` is its public shape."""

    entry: dict[str, Any]


@dataclass(frozen=True)
class ChatChanged:
    """A chat's summary changed; its public shape as each side sees it."""

    for_requester: dict[str, Any]
    for_centre: dict[str, Any]
    queue_changed: bool = False


@dataclass(frozen=True)
class DeskChanged:
    """Presence, load or opening changed: what is shown about availability is out of date."""


@dataclass(frozen=True)
class RightsEnded:
    """Live connections must go: of one session, or all of a person's when it is None."""

    person_id: str
    session_id: str | None
    reason: str


@dataclass(frozen=True)
class ReadUpTo:
    """Somebody has read a chat up to and including ``seq``."""

    chat_id: str
    person: dict[str, str]
    seq: int


@dataclass(frozen=True)
class AskedToCome:
    """Somebody asks a specialist to come online."""

    person_id: str
    by: str


@dataclass(frozen=True)
class PresenceChanged:
    """Whether a specialist takes chats, as it is now."""

    person_id: str
    status: str
    reason: str


Event = (
    EntryAdded | ChatChanged | DeskChanged | RightsEnded | ReadUpTo | AskedToCome | PresenceChanged
)
