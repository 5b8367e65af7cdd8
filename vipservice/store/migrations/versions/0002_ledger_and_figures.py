"""Ledger and figures: versions a team, clocks a turn, contacts, facts, figures, notices"""

import json

import sqlalchemy as sa
from alembic import op

from vipservice.store.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RUNNING = "ended_at IS NULL"
IDS = ("municipality_id", "topic_id", "team_id", "specialist_id")
EDGES = (*range(1, 31), 35, 40, 45, 50, 55, 60, 75, 90, 120, 180, 240, 480, "more")
MEASURES = (
    "chats", "contacts", "offered", "within", "breached", "late", "left_in_time", "picked",
    "pickup_seconds", "reply_offered", "reply_within", "callback_offered", "callback_within",
    "closed", "answered", "answered_unconfirmed", "incident", "callback", "withdrawn",
    "repeats", "answered_repeats", "handling_seconds", "parked_seconds",
    *(f"pickup_{edge}" for edge in EDGES),
)  # fmt: skip
DEFAULTS = {
    "reply": {"minutes": 60, "warn": 45},
    "callback": {"minutes": 240, "warn": 180},
    "manager_minutes": 10,
    "agreements": [],
}


def upgrade() -> None:
    _set_clocks_aside()
    _give_versions_an_author("calendar_version", team=True)
    _give_versions_an_author("policy_version", team=False)
    _put_targets_in_documents()
    _create_clocks()
    _create_contacts()
    _create_figures()
    _open_outbox()
    _create_callbacks()
    with op.batch_alter_table("chat") as batch:
        batch.add_column(
            sa.Column("running_clocks", sa.Integer, nullable=False, server_default="0")
        )
        batch.create_index(
            "ix_chat_municipality_topic_opened", ["municipality_id", "topic_id", "opened_at"]
        )
    op.execute(
        "UPDATE chat SET running_clocks = (SELECT count(*) FROM sla_clock"
        " WHERE sla_clock.chat_id = chat.id AND sla_clock.ended_at IS NULL)"
    )


def _set_clocks_aside() -> None:
    """Clocks refer to the versions that change below; SQLite can not change those meanwhile."""
    op.execute("CREATE TABLE sla_clock_before AS SELECT * FROM sla_clock")
    op.drop_table("sla_clock")


def _give_versions_an_author(table: str, *, team: bool) -> None:
    with op.batch_alter_table(table) as batch:
        if team:
            batch.add_column(sa.Column("team_id", sa.String))
            batch.create_foreign_key(batch.f(f"fk_{table}_team_id"), "team", ["team_id"], ["id"])
        else:
            batch.add_column(sa.Column("document", sa.JSON, nullable=False, server_default="{}"))
        batch.add_column(sa.Column("made_by", sa.String))
        batch.add_column(sa.Column("made_at", UtcDateTime(timezone=True)))
        batch.add_column(sa.Column("reason", sa.String, nullable=False, server_default=""))
        batch.create_foreign_key(batch.f(f"fk_{table}_made_by"), "person", ["made_by"], ["id"])


def _put_targets_in_documents() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT version, pickup_minutes, warn_minutes FROM policy_version")
    ).all()
    for version, minutes, warn in rows:
        document = DEFAULTS | {"pickup": {"minutes": minutes, "warn": warn}}
        connection.execute(
            sa.text("UPDATE policy_version SET document = :document WHERE version = :version"),
            {"document": json.dumps(document), "version": version},
        )
    with op.batch_alter_table("policy_version") as batch:
        batch.drop_column("pickup_minutes")
        batch.drop_column("warn_minutes")


def _create_clocks() -> None:
    instants = (
        "manager_at", "warned_at", "met_at", "breached_at", "manager_told_at", "ended_at",
    )  # fmt: skip
    op.create_table(
        "sla_clock",
        sa.Column("chat_id", sa.String, sa.ForeignKey("chat.id"), nullable=False),
        sa.Column("cycle", sa.Integer, nullable=False),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        *(
            sa.Column(name, UtcDateTime(timezone=True), nullable=False)
            for name in ("started_at", "warn_at", "due_at")
        ),
        *(sa.Column(name, UtcDateTime(timezone=True)) for name in instants),
        sa.Column(
            "policy_version", sa.Integer, sa.ForeignKey("policy_version.version"), nullable=False
        ),
        sa.Column(
            "calendar_version",
            sa.Integer,
            sa.ForeignKey("calendar_version.version"),
            nullable=False,
        ),
        sa.Column("team_id", sa.String, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("met_by", sa.String, sa.ForeignKey("person.id")),
        sa.PrimaryKeyConstraint("chat_id", "cycle", "target", "turn"),
    )
    names = (
        "chat_id, cycle, target, started_at, warn_at, due_at, warned_at, met_at, breached_at,"
        " ended_at, policy_version, calendar_version"
    )
    before = ", ".join(f"b.{name.strip()}" for name in names.split(","))
    op.execute(
        f"INSERT INTO sla_clock ({names}, turn, team_id)"
        f" SELECT {before}, 1, chat.team_id FROM sla_clock_before b"
        " JOIN chat ON chat.id = b.chat_id"
    )
    op.drop_table("sla_clock_before")
    for name, column, unset in (
        ("warn", "warn_at", "warned_at"),
        ("due", "due_at", "breached_at"),
        ("manager", "manager_at", "manager_told_at"),
    ):
        _index_where("sla_clock", f"running_{name}", [column], f"{RUNNING} AND {unset} IS NULL")
    _index_where("sla_clock", "running", ["target", "due_at"], RUNNING)
    op.create_index("ix_sla_clock_started", "sla_clock", ["target", "started_at"])


def _create_contacts() -> None:
    op.create_table(
        "contact",
        sa.Column("chat_id", sa.String, sa.ForeignKey("chat.id"), nullable=False),
        sa.Column("cycle", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in IDS[:3]),
        sa.Column("specialist_id", sa.String),
        sa.Column("asked", sa.Boolean, nullable=False),
        sa.Column("replies", sa.Integer, nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("handling_seconds", sa.Integer, nullable=False),
        sa.Column("parked_seconds", sa.Integer, nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True)),
        sa.Column("outcome", sa.String(32)),
        sa.Column("followed_at", UtcDateTime(timezone=True)),
        sa.PrimaryKeyConstraint("chat_id", "cycle"),
    )
    op.create_index("ix_contact_closed", "contact", ["closed_at"])
    for name, column in (("repeat", "closed_at"), ("asked", "started_at")):
        op.create_index(f"ix_contact_{name}", "contact", ["municipality_id", "topic_id", column])


def _create_figures() -> None:
    op.create_table(
        "figure_fact",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in IDS),
        sa.Column("measures", sa.JSON, nullable=False),
    )
    op.create_table(
        "figure",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("grain", sa.String(8), nullable=False),
        *(sa.Column(name, sa.String(36), nullable=False) for name in IDS),
        sa.Column("period", sa.String(13), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in MEASURES),
        sa.PrimaryKeyConstraint("kind", "grain", *IDS, "period"),
    )
    op.create_index("ix_figure_kind_grain_period", "figure", ["kind", "grain", "period"])


def _create_callbacks() -> None:
    op.create_table(
        "callback",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("chat_id", sa.String, sa.ForeignKey("chat.id"), nullable=False),
        sa.Column("cycle", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("phone", "window", "note")),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", UtcDateTime(timezone=True)),
    )
    op.create_index("ix_callback_chat_id", "callback", ["chat_id"])


def _open_outbox() -> None:
    """Beside incidents, mail and calls of the webhook."""
    op.drop_index("ix_outbox_open", "outbox")
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(
            sa.Column("channel", sa.String(32), nullable=False, server_default="incident")
        )
        batch.add_column(sa.Column("payload", sa.JSON, nullable=False, server_default="{}"))
        batch.alter_column("incident_id", existing_type=sa.String, nullable=True)
    _index_where("outbox", "open", ["channel", "next_attempt_at"], "done_at IS NULL")


def _index_where(table: str, name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        f"ix_{table}_{name}", table, columns, sqlite_where=where, postgresql_where=where
    )
