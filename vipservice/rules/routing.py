"""The queue: who is next, and how long it will take."""

from dataclasses import dataclass
from enum import StrEnum

LEAST_HANDLED = 5
"""With fewer handled chats than this the median says nothing, so neither do we."""


class Presence(StrEnum):
    """Whether a specialist takes chats."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True)
class Capacity:
    """What a specialist takes on: chats at once, and how long after a lost connection still."""

    max_chats: int
    offline_seconds: int
