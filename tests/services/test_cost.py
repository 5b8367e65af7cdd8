"""What a message costs does not grow with its chat: as many statements, as few rows."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from tests.support.recording import picked_up
from tests.support.sizes import size
from tests.support.world import World
from vipservice.rules.entries import Message
from vipservice.services.chats import timeline
from vipservice.services.chats.appending import append_many
from vipservice.services.chats.locking import lock_chat
from vipservice.services.following import Addition
from vipservice.store.tables import Contact, SlaClock

LATE = size(2000, 200)


class Counted:
    """Statements that run, and rows of the ledger that are read, while somebody acts."""

    def __init__(self, world: World) -> None:
        self.world, self.statements, self.rows = world, 0, 0

    def of(self, act: Callable[[], object]) -> tuple[int, int]:
        """How many of each."""
        self.statements = self.rows = 0
        engine = self.world.store.engine
        event.listen(engine, "before_cursor_execute", self._ran)
        for table in (SlaClock, Contact):
            event.listen(table, "load", self._loaded)
        try:
            act()
        finally:
            event.remove(engine, "before_cursor_execute", self._ran)
            for table in (SlaClock, Contact):
                event.remove(table, "load", self._loaded)
        return self.statements, self.rows

    def _ran(self, *_: Any) -> None:
        self.statements += 1

    def _loaded(self, *_: Any) -> None:
        self.rows += 1


def talk(world: World, chat_id: str, upto: int) -> None:
    """Question and answer, in turns, up to so many messages: each pair has a reply clock."""
    said = timeline.read_timeline(world.store, world.sanne, chat_id).last_seq
    for number in range(said, upto):
        world.say("jeroen" if number % 2 else "sanne", chat_id, "En hoe dan?")


@pytest.mark.parametrize("who", ["jeroen", "sanne"])
def test_a_message_costs_the_same_late_in_a_long_chat(world: World, who: str) -> None:
    chat_id, counted = picked_up(world, "Hoe werkt dit?"), Counted(world)
    other = {"jeroen": "sanne", "sanne": "jeroen"}[who]
    costs = []
    for upto in (20, LATE):
        talk(world, chat_id, upto)
        world.say(other, chat_id, "En hoe dan?")
        costs.append(counted.of(lambda: world.say(who, chat_id, "Zo.")))
    assert costs[0] == costs[1]
    assert costs[0][1] <= 3


def test_many_chats_at_once_cost_as_few_questions_as_one(world: World) -> None:
    """What followers need is read for all together; only locks and rows are each its own."""
    chats = [picked_up(world, "Hoe werkt dit?") for _ in range(9)]
    counted, costs = Counted(world), []
    for some in (chats[:1], chats[1:]):
        with world.store.work() as work:
            locked = [lock_chat(work, one) for one in some]
            added = [Addition(one, world.sanne, Message(body="Zo.")) for one in locked if one]
            costs.append(counted.of(partial(append_many, work, added))[0])
    assert costs[0] == costs[1] <= 6
