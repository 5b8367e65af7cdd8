"""What goes outside: incidents, callbacks, the outbox, and who works on it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from vipservice.rules.incidents.model import IncidentState, Progress
from vipservice.rules.notices import Channel
from vipservice.store.tables.base import Row, instant, word
from vipservice.store.types import new_id


class Incident(Row, table=True):
    """What was asked of the ticketing system for a chat, and what it answered.

    ``system`` is the configured name of the ticketing system that it was made in.
    ``external_id`` is by what the system's interface finds it, ``number`` what people call it.
    ``status_words`` is the system's own name for how far it is. ``dropped`` holds what the system
    did not keep, a sentence each. ``files`` and ``internal_files`` are ids of attachments: what
    the ticket's requester may have, and what only the engineers may. ``gone_at``: the system said
    that the ticket is not there any more.
    """

    __table_args__ = (
        Index(
            "ix_incident_polled",
            "next_poll_at",
            sqlite_where=text("next_poll_at IS NOT NULL"),
            postgresql_where=text("next_poll_at IS NOT NULL"),
        ),
    )
    id: str = Field(default_factory=new_id, primary_key=True)
    chat_id: str = Field(foreign_key="chat.id", index=True)
    reference: str = Field(unique=True)
    system: str
    state: IncidentState = word(IncidentState)
    draft: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    files: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    internal_files: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    number: str = ""
    external_id: str = ""
    url: str = ""
    problem: str = ""
    dropped: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    progress: Progress | None = word(Progress, default=None)
    status_words: str = ""
    done_at: datetime | None = instant(default=None)
    next_poll_at: datetime | None = instant(default=None)
    gone_at: datetime | None = instant(default=None)
    created_by: str = Field(foreign_key="person.id")
    created_at: datetime = instant()
    updated_at: datetime = instant()


class AddedChat(Row, table=True):
    """A chat that was added to an incident of another one: the same problem, met again."""

    __tablename__ = "added_chat"
    incident_id: str = Field(foreign_key="incident.id", primary_key=True)
    chat_id: str = Field(foreign_key="chat.id", primary_key=True, index=True)
    added_by: str = Field(foreign_key="person.id")
    added_at: datetime = instant()


class Callback(Row, table=True):
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


class Outbox(Row, table=True):
    """Work for the outside world, written in the transaction that asks for it.

    An incident has its own row, and an addition to one points at it; the rest of an addition, a
    mail or a call of the webhook is in ``payload``. Done with a ``last_problem`` is: refused.
    ``system`` is the name of the ticketing system that it is for, "" for all else.
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
    system: str = ""
    incident_id: str | None = None
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    attempts: int = 0
    created_at: datetime = instant()
    next_attempt_at: datetime = instant()
    leased_by: str | None = None
    leased_until: datetime | None = instant(default=None)
    done_at: datetime | None = instant(default=None)
    last_problem: str = ""


class Breaker(Row, table=True):
    """How one way to the outside fares: after some failures in a row it rests until then."""

    name: str = Field(primary_key=True)
    failures: int = 0
    failing_since: datetime | None = instant(default=None)
    rests_until: datetime | None = instant(default=None)
    words: str = ""


class Lease(Row, table=True):
    """Which process runs the scheduled jobs."""

    name: str = Field(primary_key=True)
    holder: str
    expires_at: datetime = instant()
