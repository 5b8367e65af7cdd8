"""People, the teams that they are in and the grants that they have."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Self

from pydantic import EmailStr, Field, StringConstraints, field_validator, model_validator
from sqlmodel import col, select

from vipservice.beside import Beside, at_once
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.people import HOLDERS, Actor, Right, Role
from vipservice.rules.refusals import N_, NotAllowed, Refusal
from vipservice.rules.text import sort_key
from vipservice.services.inputs import Day, FormInput, Secret
from vipservice.services.people.keeping import (
    Name,
    disable,
    found,
    leave,
    refuse_taken,
    unique,
)
from vipservice.services.people.passwords import hash_password
from vipservice.services.people.rights import end_rights
from vipservice.store.queries import AnyRow
from vipservice.store.tables import Grant, Membership, Municipality, Person, Team, Topic
from vipservice.store.work import Store, Work

Password = Annotated[Secret, StringConstraints(max_length=200)]
SHORTEST_PASSWORD = 12


class PersonInput(FormInput):
    """A person. Only a requester belongs to a municipality, and always does."""

    email: EmailStr
    name: Name
    role: Role
    phone: str = Field(default="", max_length=25)
    municipality_id: str | None = None
    can_create_incidents: bool = False
    password: Password = ""
    team_ids: frozenset[str] = frozenset()

    @field_validator("password")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < SHORTEST_PASSWORD:
            raise ValueError(N_("A password has at least 12 characters."))
        return value

    @model_validator(mode="after")
    def _belongs(self) -> Self:
        if (self.role is Role.REQUESTER) != bool(self.municipality_id):
            raise ValueError(N_("An administrator belongs to a municipality; staff do not."))
        return self


class GrantInput(FormInput):
    """A grant; no topic means all topics, no end means until further notice."""

    topic_id: str | None = None
    starts_on: Day
    ends_on: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValueError(N_("The end lies before the start."))
        return self


def list_people(store: Store) -> Sequence[AnyRow]:
    """(Person, name of their municipality or None), by role and name."""
    query = select(Person, col(Municipality.name)).outerjoin(
        Municipality, col(Municipality.id) == Person.municipality_id
    )
    with store.read() as work:
        rows = work.session.execute(query).all()
    return sorted(rows, key=lambda row: (row[0].role, sort_key(row[0].name)))


def get_person(store: Store, id_: str) -> Person:
    """Raises NotFound."""
    with store.read() as work:
        return found(work, Person, id_)


def teams_of(store: Store, person_id: str) -> set[str]:
    """The ids of the teams that a person is in."""
    with store.read() as work:
        query = select(Membership.team_id).where(Membership.person_id == person_id)
        return set(work.session.exec(query).all())


def grants_of_person(store: Store, person_id: str) -> Sequence[AnyRow]:
    """(Grant, topic's name or None), the newest first."""
    query = (
        select(Grant, col(Topic.name))
        .outerjoin(Topic, col(Topic.id) == Grant.topic_id)
        .where(Grant.person_id == person_id)
        .order_by(col(Grant.starts_on).desc())
    )
    with store.read() as work:
        return work.session.execute(query).all()


def save_person(
    store: Store,
    actor: Actor,
    id_: str | None,
    data: PersonInput,
    beside: Beside = at_once,
) -> str:
    """Adds a person or changes one; an empty password leaves the old one."""
    actor.require(Right.ADMINISTER)
    hash_ = beside(hash_password, data.password) if data.password else ""
    with unique("email"), store.work() as work:
        return _write_person(work, id_, data, hash_)


def _write_person(work: Work, id_: str | None, data: PersonInput, hash_: str) -> str:
    values = data.model_dump(exclude={"password", "team_ids"}) | {"email": data.email.lower()}
    refuse_taken(work, Person, id_, "email", values["email"])
    if data.municipality_id:
        found(work, Municipality, data.municipality_id)
    row = found(work, Person, id_) if id_ else Person(**values)
    answered = bool(id_) and row.role in HOLDERS[Right.ANSWER]
    changed = bool(id_) and _rights(row) != (data.role, data.municipality_id)
    row.sqlmodel_update(values)
    if hash_:
        row.password_hash = hash_
    work.session.add(row)
    work.session.flush()
    _set_teams(work, row.id, data.team_ids)
    if answered and row.role not in HOLDERS[Right.ANSWER]:
        leave(work, row.id)
    if changed or (id_ and hash_):
        end_rights(work, row.id, N_("Your rights have changed. Sign in again."))
    return row.id


def disable_person(store: Store, actor: Actor, id_: str) -> None:
    """Shuts an account: its sessions and connections end at once.

    Raises Refusal for one's own, so that somebody is always left to open the others.
    """
    actor.require(Right.ADMINISTER)
    if id_ == actor.id:
        raise Refusal(N_("You can not close your own account. Ask another application manager."))
    with store.work() as work:
        disable(work, found(work, Person, id_))


def enable_person(store: Store, actor: Actor, id_: str) -> None:
    """Opens an account again that was closed."""
    actor.require(Right.ADMINISTER)
    with store.work() as work:
        found(work, Person, id_).disabled_at = None


def add_grant(store: Store, actor: Actor, person_id: str, data: GrantInput) -> str:
    """A grant for a requester; its id."""
    actor.require(Right.ADMINISTER)
    with store.work() as work:
        person = found(work, Person, person_id)
        if person.role is not Role.REQUESTER:
            raise NotAllowed(N_("Only administrators of a municipality get an authorisation."))
        if data.topic_id:
            found(work, Topic, data.topic_id)
        grant = Grant(person_id=person_id, **data.model_dump())
        work.session.add(grant)
        return grant.id


def end_grant(store: Store, actor: Actor, grant_id: str) -> None:
    """Ends a grant yesterday, so that it does not hold today."""
    actor.require(Right.ADMINISTER)
    with store.work() as work:
        grant = found(work, Grant, grant_id)
        grant.ends_on = work.now.astimezone(NETHERLANDS).date() - timedelta(days=1)
        grant.starts_on = min(grant.starts_on, grant.ends_on)
        end_rights(work, grant.person_id, N_("Your authorisation has changed. Sign in again."))


def set_language(store: Store, actor: Actor, language: str) -> None:
    """The language of somebody's screen."""
    with store.work() as work:
        found(work, Person, actor.id).language = language


def _rights(person: Person) -> tuple[Role, str | None]:
    return person.role, person.municipality_id


def _set_teams(work: Work, person_id: str, team_ids: frozenset[str]) -> None:
    query = select(Membership).where(Membership.person_id == person_id)
    for membership in work.session.exec(query).all():
        if membership.team_id not in team_ids:
            work.session.delete(membership)
    for team_id in team_ids:
        found(work, Team, team_id)
        work.session.merge(Membership(team_id=team_id, person_id=person_id))
