"""The promise: clocks are started, settled and flagged here and nowhere else."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import update
from sqlmodel import col, func, select

from vipservice.rules.hours import from_document, to_document
from vipservice.rules.sla import Calendar, Due, due
from vipservice.store.queries import PICKUP, flaggable
from vipservice.store.tables import CalendarVersion, Chat, PolicyVersion, SlaClock
from vipservice.store.work import Store, Work

WARNING, BREACH = "warning", "breach"


def add_calendar(work: Work, calendar: Calendar, valid_from: datetime) -> int:
    """A new version of the opening hours; its number."""
    version = _next(work, func.max(CalendarVersion.version))
    work.session.add(
        CalendarVersion(version=version, valid_from=valid_from, document=to_document(calendar))
    )
    work.session.flush()
    return version


def add_policy(work: Work, pickup: int, warn: int, valid_from: datetime) -> int:
    """A new version of the targets, in opening minutes; its number."""
    version = _next(work, func.max(PolicyVersion.version))
    work.session.add(
        PolicyVersion(
            version=version, valid_from=valid_from, pickup_minutes=pickup, warn_minutes=warn
        )
    )
    work.session.flush()
    return version


def calendar_at(work: Work, at: datetime) -> tuple[int, Calendar]:
    """The version in force at that moment, and the opening hours it holds."""
    version = work.session.exec(
        select(CalendarVersion)
        .where(CalendarVersion.valid_from <= at)
        .order_by(col(CalendarVersion.version).desc())
        .limit(1)
    ).first() or work.session.get_one(CalendarVersion, 1)
    return version.version, _parsed(json.dumps(version.document))


def policy_at(work: Work, at: datetime) -> PolicyVersion:
    """The targets in force at that moment."""
    return work.session.exec(
        select(PolicyVersion)
        .where(PolicyVersion.valid_from <= at)
        .order_by(col(PolicyVersion.version).desc())
        .limit(1)
    ).first() or work.session.get_one(PolicyVersion, 1)


def start_pickup(work: Work, chat: Chat) -> SlaClock:
    """Starts the pick-up clock of the chat's contact cycle, from now."""
    version, calendar = calendar_at(work, work.now)
    policy = policy_at(work, work.now)
    clock = SlaClock(
        chat_id=chat.id,
        cycle=chat.cycle,
        target=PICKUP,
        started_at=work.now,
        warn_at=due(calendar, work.now, policy.warn_minutes).due_at,
        due_at=due(calendar, work.now, policy.pickup_minutes).due_at,
        policy_version=policy.version,
        calendar_version=version,
    )
    work.session.add(clock)
    return clock


def settle_pickup(work: Work, chat: Chat, *, met: bool) -> list[tuple[SlaClock, str]]:
    """Ends the running pick-up clock: picked up (``met``) or no longer to be picked up.

    A clock past its due time is breached first, whatever the scheduler was doing; the
    levels that were reached are returned for the timeline.
    """
    clock = work.session.get(SlaClock, (chat.id, chat.cycle, PICKUP))
    if clock is None or clock.ended_at:
        return []
    reached = [(clock, level) for level in (WARNING, BREACH) if _reach(work, clock, level)]
    clock.ended_at = work.now
    clock.met_at = work.now if met else None
    return reached


def due_flags(store: Store, limit: int) -> list[tuple[Any, str]]:
    """Keys of clocks that must be flagged now, with the level; warnings before breaches."""
    with store.read() as work:
        warnings, breaches = flaggable(work.session, work.now, limit)
    return [(key, WARNING) for key in warnings] + [(key, BREACH) for key in breaches]


def reach(work: Work, key: Any, level: str) -> SlaClock | None:
    """Marks a clock as warned or breached; None when somebody was first or it has ended."""
    clock = work.session.get(SlaClock, tuple(key), populate_existing=True)
    return clock if clock and not clock.ended_at and _reach(work, clock, level) else None


def explain(store: Store, opened_at: datetime, minutes: int | None) -> tuple[int, Calendar, Due]:
    """Calendar version, calendar and due time of something opened then.

    ``minutes`` of opening time, or as many as the target then in force says.
    """
    with store.read() as work:
        version, calendar = calendar_at(work, opened_at)
        counted = minutes or policy_at(work, opened_at).pickup_minutes
        return version, calendar, due(calendar, opened_at, counted)


def clocks_of(work: Work, chat_id: str) -> Sequence[SlaClock]:
    """Every clock of a chat, in order."""
    query = select(SlaClock).where(SlaClock.chat_id == chat_id)
    return work.session.exec(query.order_by(col(SlaClock.cycle), col(SlaClock.target))).all()


def derivation(work: Work, clock: SlaClock) -> tuple[Calendar, Due]:
    """The calendar and the counted intervals behind a clock's due time."""
    document = work.session.get_one(CalendarVersion, clock.calendar_version).document
    minutes = work.session.get_one(PolicyVersion, clock.policy_version).pickup_minutes
    calendar = _parsed(json.dumps(document))
    return calendar, due(calendar, clock.started_at, minutes)


def _reach(work: Work, clock: SlaClock, level: str) -> bool:
    """One conditional update: true for exactly one caller, with the true time of the flag."""
    name, at = ("warned_at", clock.warn_at) if level == WARNING else ("breached_at", clock.due_at)
    if at > work.now:
        return False
    column = col(getattr(SlaClock, name))
    changed = work.session.execute(
        update(SlaClock)
        .where(
            col(SlaClock.chat_id) == clock.chat_id,
            col(SlaClock.cycle) == clock.cycle,
            col(SlaClock.target) == clock.target,
            column.is_(None),
            col(SlaClock.ended_at).is_(None),
        )
        .values({name: at})
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _next(work: Work, highest: Any) -> int:
    return int(work.session.exec(select(func.coalesce(highest, 0))).one()) + 1


@lru_cache(maxsize=64)
def _parsed(document: str) -> Calendar:
    return from_document(json.loads(document))
