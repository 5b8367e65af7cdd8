"""Saying something in a chat: what many say at the same moment is stored together.

live/handlers.send or POST /messages -> send_message -> store/writer -> say_all -> the disk
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from vipservice.rules.chats import EntryKind, State
from vipservice.rules.entries import Message
from vipservice.rules.people import Actor, Side
from vipservice.rules.refusals import NotSignedIn, Refusal
from vipservice.rules.routing import Capacity
from vipservice.services.chats.access import access_chat, if_readable, require_writable
from vipservice.services.chats.appending import append_many
from vipservice.services.chats.locking import lock_chats
from vipservice.services.chats.messages import (
    OTHER_WORDS,
    NewMessage,
    as_before,
    said_before,
    say,
)
from vipservice.services.following import Addition
from vipservice.services.people.sessions import Held, held_by, still_current
from vipservice.services.shapes.chats import EntryShape
from vipservice.store.saying import ClientKey, entries_by_client_id
from vipservice.store.tables import Chat, Entry
from vipservice.store.work import Store, Work


class Said(NamedTuple):
    """What somebody says in a chat."""

    actor: Actor
    chat_id: str
    message: NewMessage
    capacity: Capacity

    @property
    def key(self) -> ClientKey:
        """The same again is the same."""
        return self.chat_id, self.message.client_id


def send_message(
    store: Store, actor: Actor, chat_id: str, data: NewMessage, capacity: Capacity
) -> EntryShape:
    """Stores what was said and gives the entry; the same ``client_id`` gives the same entry.

    A requester writes in their own chat, a specialist in a chat that they have. What the
    requester says in a parked chat brings it back to its specialist.
    """
    one = Said(actor, chat_id, data, capacity)
    try:
        entry = store.together(say_all, one)
    except DoesMore:
        entry = _say_alone(store, one)
    return entry.seen_from(actor.side)


def _say_alone(store: Store, one: Said) -> EntryShape:
    """In a transaction of its own: each step that it takes reads what the one before it wrote."""
    with store.work() as work:
        chat = access_chat(work, one.actor, one.chat_id, lock=True)
        known = said_before(work, chat, one.actor, one.message, EntryKind.MESSAGE)
        if known:
            return known
        require_writable(one.actor, chat)
        return say(work, chat, one.actor, one.message, one.capacity)


def say_all(work: Work, said: Sequence[Said]) -> list[EntryShape | Refusal]:
    """Stores what these say, in their order in each chat: for each its entry or its refusal.

    The refusal is DoesMore for what has to be said alone.
    """
    chats = lock_chats(work, {one.chat_id for one in said})
    current = still_current(work, (one.actor for one in said))
    known = entries_by_client_id(work.session, {one.key for one in said})
    batch = _Batch(work, current, chats, known)
    answers = [batch.take(one) for one in said]
    written = append_many(work, list(batch.fresh.values()))
    entries = dict(zip(batch.fresh, written[-len(batch.fresh) :], strict=True))
    for entry in entries.values():
        work.news.chat(entry.chat_id).said.append(entry)
    return [entries[one.key] if answer is None else answer
            for one, answer in zip(said, answers, strict=True)]  # fmt: skip


@dataclass
class _Batch:
    """What is known of all that is said at a moment, and what of it is new."""

    work: Work
    current: set[Held]
    chats: dict[str, Chat]
    known: dict[ClientKey, Entry]
    fresh: dict[ClientKey, Addition] = field(default_factory=dict)

    def take(self, one: Said) -> EntryShape | Refusal | None:
        """The answer to it; None when it is to be added with the others."""
        try:
            return self._take(one)
        except Refusal as refusal:
            return refusal

    def _take(self, one: Said) -> EntryShape | None:
        if held_by(one.actor) not in self.current:
            raise NotSignedIn
        chat = if_readable(one.actor, self.chats.get(one.chat_id))
        if isinstance(chat, Refusal):
            raise chat
        key = one.key
        known, added = self.known.get(key), self.fresh.get(key)
        if known:
            return as_before(self.work, chat, known, one.actor, one.message, EntryKind.MESSAGE)
        require_writable(one.actor, chat)
        if added:
            _require_same(added, one)
        elif _does_more(chat, one.actor):
            raise DoesMore
        else:
            words = Message(body=one.message.body)
            self.fresh[key] = Addition(chat, one.actor, words, one.message.client_id)
        return None


class DoesMore(Refusal):
    """Not together with others: it wakes a chat, or goes to engineers. Nobody is told this."""

    def __init__(self) -> None:
        super().__init__("")


def _does_more(chat: Chat, actor: Actor) -> bool:
    """Whether a message does more here than being said."""
    woken = chat.state in (State.PARKED, State.PROPOSED) and actor.side is Side.REQUESTER
    return woken or chat.state is State.CLOSED


def _require_same(added: Addition, one: Said) -> None:
    """Raises Refusal when something else came under the same client id at the same moment."""
    author = added.author.id if added.author else None
    if (author, added.payload.body) != (one.actor.id, one.message.body):
        raise Refusal(OTHER_WORDS)
