"""CPU of the server for one message stored, acknowledged and heard: `make bench`.

Side by side in one run, each contender on one processor and the load on the other, all with the
same conversations; they take turns, so that a noisy machine is noisy to all. A ratio is to the
echo of the same round. Shares are counted, and set so high that nobody gets to their end.
"""

import asyncio
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.benchmarks.contenders import ECHO, Contender, contenders, running
from tests.benchmarks.load import Counted, load
from tests.benchmarks.processes import CLIENT, cpu_seconds, pin

CONVERSATIONS = (2, 50, 200)
ROUNDS = 3
SECONDS = 4.0


@dataclass
class Row:
    """What one contender needed: milliseconds a message of each round, and the rest."""

    contender: Contender
    costs: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    last: Counted = field(default_factory=Counted)


def measure(contender: Contender, count: int, seconds: float = SECONDS) -> tuple[Counted, float]:
    """One round of one contender: what happened, and milliseconds of CPU a message."""
    with running(contender, count) as one:
        counted, spent = asyncio.run(
            load(one.url, one.seats[:count], seconds, lambda: cpu_seconds(one.pids))
        )
    assert not counted.refused, counted.refused[:3]
    assert counted.messages, f"{contender.name} passed nothing on"
    return counted, spent / counted.messages * 1e3


def rounds(
    wanted: Sequence[Contender], count: int, times: int = ROUNDS, seconds: float = SECONDS
) -> list[Row]:
    """So many rounds with so many conversations; the echo is in each."""
    rows = [Row(one) for one in wanted]
    for _ in range(times):
        base = 0.0
        for row in rows:
            row.last, cost = measure(row.contender, count, seconds)
            base = cost if row.contender is ECHO else base
            row.costs.append(cost)
            row.ratios.append(cost / base)
    return rows


def main() -> None:
    """Runs the rounds and prints a table for each number of conversations."""
    pin(CLIENT)
    for count in [int(one) for one in sys.argv[1:]] or CONVERSATIONS:
        print(f"\n{count} conversations, {ROUNDS} rounds of {SECONDS:g} s")
        print(f"{'':28}{'ms a message':>14}{'spread':>16}{'÷ echo':>8}{'spread':>14}"
              f"{'a second':>10}{'p50 ms':>8}{'p99 ms':>8}{'others':>8}")  # fmt: skip
        for row in rounds(contenders(), count):
            print(_line(row))


def _line(row: Row) -> str:
    last = row.last
    costs, ratios = (f"{min(one):.2f}-{max(one):.2f}" for one in (row.costs, row.ratios))
    return (
        f"{row.contender.name:28}{statistics.median(row.costs):14.3f}{costs:>16}"
        f"{statistics.median(row.ratios):8.2f}{ratios:>14}{last.messages / last.seconds:10.0f}"
        f"{last.at(0.5):8.1f}{last.at(0.99):8.1f}{last.strays / last.messages:8.2f}"
    )


if __name__ == "__main__":
    main()
