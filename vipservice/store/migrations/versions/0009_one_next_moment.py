"""A running clock stands in one index with its next moment, where it stood in three

A question and its answer write a clock and end it: each index costs both. The queue's index holds
the clocks of who waits for a pick-up, and no others. What is copied into a clock from its chat,
where it is checked, and the versions, which are never taken away, refer no longer: each cost as
much as an index. None of all clocks begins with the target:
PostgreSQL took it for the way to one clock, as long as there were few.
"""

import sqlalchemy as sa
from alembic import op

from vipservice.store.types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

REFERRED = {
    "policy_version": ("policy_version", "version"),
    "calendar_version": ("calendar_version", "version"),
    "team_id": ("team", "id"),
    "met_by": ("person", "id"),
}
MOMENTS = (
    ("warn_at", "warned_at"),
    ("due_at", "breached_at"),
    ("manager_at", "manager_told_at"),
)
OF_ALL = (
    ("ix_sla_clock_running_warn", "warn_at", "ended_at IS NULL AND warned_at IS NULL"),
    ("ix_sla_clock_running_due", "due_at", "ended_at IS NULL AND breached_at IS NULL"),
    ("ix_sla_clock_running_manager", "manager_at", "ended_at IS NULL AND manager_told_at IS NULL"),
)


def upgrade() -> None:
    op.add_column("sla_clock", sa.Column("next_at", UtcDateTime(), nullable=True))
    for at, reached in MOMENTS:
        op.execute(
            f"UPDATE sla_clock SET next_at = {at} WHERE ended_at IS NULL AND {reached} IS NULL"
            f" AND {at} IS NOT NULL AND (next_at IS NULL OR {at} < next_at)"
        )
    for name, *_ in OF_ALL:
        op.drop_index(name, "sla_clock")
    op.drop_index("ix_sla_clock_running", "sla_clock")
    op.drop_index("ix_sla_clock_started", "sla_clock")
    with op.batch_alter_table("sla_clock") as batch:
        for column in REFERRED:
            batch.drop_constraint(f"fk_sla_clock_{column}", type_="foreignkey")
    op.create_index("ix_sla_clock_started_at", "sla_clock", ["started_at"])
    _index("ix_sla_clock_next", ["next_at"], "next_at IS NOT NULL")
    _index("ix_sla_clock_waiting", ["target", "due_at"], "ended_at IS NULL AND target = 'pickup'")


def downgrade() -> None:
    op.drop_index("ix_sla_clock_waiting", "sla_clock")
    op.drop_index("ix_sla_clock_next", "sla_clock")
    op.drop_index("ix_sla_clock_started_at", "sla_clock")
    op.create_index("ix_sla_clock_started", "sla_clock", ["target", "started_at"])
    _index("ix_sla_clock_running", ["target", "due_at"], "ended_at IS NULL")
    for name, column, condition in OF_ALL:
        _index(name, [column], condition)
    with op.batch_alter_table("sla_clock") as batch:
        batch.drop_column("next_at")
        for column, (table, key) in REFERRED.items():
            batch.create_foreign_key(f"fk_sla_clock_{column}", table, [column], [key])


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "sla_clock", columns, sqlite_where=where, postgresql_where=where)
