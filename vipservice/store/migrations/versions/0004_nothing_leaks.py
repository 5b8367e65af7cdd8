"""What is for one stays with one: public numbers, internal files, a system for each ticket"""

import json

import sqlalchemy as sa
from alembic import op

from vipservice.store.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _number_what_is_public()
    _move_notes_out_of_callbacks()
    _name_systems()
    with op.batch_alter_table("remembered_answer") as batch:
        batch.add_column(_text("chat_id"))
        batch.add_column(_text("rights"))
    op.execute("DELETE FROM remembered_answer")  # of what they tell, and to whom, is not known


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False, server_default="")


def _number_what_is_public() -> None:
    with op.batch_alter_table("chat") as batch:
        batch.add_column(
            sa.Column("last_public_seq", sa.Integer, nullable=False, server_default="0")
        )
    last = (
        "(SELECT coalesce(max(seq), 0) FROM entry WHERE chat_id = chat.id"
        " AND visibility = 'everyone' AND seq <= {})"
    )
    op.execute(f"UPDATE chat SET last_public_seq = {last.format('chat.last_seq')}")
    for side in ("requester_read_seq", "centre_read_seq"):
        op.execute(f"UPDATE chat SET {side} = {last.format(f'chat.{side}')}")


def _move_notes_out_of_callbacks() -> None:
    """What a specialist noted of a call stood where everybody reads: it becomes a note."""
    connection = op.get_bind()
    query = sa.text("SELECT id FROM person WHERE role = 'requester'")
    requesters = set(connection.execute(query).scalars())
    entry = sa.Table("entry", sa.MetaData(), autoload_with=connection)
    rows = connection.execute(sa.select(entry).where(entry.c.kind == "callback")).mappings().all()
    for row in rows:
        data = row["data"] if isinstance(row["data"], dict) else json.loads(row["data"])
        asked = data.get("step") == "asked" and row["author_id"] in requesters
        if data.get("note") and not asked:
            note = data.pop("note")
            here = (entry.c.chat_id == row["chat_id"]) & (entry.c.seq == row["seq"])
            connection.execute(entry.update().where(here).values(data=data))
            connection.execute(entry.insert().values(_note(connection, row, note)))


def _note(connection: sa.Connection, row: sa.RowMapping, note: str) -> dict[str, object]:
    """The next entry of that chat; its time may not go back."""
    chat = {"id": row["chat_id"]}
    connection.execute(sa.text("UPDATE chat SET last_seq = last_seq + 1 WHERE id = :id"), chat)
    query = sa.text(
        "SELECT last_seq, (SELECT max(at) FROM entry WHERE chat_id = :id) AS at FROM chat"
        " WHERE id = :id"
    )
    seq, at = connection.execute(query.columns(at=UtcDateTime(timezone=True)), chat).one()
    return {
        "chat_id": row["chat_id"], "seq": seq, "kind": "note", "visibility": "centre",
        "author_id": row["author_id"], "at": at, "body": note, "data": {}, "client_id": None,
    }  # fmt: skip


def _name_systems() -> None:
    with op.batch_alter_table("incident") as batch:
        batch.add_column(sa.Column("internal_files", sa.JSON, nullable=False, server_default="[]"))
        batch.add_column(sa.Column("gone_at", UtcDateTime(timezone=True)))
    op.execute("UPDATE incident SET url = '' WHERE url NOT LIKE 'http%://%'")
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(_text("system"))
    op.execute(
        "UPDATE outbox SET system = (SELECT system FROM incident WHERE id = outbox.incident_id)"
        " WHERE incident_id IS NOT NULL"
    )
    _mark_additions()
    op.execute(
        "UPDATE incident SET next_poll_at = done_at WHERE next_poll_at IS NULL AND gone_at IS NULL"
        " AND done_at IS NOT NULL AND external_id <> ''"
    )  # asked once; what was done long ago is then left in peace
    op.drop_table("breaker")
    op.create_table(
        "breaker",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", UtcDateTime(timezone=True)),
        sa.Column("rests_until", UtcDateTime(timezone=True)),
        _text("words"),
    )


def _mark_additions() -> None:
    """What waits, or was refused, says from now on whom it is for; its mark was its last line."""
    connection = op.get_bind()
    meta = sa.MetaData()
    outbox = sa.Table("outbox", meta, autoload_with=connection)
    incident = sa.Table("incident", meta, autoload_with=connection)
    waiting = (
        sa.select(outbox.c.id, outbox.c.payload, incident.c.chat_id)
        .join(incident, incident.c.id == outbox.c.incident_id)
        .where(outbox.c.channel == "addition")
    )
    for id_, payload, chat_id in connection.execute(waiting).all():
        text, _, mark = payload["text"].rpartition("\n\n")
        changed = payload | {"text": text, "mark": mark, "internal": payload["chatId"] != chat_id}
        connection.execute(outbox.update().where(outbox.c.id == id_).values(payload=changed))
