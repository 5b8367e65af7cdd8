"""Business time, against an oracle that counts minute by minute."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.sizes import size
from vipservice.rules.sla import (
    Block,
    Calendar,
    NeverOpens,
    due,
    is_open,
    next_opening,
    open_between,
    open_seconds,
    public_holidays,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFICE = ((480, 1020),)
WEEK = (OFFICE,) * 5 + ((), ())
PLAIN = Calendar("Europe/Amsterdam", WEEK)
CASES = size(100_000, 2_000)
PARTS = 4
"""So that two cores share them."""
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Oracle:
    """Opening time minute by minute, from nothing but the wall clock and the blocks of a day."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.zone = ZoneInfo(calendar.zone)
        self.days: dict[date, bytes] = {}

    def is_open(self, at: datetime) -> bool:
        """Open when the wall clock reads a time inside a block of that day."""
        local = at.astimezone(self.zone)
        day = local.date()
        if day not in self.days:
            blocks = self.calendar.blocks(day)
            self.days[day] = bytes(any(a <= m < b for a, b in blocks) for m in range(1440))
        return bool(self.days[day][local.hour * 60 + local.minute])

    def due(self, opened: datetime, minutes: int) -> datetime:
        """The end of the minute in which that much opening time has passed."""
        at, counted = opened, 0
        while counted < minutes:
            counted += self.is_open(at)
            at += timedelta(minutes=1)
        return at

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """How many open minutes lie between two whole minutes."""
        length = int((end - start) / timedelta(minutes=1))
        return sum(self.is_open(start + timedelta(minutes=n)) for n in range(length))


def random_blocks(chance: random.Random) -> tuple[Block, ...]:
    edges = sorted(chance.sample(range(0, 1441, 5), 2 * chance.randint(1, 3)))
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def random_calendar(chance: random.Random, near: date) -> Calendar:
    week = tuple(random_blocks(chance) if chance.random() < 0.8 else () for _ in range(7))
    days = [near + timedelta(days=n) for n in range(-2, 6)]
    special: dict[date, tuple[Block, ...]] = {
        day: random_blocks(chance) if chance.random() < 0.5 else ()
        for day in days
        if chance.random() < 0.2
    }
    open_on = frozenset(day for day in days if chance.random() < 0.3)
    return Calendar("Europe/Amsterdam", week, "NL", open_on, special)


def interesting_days() -> list[date]:
    """Around every DST change and every Dutch holiday of a century."""
    days = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in (3, 10):
            last = date(year, month, 31)
            days.append(last - timedelta(days=(last.weekday() + 1) % 7))
        days += public_holidays("NL", year)
    return days


def moments(count: int, seed: int) -> Iterator[tuple[Calendar, datetime, int]]:
    """Half of them near something special, half anywhere in the century."""
    chance = random.Random(seed)
    special = interesting_days()
    century = date(LAST_YEAR, 12, 31).toordinal() - date(FIRST_YEAR, 1, 1).toordinal()
    while count:
        day = date(FIRST_YEAR, 1, 1) + timedelta(days=chance.randint(0, century))
        if chance.random() < 0.5:
            day = chance.choice(special) + timedelta(days=chance.randint(-2, 1))
        calendar = random_calendar(chance, day)
        if any(calendar.weekly):
            at = datetime(day.year, day.month, day.day, tzinfo=UTC)
            at += timedelta(minutes=chance.randint(0, 1439))
            yield calendar, at, chance.choice((1, 20, 30, 45, 120))
            count -= 1


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(PARTS))
def test_random_cases_equal_the_oracle(seed: int) -> None:
    differences = []
    for calendar, at, minutes in moments(CASES // PARTS, seed):
        found, oracle = due(calendar, at, minutes).due_at, Oracle(calendar)
        if found != oracle.due(at, minutes):
            differences.append((calendar, at, minutes, found))
    assert differences == []


@pytest.mark.prove
def test_opening_time_between_two_moments_equals_the_oracle() -> None:
    differences = []
    for calendar, at, minutes in moments(CASES // 100, PARTS):
        end = at + timedelta(minutes=minutes * 40)
        if open_seconds(calendar, at, end) != 60 * Oracle(calendar).minutes_between(at, end):
            differences.append((calendar, at, end))
    assert differences == []


def test_friday_afternoon_counts_on_monday_morning() -> None:
    opened = datetime(2026, 4, 17, 16, 45, tzinfo=AMSTERDAM).astimezone(UTC)
    found = due(PLAIN, opened, 30)
    monday = datetime(2026, 4, 20, 8, 15, tzinfo=AMSTERDAM)
    assert found.due_at == monday
    assert [(end - start) / timedelta(minutes=1) for start, end in found.counted] == [15, 15]


def test_kings_day_moves_the_due_time_to_tuesday() -> None:
    opened = datetime(2026, 4, 24, 16, 45, tzinfo=AMSTERDAM).astimezone(UTC)
    assert date(2026, 4, 27) in public_holidays("NL", 2026)
    local = due(PLAIN, opened, 30).due_at.astimezone(AMSTERDAM)
    assert (local.day, local.hour, local.minute) == (28, 8, 15)


def test_the_hour_that_does_not_exist_is_not_counted() -> None:
    night = Calendar("Europe/Amsterdam", (((0, 1440),),) * 7, country="")
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert due(night, before, 120).due_at - before == timedelta(hours=2)


def test_a_day_of_24_hours_loses_no_minute_at_midnight() -> None:
    night = Calendar("Europe/Amsterdam", (((0, 1440),),) * 7, country="")
    before = datetime(2026, 6, 1, 21, 50, tzinfo=UTC)
    assert due(night, before, 30).due_at == before + timedelta(minutes=30)


def test_a_calendar_without_openings_says_so() -> None:
    closed = Calendar("Europe/Amsterdam", ((),) * 7)
    with pytest.raises(NeverOpens):
        next_opening(closed, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_due_time_tells_what_it_was_counted_from() -> None:
    opened = datetime(2026, 4, 17, 14, 45, tzinfo=UTC)
    found = due(PLAIN, opened, 30)
    assert (found.opened_at, found.minutes) == (opened, 30)


def test_opening_time_is_counted_by_the_days_of_the_desk() -> None:
    """Late in the evening in UTC it is the next day there: that day's hours count."""
    tokyo = Calendar("Asia/Tokyo", (((0, 60),), *((),) * 6), country="")
    start = datetime(2026, 4, 19, 15, 10, tzinfo=UTC)
    assert open_seconds(tokyo, start, start + timedelta(hours=1)) == 50 * 60
    assert open_between(tokyo, start, start) == ()
    whole = (start.replace(minute=0), start.replace(hour=16, minute=0))
    assert open_between(tokyo, whole[0] - timedelta(days=3), whole[1] + timedelta(days=3)) == (
        whole,
    )
    assert open_between(tokyo, whole[1], whole[1] + timedelta(hours=1)) == ()


def test_in_the_west_the_evening_is_still_of_the_day_before() -> None:
    havana = Calendar("America/Havana", ((),) * 6 + (((20 * 60, 1440),),), country="")
    start = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)
    assert open_seconds(havana, start, start + timedelta(hours=1)) == 3600


def test_whether_the_desk_is_open() -> None:
    start = datetime(2026, 4, 17, 6, 0, tzinfo=UTC)
    assert is_open(PLAIN, start)
    assert not is_open(PLAIN, start - timedelta(seconds=1))
    assert not is_open(PLAIN, start + timedelta(hours=9))
    assert is_open(PLAIN, start + timedelta(hours=8, minutes=59))


@pytest.mark.parametrize(
    ("zone", "day", "changes"),
    [
        ("Europe/Amsterdam", date(2026, 3, 29), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Europe/Amsterdam", date(2026, 10, 25), datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
        ("America/Havana", date(2026, 3, 8), datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 10, 29), datetime(2026, 10, 29, 21, 0, tzinfo=UTC)),
    ],
)
def test_the_minute_at_which_the_clock_changes(zone: str, day: date, changes: datetime) -> None:
    """Of these zones the first days change in the night, the third at midnight itself."""
    found = Calendar(zone, (((0, 1440),),) * 7, country="").intervals(day)
    assert changes in {moment for interval in found for moment in interval}
