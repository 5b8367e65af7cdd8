"""What has to be known before something is said: of one, or of many at once.

On the path of every message, so the statements are built once: building costs as much as running.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from vipservice.store.bulk import rows_of
from vipservice.store.keys import among, as_keys, dialect_of
from vipservice.store.noticing import NoticingSession
from vipservice.store.queries import AnyRow
from vipservice.store.tables import Chat, Entry, LoginSession, Municipality, Person

ClientKey = tuple[str, str]
"""A chat, and the sender's own id of what was said in it."""

_CHAT: Table = Chat.__table__  # type: ignore[attr-defined]
_LOCKED = (
    sa_select(_CHAT)
    .where(_CHAT.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_CHAT.c.id)
    .with_for_update(key_share=True)
)
_HOLDER = (
    select(LoginSession, Person, col(Municipality.name))
    .join(Person, col(Person.id) == LoginSession.person_id)
    .outerjoin(Municipality, col(Municipality.id) == Person.municipality_id)
    .where(col(LoginSession.id) == bindparam("id"), col(LoginSession.ended_at).is_(None))
)
_HOLDERS = (
    sa_select(
        col(LoginSession.id),
        col(LoginSession.expires_at),
        col(Person.id),
        col(Person.role),
        col(Person.municipality_id),
    )
    .join(Person, col(Person.id) == LoginSession.person_id)
    .where(
        col(LoginSession.id).in_(bindparam("ids", expanding=True)),
        col(LoginSession.ended_at).is_(None),
        col(Person.disabled_at).is_(None),
    )
)


@cache
def _by_client_id(dialect: str) -> Any:
    return select(Entry).where(among(dialect, [col(Entry.chat_id), col(Entry.client_id)]))


def session_holder(session: Session, session_id: str) -> AnyRow | None:
    """(LoginSession, Person, name of the municipality) of a session that was not ended."""
    return session.execute(_HOLDER, {"id": session_id}).one_or_none()


def session_holders(session: Session, session_ids: Collection[str]) -> list[AnyRow]:
    """(session, until when, person, role, municipality) of those that were not ended."""
    return list(session.execute(_HOLDERS, {"ids": list(session_ids)}))


def locked_chats(session: NoticingSession, chat_ids: Collection[str]) -> dict[str, Chat]:
    """These chats under their row locks, taken in the order of their ids.

    SQLite's writer holds the whole database.
    """
    found = rows_of(session, Chat, _LOCKED, {"ids": list(chat_ids)})
    return {chat.id: chat for chat in found}


def entries_by_client_id(session: Session, keys: Collection[ClientKey]) -> dict[ClientKey, Entry]:
    """The entries that were stored under the senders' own ids."""
    found = session.execute(_by_client_id(dialect_of(session)), as_keys(keys)).scalars()
    return {(entry.chat_id, entry.client_id or ""): entry for entry in found}
