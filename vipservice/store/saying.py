"""What has to be known before something is said: of one, or of many at once.

On the path of every message, so the statements are built once: building costs as much as running.
"""

from collections.abc import Collection, Iterable
from functools import cache

from sqlalchemy import Table
from sqlalchemy import select as sa_select
from sqlmodel import col, func

from vipservice.store.bulk import rows_of, values_of
from vipservice.store.keys import Columns, Query, among, as_keys, dialect_of
from vipservice.store.noticing import NoticingSession
from vipservice.store.plain import Cells, loaded
from vipservice.store.tables import Chat, Entry, LoginSession, Municipality, Person

ClientKey = tuple[str, str]
"""A chat, and the sender's own id of what was said in it."""

_CHAT: Table = Chat.__table__  # type: ignore[attr-defined]
_ENTRY: Table = Entry.__table__  # type: ignore[attr-defined]


@cache
def _chats(dialect: str) -> Query:
    return sa_select(_CHAT).where(among(dialect, [_CHAT.c.id]))


@cache
def _locked(dialect: str) -> Query:
    return _chats(dialect).order_by(_CHAT.c.id).with_for_update(key_share=True)


def _not_ended(dialect: str, columns: Columns) -> Query:
    """These columns of sessions that were not ended, and of their people."""
    return (
        sa_select(*columns)
        .select_from(LoginSession)
        .join(Person, col(Person.id) == LoginSession.person_id)
        .where(
            among(dialect, [col(LoginSession.id)]),
            col(LoginSession.ended_at).is_(None),
            col(Person.disabled_at).is_(None),
        )
    )


@cache
def _holders(dialect: str) -> Query:
    person = (col(Person.id), col(Person.role), col(Person.municipality_id))
    return _not_ended(dialect, [col(LoginSession.id), col(LoginSession.expires_at), *person])


@cache
def _people(dialect: str) -> Query:
    person = (Person.id, Person.name, Person.role, Person.municipality_id, Person.language)
    session = (LoginSession.id, LoginSession.expires_at)
    name = func.coalesce(Municipality.name, "")
    return _not_ended(dialect, [*person, *session, name]).outerjoin(
        Municipality, col(Municipality.id) == Person.municipality_id
    )


@cache
def _by_client_id(dialect: str) -> Query:
    return sa_select(_ENTRY).where(among(dialect, [_ENTRY.c.chat_id, _ENTRY.c.client_id]))


def people_of(session: NoticingSession, ids: Iterable[str]) -> list[Cells]:
    """Of sessions that were not ended who that is: the fields of an Actor, in their order."""
    dialect = dialect_of(session)
    return values_of(session, _people(dialect), as_keys(dialect, [(one,) for one in ids]))


def session_holders(session: NoticingSession, ids: Iterable[str]) -> list[Cells]:
    """(session, until when, person, role, municipality) of those that were not ended."""
    dialect = dialect_of(session)
    return values_of(session, _holders(dialect), as_keys(dialect, [(one,) for one in ids]))


def chats_of(session: NoticingSession, chat_ids: Collection[str]) -> dict[str, Chat]:
    """These chats as they are, to look at."""
    dialect = dialect_of(session)
    ids = as_keys(dialect, [(one,) for one in chat_ids])
    return {one.id: one for one in loaded(Chat, values_of(session, _chats(dialect), ids))}


def locked_chats(session: NoticingSession, chat_ids: Collection[str]) -> dict[str, Chat]:
    """These chats under their row locks, taken in the order of their ids.

    SQLite's writer holds the whole database.
    """
    dialect = dialect_of(session)
    ids = as_keys(dialect, [(one,) for one in chat_ids])
    found = rows_of(session, Chat, _locked(dialect), ids)
    return {chat.id: chat for chat in found}


def entries_by_client_id(
    session: NoticingSession, keys: Collection[ClientKey]
) -> dict[ClientKey, Entry]:
    """The entries that were stored under the senders' own ids."""
    dialect = dialect_of(session)
    found = rows_of(session, Entry, _by_client_id(dialect), as_keys(dialect, keys, 2))
    return {(entry.chat_id, entry.client_id or ""): entry for entry in found}
