"""A database of version 0005, with every kind of entry, tells the same at this version."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from tests.support import older
from tests.support.clock import ManualClock
from vipservice.rules.chats import EntryKind
from vipservice.services.reports.figures import rebuild
from vipservice.services.sla.replay import verify
from vipservice.store import migrate
from vipservice.store.figures import figure
from vipservice.store.tables import Entry
from vipservice.store.work import Store


@pytest.fixture
def earlier(bare_url: str) -> Iterator[Store]:
    """A store at version 0005."""
    store = Store(bare_url, ManualClock("2026-04-28T08:50+02:00"))
    older.fill(store)
    yield store
    store.close()


def figures(store: Store) -> list[Any]:
    with store.read() as work:
        return sorted(tuple(row) for row in work.session.execute(figure.select()))


def test_ledger_and_figures_are_the_same_before_and_after(earlier: Store) -> None:
    before = figures(earlier)
    assert len(before) == len(older.ROWS["figure"])
    migrate.migrate(earlier.engine)
    assert list(verify(earlier)) == []
    rebuild(earlier, per_specialist=False)
    assert figures(earlier) == before


def test_every_entry_is_read_as_what_it_was(earlier: Store) -> None:
    migrate.migrate(earlier.engine)
    with earlier.read() as work:
        entries = work.session.exec(select(Entry)).all()
    assert {entry.kind for entry in entries} == set(EntryKind)
    stored = {(row["chat_id"], row["seq"]): row for row in older.ROWS["entry"]}
    for entry in entries:
        row, told = stored[entry.chat_id, entry.seq], entry.payload
        assert (told.kind, told.body) == (row["kind"], row["body"])
        assert told.visibility == row["visibility"]
        missing = _said(row["data"]) - _said(told.public())
        assert not missing, (entry.kind, missing)


def _said(value: Any) -> set[str]:
    """Every word and number in a document; an instant in one notation."""
    if isinstance(value, dict):
        return {word for one in value.values() for word in _said(one)}
    if isinstance(value, list):
        return {word for one in value for word in _said(one)}
    return {str(value).replace("+00:00", "Z")} - {"None"}
