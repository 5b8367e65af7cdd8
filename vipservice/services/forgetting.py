"""What is done with is forgotten: answers, sessions, deliveries, ends of rights, guesses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, select, tuple_
from sqlmodel import col, func

from vipservice.rules.notices import Channel
from vipservice.store.tables import (
    LoginAttempts,
    LoginSession,
    Outbox,
    RememberedAnswer,
    RightsChange,
)
from vipservice.store.work import Store

KEPT = timedelta(days=30)
"""Longer than a page keeps a key for what it sends again, and than who asks what a mail said."""
GUESSES_KEPT = timedelta(days=1)
AT_ONCE = 500
"""So many rows a transaction: nobody waits long behind it."""


def forget(store: Store) -> int:
    """Removes what is done with; how many rows."""
    return sum(_forget_all(store, query) for query in (
        lambda now: _oldest(RememberedAnswer, col(RememberedAnswer.at) < now - KEPT),
        lambda now: _oldest(LoginSession, _over(now - KEPT)),
        lambda now: _oldest(Outbox, _delivered(now - KEPT)),
        lambda now: _oldest(RightsChange, _seen(now - KEPT)),
        lambda now: _oldest(LoginAttempts, col(LoginAttempts.last_at) < now - GUESSES_KEPT),
    ))  # fmt: skip


def _forget_all(store: Store, find: Callable[[datetime], tuple[Any, Select[Any]]]) -> int:
    count = 0
    while True:
        with store.work() as work:
            table, query = find(work.now)
            rows = work.session.execute(query).all()
            key = tuple_(*table.__table__.primary_key.columns)
            work.session.execute(delete(table).where(key.in_([tuple(row) for row in rows])))
        count += len(rows)
        if len(rows) < AT_ONCE:
            return count


def _oldest(table: Any, condition: ColumnElement[bool]) -> tuple[Any, Select[Any]]:
    keys = table.__table__.primary_key.columns
    return table, select(*keys).where(condition).limit(AT_ONCE)


def _over(before: datetime) -> ColumnElement[bool]:
    return or_(col(LoginSession.ended_at) < before, col(LoginSession.expires_at) < before)


def _delivered(before: datetime) -> ColumnElement[bool]:
    """What was refused stays where it is shown; that of an incident belongs to it."""
    done = (col(Outbox.done_at) < before) & (col(Outbox.last_problem) == "")
    return done & (col(Outbox.channel) != Channel.INCIDENT)


def _seen(before: datetime) -> ColumnElement[bool]:
    """All but the last: SQLite would give its number out again, and nobody would look at that."""
    last = select(func.max(RightsChange.number)).scalar_subquery()
    return (col(RightsChange.at) < before) & (col(RightsChange.number) < last)
