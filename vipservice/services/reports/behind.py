"""The chats behind a figure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col, select

from vipservice.rules.chats import Outcome
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.policy import Promise
from vipservice.rules.refusals import NotFound
from vipservice.services.chats.access import shape_chat
from vipservice.services.reports.tables import Selection
from vipservice.services.shapes.chats import ChatShape, PickupClock
from vipservice.store.queries import summaries
from vipservice.store.tables import Chat, Contact, SlaClock
from vipservice.store.work import Store, Work

PAGE = 100
CLOCK, CONTACT = SlaClock, Contact


@dataclass(frozen=True)
class Behind:
    """A chat that a figure counts, when what it counts began, and the clock that it is about."""

    chat: ChatShape
    started_at: datetime
    clock: PickupClock | None


def _clock(promise: Promise, *conditions: Any) -> tuple[Any, Any, tuple[Any, ...]]:
    return CLOCK, col(CLOCK.started_at), (col(CLOCK.target) == promise, *conditions)


def _closed(*conditions: Any) -> tuple[Any, Any, tuple[Any, ...]]:
    return CONTACT, col(CONTACT.closed_at), conditions


_met, _breached = col(CLOCK.met_at).is_not(None), col(CLOCK.breached_at).is_not(None)
_left = col(CLOCK.ended_at).is_not(None) & ~_met & ~_breached

BEHIND: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "chats": (CONTACT, col(CONTACT.started_at), (col(CONTACT.cycle) == 1,)),
    "contacts": (CONTACT, col(CONTACT.started_at), ()),
    "offered": _clock(Promise.PICKUP, _met | _breached),
    "within": _clock(Promise.PICKUP, _met & ~_breached),
    "breached": _clock(Promise.PICKUP, _breached),
    "late": (CLOCK, col(CLOCK.due_at), (col(CLOCK.target) == Promise.PICKUP, _breached)),
    "left_in_time": _clock(Promise.PICKUP, _left),
    "picked": _clock(Promise.PICKUP, _met),
    "reply_offered": _clock(Promise.REPLY, _met | _breached),
    "reply_within": _clock(Promise.REPLY, _met & ~_breached),
    "callback_offered": _clock(Promise.CALLBACK, _met | _breached),
    "callback_within": _clock(Promise.CALLBACK, _met & ~_breached),
    "closed": _closed(),
    "repeats": _closed(col(CONTACT.followed_at).is_not(None)),
    **{outcome.value: _closed(col(CONTACT.outcome) == outcome) for outcome in Outcome},
}
"""For each figure the rows that it counts, the moment they belong to, and which of them."""


def chats_behind(
    store: Store,
    figure: str,
    question: Selection,
    *,
    weekday: int | None = None,
    hour: int | None = None,
    team_id: str = "",
    specialist_id: str = "",
    skip: int = 0,
    limit: int = PAGE,
) -> list[Behind]:
    """A page of the chats that a figure counts, the newest first, as the centre sees them.

    Raises NotFound for a figure that nobody keeps.
    """
    table, at, conditions = _known(figure)
    wanted = [*conditions, _during(at, _intervals(question.since, question.until, weekday, hour))]
    if team_id:
        wanted.append(col(table.team_id) == team_id)
    if specialist_id:
        by = CLOCK.met_by if table is CLOCK else CONTACT.specialist_id
        wanted.append(col(by) == specialist_id)
    query = (
        select(table)
        .join(Chat, col(Chat.id) == table.chat_id)
        .where(*wanted, *_of(question))
        .order_by(at.desc())
        .limit(limit)
        .offset(skip)
    )
    with store.read() as work:
        found = work.session.exec(query).all()
        clocks = _pickups(work, found) if table is CONTACT else {}
        ids = {row.chat_id for row in found}
        rows = work.session.execute(summaries().where(col(Chat.id).in_(ids))).all()
    shapes = {row[0].id: shape_chat(row) for row in rows}
    return [Behind(shapes[row.chat_id], row.started_at, _clock_of(row, clocks)) for row in found]


def _pickups(work: Work, contacts: Sequence[Contact]) -> dict[tuple[str, int], SlaClock]:
    """The pick-up clocks of contacts."""
    ids = {contact.chat_id for contact in contacts}
    query = select(CLOCK).where(CLOCK.target == Promise.PICKUP, col(CLOCK.chat_id).in_(ids))
    return {(clock.chat_id, clock.cycle): clock for clock in work.session.exec(query)}


def _clock_of(
    row: SlaClock | Contact, clocks: dict[tuple[str, int], SlaClock]
) -> PickupClock | None:
    """The clock that a row is about: of a chat that was asked again there are more."""
    clock = row if isinstance(row, SlaClock) else clocks.get((row.chat_id, row.cycle))
    return PickupClock(**clock.model_dump(include=_OF_CLOCK)) if clock else None


_OF_CLOCK = set(PickupClock.model_fields)


def _known(figure: str) -> tuple[Any, Any, tuple[Any, ...]]:
    if figure not in BEHIND:
        raise NotFound
    return BEHIND[figure]


def _of(question: Selection) -> Iterator[ColumnElement[bool]]:
    if question.municipality_id:
        yield col(Chat.municipality_id) == question.municipality_id
    if question.topic_id:
        yield col(Chat.topic_id) == question.topic_id


def _during(at: Any, intervals: list[tuple[datetime, datetime]]) -> ColumnElement[bool]:
    return or_(false(), *(and_(at >= start, at < end) for start, end in intervals))


def _intervals(
    since: date, until: date, weekday: int | None = None, hour: int | None = None
) -> list[tuple[datetime, datetime]]:
    """A period in UTC; of an hour of a weekday one interval for each such day."""
    if weekday is None or hour is None:
        return [(_local(since, 0), _local(until + timedelta(days=1), 0))]
    each = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return [
        (_local(day, hour), _local(day, hour) + timedelta(hours=1))
        for day in each
        if day.weekday() == weekday
    ]


def _local(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=NETHERLANDS).astimezone(UTC)
