"""A database of version 0005, with every kind of entry, tells the same at this version."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from tests.support import older
from vipservice.rules.chats import AMENDMENTS, EntryKind
from vipservice.rules.people import Side
from vipservice.rules.routing import Step
from vipservice.services.reports.folding import rebuild
from vipservice.services.sla.replay import verify
from vipservice.store import migrate
from vipservice.store.figures import figure
from vipservice.store.queries import entries_after
from vipservice.store.tables import (
    Attachment,
    Chat,
    ChatPlan,
    Entry,
    LoginSession,
    RememberedAnswer,
)
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock

RENAMED = {"reckoned": "recalculated", "their_number": "customer_reference"}
LATER = {EntryKind.REMINDED, EntryKind.PASSED}
"""Kinds that the earlier version did not know."""


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


def test_what_waits_for_the_customer_is_planned_after_an_upgrade(earlier: Store) -> None:
    """Also what was proposed or parked before there were plans has an end."""
    with earlier.work() as work:
        work.session.execute(text("UPDATE chat SET state = 'proposed'"))
    migrate.migrate(earlier.engine)
    with earlier.read() as work:
        planned = work.session.exec(select(ChatPlan)).all()
        assert {one.chat_id for one in planned} == set(work.session.exec(select(Chat.id)).all())
        assert {one.step for one in planned} == {Step.REMIND}


def test_every_entry_is_read_as_what_it_was(earlier: Store) -> None:
    migrate.migrate(earlier.engine)
    with earlier.read() as work:
        entries = work.session.exec(select(Entry)).all()
    assert {entry.kind for entry in entries} == set(EntryKind) - AMENDMENTS - LATER
    stored = {(row["chat_id"], row["seq"]): row for row in older.ROWS["entry"]}
    for entry in entries:
        row, told = stored[entry.chat_id, entry.seq], entry.payload
        kind = RENAMED.get(row["kind"], row["kind"])
        assert (told.kind, told.body) == (kind, row["body"])
        assert entry.digest == entry.sealed()
        assert told.visibility == row["visibility"]
        missing = _said(row["data"]) - _said(told.public())
        assert not missing, (entry.kind, missing)


def test_what_is_remembered_is_given_again_as_it_would_be_answered_now(earlier: Store) -> None:
    answer = {"theirNumber": "M-1", "front": True, "entries": [{"kind": "their_number"}]}
    with earlier.engine.execution_options(writes=True).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO remembered_answer (person_id, key, request, status, body, chat_id,"
                " rights, at) SELECT id, 'k', 'r', 201, :body, '', '', '2026-04-24 08:00:00'"
                " FROM person ORDER BY id LIMIT 1"
            ),
            {"body": json.dumps(answer)},
        )
    migrate.migrate(earlier.engine)
    with earlier.read() as work:
        (row,) = work.session.exec(
            select(RememberedAnswer).where(RememberedAnswer.key == "k")
        ).all()
    assert row.body == {
        "customerReference": "M-1", "returned": True, "entries": [{"kind": "customer_reference"}],
    }  # fmt: skip


def _said(value: Any) -> set[str]:
    """Every word and number in a document; an instant in one notation."""
    if isinstance(value, dict):
        return {word for one in value.values() for word in _said(one)}
    if isinstance(value, list):
        return {word for one in value for word in _said(one)}
    return {str(value).replace("+00:00", "Z")} - {"None"}


class Killed(Exception):
    """The process dies here."""


def test_a_migration_that_is_killed_half_way_is_done_again(earlier: Store) -> None:
    statements = 0
    for fuse in range(200):
        if migrate_until(earlier, fuse):
            statements = fuse
            break
        assert not migrate.is_current(earlier.engine)
        with earlier.read() as work:
            count = work.session.execute(text("SELECT count(*) FROM entry")).scalar_one()
        assert count == len(older.ROWS["entry"])
    assert statements > 10
    assert list(verify(earlier)) == []
    with earlier.read() as work:
        chats = work.session.exec(select(Chat)).all()
        for chat in chats:
            entries = entries_after(work.session, chat.id, 0, Side.REQUESTER, 999)
            numbers = [row[0].public_seq for row in entries]
            assert numbers == list(range(1, chat.last_public_seq + 1))
            assert max(chat.requester_read_seq, chat.centre_read_seq) <= chat.last_public_seq
        files = work.session.exec(select(Attachment)).all()
        assert all(one.digest == one.sealed() for one in work.session.exec(select(Entry)))
    assert {(file.label, bool(file.public_seq)) for file in files} == {
        (f"{row['seq']:03}", row["name"] == "scherm.txt") for row in older.ROWS["attachment"]
    }


def migrate_until(store: Store, fuse: int) -> bool:
    """Migrates up to so many statements; whether that was all."""
    left = iter(range(fuse))

    def burn(*_: object) -> None:
        if next(left, None) is None:
            raise Killed

    event.listen(store.engine, "before_cursor_execute", burn)
    try:
        migrate.migrate(store.engine)
    except Killed:
        return False
    finally:
        event.remove(store.engine, "before_cursor_execute", burn)
    return True


def test_what_a_page_holds_counts_otherwise_so_everybody_signs_in_anew(earlier: Store) -> None:
    migrate.migrate(earlier.engine)
    with earlier.read() as work:
        sessions = work.session.exec(select(LoginSession)).all()
    assert sessions
    assert all(one.ended_at for one in sessions)
