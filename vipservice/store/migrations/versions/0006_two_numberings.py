"""A number of its own for what everyone reads; running clocks are found by their chat

What a page holds counts in the numbers of before: everybody signs in again.
"""

import json
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

from vipservice.store.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PART = 1_000
MESSAGE = "kind = 'message'"
PUBLIC = "visibility = 'everyone'"


def upgrade() -> None:
    op.add_column("entry", sa.Column("public_seq", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE entry SET public_seq = counted.number FROM (SELECT chat_id, seq, row_number()"
        f" OVER (PARTITION BY chat_id ORDER BY seq) AS number FROM entry WHERE {PUBLIC}) AS counted"
        " WHERE counted.chat_id = entry.chat_id AND counted.seq = entry.seq"
    )
    op.create_index("uq_entry_chat_id_public_seq", "entry", ["chat_id", "public_seq"], unique=True)
    count = (
        f"(SELECT count(*) FROM entry WHERE chat_id = chat.id AND {PUBLIC} AND seq <= chat.{{}})"
    )
    for column in ("last_public_seq", "requester_read_seq", "centre_read_seq"):
        op.execute(f"UPDATE chat SET {column} = {count.format(column)}")
    _label_files()
    _seal_entries()
    said = "(SELECT coalesce(max(public_seq), 0) FROM entry WHERE chat_id = chat.id AND {})"
    op.add_column("chat", _counting("last_said_seq"))
    op.add_column("chat", _counting("amended"))
    op.execute(f"UPDATE chat SET last_said_seq = {said.format(MESSAGE)}")
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_sla_clock_running_chat",
        "sla_clock",
        ["chat_id"],
        sqlite_where=running,
        postgresql_where=running,
    )
    op.execute("UPDATE login_session SET ended_at = CURRENT_TIMESTAMP WHERE ended_at IS NULL")


def _counting(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _seal_entries() -> None:
    """As `Entry.sealed` does, in parts."""
    op.add_column("entry", sa.Column("digest", sa.String(), nullable=False, server_default=""))
    connection = op.get_bind()
    entry = sa.table(
        "entry", sa.column("chat_id"), sa.column("seq"), sa.column("kind"), sa.column("author_id"),
        sa.column("at", UtcDateTime()), sa.column("body"), sa.column("data", sa.JSON()),
        sa.column("digest"),
    )  # fmt: skip
    key = (entry.c.chat_id, entry.c.seq)
    seal = (
        sa.update(entry)
        .where(entry.c.chat_id == sa.bindparam("chat"), entry.c.seq == sa.bindparam("number"))
        .values(digest=sa.bindparam("sealed"))
    )
    after = ("", 0)
    while True:
        some = sa.select(entry).where(sa.tuple_(*key) > after).order_by(*key).limit(PART)
        rows = connection.execute(some).all()
        if not rows:
            return
        sealed = [{"chat": row.chat_id, "number": row.seq, "sealed": _digest(row)} for row in rows]
        connection.execute(seal, sealed)
        after = (rows[-1].chat_id, rows[-1].seq)


def _digest(row: sa.Row[Any]) -> str:
    told = [row.kind, row.author_id, row.at.isoformat(), row.body, row.data]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _label_files() -> None:
    """What may have left already keeps its name."""
    op.add_column("attachment", sa.Column("public_seq", sa.Integer(), nullable=True))
    op.add_column("attachment", sa.Column("label", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE attachment SET public_seq = (SELECT public_seq FROM entry WHERE entry.chat_id ="
        " attachment.chat_id AND entry.seq = attachment.seq)"
    )
    connection = op.get_bind()
    label = sa.text("UPDATE attachment SET label = :label WHERE id = :id")
    for id_, seq in connection.execute(sa.text("SELECT id, seq FROM attachment")).all():
        connection.execute(label, {"label": f"{seq:03}", "id": id_})
