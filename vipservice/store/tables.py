"""The tables. Rows are data; what they mean is in rules/."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Enum, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from vipservice.rules.chats import EntryKind, Kind, Outcome, State, Visibility
from vipservice.rules.incidents import IncidentState
from vipservice.rules.notices import Channel
from vipservice.rules.people import Role
from vipservice.rules.policy import Promise
from vipservice.rules.routing import Presence
from vipservice.store.types import UtcDateTime, new_id

naming = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = naming


def instant(**kwargs: Any) -> Any:
    """A column that holds an instant."""
    return Field(sa_type=UtcDateTime, **kwargs)


def word(words: type[StrEnum], **kwargs: Any) -> Any:
    """A column that holds one word of an enum, stored as that word."""
    return Field(sa_type=_words(words), **kwargs)


def _words(words: type[StrEnum]) -> Any:
    return Enum(words, native_enum=False, length=32, values_callable=lambda e: [w.value for w in e])


class Municipality(SQLModel, table=True):
    """A customer; ``code`` is the CBS code of the municipality, such as 0307."""

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    code: str = Field(unique=True)
    ended_at: datetime | None = instant(default=None)


class Team(SQLModel, table=True):
    """A group of specialists; ``email`` receives what the team must know."""

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    email: str = ""
    ended_at: datetime | None = instant(default=None)


class Topic(SQLModel, table=True):
    """What chats are about; its team answers them."""

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    team_id: str = Field(foreign_key="team.id")
    ended_at: datetime | None = instant(default=None)


class Person(SQLModel, table=True):
    """Everybody who can sign in. ``email`` is in lower case."""

    id: str = Field(default_factory=new_id, primary_key=True)
    email: str = Field(unique=True)
    name: str
    phone: str = ""
    role: Role = word(Role)
    municipality_id: str | None = Field(default=None, foreign_key="municipality.id", index=True)
    can_create_incidents: bool = False
    language: str = "nl"
    password_hash: str = ""
    demonstration: bool = False
    disabled_at: datetime | None = instant(default=None)


class Membership(SQLModel, table=True):
    """A specialist in a team."""

    team_id: str = Field(foreign_key="team.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True, index=True)


class Grant(SQLModel, table=True):
    """A requester may open chats on a topic (None: on all), both dates included."""

    __tablename__ = "chat_grant"
    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    topic_id: str | None = Field(default=None, foreign_key="topic.id")
    starts_on: date
    ends_on: date | None = None


class LoginSession(SQLModel, table=True):
    """A signed-in browser; the key is the SHA-256 of the cookie's token."""

    __tablename__ = "login_session"
    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    address: str = ""
    user_agent: str = ""


class LoginAttempts(SQLModel, table=True):
    """Failed log-ins of one account or one address, for slowing down."""

    __tablename__ = "login_attempts"
    key: str = Field(primary_key=True)
    failures: int = 0
    last_at: datetime = instant()
    blocked_until: datetime = instant()


class RightsChange(SQLModel, table=True):
    """Rights that ended: every process reads on from the last number it saw."""

    __tablename__ = "rights_change"
    number: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    session_id: str | None = None
    reason: str
    at: datetime = instant()


class Counter(SQLModel, table=True):
    """The last number given out of a series, such as VIP-2026."""

    name: str = Field(primary_key=True)
    value: int


class Chat(SQLModel, table=True):
    """The current summary of a timeline; both change in one transaction."""

    __table_args__ = (
        Index("ix_chat_state_front_opened", "state", "front", "opened_at"),
        Index("ix_chat_municipality_updated", "municipality_id", "updated_at"),
        Index("ix_chat_municipality_topic_opened", "municipality_id", "topic_id", "opened_at"),
        Index("ix_chat_assignee_state", "assignee_id", "state"),
        UniqueConstraint("requester_id", "client_id"),
    )
    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True)
    client_id: str
    kind: Kind = word(Kind)
    municipality_id: str = Field(foreign_key="municipality.id")
    requester_id: str = Field(foreign_key="person.id")
    topic_id: str = Field(foreign_key="topic.id")
    team_id: str = Field(foreign_key="team.id")
    assignee_id: str | None = Field(default=None, foreign_key="person.id")
    title: str
    state: State = word(State)
    outcome: Outcome | None = word(Outcome, default=None)
    front: bool = False
    cycle: int = 0
    cycle_seq: int = 0
    running_clocks: int = 0
    last_seq: int = 0
    last_words: str = ""
    last_side: str = ""
    requester_read_seq: int = 0
    centre_read_seq: int = 0
    unread_requester: int = 0
    unread_centre: int = 0
    opened_at: datetime = instant()
    updated_at: datetime = instant()
    closed_at: datetime | None = instant(default=None)


class Entry(SQLModel, table=True):
    """One line of a timeline: append-only, gapless per chat."""

    __table_args__ = (UniqueConstraint("chat_id", "client_id"),)
    chat_id: str = Field(foreign_key="chat.id", primary_key=True)
    seq: int = Field(primary_key=True)
    kind: EntryKind = word(EntryKind)
    visibility: Visibility = word(Visibility)
    author_id: str | None = Field(default=None, foreign_key="person.id")
    at: datetime = instant()
    body: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    client_id: str | None = None


class CalendarVersion(SQLModel, table=True):
    """Opening hours from a moment on; never changed.

    ``team_id`` None: of every team without hours of its own. A document that is null ends a
    team's own hours from that moment on.
    """

    __tablename__ = "calendar_version"
    version: int = Field(primary_key=True)
    team_id: str | None = Field(default=None, foreign_key="team.id")
    valid_from: datetime = instant(index=True)
    document: dict[str, Any] | None = Field(sa_column=Column(JSON, nullable=False))
    made_by: str | None = Field(default=None, foreign_key="person.id")
    made_at: datetime | None = instant(default=None)
    reason: str = ""


class PolicyVersion(SQLModel, table=True):
    """Targets from a moment on; never changed."""

    __tablename__ = "policy_version"
    version: int = Field(primary_key=True)
    valid_from: datetime = instant(index=True)
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    made_by: str | None = Field(default=None, foreign_key="person.id")
    made_at: datetime | None = instant(default=None)
    reason: str = ""


def _while_running(name: str, column: str, unset: str) -> Index:
    """An index of the clocks that still run and have not reached this yet, and no others."""
    condition = text(f"ended_at IS NULL AND {unset} IS NULL")
    return Index(name, column, sqlite_where=condition, postgresql_where=condition)


class SlaClock(SQLModel, table=True):
    """One promise in one contact cycle. Met and breached are facts and never taken back.

    ``turn`` counts the times that the customer had to wait for this in the cycle. ``ended_at``
    stops it: kept, or no longer to be kept. ``team_id`` had the chat when it started; ``met_by``
    kept it.
    """

    __tablename__ = "sla_clock"
    __table_args__ = (
        _while_running("ix_sla_clock_running_warn", "warn_at", "warned_at"),
        _while_running("ix_sla_clock_running_due", "due_at", "breached_at"),
        _while_running("ix_sla_clock_running_manager", "manager_at", "manager_told_at"),
        Index(
            "ix_sla_clock_running",
            "target",
            "due_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_sla_clock_started", "target", "started_at"),
    )
    chat_id: str = Field(foreign_key="chat.id", primary_key=True)
    cycle: int = Field(primary_key=True)
    target: Promise = word(Promise, primary_key=True)
    turn: int = Field(default=1, primary_key=True)
    started_at: datetime = instant()
    warn_at: datetime = instant()
    due_at: datetime = instant()
    manager_at: datetime | None = instant(default=None)
    warned_at: datetime | None = instant(default=None)
    met_at: datetime | None = instant(default=None)
    breached_at: datetime | None = instant(default=None)
    manager_told_at: datetime | None = instant(default=None)
    ended_at: datetime | None = instant(default=None)
    policy_version: int = Field(foreign_key="policy_version.version")
    calendar_version: int = Field(foreign_key="calendar_version.version")
    team_id: str = Field(foreign_key="team.id")
    met_by: str | None = Field(default=None, foreign_key="person.id")


class Contact(SQLModel, table=True):
    """A contact cycle: one stay with the knowledge centre, from queue or reopening to its end.

    ``asked``: it began with a question, not with a return to the queue. Seconds are of opening
    time. ``since`` is when the present state began. ``followed_at``: the
    same municipality asked again on the topic within a week of the closing.
    """

    __table_args__ = (
        Index("ix_contact_closed", "closed_at"),
        Index("ix_contact_repeat", "municipality_id", "topic_id", "closed_at"),
        Index("ix_contact_asked", "municipality_id", "topic_id", "started_at"),
    )
    chat_id: str = Field(foreign_key="chat.id", primary_key=True)
    cycle: int = Field(primary_key=True)
    municipality_id: str
    topic_id: str
    team_id: str
    specialist_id: str | None = None
    asked: bool
    replies: int = 0
    started_at: datetime = instant()
    since: datetime = instant()
    handling_seconds: int = 0
    parked_seconds: int = 0
    closed_at: datetime | None = instant(default=None)
    outcome: Outcome | None = word(Outcome, default=None)
    followed_at: datetime | None = instant(default=None)


class Fact(SQLModel, table=True):
    """What must still be added to the figures: written with what happened, folded in by a job.

    ``day`` and ``hour`` are local; ``measures`` says by how much each grows.
    """

    __tablename__ = "figure_fact"
    number: int | None = Field(default=None, primary_key=True)
    day: date
    hour: int
    municipality_id: str
    topic_id: str
    team_id: str
    specialist_id: str = ""
    measures: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))


class SpecialistPresence(SQLModel, table=True):
    """Whether a specialist takes chats; ``seen_at`` is renewed while a connection is open."""

    __tablename__ = "specialist_presence"
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    status: Presence = word(Presence)
    reason: str = ""
    since: datetime = instant()
    seen_at: datetime = instant()


class Incident(SQLModel, table=True):
    """What was asked of the ticketing system for a chat, and what it answered."""

    id: str = Field(default_factory=new_id, primary_key=True)
    chat_id: str = Field(foreign_key="chat.id", index=True)
    reference: str = Field(unique=True)
    system: str
    state: IncidentState = word(IncidentState)
    draft: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    number: str = ""
    url: str = ""
    problem: str = ""
    created_by: str = Field(foreign_key="person.id")
    created_at: datetime = instant()
    updated_at: datetime = instant()


class Outbox(SQLModel, table=True):
    """Work for the outside world, written in the transaction that asks for it.

    An incident has its own row; a mail or a call of the webhook is in ``payload``.
    """

    __table_args__ = (
        Index(
            "ix_outbox_open",
            "channel",
            "next_attempt_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        ForeignKeyConstraint(["incident_id"], ["incident.id"]),
    )
    id: str = Field(default_factory=new_id, primary_key=True)
    key: str = Field(unique=True)
    channel: Channel = word(Channel)
    incident_id: str | None = None
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    attempts: int = 0
    next_attempt_at: datetime = instant()
    leased_by: str | None = None
    leased_until: datetime | None = instant(default=None)
    done_at: datetime | None = instant(default=None)
    last_problem: str = ""


class RememberedAnswer(SQLModel, table=True):
    """The answer to a POST that carried an Idempotency-Key."""

    __tablename__ = "remembered_answer"
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    key: str = Field(primary_key=True)
    request: str
    status: int
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = instant()


class Lease(SQLModel, table=True):
    """Which process runs the scheduled jobs."""

    name: str = Field(primary_key=True)
    holder: str
    expires_at: datetime = instant()
