"""A sliding minute in two numbers: never more than the share, free again when it says so."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from vipservice.services.counters import WINDOW, Counters


@dataclass
class Moment:
    """A clock that is set by hand."""

    at: float = 1_000_000 * WINDOW

    def __call__(self) -> float:
        return self.at


def test_no_more_than_the_share_and_each_has_its_own() -> None:
    counters = Counters(Moment())
    assert [counters.hit("jeroen", 3) for _ in range(4)] == [True, True, True, False]
    assert counters.hit("samira", 3)


def test_a_minute_is_no_calendar_minute() -> None:
    moment = Moment()
    counters = Counters(moment)
    moment.at += WINDOW - 1
    assert all(counters.hit("jeroen", 10) for _ in range(10))
    moment.at += 2
    twice = [counters.hit("jeroen", 10) for _ in range(10)]
    assert twice == [True] + [False] * 9, "of the ten before, nine and a bit are in this minute"
    moment.at += WINDOW / 2
    assert [counters.hit("jeroen", 10) for _ in range(6)] == [True] * 5 + [False]


def test_what_was_two_minutes_ago_is_forgotten() -> None:
    moment = Moment()
    counters = Counters(moment)
    assert all(counters.hit(name, 1) for name in ("jeroen", "samira"))
    moment.at += 2 * WINDOW
    assert counters.hit("jeroen", 1)
    assert len(counters._counts) == 1


def test_a_clock_that_goes_back_counts_anew() -> None:
    moment = Moment()
    counters = Counters(moment)
    assert counters.hit("jeroen", 1)
    moment.at -= 10 * WINDOW
    assert counters.hit("jeroen", 1)
    assert not counters.hit("jeroen", 1)


@pytest.mark.parametrize("most", [1, 5, 20])
def test_who_asks_steadily_gets_what_the_library_gives(most: int) -> None:
    moment, start = Moment(), datetime(2026, 4, 24, 8, tzinfo=UTC)
    ours, theirs = Counters(moment), SlidingWindowCounterRateLimiter(MemoryStorage())
    given = [0, 0]
    with time_machine.travel(start, tick=False) as now:  # the library's thread looks too
        for second in range(600):
            moment.at = start.timestamp() + second
            now.move_to(moment.at)
            given[0] += ours.hit("jeroen", most)
            given[1] += theirs.hit(RateLimitItemPerMinute(most), "jeroen")
    assert abs(given[0] - given[1]) <= 1


def test_many_threads_count_together() -> None:
    counters = Counters(Moment())
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: counters.hit(number % 50, 10), range(4_000)))
    assert sum(found) == 500


@given(
    st.integers(1, 20),
    st.lists(st.tuples(st.floats(0, WINDOW), st.integers(1, 5)), max_size=30),
    st.integers(1, 5),
)
def test_after_the_seconds_that_it_says_there_is_room(
    most: int, before: list[tuple[float, int]], amount: int
) -> None:
    moment = Moment()
    counters = Counters(moment)
    for pause, much in before:
        moment.at += pause
        counters.hit("jeroen", most, much)
    seconds = counters.seconds("jeroen", most, amount)
    assert 0 <= seconds <= 2 * WINDOW
    if amount <= most:
        moment.at += seconds + 0.001
        assert counters.hit("jeroen", most, amount)
