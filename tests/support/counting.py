"""What the database of a world is asked while somebody acts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from vipservice.services.chats import timeline
from vipservice.store.tables import Contact, SlaClock
from vipservice.testing.world import World

LEDGER = (SlaClock, Contact)


@dataclass
class Cost:
    """Statements, transactions, rows of the ledger that are read, and processor time (ms)."""

    statements: int = 0
    transactions: int = 0
    rows: int = 0
    spent: float = 0


class Counted:
    """Counts what a world's database does."""

    def __init__(self, world: World) -> None:
        self.engine, self.cost = world.store.engine, Cost()

    def of(self, act: Callable[[], object]) -> Cost:
        """What it costs, with what is told of it."""
        self.cost, heard = Cost(), self._heard()
        for target, name, listener in heard:
            event.listen(target, name, listener)
        started = time.process_time()
        try:
            act()
        finally:
            self.cost.spent = (time.process_time() - started) * 1000
            for target, name, listener in heard:
                event.remove(target, name, listener)
        return self.cost

    def _heard(self) -> list[tuple[Any, str, Callable[..., None]]]:
        return [
            (self.engine, "before_cursor_execute", self._ran),
            (self.engine, "begin", self._began),
            *((table, "load", self._loaded) for table in LEDGER),
        ]

    def _ran(self, *_: Any) -> None:
        self.cost.statements += 1

    def _began(self, *_: Any) -> None:
        self.cost.transactions += 1

    def _loaded(self, *_: Any) -> None:
        self.cost.rows += 1


def talk(world: World, chat_id: str, upto: int) -> None:
    """Question and answer in turns, up to so many messages: each pair has a reply clock."""
    said = timeline.read_timeline(world.store, world.sanne, chat_id).last_seq
    for number in range(said, upto):
        world.say("jeroen" if number % 2 else "sanne", chat_id, "En hoe dan?")
