"""Counters of a sliding minute, in memory: what every request and message is counted with.

The storage in memory of ``limits`` starts a thread for each ten milliseconds in which it counts: a
message cost 0.09 ms there, with three shares, and 0.01 here (`make bench`).
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from threading import Lock
from time import time
from typing import TypeVar

Each = TypeVar("Each", bound=Hashable)
WINDOW = 60
"""Seconds."""


@dataclass(slots=True)
class _Count:
    """How much in this window, and in the one before it."""

    window: int
    now: int = 0
    before: int = 0


class Counters:
    """How often something happened in the last minute, as far as two numbers can tell.

    The window before this one counts for the part of it that lies within the last minute: the
    "sliding window counter", as ``limits`` has it too.
    """

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._clock = clock
        self._window = 0
        self._counts: dict[Hashable, _Count] = {}
        self._lock = Lock()

    def hit(self, key: Hashable, most: int, amount: int = 1) -> bool:
        """Counts it, unless it would be more than that."""
        return self.first_full([(key, most)], amount) is None

    def first_full(
        self, wanted: Iterable[tuple[Each, int]], amount: int = 1
    ) -> tuple[Each, int] | None:
        """Counts it for each (key, most) in turn, up to the first for which it would be more."""
        with self._lock:
            at = self._clock() / WINDOW
            for key, most in wanted:
                if not self._fits(key, most, amount, at):
                    return key, most
        return None

    def _fits(self, key: Hashable, most: int, amount: int, at: float) -> bool:
        count, passed = self._count(key, at)
        if int(count.before * (1 - passed)) + count.now + amount > most:
            return False
        count.now += amount
        return True

    def seconds(self, key: Hashable, most: int, amount: int = 1) -> float:
        """How long until so much more is allowed; at most two windows, also where it never is."""
        with self._lock:
            count, passed = self._count(key, self._clock() / WINDOW)
        room = most - amount
        if count.now <= room:
            return max(0.0, _until(count.before, room - count.now) - passed) * WINDOW
        return (1 - passed + _until(count.now, room)) * WINDOW

    def _count(self, key: Hashable, at: float) -> tuple[_Count, float]:
        """The count at a moment in windows, and how much of that window has passed."""
        window = int(at)
        if window != self._window:
            self._forget(window)
        count = self._counts.get(key)
        if count is None:
            count = self._counts[key] = _Count(window)
        elif count.window != window:
            count.before = count.now if count.window == window - 1 else 0
            count.window, count.now = window, 0
        return count, at - window

    def _forget(self, window: int) -> None:
        """What was long ago, once a window."""
        self._window = window
        self._counts = {
            key: one for key, one in self._counts.items() if window - 1 <= one.window <= window
        }


def _until(before: int, room: int) -> float:
    """The part of a window after which no more than that, in whole numbers, counts of it."""
    return min(1.0, max(0.0, 1 - (room + 1) / before)) if before else 0.0
