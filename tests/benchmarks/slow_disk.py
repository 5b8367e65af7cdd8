"""A disk that takes 10 ms more at each wait for it.

`python -m tests.benchmarks.slow_disk [ROUNDS [RATE]]`; it needs two processors, as load and server
share one badly: without those only the share means anything.

Messages a second of 200 conversations at saturation, slowed beside not slowed in the same round;
and with RATE messages a second that come whether the ones before are answered or not, how long an
acknowledgement takes, counted from when its message should have been sent.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.contenders import Contender, Running, Started, on_sqlite, ours, running
from tests.benchmarks.load import Counted, load
from tests.benchmarks.paced import paced
from tests.benchmarks.processes import CLIENT, SERVER, pin, with_children
from tests.support.cluster import cluster, programs
from tests.support.disk import slowed

MILLISECONDS = 10
CONVERSATIONS, SECONDS = 200, 5.0
RATE = 500.0
"""Messages a second."""
SHARE, P99 = 0.85, 60.0
"""What is wanted: of the messages a second that are passed on unslowed, and milliseconds."""
ROUNDS = 3
SEGMENT = 256
"""Megabytes: a cluster that has run for hours has files of its log to use again, and makes none."""


@dataclass(frozen=True)
class Measured:
    """Of one contender: at saturation, and paced."""

    full: Counted
    paced: Counted

    @property
    def pace(self) -> float:
        """Messages a second at saturation."""
        return self.full.messages / self.full.seconds


def measure(one: Running, rate: float) -> Measured:
    """First at saturation, then paced; nothing may be refused."""
    full = asyncio.run(load(one.url, one.seats, SECONDS))
    steady = asyncio.run(paced(one.url, one.seats, rate, SECONDS))
    assert not full.refused + steady.refused, (full.refused + steady.refused)[:3]
    return Measured(full, steady)


@contextmanager
def sqlite(slow: Mapping[str, str]) -> Iterator[Running]:
    """vipservice, and in its process SQLite, on such a disk."""
    with running(Contender("SQLite", _in(slow, ours(on_sqlite))), CONVERSATIONS) as one:
        yield one


@contextmanager
def postgresql(slow: Mapping[str, str]) -> Iterator[Running]:
    """vipservice, beside a PostgreSQL of its own on such a disk."""
    found = programs()
    assert found
    with ExitStack() as stack:
        made = stack.enter_context(cluster(found, environment=slow, segment=SEGMENT))
        for pid in with_children([made.pid]):
            pin(SERVER, pid)
        contender = Contender("PostgreSQL", ours(lambda _: made.url))
        yield stack.enter_context(running(contender, CONVERSATIONS))


def _in(
    environment: Mapping[str, str], start: Callable[[Path, int], Started]
) -> Callable[[Path, int], Started]:
    """The same, with its process in this environment."""

    def begin(folder: Path, seats: int) -> Started:
        command, own, port, found = start(folder, seats)
        return command, {**own, **environment}, port, found

    return begin


def main() -> None:
    """Prints a line for each round of each database."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else ROUNDS
    rate = float(sys.argv[2]) if sys.argv[2:] else RATE
    slow = slowed(MILLISECONDS)
    if slow is None:
        sys.exit("There is no C compiler here (cc): no disk can be slowed.")
    pin(CLIENT)
    print(f"{CONVERSATIONS} conversations; a wait for the disk takes {MILLISECONDS} ms more\n"
          f"{'':12}{'a second':>10}{'slowed':>8}{'share':>8}{'p50 ms':>10}{'slowed':>8}"
          f"{'p99 ms':>10}{'slowed':>8}   (paced: {rate:g} a second)")  # fmt: skip
    places = [("SQLite", sqlite), *([("PostgreSQL", postgresql)] if programs() else [])]
    for _ in range(rounds):
        for name, place in places:
            with place({}) as one:
                plain = measure(one, rate)
            with place(slow) as one:
                print(_line(name, plain, measure(one, rate)), flush=True)
    print(f"wanted: a share of at least {SHARE:.2f}, and slowed a p99 below {P99:g} ms")


def _line(name: str, plain: Measured, slow: Measured) -> str:
    return (
        f"{name:12}{plain.pace:10.0f}{slow.pace:8.0f}{slow.pace / plain.pace:8.2f}"
        f"{plain.paced.at(0.5):10.1f}{slow.paced.at(0.5):8.1f}"
        f"{plain.paced.at(0.99):10.1f}{slow.paced.at(0.99):8.1f}"
    )


if __name__ == "__main__":
    main()
