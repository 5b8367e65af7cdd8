"""The one way into a timeline: entries get their numbers, and who follows them follows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from vipservice.rules.chats import Visibility
from vipservice.rules.entries import AnyPayload, Flag, dump
from vipservice.rules.people import Actor
from vipservice.services.chats.counts import COUNTS
from vipservice.services.chats.timeline import shape_entry
from vipservice.services.flag_notices import NOTICES
from vipservice.services.following import Addition, Follower, Written
from vipservice.services.shapes.chats import EntryShape
from vipservice.services.sla.clocks import CLOCKS
from vipservice.store.bulk import keep
from vipservice.store.plain import fresh
from vipservice.store.tables import Chat, Entry
from vipservice.store.work import Work

FOLLOWERS: tuple[Follower[Any], ...] = (CLOCKS, COUNTS, NOTICES)
"""Who follows, in this order, in the transaction of the entry: contacts go with their clocks."""


def append(
    work: Work,
    chat: Chat,
    author: Actor | None,
    payload: AnyPayload,
    client_id: str | None = None,
) -> EntryShape:
    """Adds the next entry to a locked chat's timeline; its public shape."""
    return append_many(work, [Addition(chat, author, payload, client_id)])[-1]


def flag_overdue(work: Work, chats: Sequence[Chat], expected: Mapping[str, datetime]) -> int:
    """An entry for each level that a clock of these locked chats has reached; how many.

    ``expected`` says when a chat is likely to be picked up now.
    """
    return len(append_many(work, (), chats, expected))


def append_many(
    work: Work,
    additions: Sequence[Addition],
    also: Sequence[Chat] = (),
    expected: Mapping[str, datetime] | None = None,
) -> list[EntryShape]:
    """Adds entries to the timelines of locked chats; the public shapes of all that was written.

    What the clocks of these chats, and of ``also``, had reached before it comes first.
    """
    chats = list({chat.id: chat for chat in (*also, *(one.chat for one in additions))}.values())
    told, states = list(additions), []
    for follower in FOLLOWERS:
        state = follower.read(work, chats, told)
        told = [*follower.before(state, work.now), *told]
        states.append(state)
    if expected:
        told = [_foretold(one, expected) for one in told]
    written = [_write(work, one) for one in told]
    keep(work.session, [one.entry for one in written])
    for follower, state in zip(FOLLOWERS, states, strict=True):
        keep(work.session, list(follower.follow(state, written)))
    return [_shape(*pair) for pair in zip(told, written, strict=True)]


def _foretold(one: Addition, expected: Mapping[str, datetime]) -> Addition:
    """A flag says when it is expected now, where that is known."""
    at = expected.get(one.chat.id)
    if at is None or not isinstance(one.payload, Flag):
        return one
    return one._replace(payload=one.payload.model_copy(update={"expected_at": at}))


def _write(work: Work, one: Addition) -> Written:
    chat, payload = one.chat, one.payload
    chat.last_seq += 1
    chat.last_at = work.now
    entry = fresh(
        Entry,
        chat_id=chat.id,
        seq=chat.last_seq,
        kind=payload.kind,
        visibility=payload.visibility,
        author_id=one.author.id if one.author else None,
        at=work.now,
        body=payload.body,
        data=dump(payload),
        client_id=one.client_id,
    )
    entry.digest = entry.sealed()
    if entry.visibility is Visibility.EVERYONE:
        chat.last_public_seq += 1
        entry.public_seq, chat.updated_at = chat.last_public_seq, work.now
    return Written(chat, entry, payload)


def _shape(one: Addition, written: Written) -> EntryShape:
    name, role = (one.author.name, one.author.role) if one.author else (None, None)
    return shape_entry(written.entry, name, role, payload=written.payload)
