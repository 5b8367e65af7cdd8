"""A number of its own for what everyone reads; running clocks are found by their chat

What a page holds counts in the numbers of before: everybody signs in again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

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
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_sla_clock_running_chat",
        "sla_clock",
        ["chat_id"],
        sqlite_where=running,
        postgresql_where=running,
    )
    op.execute("UPDATE login_session SET ended_at = CURRENT_TIMESTAMP WHERE ended_at IS NULL")


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
