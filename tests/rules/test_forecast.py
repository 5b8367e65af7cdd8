"""The forecast: what it says on plain cases, and how often it was right on simulated days."""

from dataclasses import replace

from tests.support.simulated import brier_skill, reliability, simulated_days
from vipservice.rules.forecast import Agent, Situation, WaitingChat, forecast, look_ahead

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


def test_on_simulated_days_what_was_said_is_what_happened() -> None:
    said = simulated_days(DAYS, seed=1)
    table = [line for line in reliability(said, FIFTHS) if line.count >= ENOUGH]
    assert len(table) == FIFTHS
    assert [line for line in table if abs(line.said - line.happened) > WORST_GAP] == []
    assert brier_skill(said) > 0.5
