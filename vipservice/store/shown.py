"""What is shown of many chats at once: summaries and entries, as plain rows."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlmodel import col

from vipservice.rules.people import Role, Side
from vipservice.store.bulk import values_of
from vipservice.store.keys import Query, among, as_keys, dialect_of
from vipservice.store.noticing import NoticingSession
from vipservice.store.plain import loaded
from vipservice.store.queries import entries, number_of, summaries
from vipservice.store.tables import Chat, Entry, SlaClock

Span = tuple[str, int, int]
"""A chat, and the first and the last number of some of its entries."""
_CHAT = len(Chat.model_fields)
_ENTRY = len(Entry.model_fields)
_NAMES = 4
"""Columns of a summary between its chat and its clock."""


class Summary(NamedTuple):
    """A chat with everything its summary shows; as `summaries` gives it."""

    chat: Chat
    municipality: str
    requester: str
    topic: str
    assignee: str | None
    pickup: SlaClock | None


@cache
def _summaries(dialect: str) -> Query:
    return summaries().where(among(dialect, [col(Chat.id)]))


@cache
def _by_key(dialect: str, side: Side) -> Query:
    return entries().where(among(dialect, [col(Entry.chat_id), number_of(side)]))


def summaries_of(session: NoticingSession, chat_ids: Sequence[str]) -> list[Summary]:
    """The summaries of these chats."""
    if not chat_ids:
        return []
    dialect = dialect_of(session)
    keys = as_keys(dialect, [(one,) for one in chat_ids])
    found = values_of(session, _summaries(dialect), keys)
    clocks = loaded(SlaClock, [row[_CHAT + _NAMES :] for row in found])
    return [
        Summary._make((chat, *row[_CHAT : _CHAT + _NAMES], clock if clock.chat_id else None))
        for chat, row, clock in zip(
            loaded(Chat, [row[:_CHAT] for row in found]), found, clocks, strict=True
        )
    ]


def entries_between(
    session: NoticingSession, spans: Sequence[Span], side: Side = Side.CENTRE
) -> list[tuple[Entry, str | None, Role | None]]:
    """(entry, author's name, author's role) in order, of these spans in a side's numbers."""
    keys = {(chat, seq): None for chat, first, last in spans for seq in range(first, last + 1)}
    if not keys:
        return []
    dialect = dialect_of(session)
    found = values_of(session, _by_key(dialect, side), as_keys(dialect, keys, 2))
    rows = loaded(Entry, [row[:_ENTRY] for row in found])
    return [(entry, *row[_ENTRY:]) for entry, row in zip(rows, found, strict=True)]
