"""Clocks and contacts: what the ledger, the queue and the forecast ask of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from vipservice.rules.chats import Outcome, State
from vipservice.rules.measures import REPEAT_DAYS
from vipservice.rules.policy import Promise
from vipservice.store.bulk import rows_of, values_of
from vipservice.store.keys import Query, among, as_keys, dialect_of
from vipservice.store.noticing import NoticingSession
from vipservice.store.plain import Cells
from vipservice.store.queries import AnyRow
from vipservice.store.tables import CalendarVersion, Chat, Contact, PolicyVersion, SlaClock

WEEK = timedelta(days=REPEAT_DAYS)
OnTopic = dict[tuple[str, str], list[Contact]]
"""Contacts by municipality and topic."""


# On the path of every message, so they are built once: building costs as much as running them.
_CLOCK: Table = SlaClock.__table__  # type: ignore[attr-defined]
_CONTACT: Table = Contact.__table__  # type: ignore[attr-defined]
_HIGHEST = sa_select(
    sa_select(func.max(CalendarVersion.version)).scalar_subquery(),
    sa_select(func.max(PolicyVersion.version)).scalar_subquery(),
)
_PICKUP = bindparam("pickup", Promise.PICKUP, _CLOCK.c.target.type, literal_execute=True)
_WAITING = (_CLOCK.c.target == _PICKUP, _CLOCK.c.ended_at.is_(None))
"""Of whom waits in the queue; as a literal, or SQLite does not see that it has an index for it."""


@cache
def _running(dialect: str) -> Query:
    return sa_select(_CLOCK).where(among(dialect, [_CLOCK.c.chat_id]), _CLOCK.c.ended_at.is_(None))


@cache
def _contacts(dialect: str) -> Query:
    return sa_select(_CONTACT).where(among(dialect, [_CONTACT.c.chat_id, _CONTACT.c.cycle]))


def running_clocks(session: NoticingSession, chat_ids: Sequence[str]) -> dict[str, list[SlaClock]]:
    """The clocks of these chats that have not stopped, by chat."""
    if not chat_ids:
        return {}
    found: dict[str, list[SlaClock]] = defaultdict(list)
    for clock in _running_of(session, chat_ids):
        found[clock.chat_id].append(clock)
    return found


def _running_of(session: NoticingSession, chat_ids: Sequence[str]) -> list[SlaClock]:
    dialect = dialect_of(session)
    ids = as_keys(dialect, [(one,) for one in chat_ids])
    return rows_of(session, SlaClock, _running(dialect), ids)


def contacts_of(session: NoticingSession, chats: Iterable[Chat]) -> dict[str, Contact]:
    """The contact of the cycle that each of these chats is in."""
    cycles = [(chat.id, chat.cycle) for chat in chats if chat.cycle]
    if not cycles:
        return {}
    dialect = dialect_of(session)
    found = rows_of(session, Contact, _contacts(dialect), as_keys(dialect, cycles, 2))
    return {one.chat_id: one for one in found}


def highest_versions(session: NoticingSession) -> Cells:
    """The last version of the opening hours, and that of the targets."""
    return values_of(session, _HIGHEST, {})[0]


def closed_shortly_before(session: Session, chats: Sequence[Chat], now: datetime) -> OnTopic:
    """What was closed on the topics of these chats, and that nobody followed earlier than now."""
    if not chats:
        return {}
    return _on_topics(
        session,
        chats,
        col(Contact.closed_at) >= now - WEEK,
        col(Contact.closed_at) < now,
        or_(col(Contact.followed_at).is_(None), col(Contact.followed_at) > now),
        col(Contact.outcome) != Outcome.WITHDRAWN,
    )


def asked_shortly_after(session: Session, chats: Sequence[Chat], now: datetime) -> OnTopic:
    """What was asked on the topics of these chats within a week after now: by who was quicker."""
    return {} if not chats else _on_topics(session, chats, *_asked_after(now))


def asked_again(
    municipality_id: str, topic_id: str, closed_at: datetime
) -> tuple[ColumnElement[bool], ...]:
    """Contacts that repeat one which was closed then, as conditions."""
    return (
        col(Contact.municipality_id) == municipality_id,
        col(Contact.topic_id) == topic_id,
        *_asked_after(closed_at),
    )


def _asked_after(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Contact.asked).is_(True),
        col(Contact.started_at) > at,
        col(Contact.started_at) <= at + WEEK,
    )


def _on_topics(
    session: Session, chats: Sequence[Chat], *conditions: ColumnElement[bool]
) -> OnTopic:
    topics = {(chat.municipality_id, chat.topic_id) for chat in chats}
    dialect = dialect_of(session)
    topic = among(dialect, [col(Contact.municipality_id), col(Contact.topic_id)])
    query = select(Contact).where(topic, *conditions)
    fresh = query.execution_options(populate_existing=True)  # one may be read before its turn
    found: OnTopic = defaultdict(list)
    for one in session.execute(fresh, as_keys(dialect, topics, 2)).scalars():
        found[one.municipality_id, one.topic_id].append(one)
    return found


def in_queue(session: Session, limit: int) -> list[tuple[Chat, SlaClock]]:
    """The chats that wait, with their pick-up clock, in the order of the queue.

    Who came back goes first, then who is due first: the one place that says so.
    """
    query = (
        select(Chat, SlaClock)
        .join(SlaClock, col(SlaClock.chat_id) == Chat.id)
        .where(*_WAITING)
        .order_by(col(Chat.returned).desc(), col(SlaClock.due_at), col(Chat.id))
        .limit(limit)
    )
    return list(session.exec(query))


def active_since(session: Session) -> list[tuple[str, datetime]]:
    """(specialist, since when) of each chat that takes a slot."""
    query = (
        select(Chat.assignee_id, Contact.since)
        .join(Contact, and_(col(Contact.chat_id) == Chat.id, col(Contact.cycle) == Chat.cycle))
        .where(Chat.state == State.ACTIVE, col(Chat.assignee_id).is_not(None))
    )
    return [(str(person), since) for person, since in session.exec(query)]


def running_pickups(session: Session) -> AnyRow:
    """(since when the longest waits, how many are warned of and not late, how many are late)."""
    late = col(SlaClock.breached_at).is_not(None)
    soon = col(SlaClock.warned_at).is_not(None) & ~late
    return session.execute(
        sa_select(
            func.min(SlaClock.started_at),
            func.count().filter(soon),
            func.count().filter(late),
        ).where(*_WAITING)
    ).one()


def recent_handling(session: Session, limit: int) -> list[float]:
    """Minutes of opening time that a slot was taken, for the contacts that closed last."""
    rows = session.exec(
        select(Contact.handling_seconds)
        .where(col(Contact.closed_at).is_not(None), Contact.handling_seconds > 0)
        .order_by(col(Contact.closed_at).desc())
        .limit(limit)
    )
    return [seconds / 60 for seconds in rows]


def flaggable(session: Session, now: datetime, limit: int) -> list[str]:
    """The chats with a running clock that has reached something unflagged, the longest first."""
    at = col(SlaClock.next_at)
    reached = select(SlaClock.chat_id).where(at <= now).order_by(at).limit(limit)
    return list(dict.fromkeys(session.exec(reached)))


def pick_up_of(session: Session, chat: Chat) -> SlaClock | None:
    """The clock of the pick-up in a chat's present cycle."""
    return session.get(SlaClock, (chat.id, chat.cycle, Promise.PICKUP, 1))
