"""Opening and following a conversation: all that a page shows of it, read at one moment."""

from collections.abc import Sequence

from vipservice.rules.chats import State
from vipservice.rules.people import Actor
from vipservice.rules.refusals import Refusal
from vipservice.rules.routing import Capacity
from vipservice.rules.shape import Many
from vipservice.services.chats.access import chat_by_number
from vipservice.services.chats.timeline import Wanted, read_timelines
from vipservice.services.incidents.escalation import shape_incident
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
from vipservice.store.outgoing import incidents_by_chat
from vipservice.store.work import Store, Work


class Followed(TimelineShape):
    """A chat, its entries after a number of the reader's side, the last number, its incidents."""

    incidents: Many[IncidentShape]


class Opened(Followed, ExpectedPickup):
    """A conversation; what can be expected of the desk only while it waits."""

    availability: DeskShape | None


def follow(store: Store, actor: Actor, chat_id: str, after: int = 0) -> Followed:
    """What a client that has everything up to ``after`` does not have yet. Raises NotFound."""
    return store.look_together(follow_all, Wanted(actor, chat_id, after))


def follow_all(work: Work, wanted: Sequence[Wanted]) -> list[Followed | Refusal]:
    """For each what `follow` gives, or its refusal; in a few statements for all."""
    read = read_timelines(work, wanted)
    chats = {one.chat.id for one in read if not isinstance(one, Refusal)}
    incidents = incidents_by_chat(work.session, chats)

    def followed(one: Wanted, found: TimelineShape) -> Followed:
        shapes = (
            shape_incident(work, incident, found.chat, one.actor.side)
            for incident in incidents.get(one.chat_id, ())
        )
        return Followed(**dict(found), incidents=tuple(shapes))

    return [
        found if isinstance(found, Refusal) else followed(one, found)
        for one, found in zip(wanted, read, strict=True)
    ]


def followed_now(store: Store, wanted: Wanted) -> Followed:
    """What `follow` gives, at the moment that is looked at. Raises NotFound."""
    with store.read() as work:
        (found,) = follow_all(work, [wanted])
    if isinstance(found, Refusal):
        raise found
    return found


def open_conversation(
    store: Store, actor: Actor, number: str, capacity: Capacity, foretell: Foretell
) -> Opened:
    """The conversation with this number. Raises NotFound."""
    with store.moment():
        chat_id = chat_by_number(store, actor, number)
        read = followed_now(store, Wanted(actor, chat_id))
        desk = desk_now(store, capacity) if read.chat.state is State.WAITING else None
    outlook = outlook_of(desk, foretell) if desk else None
    return Opened(
        **dict(read), chat_id=chat_id,
        availability=availability_of(desk, outlook) if desk else None,
        expected_at=expected_of(desk, outlook).get(chat_id) if desk else None,
    )  # fmt: skip
