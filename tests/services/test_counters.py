"""A sliding minute in two numbers: never more than the share, free again when it says so."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

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
    assert not counters.hit("jeroen", 10), "twice the share within two seconds"
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
