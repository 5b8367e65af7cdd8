"""The queue: who is next, and how long it will take."""

import math
import statistics
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
class Desk:
    """How the desk works: chats each, and when somebody who lost the connection is gone."""

    slots: int
    offline_seconds: int


@dataclass(frozen=True)
class Load:
    """What the expected wait is computed from."""

    waiting_ahead: int
    specialists: int
    slots_each: int
    handling_minutes: tuple[float, ...]


def expected_wait_minutes(load: Load) -> int | None:
    """Waiting ahead ÷ slots (free and busy) × median handling time, in whole minutes, up.

    None, for "unknown", when nobody is there or too few chats were handled to say.
    """
    slots = load.specialists * load.slots_each
    if not slots or len(load.handling_minutes) < LEAST_HANDLED:
        return None
    return math.ceil(load.waiting_ahead / slots * statistics.median(load.handling_minutes))
