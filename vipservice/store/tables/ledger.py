"""The promise: versions, clocks, contacts, and facts on their way to the figures."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field

from vipservice.rules.chats import Outcome
from vipservice.rules.policy import Promise
from vipservice.store.tables.base import Row, instant, word


class CalendarVersion(Row, table=True):
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


class PolicyVersion(Row, table=True):
    """Targets from a moment on; never changed."""

    __tablename__ = "policy_version"
    version: int = Field(primary_key=True)
    valid_from: datetime = instant(index=True)
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    made_by: str | None = Field(default=None, foreign_key="person.id")
    made_at: datetime | None = instant(default=None)
    reason: str = ""


def _only(name: str, columns: Sequence[str], condition: str) -> Index:
    """An index of the clocks of which this is true, and of no others."""
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class SlaClock(Row, table=True):
    """One promise in one contact cycle. Met and breached are facts and never taken back.

    ``turn`` counts the times that the customer had to wait for this in the cycle. ``ended_at``
    stops it: kept, or no longer to be kept. ``next_at`` is the first of its moments that it has
    not reached; None when none is left. ``team_id`` had the chat when it started; ``met_by`` kept
    it. Of these and of the versions, which are never taken away, the database checks nothing: that
    would cost as much as the row.
    """

    __tablename__ = "sla_clock"
    __table_args__ = (
        _only("ix_sla_clock_next", ["next_at"], "next_at IS NOT NULL"),
        _only(
            "ix_sla_clock_waiting", ["target", "due_at"], "ended_at IS NULL AND target = 'pickup'"
        ),
        _only("ix_sla_clock_running_chat", ["chat_id"], "ended_at IS NULL"),
        Index("ix_sla_clock_started_at", "started_at"),
    )
    chat_id: str = Field(foreign_key="chat.id", primary_key=True)
    cycle: int = Field(primary_key=True)
    target: Promise = word(Promise, primary_key=True)
    turn: int = Field(default=1, primary_key=True)
    started_at: datetime = instant()
    warn_at: datetime = instant()
    due_at: datetime = instant()
    manager_at: datetime | None = instant(default=None)
    next_at: datetime | None = instant(default=None)
    warned_at: datetime | None = instant(default=None)
    met_at: datetime | None = instant(default=None)
    breached_at: datetime | None = instant(default=None)
    manager_told_at: datetime | None = instant(default=None)
    ended_at: datetime | None = instant(default=None)
    policy_version: int
    calendar_version: int
    team_id: str
    met_by: str | None = None


class Contact(Row, table=True):
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
    started_at: datetime = instant()
    since: datetime = instant()
    handling_seconds: int = 0
    parked_seconds: int = 0
    closed_at: datetime | None = instant(default=None)
    outcome: Outcome | None = word(Outcome, default=None)
    followed_at: datetime | None = instant(default=None)


class Fact(Row, table=True):
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
