"""Who is there, and what the service does with a chat by itself."""

from datetime import datetime

from sqlmodel import Field

from vipservice.rules.routing import Presence, Step
from vipservice.store.tables.base import Row, instant, word
from vipservice.store.types import new_id


class SpecialistPresence(Row, table=True):
    """Whether a specialist takes chats; ``seen_at`` is renewed while a connection is open.

    ``back_at``: they were not seen for a while, and then were again. ``until`` is when they expect
    to be back. ``left_at``: they went then, and what they had must
    still be visited; ``for_good``: without account or role.
    """

    __tablename__ = "specialist_presence"
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    status: Presence = word(Presence)
    reason: str = ""
    until: datetime | None = instant(default=None)
    since: datetime = instant()
    seen_at: datetime = instant()
    back_at: datetime | None = instant(default=None)
    left_at: datetime | None = instant(default=None)
    for_good: bool = False


class PresenceChange(Row, table=True):
    """What a specialist's presence became, and when: how long somebody was there."""

    __tablename__ = "presence_change"
    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    at: datetime = instant(index=True)
    status: Presence = word(Presence)
    reason: str = ""


class ChatPlan(Row, table=True):
    """What is done with a chat at a moment, unless somebody moves it before."""

    __tablename__ = "chat_plan"
    chat_id: str = Field(foreign_key="chat.id", primary_key=True)
    step: Step = word(Step)
    at: datetime = instant(index=True)
