"""Locks on rows: of one chat, or of what several use cases take in turns."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from vipservice.store.tables import Municipality, Person

KEY_SHARE = {"key_share": True}
"""A lock that still lets others refer to the row: a plain one would block every entry."""


def lock_person(session: Session, person_id: str) -> Person:
    """Makes whoever changes this person's load wait for one another.

    Always after the chat's own lock, so that two of them can not block each other.
    """
    return session.get_one(Person, person_id, with_for_update=KEY_SHARE)


def take_turns(session: Session, municipality_ids: Collection[str]) -> None:
    """Within each of these one after the other, until the end of the transaction."""
    if not municipality_ids:
        return
    query = select(Municipality.id).where(col(Municipality.id).in_(municipality_ids))
    with session.no_autoflush:
        session.exec(query.order_by(col(Municipality.id)).with_for_update(key_share=True)).all()
