"""Who there is: customers, teams, people, what they may do, and their log-ins."""

from datetime import date, datetime

from sqlmodel import Field

from vipservice.rules.people import Role
from vipservice.store.tables.base import Row, instant, word
from vipservice.store.types import new_id


class Municipality(Row, table=True):
    """A customer; ``code`` is the CBS code of the municipality, such as 0307.

    ``facts`` are lines for whoever gets an incident, such as "Versie: 8.4.2".
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    code: str = Field(unique=True)
    facts: str = ""
    ended_at: datetime | None = instant(default=None)


class Team(Row, table=True):
    """A group of specialists; ``email`` receives what the team must know."""

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    email: str = ""
    ended_at: datetime | None = instant(default=None)


class Topic(Row, table=True):
    """What chats are about; its team answers them."""

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    team_id: str = Field(foreign_key="team.id")
    ended_at: datetime | None = instant(default=None)


class Person(Row, table=True):
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


class Membership(Row, table=True):
    """A specialist in a team."""

    team_id: str = Field(foreign_key="team.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True, index=True)


class Grant(Row, table=True):
    """A requester may open chats on a topic (None: on all), both dates included."""

    __tablename__ = "chat_grant"
    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    topic_id: str | None = Field(default=None, foreign_key="topic.id")
    starts_on: date
    ends_on: date | None = None


class LoginSession(Row, table=True):
    """A signed-in browser; the key is the SHA-256 of the cookie's token."""

    __tablename__ = "login_session"
    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    address: str = ""
    user_agent: str = ""


class LoginAttempts(Row, table=True):
    """Failed log-ins of one account or one address, for slowing down."""

    __tablename__ = "login_attempts"
    key: str = Field(primary_key=True)
    failures: int = 0
    last_at: datetime = instant()
    blocked_until: datetime = instant()


class RightsChange(Row, table=True):
    """Rights that ended: every process reads on from the last number it saw."""

    __tablename__ = "rights_change"
    number: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    session_id: str | None = None
    reason: str
    at: datetime = instant()
