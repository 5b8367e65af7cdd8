"""The figures: the live board and the service level, from the stored clocks."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from vipservice.rules.chats import State
from vipservice.rules.reports import ServiceLevel
from vipservice.rules.routing import Desk
from vipservice.services.routing import specialist_loads
from vipservice.services.shapes import Board, BoardLine, ServiceLevelDay
from vipservice.services.sla import calendar_at
from vipservice.store.queries import PICKUP, AnyRow
from vipservice.store.tables import Chat, Municipality, SlaClock, Topic
from vipservice.store.work import Store, Work

LONGEST_DAYS = 366


def board(store: Store, desk: Desk) -> dict[str, Any]:
    """The board as it is now; "today" is the local day of the opening hours' zone."""
    with store.read() as work:
        rows = _today(work)
        now = work.now
    loads = specialist_loads(store, desk)
    waiting = [row for row in rows if row.Chat.state is State.WAITING and not row.SlaClock.ended_at]
    level = _level(row.SlaClock for row in rows if _is_of_today(row))
    return Board(
        at=now,
        waiting=len(waiting),
        longest_wait_since=min((row.SlaClock.started_at for row in waiting), default=None),
        warned=sum(_is_warned(row.SlaClock) for row in waiting),
        breached_today=_breached(rows),
        offered_today=level.offered,
        within_today=level.within,
        percent_within=level.percent,
        active=sum(load.active for load in loads),
        topics=_lines(rows, "topic"),
        municipalities=_lines(rows, "municipality"),
        specialists=loads,
    ).public()


def service_level(store: Store, since: date, until: date) -> list[dict[str, Any]]:
    """Service level a local day, both days included, by the day on which the clock started."""
    until = min(until, since + timedelta(days=LONGEST_DAYS - 1))
    with store.read() as work:
        zone = _zone(work)
        start, end = _midnight(since, zone), _midnight(until + timedelta(days=1), zone)
        clocks = work.session.exec(
            select(SlaClock).where(
                SlaClock.target == PICKUP, SlaClock.started_at >= start, SlaClock.started_at < end
            )
        ).all()
    days: dict[date, list[SlaClock]] = {}
    for clock in clocks:
        days.setdefault(clock.started_at.astimezone(zone).date(), []).append(clock)
    return [_day(since + timedelta(days=n), days) for n in range((until - since).days + 1)]


def _day(day: date, days: dict[date, list[SlaClock]]) -> dict[str, Any]:
    level = _level(days.get(day, []))
    return ServiceLevelDay(
        day=day.isoformat(), offered=level.offered, within=level.within, percent=level.percent
    ).public()


def _today(work: Work) -> Sequence[AnyRow]:
    """Pick-up clocks that run, or that were met, breached or ended today."""
    start = _midnight(work.now.astimezone(_zone(work)).date(), _zone(work))
    return work.session.execute(
        sa_select(
            SlaClock,
            Chat,
            col(Topic.name).label("topic"),
            col(Municipality.name).label("municipality"),
            (col(SlaClock.started_at) >= start).label("today"),
            (col(SlaClock.breached_at) >= start).label("breached"),
        )
        .join(Chat, col(Chat.id) == SlaClock.chat_id)
        .join(Topic, col(Topic.id) == Chat.topic_id)
        .join(Municipality, col(Municipality.id) == Chat.municipality_id)
        .where(
            col(SlaClock.target) == PICKUP,
            or_(
                col(SlaClock.ended_at).is_(None),
                col(SlaClock.ended_at) >= start,
                col(SlaClock.breached_at) >= start,
            ),
        )
    ).all()


def _is_warned(clock: SlaClock) -> bool:
    return bool(clock.warned_at and not clock.breached_at)


def _is_of_today(row: AnyRow) -> bool:
    return bool(row.today)


def _level(clocks: Any) -> ServiceLevel:
    """Counts clocks with a verdict; one that still runs in time, or was withdrawn, has none."""
    judged = [clock for clock in clocks if clock.met_at or clock.breached_at]
    return ServiceLevel(len(judged), sum(not clock.breached_at for clock in judged))


def _breached(rows: Sequence[AnyRow]) -> int:
    return sum(bool(row.breached) for row in rows)


def _lines(rows: Sequence[AnyRow], by: str) -> tuple[BoardLine, ...]:
    groups: dict[str, list[AnyRow]] = {}
    for row in rows:
        groups.setdefault(getattr(row, by), []).append(row)
    return tuple(_line(name, groups[name]) for name in sorted(groups))


def _line(name: str, rows: list[AnyRow]) -> BoardLine:
    level = _level(row.SlaClock for row in rows if _is_of_today(row))
    return BoardLine(
        name=name,
        waiting=Counter(row.Chat.state for row in rows if not row.SlaClock.ended_at)[State.WAITING],
        breached_today=_breached(rows),
        offered_today=level.offered,
        within_today=level.within,
    )


def _zone(work: Work) -> ZoneInfo:
    return ZoneInfo(calendar_at(work, work.now)[1].zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
