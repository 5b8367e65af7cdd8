"""Business time: opening hours, due times and how they come about.

A desk is open at an instant when the wall clock of its zone then reads a time inside one
of that day's blocks. Blocks are half-open, [start, end), in minutes after local midnight.
All instants that go in and out are aware and in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from vipservice.rules.refusals import N_, Refusal

Block = tuple[int, int]
"""From and until, in minutes after local midnight; until may be 1440 (24:00)."""

Interval = tuple[datetime, datetime]

HORIZON_DAYS = 400
"""How far ahead an opening is looked for: more than any desk is ever closed."""
DUES = 256
"""Due times that a calendar remembers: those of one batch of messages."""


class NeverOpens(Refusal):
    """The calendar has no opening within HORIZON_DAYS; the settings must be mended."""

    def __init__(self) -> None:
        super().__init__(N_("The opening hours hold no time for this. Tell the knowledge centre."))


@dataclass(frozen=True)
class Calendar:
    """Opening hours of a desk.

    ``weekly`` has seven tuples of blocks, Monday first. ``special`` replaces a day's blocks
    (an empty tuple: closed). ``country`` closes that country's public holidays ("" for none),
    except those in ``open_on``.
    """

    zone: str
    weekly: tuple[tuple[Block, ...], ...]
    country: str = "NL"
    open_on: frozenset[date] = frozenset()
    special: dict[date, tuple[Block, ...]] = field(default_factory=dict)
    _known: dict[date, list[Interval]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _dues: dict[tuple[datetime, int], datetime] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def due_at(self, opened_at: datetime, minutes: int) -> datetime:
        """What `due` says; computed once for all that begin at the same moment."""
        found = self._dues.get((opened_at, minutes))
        if found is None:
            if len(self._dues) >= DUES:
                self._dues.clear()
            found = self._dues[opened_at, minutes] = due(self, opened_at, minutes).due_at
        return found

    def intervals(self, day: date) -> list[Interval]:
        """The opening intervals of a local day, in UTC and in order; computed once."""
        if day not in self._known:
            self._known[day] = _day_intervals(self, ZoneInfo(self.zone), day)
        return self._known[day]

    def blocks(self, day: date) -> tuple[Block, ...]:
        """The opening blocks of a local day, in order."""
        if day in self.special:
            return self.special[day]
        if day not in self.open_on and day in public_holidays(self.country, day.year):
            return ()
        return self.weekly[day.weekday()]


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a year, from the holidays package; empty for country ""."""
    return frozenset(holidays.country_holidays(country, years=year)) if country else frozenset()


@dataclass(frozen=True)
class Due:
    """A due time with the opening intervals (UTC) that were counted to reach it."""

    opened_at: datetime
    minutes: int
    due_at: datetime
    counted: tuple[Interval, ...]


def due(calendar: Calendar, opened_at: datetime, minutes: int) -> Due:
    """When ``minutes`` of opening time have passed since ``opened_at``.

    Raises NeverOpens when the calendar does not hold that much time within the horizon.
    """
    left = timedelta(minutes=minutes)
    counted: list[Interval] = []
    for start, end in open_intervals(calendar, opened_at):
        stop = min(end, start + left)
        counted.append((start, stop))
        left -= stop - start
        if not left:
            return Due(opened_at, minutes, stop, tuple(counted))
    raise NeverOpens


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the desk is open at that instant."""
    return next_opening(calendar, at) == at


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The first instant from ``at`` on at which the desk is open; ``at`` itself when it is.

    Raises NeverOpens.
    """
    for start, _ in open_intervals(calendar, at):
        return start
    raise NeverOpens


def open_intervals(calendar: Calendar, since: datetime) -> Iterator[Interval]:
    """The opening intervals from ``since`` on, in UTC and in order, up to the horizon."""
    zone = ZoneInfo(calendar.zone)
    first_day = since.astimezone(zone).date()
    for offset in range(HORIZON_DAYS):
        for start, end in calendar.intervals(first_day + timedelta(days=offset)):
            if end > since:
                yield max(start, since), end


def open_between(calendar: Calendar, start: datetime, end: datetime) -> tuple[Interval, ...]:
    """The opening intervals (UTC) between two instants; empty when they are not in order."""
    zone = ZoneInfo(calendar.zone)
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return tuple(
        (max(begin, start), min(stop, end))
        for day in days
        for begin, stop in calendar.intervals(day)
        if max(begin, start) < min(stop, end)
    )


def open_seconds(calendar: Calendar, start: datetime, end: datetime) -> int:
    """How many seconds of opening time lie between two instants, rounded to whole ones."""
    spent = (stop - begin for begin, stop in open_between(calendar, start, end))
    return round(sum(spent, timedelta()).total_seconds())


def _day_intervals(calendar: Calendar, zone: ZoneInfo, day: date) -> list[Interval]:
    stretches = _offset_stretches(zone, day)
    found = [
        (max(begin, _at_offset(day, start, offset)), min(end, _at_offset(day, until, offset)))
        for start, until in calendar.blocks(day)
        for begin, end, offset in stretches
    ]
    return sorted((start, end) for start, end in found if start < end)


@lru_cache(maxsize=4096)
def _offset_stretches(
    zone: ZoneInfo, day: date
) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The local day as stretches of UTC with one offset each: one, or two around a DST change."""
    begin, end = _midnight(zone, day), _midnight(zone, day + timedelta(days=1))
    before, after = _offset(zone, begin), _offset(zone, end - timedelta(minutes=1))
    if before == after:
        return ((begin, end, before),)
    change = _change(zone, begin, end)
    return ((begin, change, before), (change, end, after))


def _change(zone: ZoneInfo, begin: datetime, end: datetime) -> datetime:
    """The minute at which the offset changes, by bisection."""
    low, high = 0, int((end - begin) / timedelta(minutes=1))
    before = _offset(zone, begin)
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset(zone, begin + timedelta(minutes=middle)) == before
        low, high = (middle, high) if same else (low, middle)
    return begin + timedelta(minutes=high)


def _midnight(zone: ZoneInfo, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _at_offset(day: date, minute: int, offset: timedelta) -> datetime:
    local = datetime(day.year, day.month, day.day, tzinfo=timezone(offset))
    return (local + timedelta(minutes=minute)).astimezone(UTC)
