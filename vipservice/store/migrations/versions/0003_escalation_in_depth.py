"""Escalation: files, additions, progress, several chats an incident, words to search, breakers"""

import sqlalchemy as sa
from alembic import op

from vipservice.store.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _open_incidents()
    _create_additions()
    _create_attachments()
    _create_words()
    with op.batch_alter_table("chat") as batch:
        batch.add_column(_text("their_number"))
        batch.create_index("ix_chat_their_number", ["their_number"])
    with op.batch_alter_table("municipality") as batch:
        batch.add_column(_text("facts"))
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("created_at", UtcDateTime(timezone=True)))
    op.execute("UPDATE outbox SET created_at = next_attempt_at")
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("created_at", existing_type=UtcDateTime(timezone=True), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False, server_default="")


def _open_incidents() -> None:
    """What was made already is asked after from now on."""
    with op.batch_alter_table("incident") as batch:
        batch.add_column(sa.Column("files", sa.JSON, nullable=False, server_default="[]"))
        batch.add_column(sa.Column("dropped", sa.JSON, nullable=False, server_default="[]"))
        batch.add_column(_text("external_id"))
        batch.add_column(_text("status_words"))
        batch.add_column(sa.Column("progress", sa.String(32)))
        batch.add_column(sa.Column("done_at", UtcDateTime(timezone=True)))
        batch.add_column(sa.Column("next_poll_at", UtcDateTime(timezone=True)))
    where = sa.text("next_poll_at IS NOT NULL")
    op.create_index(
        "ix_incident_polled", "incident", ["next_poll_at"],
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip
    op.execute("UPDATE incident SET next_poll_at = updated_at WHERE state = 'created'")


def _create_additions() -> None:
    op.create_table(
        "added_chat",
        sa.Column("incident_id", sa.String, sa.ForeignKey("incident.id"), primary_key=True),
        sa.Column("chat_id", sa.String, sa.ForeignKey("chat.id"), primary_key=True),
        sa.Column("added_by", sa.String, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_added_chat_chat_id", "added_chat", ["chat_id"])
    op.create_table(
        "breaker",
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", UtcDateTime(timezone=True)),
        sa.Column("rests_until", UtcDateTime(timezone=True)),
        _text("words"),
    )


def _create_attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("chat_id", sa.String, sa.ForeignKey("chat.id"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("name", "media_type", "sha256")),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_attachment_chat_id", "attachment", ["chat_id"])


def _create_words() -> None:
    """Full-text search, by what each database has for it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE incident_text USING fts5("
            "incident_id UNINDEXED, words, tokenize = 'unicode61 remove_diacritics 2')"
        )
        return
    op.execute("CREATE TABLE incident_text (incident_id varchar PRIMARY KEY, words text NOT NULL)")
    op.execute(
        "CREATE INDEX ix_incident_text_words ON incident_text"
        " USING gin (to_tsvector('dutch', words))"
    )
