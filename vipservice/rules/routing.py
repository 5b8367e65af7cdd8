"""The queue: who is next, and how long it will take."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEAST_HANDLED = 5
"""With fewer handled chats than this the median says nothing, so neither do we."""


class Presence(StrEnum):
    """Whether a specialist takes chats."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"


class Cause(StrEnum):
    """Why a chat was moved that nobody moved."""

    OFFLINE = "offline"
    """Who had it is not there any more."""
    ASKER = "asker"
    """Who asked is not there any more."""
    SILENCE = "silence"
    """The customer said nothing for some time."""
    PLANNED = "planned"
    """It was parked until now."""


class Step(StrEnum):
    """What the service does with a chat by itself, when its time comes."""

    RETURN = "return"
    """It was parked until then."""
    REMIND = "remind"
    """The customer is reminded that an answer waits for their word."""
    CLOSE = "close"
    """The customer did not answer the reminder either."""


GIVE_BACK = timedelta(seconds=60)
"""So long a pick-up can be undone, as long as nothing was said."""
RESTART = timedelta(minutes=15)
"""A server that was away for less says nothing of who was there."""
SEEN = timedelta(seconds=45)
"""Who was not seen for longer has no connection: everybody is looked for every 10 seconds."""
CROWD = 3
"""Fewer specialists than this may go home at the same moment."""
PATIENCE = 5
"""So many times longer is waited for who disappeared together: that is a network."""


@dataclass(frozen=True)
class Capacity:
    """What a specialist takes on: chats at once, and how long after a lost connection still.

    ``up_since``: when this process began to see who is connected; None when that was long ago.
    """

    max_chats: int
    offline_seconds: int
    up_since: datetime | None = None

    def seen_since(self, now: datetime) -> datetime:
        """Who was last seen before this moment counts as offline.

        Nobody was seen while the server was away: after a restart all have time to come back.
        """
        return self._since(now, self.offline_seconds)

    def patient_since(self, now: datetime) -> datetime:
        """The same for who disappeared together with most of the others."""
        return self._since(now, PATIENCE * self.offline_seconds)

    def _since(self, now: datetime, seconds: int) -> datetime:
        limit = timedelta(seconds=seconds)
        if self.up_since and now - self.up_since < limit:
            return self.up_since - limit - RESTART
        return now - limit


@dataclass(frozen=True)
class Patience:
    """How long the customer may be silent: until the slot is free, the reminder, and the end."""

    idle: timedelta
    remind: timedelta
    close: timedelta

    def moments(self, now: datetime) -> dict[Step, datetime]:
        """Since when each step must have waited to be due now."""
        return {Step.RETURN: now, Step.REMIND: now - self.remind, Step.CLOSE: now - self.close}


def is_network(going: int, there: int) -> bool:
    """Whether so many who disappeared while so many stayed went because of the network."""
    return going >= CROWD and going > there
