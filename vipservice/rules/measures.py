"""Measures: what is counted, and how the figures that people read follow from the counts.

A count belongs to the local day and hour of what it counts: a pick-up to the moment the question
was asked, ``late`` to the moment the promise broke, a closing to the moment of closing. Counts
can be added up over days and over whoever they are of; every figure is computed from such sums.
"""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Mapping
from datetime import date

EDGES: tuple[int, ...] = (*range(1, 31), 35, 40, 45, 50, 55, 60, 75, 90, 120, 180, 240, 480)
"""Upper edges, in opening minutes, of the classes of pick-up times; a last one has none."""

BINS = (*(f"pickup_{edge}" for edge in EDGES), "pickup_more")

REPEAT_DAYS = 7
"""A new question of the municipality on the topic within so many days repeats the old one."""

_COUNTS = (
    "chats", "contacts", "offered", "within", "breached", "late", "left_in_time", "picked",
    "pickup_seconds", "reply_offered", "reply_within", "callback_offered", "callback_within",
    "closed", "answered", "answered_unconfirmed", "incident", "callback", "withdrawn",
    "repeats", "answered_repeats", "handling_seconds", "parked_seconds",
)  # fmt: skip
COLUMNS = (*_COUNTS, *BINS)
"""The first measures: each a column of the table of figures."""
ADDED = ("transfers",)
"""Later measures: a new one is a name here, where it is counted, and its words."""
MEASURES = (*COLUMNS, *ADDED)


def percent(part: int, whole: int) -> float | None:
    """In percent, with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def pickup_bin(seconds: int) -> str:
    """The class of a pick-up time: the first edge that it does not pass."""
    return BINS[bisect_left(EDGES, seconds / 60)]


def quantile(counts: Mapping[str, int], share: float) -> int | None:
    """The first edge within which at least that share was picked up, in opening minutes.

    None when nothing was picked up, or when it lies in the last class, which has no edge.
    """
    wanted, passed = share * sum(counts[name] for name in BINS), 0
    for name, edge in zip(BINS[:-1], EDGES, strict=True):
        passed += counts[name]
        if passed and passed >= wanted:
            return edge
    return None


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
