"""What is done with is forgotten: answers, sessions, deliveries, ends of rights, guesses."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, inspect, or_, select
from sqlmodel import SQLModel, col, func

from vipservice.rules.notices import Channel
from vipservice.store.keys import among, as_keys, dialect_of
from vipservice.store.tables import (
    LoginAttempts,
    LoginSession,
    Outbox,
    PresenceChange,
    RememberedAnswer,
    RightsChange,
)
from vipservice.store.work import Store

KEPT = timedelta(days=30)
"""Longer than a page keeps a key for what it sends again, and than who asks what a mail said."""
PRESENCE_KEPT = timedelta(days=400)
"""A year can be compared with the one before; longer nobody has to know who was where."""
GUESSES_KEPT = timedelta(days=1)
AT_ONCE = 500
"""So many rows a transaction: nobody waits long behind it."""


def forget(store: Store) -> int:
    """Removes what is done with; how many rows."""
    return sum(_forget_all(store, query) for query in (
        lambda now: (RememberedAnswer, col(RememberedAnswer.at) < now - KEPT),
        lambda now: (LoginSession, _over(now - KEPT)),
        lambda now: (Outbox, _delivered(now - KEPT)),
        lambda now: (RightsChange, _seen(now - KEPT)),
        lambda now: (PresenceChange, col(PresenceChange.at) < now - PRESENCE_KEPT),
        lambda now: (LoginAttempts, col(LoginAttempts.last_at) < now - GUESSES_KEPT),
    ))  # fmt: skip


def _forget_all(
    store: Store, find: Callable[[datetime], tuple[type[SQLModel], ColumnElement[bool]]]
) -> int:
    """Looks first: what there is to forget is most often nothing."""
    count = 0
    while True:
        with store.read() as look:
            table, done = find(look.now)
            keys = inspect(table).primary_key
            rows = look.session.execute(select(*keys).where(done).limit(AT_ONCE)).all()
        if not rows:
            return count
        with store.work() as work:
            dialect = dialect_of(work.session)
            some = among(dialect, keys)
            work.session.execute(delete(table).where(some, done), as_keys(dialect, rows, len(keys)))
        count += len(rows)


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
