"""Simulated days at a desk: what happened, beside what the forecast had said.

The days are richer than what the forecast assumes: questions come in waves, specialists come
later, have lunch and leave, one in ten chats comes back in front of the queue, handling times
drift over the day, and people react at their own speed.
"""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from vipservice.rules.forecast import Agent, Situation, WaitingChat, look_ahead

DAY = 540
TARGET = 30
SLOTS = 2
ASK_EVERY = 10
TEAMS = ("a", "b")
MEMORY = 100
LOAD = (0.35, 0.8)
"""Share of all slots that the questions of a day would fill if they came evenly."""
MEAN_HANDLING = 14
WAVES = ((150, 40), (380, 50))


@dataclass
class Question:
    """One question of a day."""

    id: int
    team: str
    due: float
    returned: bool = False
    picked: float | None = None


@dataclass
class Worker:
    """A specialist with the hours of that day and the chats in hand: (since, until)."""

    teams: frozenset[str]
    here: list[tuple[float, float]]
    busy: list[tuple[float, float]] = field(default_factory=list)

    def is_here(self, at: float) -> bool:
        return any(start <= at < end for start, end in self.here)


@dataclass(frozen=True)
class Said:
    """What was said of a question, and whether it was picked up in time."""

    chance: float
    in_time: bool


class Day:
    """One day, minute by minute events in a heap."""

    def __init__(self, chance: random.Random, handled: list[float]) -> None:
        self.chance = chance
        self.handled = handled
        self.workers = [self._worker(n) for n in range(chance.randint(3, 7))]
        self.queue: list[Question] = []
        self.events: list[tuple[float, int, str, Question | None]] = []
        self.count = 0
        self.said: list[tuple[Question, float]] = []
        load = chance.uniform(*LOAD) * len(self.workers) * SLOTS * DAY / MEAN_HANDLING
        for _ in range(int(load)):
            at = chance.choice(
                (chance.uniform(0, DAY), chance.gauss(150, 40), chance.gauss(380, 50))
            )
            if 0 <= at < DAY:
                self._put(at, "ask", Question(len(self.events), chance.choice(TEAMS), at + TARGET))
        for minute in range(ASK_EVERY, DAY, ASK_EVERY):
            self._put(minute, "look", None)
        for worker in self.workers:
            for start, _ in worker.here:
                self._put(start, "free", None)

    def live(self) -> Iterator[Said]:
        """The day, and then what became of everything that was said."""
        while self.events:
            at, _, what, question = heapq.heappop(self.events)
            if what == "look":
                self._look(at)
                continue
            if what == "ask" and question:
                self._queue(question)
            elif what == "back" and question:
                self._queue(Question(question.id, question.team, at + TARGET, returned=True))
            elif what == "pick" and question:
                self._pick(at, question)
            self._invite(at)
        for question, said in self.said:
            yield Said(said, question.picked is not None and question.picked < question.due)

    def _worker(self, number: int) -> Worker:
        start = self.chance.choice((0.0, 0.0, 0.0, 60.0))
        lunch = self.chance.uniform(230, 300)
        end = self.chance.choice((DAY, DAY, DAY - 60.0)) + 240
        teams = frozenset(TEAMS if number % 3 == 0 else TEAMS[number % 2 :][:1])
        return Worker(teams, [(start, lunch), (lunch + 30, end)])

    def _put(self, at: float, what: str, question: Question | None) -> None:
        self.count += 1
        heapq.heappush(self.events, (at, self.count, what, question))

    def _queue(self, question: Question) -> None:
        self.queue.append(question)
        self.queue.sort(key=lambda one: (not one.returned, one.due))

    def _invite(self, at: float) -> None:
        """Everybody with a free slot turns to the first question of theirs."""
        taken: set[int] = set()
        for worker in self.workers:
            worker.busy = [chat for chat in worker.busy if chat[1] > at]
            free = SLOTS - len(worker.busy) if worker.is_here(at) else 0
            mine = [one for one in self.queue if one.team in worker.teams and one.id not in taken]
            for question in mine[:free]:
                taken.add(question.id)
                self._put(at + self.chance.lognormvariate(-0.6, 0.7), "pick", question)

    def _pick(self, at: float, question: Question) -> None:
        able = [
            worker
            for worker in self.workers
            if worker.is_here(at) and len(worker.busy) < SLOTS and question.team in worker.teams
        ]
        if question.picked is not None or question not in self.queue or not able:
            return
        question.picked = at
        self.queue.remove(question)
        drift = 1 + 0.3 * at / DAY
        lasts = self.chance.lognormvariate(2.3, 0.6) * drift
        self.chance.choice(able).busy.append((at, at + lasts))
        self.handled.append(lasts)
        self._put(at + lasts, "free", None)
        if self.chance.random() < 0.1:
            self._put(at + lasts + self.chance.uniform(5, 60), "back", question)

    def _look(self, at: float) -> None:
        if not self.queue or len(self.handled) < 20:
            return
        waiting = tuple(WaitingChat(str(one.id), one.team, one.due - at) for one in self.queue)
        hands = tuple(
            Agent(
                worker.teams,
                max(0, SLOTS - len(worker.busy)),
                tuple(at - since for since, until in worker.busy if until > at),
            )
            for worker in self.workers
            if worker.is_here(at)
        )
        situation = Situation(waiting, hands, tuple(self.handled[-MEMORY:]), SLOTS)
        still = [one for one in self.queue if one.due > at]
        told = dict(zip((one.id for one in self.queue), look_ahead(situation).chances, strict=True))
        self.said += [(one, told[one.id]) for one in still]


def simulated_days(days: int, seed: int) -> list[Said]:
    """Everything that was said on so many days, with what happened."""
    chance = random.Random(seed)
    handled: list[float] = []
    return [said for _ in range(days) for said in Day(chance, handled).live()]


@dataclass(frozen=True)
class Reliability:
    """Of what was said between two chances: how often, on average, and how often it happened."""

    low: float
    high: float
    count: int
    said: float
    happened: float


def reliability(said: list[Said], bins: int = 10) -> list[Reliability]:
    """The reliability table, without the empty lines."""
    table = []
    for index in range(bins):
        low, high = index / bins, (index + 1) / bins
        some = [one for one in said if low <= one.chance < high or (high == 1 <= one.chance)]
        if some:
            mean = sum(one.chance for one in some) / len(some)
            share = sum(one.in_time for one in some) / len(some)
            table.append(Reliability(low, high, len(some), mean, share))
    return table


def brier_skill(said: list[Said]) -> float:
    """1 − Brier score ÷ that of always saying the average: above 0 is worth something."""
    base = sum(one.in_time for one in said) / len(said)
    ours = sum((one.chance - one.in_time) ** 2 for one in said) / len(said)
    return 1 - ours / (base * (1 - base))
