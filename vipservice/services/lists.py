"""The lists of chats that people look at: what is in each now, and what changed in them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vipservice.rules.chats import IN_HAND, State
from vipservice.rules.news import ChatNews
from vipservice.rules.people import Actor, Right, Side
from vipservice.services.chats.access import list_chats, shape_chat
from vipservice.services.routing.serving import queue
from vipservice.services.shapes.chats import ChatShape
from vipservice.store.shown import summaries_of
from vipservice.store.work import Store


class ChatList(StrEnum):
    """A list of chats. ``mine``: what a specialist has in hand, or a requester asked."""

    QUEUE = "queue"
    MINE = "mine"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True)
class Place:
    """One list; ``of`` is whose it is, "" of the queue."""

    name: ChatList
    of: str
    side: Side


@dataclass
class Changes:
    """What is in a list and was not so before, and the ids of what left it."""

    changed: list[ChatShape] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


QUEUE = Place(ChatList.QUEUE, "", Side.CENTRE)


def place_of(actor: Actor, name: ChatList) -> Place:
    """The list that somebody means by a name. Raises NotAllowed."""
    if name is ChatList.QUEUE:
        actor.require(Right.ANSWER)
        return QUEUE
    if name is ChatList.MUNICIPALITY:
        actor.require(Right.ASK)
        return Place(name, actor.municipality_id or "", Side.REQUESTER)
    if not actor.may(Right.ASK):
        actor.require(Right.ANSWER)
    return Place(name, actor.id, actor.side)


def list_now(store: Store, actor: Actor, name: ChatList) -> list[ChatShape]:
    """What is in it now, for somebody who may watch it."""
    if name is ChatList.QUEUE:
        return queue(store)
    if name is ChatList.MUNICIPALITY:
        return list_chats(store, actor)
    if actor.may(Right.ANSWER):
        return list_chats(store, actor, states=IN_HAND, assignee_id=actor.id)
    return [chat for chat in list_chats(store, actor) if chat.requester.id == actor.id]


def changes_of(store: Store, news: Mapping[str, ChatNews]) -> dict[Place, Changes]:
    """What these chats changed in each list, read in one statement."""
    if not news:
        return {}
    with store.read() as work:
        chats = [shape_chat(row) for row in summaries_of(work.session, list(news))]
    found: dict[Place, Changes] = defaultdict(Changes)
    for chat in chats:
        for place in _in(chat):
            if place.side is Side.CENTRE or news[chat.id].public:
                found[place].changed.append(chat.seen_from(place.side))
        for place in _left(chat, news[chat.id]):
            found[place].removed.append(chat.id)
    return found


def _in(chat: ChatShape) -> Iterator[Place]:
    """The lists that a chat is in."""
    if chat.state is State.WAITING:
        yield QUEUE
    if chat.assignee and chat.state in IN_HAND:
        yield Place(ChatList.MINE, chat.assignee.id, Side.CENTRE)
    yield Place(ChatList.MINE, chat.requester.id, Side.REQUESTER)
    yield Place(ChatList.MUNICIPALITY, chat.municipality.id, Side.REQUESTER)


def _left(chat: ChatShape, news: ChatNews) -> Iterator[Place]:
    """The lists that it was in before, or may have been."""
    if news.waited and chat.state is not State.WAITING:
        yield QUEUE
    had = set(news.left)
    if chat.assignee and chat.state is State.CLOSED:
        had.add(chat.assignee.id)
    elif chat.assignee:
        had.discard(chat.assignee.id)
    for person_id in sorted(had):
        yield Place(ChatList.MINE, person_id, Side.CENTRE)
    for person_id in sorted(news.passed - {chat.requester.id}):
        yield Place(ChatList.MINE, person_id, Side.REQUESTER)
