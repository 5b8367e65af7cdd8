"""The order of locks, watched while something happens, so that no two can block each other."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

ORDER = ("outbox", "breaker", "incident", "chat", "person", "specialist_presence", "municipality")
"""As ARCHITECTURE says it. SQLite has one lock for all."""
_LOCKS = re.compile(r"FROM (\w+)\b.*FOR (?:NO KEY )?UPDATE", re.DOTALL)


class Locks:
    """What each transaction has locked, and whatever came out of order."""

    def __init__(self) -> None:
        self.held: dict[int, list[tuple[str, str]]] = defaultdict(list)
        self.seen: set[str] = set()
        self.wrong: set[tuple[str, ...]] = set()

    def begin(self, connection: Connection) -> None:
        """Nothing is held yet."""
        self.held[id(connection)] = []

    def execute(self, connection: Connection, _cursor: Any, sql: str, given: Any, *_: Any) -> None:
        """Takes in a lock; the same rows again are no new one."""
        found = _LOCKS.search(sql)
        if not found:
            return
        lock, held = (found[1], str(given)), self.held[id(connection)]
        self.seen.add(found[1])
        if lock not in held and held and _rank(lock) < _rank(held[-1]):
            self.wrong.add((*(one[0] for one in held), lock[0]))
        held.append(lock)


def _rank(lock: tuple[str, str]) -> tuple[int, str]:
    """Rows of one table in the order of their ids."""
    return ORDER.index(lock[0]) if lock[0] in ORDER else -1, lock[1]


@contextmanager
def watched(engine: Engine) -> Iterator[Locks]:
    """The locks that are taken meanwhile."""
    locks = Locks()
    listeners = (("begin", locks.begin), ("before_cursor_execute", locks.execute))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    yield locks
    for name, listener in listeners:
        event.remove(engine, name, listener)
