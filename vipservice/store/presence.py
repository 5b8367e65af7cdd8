"""Specialists' presence, of many at once: after a restart all of them come back together."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Table, select

from vipservice.store.bulk import rows_of, values_of
from vipservice.store.keys import Query, among, as_keys, dialect_of
from vipservice.store.noticing import NoticingSession
from vipservice.store.tables import Person, SpecialistPresence

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
