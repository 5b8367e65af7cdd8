"""Municipalities, teams and topics.

Nothing is deleted: what has ended stays, with the moment of its end, because timelines refer to it.
"""

from collections.abc import Sequence
from typing import TypeVar

from pydantic import EmailStr, Field
from sqlmodel import col, select

from vipservice.rules.people import Actor, Right
from vipservice.rules.text import sort_key
from vipservice.services.inputs import FormInput, Lines
from vipservice.services.people.keeping import (
    Name,
    disable,
    found,
    refuse_taken,
    unique,
)
from vipservice.store.tables import Municipality, Person, Team, Topic
from vipservice.store.work import Store

Part = TypeVar("Part", Municipality, Team, Topic)


class MunicipalityInput(FormInput):
    """``code``: the four digits of the CBS; ``facts``: lines for whoever gets an incident."""

    name: Name
    code: str = Field(pattern=r"^\d{4}$")
    facts: Lines = Field(default="", max_length=2_000)


class TeamInput(FormInput):
    """A team and where its messages go."""

    name: Name
    email: EmailStr | None = None


class TopicInput(FormInput):
    """A topic and the team that answers."""

    name: Name
    team_id: str


PartInput = MunicipalityInput | TeamInput | TopicInput


def list_parts(store: Store, table: type[Part], *, ended: bool = True) -> Sequence[Part]:
    """Municipalities, teams or topics by name; without the ended ones if so asked."""
    query = select(table)
    with store.read() as work:
        rows = work.session.exec(
            query if ended else query.where(col(table.ended_at).is_(None))
        ).all()
    return sorted(rows, key=lambda row: sort_key(row.name))


def get_part(store: Store, table: type[Part], id_: str) -> Part:
    """One of them. Raises NotFound."""
    with store.read() as work:
        return found(work, table, id_)


def save(
    store: Store,
    actor: Actor,
    table: type[Part],
    id_: str | None,
    data: PartInput,
) -> str:
    """Adds one (without ``id_``) or changes it; its id. Raises Invalid when the name is taken."""
    actor.require(Right.ADMINISTER)
    values = data.model_dump()
    if isinstance(data, TeamInput):
        values["email"] = data.email or ""
    with unique("name"), store.work() as work:
        row = found(work, table, id_) if id_ else table(**values)
        refuse_taken(work, table, id_, "name", data.name)
        if isinstance(data, MunicipalityInput):
            refuse_taken(work, table, id_, "code", data.code)
        if isinstance(data, TopicInput):
            found(work, Team, data.team_id)
        row.sqlmodel_update(values)
        work.session.add(row)
        return row.id


def end(store: Store, actor: Actor, table: type[Part], id_: str) -> None:
    """Ends it from now on. The people of an ended municipality lose their rights at once."""
    actor.require(Right.ADMINISTER)
    with store.work() as work:
        row = found(work, table, id_)
        row.ended_at = row.ended_at or work.now
        if isinstance(row, Municipality):
            people = select(Person).where(Person.municipality_id == row.id)
            for person in work.session.exec(people).all():
                disable(work, person)
