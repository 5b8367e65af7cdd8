"""What operators keep: who may, what is taken already, and what is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, TypeVar

from pydantic import StringConstraints
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, func, select

from vipservice.rules.people import HOLDERS, Right
from vipservice.rules.refusals import N_, FieldError, Invalid, NotFound
from vipservice.services.people.rights import end_rights
from vipservice.store.locking import lock_person
from vipservice.store.presence import leave_for_good
from vipservice.store.tables import Municipality, Person, Team, Topic
from vipservice.store.work import Work

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
TAKEN = N_("This is in use already. Choose another.")
Row = TypeVar("Row", bound=SQLModel)


def found(work: Work, table: type[Row], id_: str) -> Row:
    """The row with this id. Raises NotFound."""
    row = work.session.get(table, id_)
    if row is None:
        raise NotFound
    return row


def disable(work: Work, person: Person) -> None:
    """Shuts an account: its rights end at once, and what a specialist had is visited."""
    person.disabled_at = person.disabled_at or work.now
    if person.role in HOLDERS[Right.ANSWER]:
        leave(work, person.id)
    end_rights(work, person.id, N_("Your account has been closed."))


def leave(work: Work, person_id: str) -> None:
    """Somebody answers no longer: others must."""
    lock_person(work.session, person_id)
    leave_for_good(work.session, person_id, work.now)


@contextmanager
def unique(field: str) -> Iterator[None]:
    """Somebody else may take a name between our look and our commit."""
    try:
        yield
    except IntegrityError:
        raise Invalid([FieldError(field, TAKEN)]) from None


def refuse_taken(
    work: Work,
    table: type[Municipality | Person | Team | Topic],
    id_: str | None,
    field: str,
    value: str,
) -> None:
    """Raises Invalid when another row has this value already, in whatever case."""
    same = func.lower(getattr(table, field)) == value.lower()
    query = select(table.id).where(same, table.id != (id_ or ""))
    if work.session.exec(query).first():
        raise Invalid([FieldError(field, TAKEN)])
