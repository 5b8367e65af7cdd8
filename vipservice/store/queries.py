"""Named queries: each answers one question and returns rows or numbers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, update
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, select

from vipservice.rules.chats import AMENDMENTS, EntryKind, State, Visibility
from vipservice.rules.people import Role, Side
from vipservice.rules.policy import Promise
from vipservice.rules.routing import Presence
from vipservice.rules.text import sort_key
from vipservice.store.claiming import add_if_new
from vipservice.store.keys import Query
from vipservice.store.tables import (
    Callback,
    Chat,
    Counter,
    Entry,
    Grant,
    Municipality,
    Person,
    SlaClock,
    SpecialistPresence,
    Topic,
)

AnyRow = Row[*tuple[Any, ...]]
Assignee = aliased(Person)


def summaries() -> Query:
    """Chats with everything their summary shows; add conditions and an order."""
    return (
        sa_select(
            Chat,
            col(Municipality.name).label("municipality"),
            col(Person.name).label("requester"),
            col(Topic.name).label("topic"),
            Assignee.name.label("assignee"),  # type: ignore[attr-defined]
            SlaClock,
        )
        .join(Municipality, col(Municipality.id) == Chat.municipality_id)
        .join(Person, col(Person.id) == Chat.requester_id)
        .join(Topic, col(Topic.id) == Chat.topic_id)
        .outerjoin(Assignee, Assignee.id == Chat.assignee_id)  # type: ignore[arg-type]
        .outerjoin(
            SlaClock,
            and_(
                col(SlaClock.chat_id) == Chat.id,
                col(SlaClock.cycle) == Chat.cycle,
                col(SlaClock.target) == Promise.PICKUP,
            ),
        )
    )


def entries() -> Query:
    """Entries with their author's name and role, in order; add conditions."""
    return (
        sa_select(Entry, col(Person.name), col(Person.role))
        .outerjoin(Person, col(Person.id) == Entry.author_id)
        .order_by(col(Entry.chat_id), col(Entry.seq))
    )


# Built once: building costs as much as running them.
_SUMMARY = summaries().where(col(Chat.id) == bindparam("id"))


def number_of(side: Side) -> Any:
    """The column that a side counts by."""
    return col(Entry.public_seq if side is Side.REQUESTER else Entry.seq)


Found = TypeVar("Found", bound=SQLModel)


def by_id(session: Session, table: type[Found], ids: Collection[str]) -> dict[str, Found]:
    """Rows of a table whose key is ``id``, by that id."""
    if not ids:
        return {}
    rows = session.exec(select(table).where(table.id.in_(ids)))  # type: ignore[attr-defined]
    return {row.id: row for row in rows}  # type: ignore[attr-defined]


def summary(session: Session, chat_id: str) -> AnyRow:
    """The summary row of one chat that exists."""
    return session.execute(_SUMMARY, {"id": chat_id}).one()


def entries_after(
    session: Session,
    chat_id: str,
    after: int,
    side: Side,
    limit: int,
    kind: EntryKind | None = None,
) -> Sequence[AnyRow]:
    """(Entry, author's name, author's role) in order, that a side reads; of one kind, or of all.

    From ``after`` on, exclusive, in that side's numbers.
    """
    query = entries().where(col(Entry.chat_id) == chat_id, number_of(side) > after).limit(limit)
    if kind:
        query = query.where(col(Entry.kind) == kind)
    return session.execute(query).all()


def amendments(session: Session, chat_ids: Sequence[str]) -> Sequence[Entry]:
    """The entries of these chats about words that were said before, in order."""
    if not chat_ids:
        return ()
    query = select(Entry).where(col(Entry.chat_id).in_(chat_ids), col(Entry.kind).in_(AMENDMENTS))
    return session.exec(query.order_by(col(Entry.chat_id), col(Entry.seq))).all()


def messages_after(session: Session, chat_id: str, seq: int, of_requester: bool) -> int:
    """How many messages of one side come after ``seq``."""
    return _messages(session, chat_id, of_requester, col(Entry.seq) > seq)


def unread_after(session: Session, chat_id: str, public_seq: int, of_requester: bool) -> int:
    """How many messages of one side come after a public number."""
    return _messages(session, chat_id, of_requester, col(Entry.public_seq) > public_seq)


def _messages(
    session: Session, chat_id: str, of_requester: bool, later: ColumnElement[bool]
) -> int:
    asks = col(Person.role) == Role.REQUESTER
    query = (
        select(func.count())
        .select_from(Entry)
        .join(Person, col(Person.id) == Entry.author_id)
        .where(
            Entry.chat_id == chat_id,
            later,
            col(Entry.kind) == EntryKind.MESSAGE,
            asks if of_requester else ~asks,
        )
    )
    return session.exec(query).one()


def next_number(session: Session, name: str) -> int:
    """The next number of a series; the series' row is locked until the commit."""
    add_if_new(session, Counter(name=name, value=0))
    taken = session.execute(
        update(Counter)
        .where(col(Counter.name) == name)
        .values(value=Counter.value + 1)
        .returning(col(Counter.value))
    )
    return int(taken.scalar_one())


def active_chats(session: Session, person_id: str) -> int:
    """How many slots of this specialist are taken."""
    return session.exec(
        select(func.count()).where(Chat.assignee_id == person_id, Chat.state == State.ACTIVE)
    ).one()


def active_chats_each(session: Session) -> dict[str, int]:
    """Taken slots by specialist."""
    rows = session.execute(
        select(Chat.assignee_id, func.count())
        .where(Chat.state == State.ACTIVE)
        .group_by(col(Chat.assignee_id))
    )
    return {str(person): count for person, count in rows}


def specialists(session: Session) -> Sequence[AnyRow]:
    """(Person, SpecialistPresence or None) of every specialist who is not disabled."""
    rows = session.execute(
        select(Person, SpecialistPresence)
        .outerjoin(SpecialistPresence, col(SpecialistPresence.person_id) == Person.id)
        .where(Person.role == Role.SPECIALIST, col(Person.disabled_at).is_(None))
    ).all()
    return sorted(rows, key=lambda row: sort_key(row[0].name))


def is_available(session: Session, person_id: str, seen_since: datetime) -> bool:
    """Whether a specialist takes chats and was connected since then."""
    query = (
        select(SpecialistPresence)
        .join(Person, col(Person.id) == SpecialistPresence.person_id)
        .where(
            Person.id == person_id,
            col(Person.disabled_at).is_(None),
            SpecialistPresence.status == Presence.AVAILABLE,
            SpecialistPresence.seen_at >= seen_since,
        )
    )
    return session.exec(query).first() is not None


def waiting_by_topic(session: Session) -> dict[str, int]:
    """How many chats wait, by topic id."""
    return waiting_by(session, col(Chat.topic_id))


def waiting_by(session: Session, column: Any) -> dict[str, int]:
    """How many chats wait, by a column of the chat."""
    query = select(column, func.count()).where(Chat.state == State.WAITING).group_by(column)
    return {str(key): count for key, count in session.execute(query)}


def open_callbacks(session: Session) -> Sequence[AnyRow]:
    """Callbacks that are not done, with chat, people and clock, the first due first."""
    query: Select[*tuple[Any, ...]] = (
        sa_select(
            Callback,
            col(Chat.number),
            col(Chat.title),
            col(Person.name).label("requester"),
            col(Municipality.name).label("municipality"),
            col(SlaClock.due_at),
            col(SlaClock.breached_at),
        )
        .join(Chat, col(Chat.id) == Callback.chat_id)
        .join(Person, col(Person.id) == Chat.requester_id)
        .join(Municipality, col(Municipality.id) == Chat.municipality_id)
        .join(
            SlaClock,
            and_(
                col(SlaClock.chat_id) == Callback.chat_id,
                col(SlaClock.cycle) == Callback.cycle,
                col(SlaClock.target) == Promise.CALLBACK,
                col(SlaClock.ended_at).is_(None),
            ),
        )
        .where(col(Callback.done_at).is_(None))
        .order_by(col(SlaClock.due_at))
    )
    return session.execute(query).all()


def grants_of(session: Session, person_id: str) -> Sequence[Grant]:
    """Every grant of a person, the newest first."""
    return session.exec(
        select(Grant).where(Grant.person_id == person_id).order_by(col(Grant.starts_on).desc())
    ).all()


def visibility_of(session: Session, chat_id: str, seq: int) -> Visibility:
    """Who may read an entry that exists."""
    query = select(Entry.visibility).where(Entry.chat_id == chat_id, Entry.seq == seq)
    return Visibility(session.exec(query).one())


def last_public(session: Session, chat_id: str, seq: int) -> int:
    """The public number of the last entry up to ``seq`` that everybody reads; 0: there is none."""
    query = select(func.max(Entry.public_seq)).where(Entry.chat_id == chat_id, Entry.seq <= seq)
    return session.exec(query).one() or 0
