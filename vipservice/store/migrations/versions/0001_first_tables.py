"""First tables"""

import sqlalchemy as sa
from alembic import op

import vipservice.store.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_version",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_calendar_version")),
    )
    with op.batch_alter_table("calendar_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calendar_version_valid_from"), ["valid_from"], unique=False
        )

    op.create_table(
        "counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("expires_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "login_attempts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "blocked_until", vipservice.store.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_attempts")),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("ended_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("code", name=op.f("uq_municipality_code")),
        sa.UniqueConstraint("name", name=op.f("uq_municipality_name")),
    )
    op.create_table(
        "policy_version",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("pickup_minutes", sa.Integer(), nullable=False),
        sa.Column("warn_minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_version")),
    )
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_policy_version_valid_from"), ["valid_from"], unique=False
        )

    op.create_table(
        "team",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("ended_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "requester",
                "specialist",
                "manager",
                "operator",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("municipality_id", sa.String(), nullable=True),
        sa.Column("can_create_incidents", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_person_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_municipality_id"), ["municipality_id"], unique=False
        )

    op.create_table(
        "topic",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("ended_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_topic_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("name", name=op.f("uq_topic_name")),
    )
    op.create_table(
        "chat",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("question", "problem", name="kind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("municipality_id", sa.String(), nullable=False),
        sa.Column("requester_id", sa.String(), nullable=False),
        sa.Column("topic_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("assignee_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "active",
                "parked",
                "proposed",
                "closed",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "answered",
                "answered_unconfirmed",
                "incident",
                "callback",
                "withdrawn",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("front", sa.Boolean(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("cycle_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_words", sa.String(), nullable=False),
        sa.Column("last_side", sa.String(), nullable=False),
        sa.Column("requester_read_seq", sa.Integer(), nullable=False),
        sa.Column("centre_read_seq", sa.Integer(), nullable=False),
        sa.Column("unread_requester", sa.Integer(), nullable=False),
        sa.Column("unread_centre", sa.Integer(), nullable=False),
        sa.Column("opened_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_chat_assignee_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_chat_municipality_id")
        ),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name=op.f("fk_chat_requester_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_chat_team_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_chat_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
        sa.UniqueConstraint("number", name=op.f("uq_chat_number")),
        sa.UniqueConstraint(
            "requester_id", "client_id", name=op.f("uq_chat_requester_id_client_id")
        ),
    )
    with op.batch_alter_table("chat", schema=None) as batch_op:
        batch_op.create_index("ix_chat_assignee_state", ["assignee_id", "state"], unique=False)
        batch_op.create_index(
            "ix_chat_municipality_updated", ["municipality_id", "updated_at"], unique=False
        )
        batch_op.create_index(
            "ix_chat_state_front_opened", ["state", "front", "opened_at"], unique=False
        )

    op.create_table(
        "chat_grant",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("topic_id", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_chat_grant_person_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_chat_grant_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_grant")),
    )
    with op.batch_alter_table("chat_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_grant_person_id"), ["person_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("created_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_login_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_membership_team_id")),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "remembered_answer",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_remembered_answer_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_remembered_answer")),
    )
    op.create_table(
        "rights_change",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rights_change_person_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rights_change")),
    )
    op.create_table(
        "specialist_presence",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("available", "away", "offline", name="presence", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_specialist_presence_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_specialist_presence")),
    )
    op.create_table(
        "entry",
        sa.Column("chat_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "message",
                "note",
                "moved",
                "flag",
                "incident",
                name="entrykind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum("everyone", "centre", name="visibility", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("author_id", sa.String(), nullable=True),
        sa.Column("at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_entry_author_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_entry_chat_id")),
        sa.PrimaryKeyConstraint("chat_id", "seq", name=op.f("pk_entry")),
        sa.UniqueConstraint("chat_id", "client_id", name=op.f("uq_entry_chat_id_client_id")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("chat_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending", "created", "refused", name="incidentstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_incident_chat_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_incident_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("reference", name=op.f("uq_incident_reference")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_chat_id"), ["chat_id"], unique=False)

    op.create_table(
        "sla_clock",
        sa.Column("chat_id", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("started_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("warn_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("warned_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("met_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("breached_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_version"],
            ["calendar_version.version"],
            name=op.f("fk_sla_clock_calendar_version"),
        ),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_sla_clock_chat_id")),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy_version.version"], name=op.f("fk_sla_clock_policy_version")
        ),
        sa.PrimaryKeyConstraint("chat_id", "cycle", "target", name=op.f("pk_sla_clock")),
    )
    with op.batch_alter_table("sla_clock", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sla_clock_running_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL AND breached_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND breached_at IS NULL"),
        )
        batch_op.create_index(
            "ix_sla_clock_running_warn",
            ["warn_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL AND warned_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND warned_at IS NULL"),
        )
        batch_op.create_index("ix_sla_clock_started", ["target", "started_at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "next_attempt_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("leased_by", sa.String(), nullable=True),
        sa.Column("leased_until", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_at", vipservice.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_outbox_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_open",
            ["next_attempt_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("outbox")
    with op.batch_alter_table("sla_clock", schema=None) as batch_op:
        batch_op.drop_index("ix_sla_clock_started")
        batch_op.drop_index(
            "ix_sla_clock_running_warn",
            sqlite_where=sa.text("ended_at IS NULL AND warned_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND warned_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_sla_clock_running_due",
            sqlite_where=sa.text("ended_at IS NULL AND breached_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND breached_at IS NULL"),
        )

    op.drop_table("sla_clock")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_chat_id"))

    op.drop_table("incident")
    op.drop_table("entry")
    op.drop_table("specialist_presence")
    op.drop_table("rights_change")
    op.drop_table("remembered_answer")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))

    op.drop_table("membership")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_person_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("chat_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chat_grant_person_id"))

    op.drop_table("chat_grant")
    with op.batch_alter_table("chat", schema=None) as batch_op:
        batch_op.drop_index("ix_chat_state_front_opened")
        batch_op.drop_index("ix_chat_municipality_updated")
        batch_op.drop_index("ix_chat_assignee_state")

    op.drop_table("chat")
    op.drop_table("topic")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_municipality_id"))

    op.drop_table("person")
    op.drop_table("team")
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_version_valid_from"))

    op.drop_table("policy_version")
    op.drop_table("municipality")
    op.drop_table("login_attempts")
    op.drop_table("lease")
    op.drop_table("counter")
    with op.batch_alter_table("calendar_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_version_valid_from"))

    op.drop_table("calendar_version")
