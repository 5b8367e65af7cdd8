"""Rooms are joined after the right to read was checked, and by nobody else."""

from typing import Any

from tests.support.service import service_of
from vipservice.live.broadcast import Broadcast
from vipservice.live.connections import Connections
from vipservice.live.handlers import Handlers
from vipservice.store.types import new_id
from vipservice.testing.world import World


class RecordingServer:
    """Stands where the python-socketio server stands; remembers who joined what."""

    def __init__(self) -> None:
        self.events: dict[str, Any] = {}
        self.joined: list[tuple[str, str]] = []

    def on(self, name: str, handler: Any) -> None:
        self.events[name] = handler

    def enter_room(self, sid: str, room: str) -> None:
        self.joined.append((sid, room))

    def leave_room(self, sid: str, room: str) -> None:
        """Too late: what was said meanwhile has been heard."""

    def emit(self, *_: Any, **__: Any) -> None:
        """Nobody listens."""


def joined_by(world: World, who: str, chat_id: str) -> list[str]:
    server, connections, service = RecordingServer(), Connections(), service_of(world.store)
    Handlers(server, service, connections, Broadcast(server, service, connections))
    connections.add("sid", world.actors[who])
    server.events["subscribe"]("sid", {"chatId": chat_id, "after": 0})
    return [room for _, room in server.joined]


def test_a_stranger_is_never_in_the_room_not_even_for_a_moment(world: World) -> None:
    chat_id = world.ask("jeroen")
    for strange in (chat_id, f"{chat_id}:centre", new_id()):
        assert joined_by(world, "klarinda", strange) == []
        assert joined_by(world, "peter", strange) == []


def test_each_side_has_a_room_of_its_own(world: World) -> None:
    chat_id = world.ask("jeroen")
    assert joined_by(world, "samira", chat_id) == [f"chat:{chat_id}:requester"]
    assert joined_by(world, "sanne", chat_id) == [f"chat:{chat_id}:centre"]
