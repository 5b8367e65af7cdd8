"""Many open chats beside those in which something is said: copies of them, with their clocks."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Table, insert, select

from vipservice.store.tables import Chat, Contact, Entry, SlaClock
from vipservice.store.types import new_id
from vipservice.store.work import Store

AT_A_TIME = 2_000


def fill(store: Store, chat_ids: Sequence[str], count: int) -> None:
    """Adds so many copies of these chats, in turn, each with its entries, contact and clocks."""
    with store.read() as work:
        found = [_rows(work.session, chat_id) for chat_id in chat_ids]
    for start in range(0, count, AT_A_TIME):
        numbers = range(start, min(start + AT_A_TIME, count))
        copies = [list(_copied(found[number % len(found)], number)) for number in numbers]
        with store.work() as work:
            for table in (Chat, Contact, SlaClock, Entry):
                rows = [row for one in copies for of, row in one if of is _table(table)]
                work.session.execute(insert(_table(table)), rows)


def _rows(session: Any, chat_id: str) -> list[tuple[Table, dict[str, Any]]]:
    """Everything that a chat has, by table."""
    tables = [
        (_table(Chat), "id"),
        *((_table(one), "chat_id") for one in (Contact, SlaClock, Entry)),
    ]
    return [
        (table, dict(row))
        for table, key in tables
        for row in session.execute(select(table).where(table.c[key] == chat_id)).mappings()
    ]


def _copied(
    rows: Sequence[tuple[Table, dict[str, Any]]], number: int
) -> Iterator[tuple[Table, dict[str, Any]]]:
    chat_id = new_id()
    own = {"id": chat_id, "number": f"COPY-{number}", "client_id": new_id()}
    for table, row in rows:
        yield table, row | (own if table is _table(Chat) else {"chat_id": chat_id})


def _table(table: Any) -> Table:
    found: Table = table.__table__
    return found
