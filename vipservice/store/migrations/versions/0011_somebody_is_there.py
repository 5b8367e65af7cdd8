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

IN_HAND = "('active', 'parked', 'proposed')"


def upgrade() -> None:
    op.add_column("specialist_presence", sa.Column("until", UtcDateTime(), nullable=True))
    op.add_column("specialist_presence", sa.Column("back_at", UtcDateTime(), nullable=True))
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
    op.create_index("ix_chat_client_id", "chat", ["client_id"])
    _visit_who_left_before()
    _plan_what_waits_for_the_customer()


def _visit_who_left_before() -> None:
    """Of who is not there, and of who answers no more, the chats are visited at the first start."""
    gone = "SELECT id FROM person WHERE disabled_at IS NOT NULL OR role <> 'specialist'"
    op.execute("UPDATE specialist_presence SET left_at = since WHERE status = 'offline'")
    op.execute(
        "UPDATE specialist_presence SET status = 'offline', left_at = since, for_good = true"
        f" WHERE person_id IN ({gone})"
    )
    op.execute(
        "INSERT INTO specialist_presence"
        " (person_id, status, reason, since, seen_at, left_at, for_good)"
        " SELECT assignee_id, 'offline', '', MAX(updated_at), MAX(updated_at), MAX(updated_at), true"
        f" FROM chat WHERE state IN {IN_HAND} AND assignee_id IN ({gone}) AND assignee_id NOT IN"
        " (SELECT person_id FROM specialist_presence) GROUP BY assignee_id"
    )


def _plan_what_waits_for_the_customer() -> None:
    """The reminder comes a day from now, not for all at the first start."""
    op.execute(
        "INSERT INTO chat_plan (chat_id, step, at) SELECT id, 'remind', CURRENT_TIMESTAMP FROM chat"
        " WHERE state IN ('proposed', 'parked')"
    )


def downgrade() -> None:
    """Parked chats do not come back by themselves any more; how long who was there is forgotten."""
    op.drop_index("ix_chat_client_id", "chat")
    op.drop_table("chat_plan")
    op.drop_table("presence_change")
    for name in ("for_good", "left_at", "back_at", "until"):
        op.drop_column("specialist_presence", name)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=32)
