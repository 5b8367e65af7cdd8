"""What a message costs does not grow with its chat: as many statements, as few rows."""

from functools import partial

import pytest
from sqlalchemy import event

from tests.support.counting import Counted, talk
from tests.support.recording import picked_up
from tests.support.sizes import size
from vipservice.rules.entries import Message
from vipservice.services.chats.appending import append_many
from vipservice.services.chats.locking import lock_chat
from vipservice.services.following import Addition
from vipservice.testing.world import World

LATE = size(2000, 200)


@pytest.mark.parametrize("who", ["jeroen", "sanne"])
def test_a_message_costs_the_same_late_in_a_long_chat(world: World, who: str) -> None:
    chat_id, counted = picked_up(world, "Hoe werkt dit?"), Counted(world)
    other = {"jeroen": "sanne", "sanne": "jeroen"}[who]
    costs = []
    for upto in (20, LATE):
        talk(world, chat_id, upto)
        world.say(other, chat_id, "En hoe dan?")
        cost = counted.of(lambda: world.say(who, chat_id, "Zo."))
        costs.append((cost.statements, cost.rows))
    assert costs[0] == costs[1]
    assert costs[0][1] <= 3


@pytest.mark.parametrize("who", ["jeroen", "sanne"])
def test_a_message_needs_no_contact(world: World, who: str) -> None:
    """That an answer is waited for stands in the chat, which it locks anyway."""
    chat_id, asked = picked_up(world, "Hoe werkt dit?"), list[str]()
    other = {"jeroen": "sanne", "sanne": "jeroen"}[who]
    world.say(other, chat_id, "En hoe dan?")

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(world.store.engine, "before_cursor_execute", note)
    world.say(who, chat_id, "Zo.")
    assert any("sla_clock" in one for one in asked)
    assert not any("contact" in one for one in asked)


def test_many_chats_at_once_cost_as_few_questions_as_one(world: World) -> None:
    """What followers need is read for all together; only locks and rows are each its own."""
    chats = [picked_up(world, "Hoe werkt dit?") for _ in range(9)]
    counted, costs = Counted(world), []
    for some in (chats[:1], chats[1:]):
        with world.store.work() as work:
            locked = [lock_chat(work, one) for one in some]
            added = [Addition(one, world.sanne, Message(body="Zo.")) for one in locked if one]
            costs.append(counted.of(partial(append_many, work, added)).statements)
    assert costs[0] == costs[1] <= 6
