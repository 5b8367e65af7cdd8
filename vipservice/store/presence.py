"""Specialists' presence, of many at once: after a restart all of them come back together."""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from sqlalchemy import Table, select
from sqlmodel import Session

from vipservice.rules.routing import Presence
from vipservice.store.bulk import rows_of, values_of
from vipservice.store.keys import Query, among, as_keys, dialect_of
from vipservice.store.noticing import NoticingSession
from vipservice.store.plain import fresh, instance
from vipservice.store.tables import Person, PresenceChange, SpecialistPresence

_PERSON: Table = Person.__table__  # type: ignore[attr-defined]
_PRESENCE: Table = SpecialistPresence.__table__  # type: ignore[attr-defined]


@cache
def _locked_people(dialect: str) -> Query:
    mine = select(_PERSON.c.id).where(among(dialect, [_PERSON.c.id]))
    return mine.order_by(_PERSON.c.id).with_for_update(key_share=True)


@cache
def _presences(dialect: str) -> Query:
    return select(_PRESENCE).where(among(dialect, [_PRESENCE.c.person_id]))


@cache
def _locked(dialect: str) -> Query:
    """Other use cases change the rows of many without the locks of the people."""
    return _presences(dialect).order_by(_PRESENCE.c.person_id).with_for_update(key_share=True)


def locked_presences(
    session: NoticingSession, person_ids: Collection[str]
) -> dict[str, SpecialistPresence]:
    """The presence of those of these people who have one, under the locks of the people."""
    dialect = dialect_of(session)
    keys = _keys(dialect, person_ids)
    values_of(session, _locked_people(dialect), keys)
    found = rows_of(session, SpecialistPresence, _locked(dialect), keys)
    return {row.person_id: row for row in found}


def presences(session: NoticingSession, person_ids: Collection[str]) -> list[SpecialistPresence]:
    """The presence of those of these people who have one."""
    dialect = dialect_of(session)
    return rows_of(session, SpecialistPresence, _presences(dialect), _keys(dialect, person_ids))


def _keys(dialect: str, person_ids: Collection[str]) -> dict[str, str]:
    return as_keys(dialect, [(one,) for one in person_ids])


def become(
    row: SpecialistPresence, status: Presence, at: datetime, reason: str = ""
) -> PresenceChange:
    """Sets what a specialist is from now on; the row that keeps it, which is to be stored.

    Who goes offline has left: what they had must be visited.
    """
    if row.status is not status:
        row.since = at
        row.left_at = at if status is Presence.OFFLINE else None
    row.status, row.reason, row.until = status, reason, None
    return fresh(PresenceChange, person_id=row.person_id, at=at, status=status, reason=reason)


def first_seen(person_id: str, at: datetime) -> SpecialistPresence:
    """The row of somebody who is seen for the first time: takes no chats yet."""
    return fresh(
        SpecialistPresence, person_id=person_id, status=Presence.AWAY, since=at, seen_at=at
    )


def come_back(session: Session, person_id: str, at: datetime) -> None:
    """Who counted as offline is there, and who never was is known; under the person's lock."""
    row = session.get(SpecialistPresence, person_id, populate_existing=True)
    if row is None:
        session.add(instance(first_seen(person_id, at)))
    elif row.status is Presence.OFFLINE:
        session.add(instance(become(row, Presence.AVAILABLE, at)))
        row.seen_at, row.for_good = at, False


def leave_for_good(session: Session, person_id: str, at: datetime) -> None:
    """Somebody loses the account or the role with which they answered; under the person's lock."""
    row = session.get(SpecialistPresence, person_id)
    if row is None:
        row = instance(first_seen(person_id, at))
        session.add(row)
    session.add(instance(become(row, Presence.OFFLINE, at)))
    row.left_at, row.for_good = at, True
