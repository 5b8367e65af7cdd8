"""Whether a message costs the same among much: `make bench`.

Late in a long chat, among many open chats, and while a country looks on: each beside the same
without it, in turns, on each database. A ratio is to what is without.
"""

import asyncio
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.contenders import (
    Contender,
    Running,
    on_postgres,
    on_sqlite,
    ours,
    running,
)
from tests.benchmarks.load import Load
from tests.benchmarks.message_path import ROUNDS, Row, measure
from tests.benchmarks.online import REQUESTERS, Crowded
from tests.benchmarks.processes import CLIENT, pin
from tests.support import postgres

CONVERSATIONS = 50
FEW, LONG = 10, 10_000
"""Conversations in which so much has been said; more would take an hour to write."""
CHATS = 100_000
GOAL = 1.3
Place = Callable[[Path], str]
PLACES: dict[str, Place] = {"SQLite FULL": on_sqlite}
if postgres.is_there():
    PLACES["PostgreSQL"] = on_postgres


def long(name: str, place: Place) -> list[Row]:
    """Chats of ten messages, and of ten thousand."""
    return _beside(name, place, FEW, {"said": LONG})


def many(name: str, place: Place) -> list[Row]:
    """Fifty open chats, and a hundred thousand more."""
    return _beside(name, place, CONVERSATIONS, {"others": CHATS})


def online(name: str, place: Place) -> list[Row]:
    """The same people, without and with their pages open."""
    some = Contender(name, ours(place), place is on_postgres)
    with running(some, REQUESTERS) as alone, running(some, REQUESTERS) as among:
        talking, crowd = alone.seats[:CONVERSATIONS], among.seats[CONVERSATIONS:]
        return _measured([
            Row(some, alone, Load(alone.url, talking)),
            Row(some, among, Crowded(among.url, among.seats[:CONVERSATIONS], crowd)),
        ])  # fmt: skip


CASES = {
    "after 10,000 messages": long,
    "among 100,000 open chats": many,
    "while 1,300 look on": online,
}


def _beside(name: str, place: Place, count: int, more: dict[str, int]) -> list[Row]:
    others = place is on_postgres
    with (
        running(Contender(name, ours(place), others), count) as first,
        running(Contender(name, ours(place, **more), others), count) as second,
    ):
        return _measured([_row(name, one, others, count) for one in (first, second)])


def _row(name: str, one: Running, others: bool, count: int) -> Row:
    return Row(Contender(name, ours(on_sqlite), others), one, Load(one.url, one.seats[:count]))


def _measured(rows: Sequence[Row]) -> list[Row]:
    asyncio.run(measure(rows, ROUNDS))
    return [*rows]


def _cost(row: Row) -> float:
    """Milliseconds a message; of PostgreSQL, which both share, only what falls in its own turns."""
    if row.contender.on_postgres:
        return row.in_turns / row.said * 1e3
    return statistics.median(row.costs)


def lines(wanted: Sequence[str]) -> Iterator[str]:
    """One for each case whose name has one of these words, and each database."""
    for case, rows in CASES.items():
        if not wanted or any(word in case for word in wanted):
            for name, place in PLACES.items():
                first, second = map(_cost, rows(name, place))
                yield (f"{name:12} {case:26}{first:8.3f} ms a message without, {second:.3f} with: "
                       f"{second / first:.2f} times (wanted at most {GOAL})")  # fmt: skip


if __name__ == "__main__":
    pin(CLIENT)
    for line in lines(sys.argv[1:]):
        print(line, flush=True)
