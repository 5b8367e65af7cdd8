"""Kinds and columns have the names of the field; measures that came later stand in a table apart

What a page holds has other names: everybody signs in again.
"""

import json
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

from vipservice.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = {"reckoned": "recalculated", "their_number": "customer_reference"}
COLUMNS = {"front": "returned", "their_number": "customer_reference"}
FIELDS = {"front": "returned", "theirNumber": "customerReference"}
INDEXES = {
    "ix_chat_state_front_opened": (
        "ix_chat_state_returned_opened",
        "state",
        "returned",
        "opened_at",
    ),
    "ix_chat_their_number": ("ix_chat_customer_reference", "customer_reference"),
}
IDS = ("municipality_id", "topic_id", "team_id", "specialist_id")


def upgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "chat")
    for before, now in COLUMNS.items():
        op.execute(f"ALTER TABLE chat RENAME COLUMN {before} TO {now}")
    for name, *columns in INDEXES.values():
        op.create_index(name, "chat", columns)
    _rename_kinds()
    _rename_answers()
    _create_measures()
    op.execute("UPDATE login_session SET ended_at = CURRENT_TIMESTAMP WHERE ended_at IS NULL")


def _rename_kinds() -> None:
    """A row is sealed anew under its name; one whose words were erased keeps its seal."""
    connection = op.get_bind()
    entry = sa.table(
        "entry", sa.column("chat_id"), sa.column("seq"), sa.column("kind"), sa.column("author_id"),
        sa.column("at", UtcDateTime()), sa.column("body"), sa.column("data", sa.JSON()),
        sa.column("digest"),
    )  # fmt: skip
    for row in connection.execute(sa.select(entry).where(entry.c.kind.in_(KINDS))).all():
        whole = row.digest == _digest(row.kind, row)
        digest = _digest(KINDS[row.kind], row) if whole else row.digest
        connection.execute(
            sa.update(entry)
            .where(entry.c.chat_id == row.chat_id, entry.c.seq == row.seq)
            .values(kind=KINDS[row.kind], digest=digest)
        )


def _digest(kind: str, row: sa.Row[Any]) -> str:
    told = [kind, row.author_id, row.at.isoformat(), row.body, row.data]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _rename_answers() -> None:
    """What is remembered is given again as it would be answered now."""
    connection = op.get_bind()
    answer = sa.table(
        "remembered_answer", sa.column("person_id"), sa.column("key"), sa.column("body", sa.JSON())
    )
    for row in connection.execute(sa.select(answer)).all():
        connection.execute(
            sa.update(answer)
            .where(answer.c.person_id == row.person_id, answer.c.key == row.key)
            .values(body=_renamed(row.body))
        )


def _renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {FIELDS.get(name, name): _renamed(one) for name, one in value.items()}
    kind = found.get("kind")
    return found | ({"kind": KINDS[kind]} if isinstance(kind, str) and kind in KINDS else {})


def _create_measures() -> None:
    op.create_table(
        "measure",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("grain", sa.String(8), nullable=False),
        *(sa.Column(name, sa.String(36), nullable=False) for name in IDS),
        sa.Column("period", sa.String(13), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "grain", *IDS, "period", "name"),
    )
    op.create_index("ix_measure_kind_grain_period", "measure", ["kind", "grain", "period"])
