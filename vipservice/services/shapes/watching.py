"""What managers watch, as it is told outside."""

from datetime import datetime

from vipservice.rules.shape import Count, Id, Many, Named, Shape
from vipservice.services.shapes.desk import SpecialistLoad


class BoardLine(Shape):
    """The figures of one topic or municipality."""

    name: str
    waiting: Count
    breached_today: Count
    offered_today: Count
    within_today: Count


class Board(Shape):
    """The live figures for the manager. ``percent_within`` is None before the first pick-up."""

    at: datetime
    waiting: Count
    longest_wait_since: datetime | None
    warned: Count
    late: Count
    breached_today: Count
    offered_today: Count
    within_today: Count
    percent_within: float | None
    goal_percent: Count
    active: Count
    topics: Many[BoardLine]
    municipalities: Many[BoardLine]
    specialists: Many[SpecialistLoad]


class Chance(Shape):
    """The chance, from 0 to 1, that a waiting chat is picked up in time."""

    chat_id: Id
    number: str
    chance: float


class IdleChat(Shape):
    """An active chat whose customer has been silent for so many opening minutes."""

    chat_id: Id
    number: str
    specialist: str
    minutes: Count


class ForecastShape(Shape):
    """What is late, what will be, what would save it, and whom to ask.

    ``overdue`` chats are too late already. ``late`` chats have time, and are more likely to be
    late than not unless one more specialist comes before ``join_by``, or ``needed_now`` more at
    once. ``known`` is False where nobody can say.
    """

    at: datetime
    open: bool
    known: bool
    overdue: Count
    late: Count
    join_by: datetime | None
    needed_now: Count | None
    chances: Many[Chance]
    colleagues: Many[Named]
    idle: Many[IdleChat]
