"""Clocks and what is expected, as they are told outside."""

from datetime import datetime

from vipservice.rules.policy import Promise
from vipservice.rules.shape import Count, Id, Many, Shape


class Counted(Shape):
    """An opening interval that counted towards a due time."""

    start: datetime
    end: datetime


class ClockShape(Shape):
    """A clock with its derivation: what was counted to its due time, and what has been spent.

    ``spent`` runs until the promise was kept, the clock stopped, or now.
    """

    cycle: Count
    target: Promise
    turn: Count
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    warned_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    ended_at: datetime | None
    minutes: Count
    policy_version: Count
    calendar_version: Count
    timezone: str
    counted: Many[Counted]
    spent: Many[Counted]
    spent_seconds: Count


class ExpectedPickup(Shape):
    """When a chat is likely to be picked up; None where nobody knows, or it does not wait."""

    chat_id: Id
    expected_at: datetime | None
