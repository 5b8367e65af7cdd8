"""Who people are and what they may do."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from vipservice.rules.refusals import N_, NotAllowed


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


class Right(StrEnum):
    """What a role may do. In which chats, ``services/chats/access`` says."""

    ASK = "ask"
    """Open chats, and act in one's own; read those of one's municipality."""
    CENTRE = "centre"
    """Read every chat, keep notes, hand over, and see who asks."""
    ANSWER = "answer"
    """Take chats, answer, make incidents and call back."""
    WATCH = "watch"
    """The board and the reports."""
    PLAN = "plan"
    """Opening hours and targets."""
    ADMINISTER = "administer"
    """Municipalities, teams, topics, people and their grants. Reads no chat."""


HOLDERS: dict[Right, frozenset[Role]] = {
    Right.ASK: frozenset({Role.REQUESTER}),
    Right.CENTRE: frozenset({Role.SPECIALIST, Role.MANAGER}),
    Right.ANSWER: frozenset({Role.SPECIALIST}),
    Right.WATCH: frozenset({Role.MANAGER}),
    Right.PLAN: frozenset({Role.MANAGER, Role.OPERATOR}),
    Right.ADMINISTER: frozenset({Role.OPERATOR}),
}
"""The one place that says which role may what: routes and services ask it."""
REFUSALS = {
    Right.ASK: N_("Only administrators of a municipality may do this."),
    Right.CENTRE: N_("Only the knowledge centre may do this."),
    Right.ANSWER: N_("Only specialists of the knowledge centre may do this."),
    Right.WATCH: N_("Only managers may do this."),
    Right.PLAN: N_("Only managers and the application manager may do this."),
    Right.ADMINISTER: N_("Only the application manager may do this."),
}


def side_of(role: Role | None) -> Side:
    """The side of a role; what nobody did (None) the centre's service did."""
    return Side.REQUESTER if role is Role.REQUESTER else Side.CENTRE


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
    municipality: str = ""

    @property
    def rights(self) -> tuple[str, Role, str | None]:
        """What decides what they may do; name and language do not."""
        return self.id, self.role, self.municipality_id

    def may(self, right: Right) -> bool:
        """Whether this person's role holds the right."""
        return self.role in HOLDERS[right]

    def require(self, right: Right) -> None:
        """Raises NotAllowed for who does not hold the right."""
        if not self.may(right):
            raise NotAllowed(REFUSALS[right])

    @property
    def side(self) -> Side:
        """The side of the conversation this person is on."""
        return side_of(self.role)


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
