"""A database of version 0003: what stood where it could be read is moved, and nothing is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import select

from vipservice.rules.chats import Visibility
from vipservice.store import migrate
from vipservice.store.tables import Chat, Entry, Incident, Outbox, RememberedAnswer
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock

EARLIER, AT = "2026-04-20 07:00:00", "2026-04-20 08:00:00"
ROWS = [
    "INSERT INTO municipality (id, name, code, facts) VALUES ('m', 'Amersfoort', '0307', '')",
    "INSERT INTO team (id, name, email) VALUES ('t', 'Team', '')",
    "INSERT INTO topic (id, name, team_id) VALUES ('o', 'BRP', 't')",
    "INSERT INTO person (id, email, name, phone, role, municipality_id, can_create_incidents,"
    " language, password_hash, demonstration) VALUES"
    " ('p', 'a@b', 'Jeroen', '', 'requester', 'm', true, 'nl', '', false),"
    " ('s', 's@b', 'Sanne', '', 'specialist', NULL, false, 'nl', '', false)",
    *(
        "INSERT INTO chat (id, number, client_id, kind, municipality_id, requester_id, topic_id,"
        " team_id, title, their_number, state, front, cycle, cycle_seq, running_clocks, last_seq,"
        " last_words, last_side, requester_read_seq, centre_read_seq, unread_requester,"
        f" unread_centre, opened_at, updated_at) VALUES ('{id_}', '{id_}', '{id_}', 'question',"
        " 'm', 'p', 'o', 't', 'x', '', 'closed', false, 1, 0, 0, 4, '', '', 4, 2, 0, 0,"
        f" '{AT}', '{AT}')"
        for id_ in ("chat-1", "chat-2")
    ),
    "INSERT INTO entry (chat_id, seq, kind, visibility, author_id, at, body, data) VALUES"
    f" ('chat-1', 1, 'message', 'everyone', 'p', '{EARLIER}', 'vraag', '{{}}'),"
    f" ('chat-1', 2, 'note', 'centre', 's', '{AT}', 'notitie', '{{}}'),"
    f" ('chat-1', 3, 'callback', 'everyone', 's', '{AT}', '',"
    ' \'{"step": "missed", "note": "klonk boos", "caller": {"id": "s", "name": "Sanne"}}\'),'
    f" ('chat-1', 4, 'flag', 'centre', NULL, '{AT}', '', '{{}}')",
    "INSERT INTO incident (id, chat_id, reference, system, state, draft, files, dropped, number,"
    " external_id, url, problem, status_words, created_by, created_at, updated_at) VALUES"
    " ('i', 'chat-1', 'vip-1', 'rt', 'created', '{}', '[]', '[]', '7', '7',"
    f" 'javascript:alert(1)', '', '', 's', '{AT}', '{AT}')",
    "INSERT INTO outbox (id, key, channel, incident_id, payload, attempts, created_at,"
    " next_attempt_at, last_problem) VALUES"
    " ('w', 'k', 'addition', 'i', '{\"chatId\": \"chat-2\", \"text\": \"regel\\n\\nVIP-2 [9]\","
    f" \"files\": [], \"transcript\": null}}', 0, '{AT}', '{AT}', ''),"
    f" ('n', 'm', 'mail', NULL, '{{}}', 0, '{AT}', '{AT}', '')",
    "INSERT INTO breaker (channel, failures, words) VALUES ('incident', 3, 'weg')",
    "INSERT INTO remembered_answer (person_id, key, request, status, body, at) VALUES"
    f" ('p', 'k', 'r', 200, '{{}}', '{AT}')",
]


@pytest.fixture
def older(bare_url: str) -> Iterator[Store]:
    """A store at version 0003 with something in each place that changes."""
    store = Store(bare_url, ManualClock("2026-04-28T08:50+02:00"))
    with store.engine.execution_options(writes=True).begin() as connection:
        command.upgrade(migrate._config(connection), "0003")
        for statement in ROWS:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    yield store
    store.close()


def test_what_leaked_is_moved_and_kept(older: Store) -> None:
    migrate.migrate(older.engine)
    with older.read() as work:
        chat = work.session.get_one(Chat, "chat-1")
        assert (chat.last_seq, chat.last_public_seq) == (5, 2)
        assert (chat.requester_read_seq, chat.centre_read_seq) == (2, 1)
        rows = work.session.exec(select(Entry).order_by(text("seq"))).all()
        assert rows[2].data == {"step": "missed", "caller": {"id": "s", "name": "Sanne"}}
        moved = rows[4]
        assert (moved.seq, moved.body, moved.author_id) == (5, "klonk boos", "s")
        assert moved.visibility is Visibility.CENTRE
        assert moved.at >= rows[3].at
        assert work.session.exec(select(RememberedAnswer)).all() == []
        other: Any = work.session.get_one(Chat, "chat-2")
        assert (other.last_public_seq, other.centre_read_seq) == (0, 0)


def test_what_waits_keeps_its_system_and_says_whom_it_is_for(older: Store) -> None:
    migrate.migrate(older.engine)
    with older.read() as work:
        incident = work.session.get_one(Incident, "i")
        assert (incident.url, incident.internal_files, incident.gone_at) == ("", [], None)
        waiting = work.session.get_one(Outbox, "w")
        assert waiting.system == "rt"
        assert waiting.payload == {
            "chatId": "chat-2", "text": "regel", "mark": "VIP-2 [9]", "internal": True,
            "files": [], "transcript": None,
        }  # fmt: skip
        assert work.session.get_one(Outbox, "n").system == ""
    migrate.migrate(older.engine)


def test_when_something_was_last_said_is_known_of_every_chat(older: Store) -> None:
    migrate.migrate(older.engine)
    with older.read() as work:
        talked, silent = (work.session.get_one(Chat, id_) for id_ in ("chat-1", "chat-2"))
    assert (talked.last_said_at.hour, talked.last_at.hour) == (7, 8)
    assert silent.last_said_at == silent.last_at == silent.opened_at
