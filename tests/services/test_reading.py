"""How far somebody has read."""

from tests.support.shapes import plain
from vipservice.services.chats import access, reading
from vipservice.services.routing import serving
from vipservice.testing.world import World


def test_reading_beyond_the_end_reads_what_there_is(world: World) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 9)
    world.say("sanne", chat_id, "een")
    reading.mark_read(world.store, world.jeroen, chat_id, 2**31 - 1)
    world.say("sanne", chat_id, "twee")
    assert access.get_chat(world.store, world.jeroen, chat_id).unread == 1
    reading.mark_read(world.store, world.jeroen, chat_id, 99)
    assert access.get_chat(world.store, world.jeroen, chat_id).unread == 0


def test_the_last_change_is_what_was_said_or_done_not_that_it_was_read(world: World) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 9)
    world.clock.forward(minutes=1)
    said = world.say("sanne", chat_id, "een").public()["at"]
    world.clock.forward(minutes=1)
    reading.mark_read(world.store, world.jeroen, chat_id, 99)
    assert plain(access.get_chat(world.store, world.jeroen, chat_id))["updatedAt"] == said
