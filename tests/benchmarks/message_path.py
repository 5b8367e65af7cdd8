"""CPU of the server for one message stored, acknowledged and heard: `make bench`.

Side by side in one run: the echo and a contender on one processor and the load on the other, with
the same conversations; they take turns of half a second, so that a noisy machine is noisy to both.
A ratio is to the echo of the same round. What is done later for what was said counts too, and what
is done while nothing is said: all that a server used from the first turn to the last. Shares are
counted, and set so high that nobody gets to their end.
"""

import asyncio
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.benchmarks.contenders import ECHO, Contender, Running, contenders, running
from tests.benchmarks.load import Load
from tests.benchmarks.peers import peers
from tests.benchmarks.processes import CLIENT, cpu_seconds, pin

CONVERSATIONS = (2, 50, 200)
ROUNDS, TURNS, SECONDS = 3, 8, 0.5
WARM = 1.0


@dataclass
class Row:
    """What one contender needed: milliseconds a message of each round, and the rest.

    ``in_turns`` are the CPU seconds of its turns alone, for who shares a PostgreSQL with the other.
    """

    contender: Contender
    one: Running
    load: Load
    costs: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    in_turns: float = 0.0

    @property
    def said(self) -> int:
        """Messages until now."""
        return self.load.counted.messages

    def spent(self) -> float:
        """CPU seconds of the server until now."""
        return cpu_seconds(self.one.pids)

    async def talk(self) -> None:
        """Its turn."""
        before = self.spent()
        await self.load.talk(SECONDS)
        self.in_turns += self.spent() - before


def rounds(
    contender: Contender, count: int, times: int = ROUNDS, beside: Contender = ECHO
) -> list[Row]:
    """So many rounds with so many conversations: of the one beside it, and of the contender."""
    with running(beside, count) as first, running(contender, count) as other:
        rows = [
            Row(beside, first, Load(first.url, first.seats[:count], first.speaks)),
            Row(contender, other, Load(other.url, other.seats[:count], other.speaks)),
        ]
        asyncio.run(measure(rows, times))
    return rows


async def measure(rows: Sequence[Row], times: int) -> None:
    """Everybody connects; then all have their turns, some rounds of them."""
    for row in rows:
        await row.load.connect()
        await row.load.talk(WARM)
        row.load.start_counting()
    for _ in range(times):
        await _round(rows)
    for row in rows:
        row.load.close()
        assert not row.load.counted.refused, row.load.counted.refused[:3]


async def _round(rows: Sequence[Row]) -> None:
    """Both in turn, some times: how quick the machine is changes within seconds."""
    before = [(row.said, row.spent()) for row in rows]
    for _ in range(TURNS):
        for row in rows:
            await row.talk()
    for row, (said, spent) in zip(rows, before, strict=True):
        row.costs.append((row.spent() - spent) / (row.said - said) * 1e3)
        row.ratios.append(row.costs[-1] / rows[0].costs[-1])


def main() -> None:
    """Runs the rounds and prints a table for each number of conversations."""
    pin(CLIENT)
    for count in [int(one) for one in sys.argv[1:]] or CONVERSATIONS:
        print(f"\n{count} conversations, {ROUNDS} rounds of {TURNS} turns of {SECONDS:g} s")
        print(f"{'':28}{'ms a message':>14}{'spread':>16}{'÷ echo':>8}{'spread':>14}"
              f"{'a second':>10}{'p50 ms':>8}{'p99 ms':>8}{'others':>8}")  # fmt: skip
        for contender in [*contenders(), *peers()]:
            for row in rounds(contender, count):
                print(_line(row))


def _line(row: Row) -> str:
    last = row.load.counted
    costs, ratios = (f"{min(one):.2f}-{max(one):.2f}" for one in (row.costs, row.ratios))
    return (
        f"{row.contender.name:28}{statistics.median(row.costs):14.3f}{costs:>16}"
        f"{statistics.median(row.ratios):8.2f}{ratios:>14}{last.messages / last.seconds:10.0f}"
        f"{last.at(0.5):8.1f}{last.at(0.99):8.1f}{last.strays / last.messages:8.2f}"
    )


if __name__ == "__main__":
    main()
