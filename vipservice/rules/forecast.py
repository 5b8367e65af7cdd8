"""The forecast: for every waiting chat the chance that it is picked up in time, and when.

Played many times over: each slot that is taken comes free after a handling time drawn from the
last chats, given how long its chat has lasted already; whoever has a free slot takes the first
chat in the queue that is for one of their teams, a little later. The chance is the share of the
plays in which that happened before the due time (a Monte Carlo estimate; with 200 plays its
standard error is at most 3.5 points). Everything is in minutes of opening time from now.
"""

import heapq
import math
import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

PLAYS = 200
MOST_STEPS = 10_000
"""Of all plays together: a long queue is played less often, so that the cost stays the same."""
LEAST_PLAYS = 25
REACTION_MINUTES = 1.0
"""The mean time, drawn exponentially, in which a free specialist picks up."""
EVEN = 0.5
STEP_MINUTES = 5
FURTHEST_MINUTES = 120
MOST_EXTRA = 5
FURTHEST_TIMES = 20.0


@dataclass(frozen=True)
class WaitingChat:
    """A waiting chat, in the order of the queue, and how long it has left."""

    id: str
    team_id: str
    minutes_left: float


@dataclass(frozen=True)
class Agent:
    """A specialist who takes chats: whose, how many more, and how long the others have lasted.

    ``from_minutes``: when they come. No teams means all of them.
    """

    teams: frozenset[str]
    free: int
    busy: tuple[float, ...] = ()
    from_minutes: float = 0


@dataclass(frozen=True)
class Situation:
    """The desk as it is now; ``handling`` holds recent handling times."""

    waiting: tuple[WaitingChat, ...]
    hands: tuple[Agent, ...]
    handling: tuple[float, ...]
    max_chats: int


@dataclass(frozen=True)
class Wait:
    """How long until somebody is picked up, in opening minutes: a quarter, half and three quarters
    of the plays took no longer."""

    least: float
    middle: float
    most: float


@dataclass(frozen=True)
class Outlook:
    """What the plays say: of each waiting chat its chance and its wait, and of each team the wait
    of who asks it something now. A wait is None where too few plays had an end to it."""

    chances: tuple[float, ...]
    waits: tuple[Wait | None, ...]
    newcomers: tuple[tuple[str, Wait | None], ...]

    def newcomer(self, team_id: str) -> Wait | None:
        """The wait of who asks something of a team now."""
        return dict(self.newcomers).get(team_id)


@dataclass(frozen=True)
class Forecast:
    """The outlook, and what would save those that will not make it.

    ``overdue`` are too late already, whatever happens; ``late`` still have time, but are more
    likely to be late than not. ``join_by``: the last minute at which one more specialist saves
    all of those; None when one is not enough. ``needed_now`` is then how many more are needed at
    once; None beyond MOST_EXTRA.
    """

    outlook: Outlook
    overdue: int
    late: int
    join_by: float | None
    needed_now: int | None


def forecast(situation: Situation) -> Forecast:
    """The forecast of a situation; the same situation always gives the same one."""
    found = look_ahead(situation)
    overdue = sum(waiter.minutes_left <= 0 for waiter in situation.waiting)
    late = _count_late(situation, found.chances)
    if not late:
        return Forecast(found, overdue, 0, None, None)
    join_by = _join_by(situation)
    needed = None if join_by is not None else _needed_now(situation)
    return Forecast(found, overdue, late, join_by, needed)


def look_ahead(situation: Situation) -> Outlook:
    """The chance and wait of each waiting chat, and the wait of who comes now."""
    waiting = situation.waiting
    teams = sorted({team for hand in situation.hands for team in hand.teams})
    courses = list(_courses(situation, teams))
    picked = [[course.picked[index] for course in courses] for index in range(len(waiting))]
    chances = [
        sum(minute < waiter.minutes_left for minute in minutes) / len(courses)
        for waiter, minutes in zip(waiting, picked, strict=True)
    ]
    newcomers = ((team, _wait([course.free[team] for course in courses])) for team in teams)
    return Outlook(tuple(chances), tuple(map(_wait, picked)), tuple(newcomers))


def _wait(minutes: list[float]) -> Wait | None:
    ordered = sorted(minutes)
    least, middle, most = (ordered[len(ordered) * part // 4] for part in (1, 2, 3))
    return None if math.isinf(most) else Wait(least, middle, most)


def _count_late(situation: Situation, found: Sequence[float]) -> int:
    """How many of those that still have time are more likely to be late than not."""
    chances_left = zip(situation.waiting, found, strict=True)
    return sum(waiter.minutes_left > 0 and chance < EVEN for waiter, chance in chances_left)


@dataclass(frozen=True)
class Course:
    """One course of events: at which minute each waiting chat is picked up, and when somebody of
    each team is free for who comes now. Infinite where it does not happen."""

    picked: list[float]
    free: dict[str, float]


def _courses(situation: Situation, teams: Sequence[str]) -> Iterator[Course]:
    steps = len(situation.waiting) + sum(hand.free + len(hand.busy) for hand in situation.hands)
    plays = max(LEAST_PLAYS, min(PLAYS, MOST_STEPS // max(1, steps)))
    chance = random.Random(0)
    for _ in range(plays):
        yield _play(situation, teams, chance)


def _play(situation: Situation, teams: Sequence[str], chance: random.Random) -> Course:
    handling = sorted(situation.handling) or [1.0]
    queue = list(range(len(situation.waiting)))
    course = Course([math.inf] * len(queue), dict.fromkeys(teams, math.inf))
    slots = list(_slots(situation, handling, chance))
    heapq.heapify(slots)
    while slots:
        minute, who = heapq.heappop(slots)
        index = _first_for(situation, queue, who)
        if index is None:  # nobody is left for this one, who is free for a newcomer
            for team in situation.hands[who].teams or teams:
                course.free[team] = min(course.free[team], minute)
            continue
        queue.remove(index)
        course.picked[index] = minute
        free = minute + chance.choice(handling) + chance.expovariate(1 / REACTION_MINUTES)
        heapq.heappush(slots, (free, who))
    return course


def _slots(
    situation: Situation, handling: list[float], chance: random.Random
) -> Iterator[tuple[float, int]]:
    """When each slot of each specialist takes its next chat."""
    for who, hand in enumerate(situation.hands):
        for _ in range(hand.free):
            yield hand.from_minutes + chance.expovariate(1 / REACTION_MINUTES), who
        for elapsed in hand.busy:
            left = _left(handling, elapsed, chance)
            yield left + chance.expovariate(1 / REACTION_MINUTES), who


def _left(handling: list[float], elapsed: float, chance: random.Random) -> float:
    """How long a chat that lasts so long already will last: as one of those that lasted longer.

    Longer than any: what has lasted long lasts longer, as likely as not as long again (a Pareto
    distribution with exponent 1, cut off at FURTHEST_TIMES).
    """
    longer = bisect_right(handling, elapsed)
    if longer == len(handling):
        return min(1 / max(chance.random(), 1e-9) - 1, FURTHEST_TIMES) * elapsed
    return handling[chance.randrange(longer, len(handling))] - elapsed


def _first_for(situation: Situation, queue: list[int], who: int) -> int | None:
    teams = situation.hands[who].teams
    for index in queue:
        if not teams or situation.waiting[index].team_id in teams:
            return index
    return None


def _join_by(situation: Situation) -> float | None:
    """By bisection: the later one more comes, the fewer are saved."""
    low, high = -1, FURTHEST_MINUTES // STEP_MINUTES + 1
    while high - low > 1:
        middle = (low + high) // 2
        saved = _late_with(situation, 1, middle * STEP_MINUTES) == 0
        low, high = (middle, high) if saved else (low, middle)
    return float(low * STEP_MINUTES) if low >= 0 else None


def _needed_now(situation: Situation) -> int | None:
    for extra in range(2, MOST_EXTRA + 1):
        if _late_with(situation, extra, 0) == 0:
            return extra
    return None


def _late_with(situation: Situation, extra: int, from_minutes: float) -> int:
    more = (Agent(frozenset(), situation.max_chats, (), from_minutes),) * extra
    found = look_ahead(replace(situation, hands=situation.hands + more))
    return _count_late(situation, found.chances)
