"""Who is there and since when is kept, and what the service does with a chat by itself

``left_at`` marks a specialist whose chats must still be visited: whoever does that can be cut off,
and goes on.
"""

import sqlalchemy as sa
from alembic import op

from vipservice.store.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("specialist_presence", sa.Column("until", UtcDateTime(), nullable=True))
    op.add_column("specialist_presence", sa.Column("left_at", UtcDateTime(), nullable=True))
    op.add_column(
        "specialist_presence",
        sa.Column("for_good", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "presence_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("status", _words("presence", "available", "away", "offline"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_presence_change_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_change")),
    )
    op.create_index("ix_presence_change_person_id", "presence_change", ["person_id"])
    op.create_index("ix_presence_change_at", "presence_change", ["at"])
    op.create_table(
        "chat_plan",
        sa.Column("chat_id", sa.String(), nullable=False),
        sa.Column("step", _words("step", "return", "remind", "close"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_chat_plan_chat_id")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat_plan")),
    )
    op.create_index("ix_chat_plan_at", "chat_plan", ["at"])


def downgrade() -> None:
    """Parked chats do not come back by themselves any more; how long who was there is forgotten."""
    op.drop_table("chat_plan")
    op.drop_table("presence_change")
    for name in ("for_good", "left_at", "until"):
        op.drop_column("specialist_presence", name)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=32)
