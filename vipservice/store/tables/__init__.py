"""The tables. Rows are data; what they mean is in rules/."""

from vipservice.store.tables.chats import Attachment, Chat, Counter, Entry, RememberedAnswer
from vipservice.store.tables.incidents import AddedChat, Breaker, Callback, Incident, Lease, Outbox
from vipservice.store.tables.ledger import CalendarVersion, Contact, Fact, PolicyVersion, SlaClock
from vipservice.store.tables.people import (
    Grant,
    LoginAttempts,
    LoginSession,
    Membership,
    Municipality,
    Person,
    RightsChange,
    Team,
    Topic,
)
from vipservice.store.tables.routing import ChatPlan, PresenceChange, SpecialistPresence

__all__ = [
    "AddedChat",
    "Attachment",
    "Breaker",
    "CalendarVersion",
    "Callback",
    "Chat",
    "ChatPlan",
    "Contact",
    "Counter",
    "Entry",
    "Fact",
    "Grant",
    "Incident",
    "Lease",
    "LoginAttempts",
    "LoginSession",
    "Membership",
    "Municipality",
    "Outbox",
    "Person",
    "PolicyVersion",
    "PresenceChange",
    "RememberedAnswer",
    "RightsChange",
    "SlaClock",
    "SpecialistPresence",
    "Team",
    "Topic",
]
