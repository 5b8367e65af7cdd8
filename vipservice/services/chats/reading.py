"""How far somebody has read: noted of many at once, for it costs what a message costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vipservice.rules.news import Read
from vipservice.rules.people import Actor, Right, Side
from vipservice.rules.shape import Named
from vipservice.services.chats.access import may_read
from vipservice.services.chats.locking import lock_chats
from vipservice.services.chats.timeline import require_readable
from vipservice.services.people.sessions import held_by, still_current
from vipservice.store.queries import last_public, unread_after
from vipservice.store.tables import Chat
from vipservice.store.work import Store, Work


@dataclass(frozen=True)
class Reading:
    """Somebody has read a chat up to ``seq``, a number of their own side."""

    actor: Actor
    chat_id: str
    seq: int


def mark_read(store: Store, actor: Actor, chat_id: str, seq: int) -> None:
    """Notes how far somebody has read a chat. Raises NotFound when they may not read it."""
    require_readable(store, actor, chat_id)
    mark_all_read(store, [Reading(actor, chat_id, seq)])


def mark_all_read(store: Store, readings: Sequence[Reading]) -> None:
    """Notes how far those have read who must answer: the requester, or the specialist.

    What is kept is a public number: one between two of those would tell of a note. Who lost the
    right meanwhile is passed over.
    """
    if not readings:
        return
    with store.work(in_bulk=True) as work:
        chats = lock_chats(work, {one.chat_id for one in readings})
        current = still_current(work, (one.actor for one in readings))
        for one in _farthest(readings):
            chat = chats.get(one.chat_id)
            if chat and held_by(one.actor) in current and may_read(one.actor, chat):
                _note(work, chat, one)


def _farthest(readings: Iterable[Reading]) -> Iterable[Reading]:
    """Of each reader and chat only the last number."""
    found: dict[tuple[str, str], Reading] = {}
    for one in sorted(readings, key=lambda one: one.seq):
        found[one.actor.id, one.chat_id] = one
    return found.values()


def _note(work: Work, chat: Chat, one: Reading) -> None:
    side = _reading_side(chat, one.actor)
    if side is None or _read_seq(chat, side) >= chat.last_public_seq:
        return
    read = _public(work, chat, one)
    if read > _read_seq(chat, side):
        setattr(chat, f"{side}_read_seq", read)
        setattr(chat, f"unread_{side}", _unread(work, chat, side, read))
        who = Named(id=one.actor.id, name=one.actor.name)
        work.news.chat(chat.id).noted[side] = Read(side, who, read)


def _unread(work: Work, chat: Chat, side: Side, read: int) -> int:
    if read >= chat.last_public_seq:
        return 0
    return unread_after(work.session, chat.id, read, of_requester=side is Side.CENTRE)


def _public(work: Work, chat: Chat, one: Reading) -> int:
    """The public number up to a number of the reader's side; never beyond the last."""
    if one.actor.side is Side.REQUESTER:
        return min(one.seq, chat.last_public_seq)
    if one.seq >= chat.last_seq:
        return chat.last_public_seq
    return last_public(work.session, chat.id, one.seq)


def _read_seq(chat: Chat, side: Side) -> int:
    return chat.requester_read_seq if side is Side.REQUESTER else chat.centre_read_seq


def _reading_side(chat: Chat, actor: Actor) -> Side | None:
    if actor.id == chat.requester_id:
        return Side.REQUESTER
    return Side.CENTRE if actor.may(Right.ANSWER) and actor.id == chat.assignee_id else None
