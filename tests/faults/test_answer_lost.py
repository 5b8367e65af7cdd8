"""The answer to a message was lost; before it is sent again, the chat goes to another."""

import pytest

from vipservice.rules.refusals import NotAllowed
from vipservice.services.chats import attachments, saying
from vipservice.services.chats.messages import NewMessage
from vipservice.services.shapes.chats import EntryShape
from vipservice.store.types import new_id
from vipservice.testing.world import World


@pytest.fixture
def chat_id(world: World) -> str:
    """A chat that Sanne has."""
    asked = world.ask("jeroen")
    world.pick_up("sanne", asked)
    return asked


def lose(world: World, chat_id: str) -> None:
    """She was away for some minutes: somebody else has it, and she may still read it."""
    world.hand_over("annet", chat_id, "ilias", "Is er even niet")


def test_what_was_stored_is_not_refused_when_it_is_sent_again(world: World, chat_id: str) -> None:
    """A definite no would say that it was never stored; the requester has read it."""
    data = NewMessage(body="Dat gaat zo.", client_id=new_id())
    first = saying.send_message(world.store, world.sanne, chat_id, data, world.capacity)
    lose(world, chat_id)
    again = saying.send_message(world.store, world.sanne, chat_id, data, world.capacity)
    assert again == first


def test_a_file_that_was_stored_is_not_refused_either(world: World, chat_id: str) -> None:
    key, file = new_id(), attachments.KeptFile("a.txt", "text/plain", b"zo gaat dat")

    def send() -> EntryShape:
        return attachments.add_file(world.store, world.sanne, chat_id, file, key, world.capacity)

    first = send()
    lose(world, chat_id)
    assert send() == first


def test_anything_new_is_refused(world: World, chat_id: str) -> None:
    lose(world, chat_id)
    data = NewMessage(body="Nog iets.", client_id=new_id())
    with pytest.raises(NotAllowed):
        saying.send_message(world.store, world.sanne, chat_id, data, world.capacity)
