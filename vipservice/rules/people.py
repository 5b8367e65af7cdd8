"""Who people are and what they may do."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from vipservice.rules.refusals import N_


class Role(StrEnum):
    """What somebody is to the service; one role a person."""

    REQUESTER = "requester"
    SPECIALIST = "specialist"
    MANAGER = "manager"
    OPERATOR = "operator"


class Side(StrEnum):
    """The two sides of a conversation."""

    REQUESTER = "requester"
    CENTRE = "centre"


CENTRE_ROLES = frozenset({Role.SPECIALIST, Role.MANAGER})
"""Who reads every chat. Operators run the service and read none."""


@dataclass(frozen=True)
class Actor:
    """The person behind a request or a connection, as the store knew them a moment ago."""

    id: str
    name: str
    role: Role
    municipality_id: str | None
    language: str
    session_id: str
    expires_at: datetime

    @property
    def rights(self) -> tuple[str, Role, str | None]:
        """What decides what they may do; name and language do not."""
        return self.id, self.role, self.municipality_id

    @property
    def side(self) -> Side:
        """The side of the conversation this person is on."""
        return Side.REQUESTER if self.role is Role.REQUESTER else Side.CENTRE


CONSOLE = Actor("", "console", Role.OPERATOR, None, "en", "", datetime.max.replace(tzinfo=UTC))
"""Whoever is at the machine itself and uses the command line."""


@dataclass(frozen=True)
class GrantPeriod:
    """A right to open chats: on one topic, or on all where ``topic_id`` is None.

    ``starts_on`` and ``ends_on`` are both included; no ``ends_on`` means until further notice.
    """

    topic_id: str | None
    starts_on: date
    ends_on: date | None

    def covers(self, topic_id: str | None, on: date) -> bool:
        """Whether it holds on that day, for that topic (None: for any topic at all)."""
        in_time = self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
        return in_time and (topic_id is None or self.topic_id in (None, topic_id))


def why_not_open(
    *, can_create_incidents: bool, grants: list[GrantPeriod], topic_id: str | None, on: date
) -> str | None:
    """Why this requester may not open a chat on that topic that day; None when they may."""
    if not can_create_incidents:
        return N_("You are not authorised to create incidents. The chat is for those who are.")
    if not grants:
        return N_("You have no authorisation for the chat.")
    if not any(grant.covers(None, on) for grant in grants):
        return N_("Your authorisation for the chat is not valid today.")
    if not any(grant.covers(topic_id, on) for grant in grants):
        return N_("You are not authorised for this topic.")
    return None
