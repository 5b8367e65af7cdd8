"""What goes outside: incidents, callbacks, the outbox, and who works on it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from vipservice.rules.incidents import IncidentState
from vipservice.rules.notices import Channel
from vipservice.store.tables.base import instant, word
from vipservice.store.types import new_id


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


class Callback(SQLModel, table=True):
    """A callback that a contact cycle ended in; its clock is the cycle's callback clock."""

    id: str = Field(default_factory=new_id, primary_key=True)
    chat_id: str = Field(foreign_key="chat.id", index=True)
    cycle: int
    phone: str
    window: str = ""
    note: str = ""
    attempts: int = 0
    asked_at: datetime = instant()
    done_at: datetime | None = instant(default=None)


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


class Lease(SQLModel, table=True):
    """Which process runs the scheduled jobs."""

    name: str = Field(primary_key=True)
    holder: str
    expires_at: datetime = instant()
