"""Shares: how much of a sort one person, municipality and address may ask for in a minute.

Counted in memory, or in Redis where several processes serve; never in the database.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import ceil
from time import monotonic, time
from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis import RedisError

from vipservice.config.limits import LimitsSettings
from vipservice.rules.addresses import network
from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, Later
from vipservice.services.counters import WINDOW, Counters

log = logging.getLogger(__name__)
PATIENCE = {"socket_timeout": 1, "socket_connect_timeout": 1}
ALONE = 5
"""Seconds for an answer of Redis, and before it is asked again when it gave none."""


Key = tuple[str, str, str]
"""The sort, whose share it is, and who that is."""


class Sort(StrEnum):
    """What is counted; each has its line in [limits]."""

    REQUESTS = "requests"
    MESSAGES = "messages"
    QUESTIONS = "questions"
    FILES = "files"
    MEGABYTES = "megabytes"
    SEARCHES = "searches"
    DRAFTS = "drafts"
    TYPING = "typing"
    EXPORTS = "exports"
    LOG_INS = "log_ins"


class TooMuch(Later):
    """More than one's share: try again in a while."""

    status = 429
    title = N_("Too much at once")


_SENTENCES = {
    "person": N_("You do this too often. Nothing was lost: try again in %(seconds)d seconds."),
    "municipality": N_(
        "Too much comes from your municipality now. Try again in %(seconds)d seconds."
    ),
    "address": N_("Too much comes from your network now. Try again in %(seconds)d seconds."),
}


def _at_once(_seconds: float) -> None:
    """No pause."""


@dataclass(frozen=True)
class Asker:
    """Who asks for something, as far as that is known, and from which address."""

    actor: Actor | None
    address: str

    @cached_property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """What stands for each of the three that have a share, as far as it is known."""
        actor = self.actor
        marks = {
            "person": actor.id if actor else "",
            "municipality": (actor.municipality_id or "") if actor else "",
            "address": self._network(),
        }
        return tuple((name, mark) for name, mark in marks.items() if mark)

    def _network(self) -> str:
        """Who signed in from a network does not share with who did not."""
        if not self.address:
            return ""
        return network(self.address) if self.actor else f"{network(self.address)} anonymous"


class Shares:
    """The counters of an installation."""

    def __init__(
        self,
        settings: LimitsSettings,
        queue: str = "",
        channel: str = "",
        pause: Callable[[float], None] = _at_once,
    ) -> None:
        """``queue``: the address of the Redis that the processes share; "" when there is one.

        ``channel`` is the name of the installation there; ``pause`` waits so many seconds.
        """
        self._settings = settings
        self._pause = pause
        self._here = Counters()
        self._shared: SlidingWindowCounterRateLimiter | None = None
        if queue:
            shared: Any = storage_from_string(queue, key_prefix=f"{channel}:share", **PATIENCE)
            self._shared = SlidingWindowCounterRateLimiter(shared)
        self._alone_until = 0.0

    def take(self, sort: Sort, asker: Asker, amount: int = 1) -> None:
        """Counts it. Raises TooMuch, with when to try again, beyond one of the shares.

        A refusal takes its time: refusing as fast as it is asked would cost the others.
        Never in a transaction.
        """
        share = getattr(self._settings, sort)
        wanted = [
            ((sort, name, mark), most)
            for name, mark in asker.marks
            if (most := getattr(share, name))
        ]
        full = self._first_full(wanted, amount)
        if full:
            seconds = max(1, ceil(self._seconds(*full, amount)))
            self._pause(self._settings.refusal_seconds)
            raise TooMuch(_SENTENCES[full[0][1]], seconds, seconds=seconds)

    def _first_full(self, wanted: Sequence[tuple[Key, int]], amount: int) -> tuple[Key, int] | None:
        if self._shared and monotonic() >= self._alone_until:
            try:
                return next((one for one in wanted if not self._hit(*one, amount)), None)
            except RedisError as problem:
                self._alone_until = monotonic() + ALONE
                log.warning("shares are counted here alone for %d s: %s", ALONE, problem)
        return self._here.first_full(wanted, amount)

    def _hit(self, key: Key, most: int, amount: int) -> bool:
        assert self._shared
        return self._shared.hit(RateLimitItemPerMinute(most), *key, cost=amount)

    def _seconds(self, key: Key, most: int, amount: int) -> float:
        if self._shared is None or monotonic() < self._alone_until:
            return self._here.seconds(key, most, amount)
        try:
            stats = self._shared.get_window_stats(RateLimitItemPerMinute(most), *key)
        except RedisError:
            return WINDOW
        return stats.reset_time - time()
