"""Chats, their timelines, and what was answered to whom."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from vipservice.rules.chats import ChatKind, EntryKind, Outcome, State, Visibility
from vipservice.rules.entries import AnyPayload, dump, load
from vipservice.store.tables.base import Row, instant, word
from vipservice.store.types import new_id

_SORTED = json.JSONEncoder(sort_keys=True)


class Counter(Row, table=True):
    """The last number given out of a series, such as VIP-2026."""

    name: str = Field(primary_key=True)
    value: int


class Chat(Row, table=True):
    """The current summary of a timeline; both change in one transaction.

    ``customer_reference`` is the municipality's own number for it. ``last_seq`` counts every entry,
    ``last_public_seq`` those that everyone reads; what either side has read is such a number too,
    so that neither tells of a note. ``last_at`` is of the last entry of any kind,
    ``last_said_at`` and ``last_said_seq``, a public number, of the last words to the other side.
    ``amended`` counts the entries about words that were said before.
    """

    __table_args__ = (
        Index("ix_chat_state_returned_opened", "state", "returned", "opened_at"),
        Index("ix_chat_municipality", "municipality_id", "id"),
        Index("ix_chat_municipality_topic_opened", "municipality_id", "topic_id", "opened_at"),
        Index("ix_chat_assignee_state", "assignee_id", "state"),
        Index("ix_chat_customer_reference", "customer_reference"),
        Index("ix_chat_client_id", "client_id"),
        UniqueConstraint("requester_id", "client_id"),
    )
    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True)
    client_id: str
    kind: ChatKind = word(ChatKind)
    municipality_id: str = Field(foreign_key="municipality.id")
    requester_id: str = Field(foreign_key="person.id")
    topic_id: str = Field(foreign_key="topic.id")
    team_id: str = Field(foreign_key="team.id")
    assignee_id: str | None = Field(default=None, foreign_key="person.id")
    title: str
    customer_reference: str = ""
    state: State = word(State)
    outcome: Outcome | None = word(Outcome, default=None)
    returned: bool = False
    cycle: int = 0
    cycle_seq: int = 0
    running_clocks: int = 0
    reply_turns: int = 0
    last_seq: int = 0
    last_public_seq: int = 0
    last_words: str = ""
    last_said_seq: int = 0
    amended: int = 0
    last_side: str = ""
    requester_read_seq: int = 0
    centre_read_seq: int = 0
    unread_requester: int = 0
    unread_centre: int = 0
    opened_at: datetime = instant()
    updated_at: datetime = instant()
    last_at: datetime = instant()
    last_said_at: datetime = instant()
    closed_at: datetime | None = instant(default=None)


class Entry(Row, table=True):
    """One line of a timeline: append-only, gapless per chat.

    ``public_seq`` counts what everyone reads, gapless too: the only number that the requester's
    side knows. ``digest`` is of the row as it was said. ``data`` is what ``payload`` is stored as:
    nobody else reads it.
    """

    __table_args__ = (
        UniqueConstraint("chat_id", "client_id"),
        Index("uq_entry_chat_id_public_seq", "chat_id", "public_seq", unique=True),
    )
    chat_id: str = Field(foreign_key="chat.id", primary_key=True)
    seq: int = Field(primary_key=True)
    public_seq: int | None = None
    digest: str = ""
    kind: EntryKind = word(EntryKind)
    visibility: Visibility = word(Visibility)
    author_id: str | None = Field(default=None, foreign_key="person.id")
    at: datetime = instant()
    body: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    client_id: str | None = None

    def say(self, payload: AnyPayload) -> None:
        """Holds these words and no others."""
        self.body, self.data = payload.body, dump(payload)

    def sealed(self) -> str:
        """SHA-256, in hexadecimal, of what the row says and who said it when."""
        told = [self.kind, self.author_id, self.at.isoformat(), self.body, self.data]
        return sha256(_SORTED.encode(told).encode()).hexdigest()

    @property
    def payload(self) -> AnyPayload:
        """What it says."""
        return load(self.kind, self.body, self.data)


class Attachment(Row, table=True):
    """A file that somebody sent in a chat; the entry ``seq`` tells of it.

    ``public_seq`` is that entry's other number, ``label`` stands for it in the name by which the
    file leaves.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    chat_id: str = Field(foreign_key="chat.id", index=True)
    seq: int
    public_seq: int | None = None
    label: str = ""
    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RememberedAnswer(Row, table=True):
    """The answer to a POST that carried an Idempotency-Key.

    It is given again to the same person with the same ``rights``, who may read ``chat_id``, if it
    tells of a chat.
    """

    __tablename__ = "remembered_answer"
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    key: str = Field(primary_key=True)
    request: str
    status: int
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    chat_id: str = ""
    rights: str = ""
    at: datetime = instant()
