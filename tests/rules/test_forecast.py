"""The forecast: what it says on plain cases, and how often it was right on simulated days."""

import math
import random
from dataclasses import replace

import pytest

from tests.support.simulated import brier_skill, reliability, simulated_days
from vipservice.rules.forecast import (
    Agent,
    Situation,
    Wait,
    WaitingChat,
    _count_late,
    _courses,
    _play,
    forecast,
    look_ahead,
)  # fmt: skip

DAYS = 60
FIFTHS = 5
WORST_GAP = 0.15
"""The forecast does not know that people leave, that handling drifts, and that chats come back."""
ENOUGH = 200

TEN = (10.0,) * 20
ALL = frozenset({"a"})


def waiters(*minutes: float) -> tuple[WaitingChat, ...]:
    return tuple(WaitingChat(str(n), "a", left) for n, left in enumerate(minutes))


def chances_of(situation: Situation) -> tuple[float, ...]:
    return look_ahead(situation).chances


def test_with_a_free_slot_it_is_nearly_sure() -> None:
    assert chances_of(Situation(waiters(20), (Agent(ALL, 1),), TEN, 2))[0] > 0.99


def test_with_nobody_there_it_is_hopeless_unless_somebody_comes_in_time() -> None:
    found = forecast(Situation(waiters(20, 25), (), TEN, 2))
    assert found.outlook.chances == (0, 0)
    assert found.late == 2
    assert found.join_by == 15


def test_who_can_not_be_saved_by_one_needs_more() -> None:
    found = forecast(Situation(waiters(5, 5, 5, 5), (), TEN, 2))
    assert (found.late, found.join_by, found.needed_now) == (4, None, 2)


def test_a_chat_for_another_team_is_not_taken() -> None:
    found = forecast(Situation(waiters(20), (Agent(frozenset({"b"}), 2),), TEN, 2))
    assert found.outlook.chances == (0,)


def test_the_longer_a_chat_lasts_the_sooner_its_slot_is_free() -> None:
    handling = tuple(float(n) for n in range(1, 41))
    waiting = waiters(8)
    fresh, old = (
        chances_of(Situation(waiting, (Agent(ALL, 0, (elapsed,)),), handling, 1))[0]
        for elapsed in (1.0, 36.0)
    )
    assert fresh < 0.5 < old


def test_what_is_late_already_is_called_late_and_not_foretold() -> None:
    found = forecast(Situation(waiters(0, 0, 20), (Agent(ALL, 3),), TEN, 3))
    assert (found.overdue, found.late) == (2, 0)
    assert found.outlook.chances == (0, 0, 1)


def test_who_comes_now_waits_for_a_slot_and_for_those_before() -> None:
    handling = tuple(float(n) for n in range(5, 25))
    full = look_ahead(Situation((), (Agent(ALL, 0, (1.0, 2.0)),), handling, 2)).newcomer("a")
    free = look_ahead(Situation((), (Agent(ALL, 1, (1.0,)),), handling, 2)).newcomer("a")
    behind = look_ahead(Situation(waiters(20, 25), (Agent(ALL, 0, (1.0, 2.0)),), handling, 2))
    last = behind.newcomer("a")
    assert free
    assert full
    assert last
    assert free.middle < 2 < full.middle < last.middle
    assert full.least <= full.middle <= full.most
    assert behind.newcomer("b") is None


def test_what_has_lasted_long_lasts_longer() -> None:
    stuck = look_ahead(Situation((), (Agent(ALL, 0, (300.0, 310.0)),), TEN, 2)).newcomer("a")
    assert stuck
    assert stuck.middle > 60


def test_with_nobody_there_nothing_is_expected() -> None:
    found = look_ahead(Situation(waiters(20), (), TEN, 2))
    assert found.waits == (None,)
    assert found.newcomers == ()


def test_the_same_situation_gives_the_same_forecast() -> None:
    situation = Situation(waiters(*range(5, 35)), (Agent(ALL, 1, (3.0,)),) * 3, TEN, 2)
    assert forecast(situation) == forecast(replace(situation))


def agents(free: int, *busy: float, comes: float = 0, teams: frozenset[str] = ALL) -> Agent:
    return Agent(teams, free, busy, comes)


def test_a_free_specialist_picks_up_after_a_minute_in_the_mean() -> None:
    """Drawn exponentially: quartiles at ln 4/3, ln 2 and ln 4 times the mean."""
    wait = look_ahead(Situation(waiters(9), (agents(1),), TEN, 2)).waits[0]
    assert wait
    for found, part in zip((wait.least, wait.middle, wait.most), (4 / 3, 2, 4), strict=True):
        assert found == pytest.approx(math.log(part), abs=0.25)
    later = look_ahead(Situation(waiters(9), (agents(1, comes=30),), TEN, 2)).waits[0]
    assert later == Wait(wait.least + 30, wait.middle + 30, wait.most + 30)


def test_the_next_one_waits_for_a_whole_conversation_and_a_reaction() -> None:
    one, two, three = look_ahead(Situation(waiters(9, 19, 29), (agents(1),), TEN, 2)).waits
    assert one
    assert two
    assert three
    assert two.middle - one.middle == pytest.approx(11, abs=0.7)
    assert three.middle - two.middle == pytest.approx(11, abs=0.9)
    assert two.least - one.least == pytest.approx(11, abs=0.9)


def test_a_chat_that_lasts_ends_as_those_that_lasted_longer() -> None:
    handling = (1.0,) * 50 + (20.0,) * 50
    wait = look_ahead(Situation(waiters(9), (agents(0, 5.0),), handling, 2)).waits[0]
    assert wait
    assert 15 < wait.least < wait.most < 17.5
    ended = look_ahead(Situation(waiters(9), (agents(0, 0.5),), (1.0,) * 9, 2)).waits[0]
    assert ended
    assert 0.5 < ended.least < ended.most < 3


def test_what_has_lasted_longest_lasts_as_long_again_as_likely_as_not() -> None:
    """Half of a Pareto distribution with exponent 1 lies below twice its least, a quarter below
    4/3 of it, three quarters below four times it; at most 20 times as long again."""
    wait = look_ahead(Situation(waiters(9), (agents(0, 300.0),), TEN, 2)).waits[0]
    assert wait
    for found, share in ((wait.least, 0.75), (wait.middle, 0.5), (wait.most, 0.25)):
        assert 300 / (300 + found) == pytest.approx(share, abs=0.09)
    courses = _courses(Situation(waiters(9), (agents(0, 300.0),), TEN, 2), ["a"])
    furthest = max(course.picked[0] for course in courses)
    assert 300 * 19 < furthest < 300 * 20 + 15


def test_on_the_due_time_is_too_late() -> None:
    class Never(random.Random):
        def expovariate(self, lambd: float = 1.0) -> float:
            return 0.0

    situation = Situation(waiters(10, 9, 1), (agents(0, 0.0, comes=0),), TEN, 2)
    course = _play(situation, ["a"], Never(0))
    assert course.picked == [10, 20, 30]
    assert course.free == {"a": 40}


def test_whoever_has_no_team_takes_all() -> None:
    nobodys, own = agents(1, teams=frozenset()), agents(1, comes=50, teams=frozenset({"a", "b"}))
    found = look_ahead(Situation((), (nobodys, own), TEN, 2))
    assert [team for team, _ in found.newcomers] == ["a", "b"]
    waits = [wait for _, wait in found.newcomers]
    assert all(wait and wait.most < 5 for wait in waits)


def test_a_free_specialist_of_another_team_does_not_end_the_play() -> None:
    others = agents(3, teams=frozenset({"b"}))
    found = look_ahead(Situation(waiters(20, 30), (others, agents(1)), TEN, 2))
    assert found.chances == (1, 1)
    assert all(found.waits)


def test_who_is_one_minute_from_late_is_not_late_yet() -> None:
    found = forecast(Situation(waiters(0, 0.5, 1, 40), (agents(1),), TEN, 2))
    assert found.overdue == 1
    assert found.late == 2
    nobody = forecast(Situation(waiters(0, -3), (), TEN, 2))
    assert (nobody.overdue, nobody.late, nobody.join_by, nobody.needed_now) == (2, 0, None, None)


def test_what_is_in_time_as_often_as_not_is_in_time() -> None:
    situation = Situation(waiters(20, 20), (), TEN, 2)
    assert _count_late(situation, (0.5, 0.49)) == 1
    with pytest.raises(ValueError, match="zip"):
        _count_late(situation, (0.5,))


@pytest.mark.parametrize(
    ("left", "join_by"),
    [(0.3, None), (0.9, 0), (5.3, 0), (6, 5), (11, 10), (60, 55), (121, 120), (300, 120)],
)
def test_one_more_must_come_a_little_before(left: float, join_by: float | None) -> None:
    assert forecast(Situation(waiters(left), (), TEN, 2)).join_by == join_by


@pytest.mark.parametrize(("count", "needed"), [(2, 2), (3, 3), (5, 5), (6, None)])
def test_how_many_more_are_needed_at_once(count: int, needed: int | None) -> None:
    found = forecast(Situation(waiters(*(5.0,) * count), (), (60.0,) * 9, 1))
    assert (found.join_by, found.needed_now) == (None, needed)


@pytest.mark.parametrize(
    ("waiting", "free", "busy", "plays"),
    [(0, 0, 0, 200), (1, 1, 0, 200), (50, 0, 0, 200), (51, 0, 0, 196), (40, 20, 40, 100),
     (10, 0, 90, 100), (999, 0, 0, 25)],
)  # fmt: skip
def test_a_long_queue_is_played_less_often(waiting: int, free: int, busy: int, plays: int) -> None:
    hands = (agents(free, *(1.0,) * busy),)
    situation = Situation(waiters(*(9.0,) * waiting), hands, TEN, 2)
    assert sum(1 for _ in _courses(situation, ["a"])) == plays


def test_without_any_conversation_yet_a_minute_is_taken_for_it() -> None:
    one, two = look_ahead(Situation(waiters(9, 19), (agents(1),), (), 2)).waits
    assert one
    assert two
    assert two.middle - one.middle == pytest.approx(2, abs=0.5)


def test_on_simulated_days_what_was_said_is_what_happened() -> None:
    said = simulated_days(DAYS, seed=1)
    table = [line for line in reliability(said, FIFTHS) if line.count >= ENOUGH]
    assert len(table) == FIFTHS
    assert [line for line in table if abs(line.said - line.happened) > WORST_GAP] == []
    assert brier_skill(said) > 0.5
