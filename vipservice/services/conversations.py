"""Opening and following a conversation: all that a page shows of it, read at one moment."""

from vipservice.rules.chats import State
from vipservice.rules.people import Actor
from vipservice.rules.routing import Capacity
from vipservice.rules.shape import Many
from vipservice.services.chats.access import chat_by_number
from vipservice.services.chats.timeline import read_timeline
from vipservice.services.incidents.escalation import list_incidents
from vipservice.services.shapes.chats import TimelineShape
from vipservice.services.shapes.clocks import ExpectedPickup
from vipservice.services.shapes.desk import DeskShape
from vipservice.services.shapes.incidents import IncidentShape
from vipservice.services.waits import (
    Foretell,
    availability_of,
    desk_now,
    expected_of,
    outlook_of,
)
from vipservice.store.work import Store


class Followed(TimelineShape):
    """A chat, its entries after a number of the reader's side, the last number, its incidents."""

    incidents: Many[IncidentShape]


class Opened(Followed, ExpectedPickup):
    """A conversation; what can be expected of the desk only while it waits."""

    availability: DeskShape | None


def follow(store: Store, actor: Actor, chat_id: str, after: int = 0) -> Followed:
    """What a client that has everything up to ``after`` does not have yet. Raises NotFound."""
    with store.moment():
        read = read_timeline(store, actor, chat_id, after)
        return Followed(**dict(read), incidents=list_incidents(store, actor, chat_id))


def open_conversation(
    store: Store, actor: Actor, number: str, capacity: Capacity, foretell: Foretell
) -> Opened:
    """The conversation with this number. Raises NotFound."""
    with store.moment():
        chat_id = chat_by_number(store, actor, number)
        read = follow(store, actor, chat_id)
        desk = desk_now(store, capacity) if read.chat.state is State.WAITING else None
    outlook = outlook_of(desk, foretell) if desk else None
    return Opened(
        **dict(read), chat_id=chat_id,
        availability=availability_of(desk, outlook) if desk else None,
        expected_at=expected_of(desk, outlook).get(chat_id) if desk else None,
    )  # fmt: skip
