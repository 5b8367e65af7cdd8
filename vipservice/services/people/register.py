"""The register that operators keep: municipalities, teams, topics, people and grants.

Nothing is deleted: what has ended stays, with the moment of its end, because timelines
refer to it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Annotated, Any, Self, TypeVar

from pydantic import EmailStr, Field, StringConstraints, field_validator, model_validator
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, func, select

from vipservice.beside import Beside, at_once
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.people import Actor, Role
from vipservice.rules.refusals import N_, FieldError, Invalid, NotAllowed, NotFound, Refusal
from vipservice.rules.text import sort_key
from vipservice.services.inputs import FormInput, Lines, Secret
from vipservice.services.people.passwords import hash_password
from vipservice.services.people.rights import end_rights
from vipservice.store.queries import AnyRow
from vipservice.store.tables import Grant, Membership, Municipality, Person, Team, Topic
from vipservice.store.work import Store, Work

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Password = Annotated[Secret, StringConstraints(max_length=200)]
SHORTEST_PASSWORD = 12
TAKEN = N_("This is in use already. Choose another.")
Kept = TypeVar("Kept", Municipality, Team, Topic)


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


KeptInput = MunicipalityInput | TeamInput | TopicInput


class PersonInput(FormInput):
    """A person. Only a requester belongs to a municipality, and always does."""

    email: EmailStr
    name: Name
    role: Role
    phone: str = Field(default="", max_length=25)
    municipality_id: str | None = None
    can_create_incidents: bool = False
    password: Password = ""

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
    starts_on: date
    ends_on: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValueError(N_("The end lies before the start."))
        return self


def require_operator(actor: Actor) -> None:
    """Raises NotAllowed for everybody but an operator."""
    if actor.role is not Role.OPERATOR:
        raise NotAllowed(N_("Only the application manager may do this."))


def list_kept(store: Store, table: type[Kept], *, ended: bool = True) -> Sequence[Kept]:
    """Municipalities, teams or topics by name; without the ended ones if so asked."""
    query = select(table)
    with store.read() as work:
        rows = work.session.exec(
            query if ended else query.where(col(table.ended_at).is_(None))
        ).all()
    return sorted(rows, key=lambda row: sort_key(row.name))


def list_people(store: Store) -> Sequence[AnyRow]:
    """(Person, name of their municipality or None), by role and name."""
    query = select(Person, col(Municipality.name)).outerjoin(
        Municipality, col(Municipality.id) == Person.municipality_id
    )
    with store.read() as work:
        rows = work.session.execute(query).all()
    return sorted(rows, key=lambda row: (row[0].role, sort_key(row[0].name)))


def get_kept(store: Store, table: type[Kept], id_: str) -> Kept:
    """One of them. Raises NotFound."""
    with store.read() as work:
        return _get(work, table, id_)


def save(
    store: Store,
    actor: Actor,
    table: type[Kept],
    id_: str | None,
    data: KeptInput,
) -> str:
    """Adds one (without ``id_``) or changes it; its id. Raises Invalid when the name is taken."""
    require_operator(actor)
    values = data.model_dump()
    if isinstance(data, TeamInput):
        values["email"] = data.email or ""
    with _unique("name"), store.work() as work:
        row = _get(work, table, id_) if id_ else table(**values)
        _refuse_taken(work, table, id_, "name", data.name)
        if isinstance(data, MunicipalityInput):
            _refuse_taken(work, table, id_, "code", data.code)
        if isinstance(data, TopicInput):
            _get(work, Team, data.team_id)
        row.sqlmodel_update(values)
        work.session.add(row)
        return row.id


def end(store: Store, actor: Actor, table: type[Kept], id_: str) -> None:
    """Ends it from now on. The people of an ended municipality lose their rights at once."""
    require_operator(actor)
    with store.work() as work:
        row = _get(work, table, id_)
        row.ended_at = row.ended_at or work.now
        if isinstance(row, Municipality):
            people = select(Person).where(Person.municipality_id == row.id)
            for person in work.session.exec(people).all():
                _disable(work, person)


def get_person(store: Store, id_: str) -> Person:
    """Raises NotFound."""
    with store.read() as work:
        return _get(work, Person, id_)


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
    team_ids: Sequence[str] = (),
    beside: Beside = at_once,
) -> str:
    """Adds a person or changes one; an empty password leaves the old one."""
    require_operator(actor)
    hash_ = beside(hash_password, data.password) if data.password else ""
    with _unique("email"), store.work() as work:
        return _write_person(work, id_, data, team_ids, hash_)


def _write_person(
    work: Work, id_: str | None, data: PersonInput, team_ids: Sequence[str], hash_: str
) -> str:
    values = data.model_dump(exclude={"password"}) | {"email": data.email.lower()}
    _refuse_taken(work, Person, id_, "email", values["email"])
    if data.municipality_id:
        _get(work, Municipality, data.municipality_id)
    row = _get(work, Person, id_) if id_ else Person(**values)
    changed = bool(id_) and _rights(row) != (data.role, data.municipality_id)
    row.sqlmodel_update(values)
    if hash_:
        row.password_hash = hash_
    work.session.add(row)
    work.session.flush()
    _set_teams(work, row.id, team_ids)
    if changed or (id_ and hash_):
        end_rights(work, row.id, N_("Your rights have changed. Sign in again."))
    return row.id


def disable_person(store: Store, actor: Actor, id_: str) -> None:
    """Shuts an account: its sessions and connections end at once.

    Raises Refusal for one's own, so that somebody is always left to open the others.
    """
    require_operator(actor)
    if id_ == actor.id:
        raise Refusal(N_("You can not close your own account. Ask another application manager."))
    with store.work() as work:
        _disable(work, _get(work, Person, id_))


def enable_person(store: Store, actor: Actor, id_: str) -> None:
    """Opens an account again that was closed."""
    require_operator(actor)
    with store.work() as work:
        _get(work, Person, id_).disabled_at = None


def add_grant(store: Store, actor: Actor, person_id: str, data: GrantInput) -> str:
    """A grant for a requester; its id."""
    require_operator(actor)
    with store.work() as work:
        person = _get(work, Person, person_id)
        if person.role is not Role.REQUESTER:
            raise NotAllowed(N_("Only administrators of a municipality get an authorisation."))
        if data.topic_id:
            _get(work, Topic, data.topic_id)
        grant = Grant(person_id=person_id, **data.model_dump())
        work.session.add(grant)
        return grant.id


def end_grant(store: Store, actor: Actor, grant_id: str) -> None:
    """Ends a grant yesterday, so that it does not hold today."""
    require_operator(actor)
    with store.work() as work:
        grant = _get(work, Grant, grant_id)
        grant.ends_on = work.now.astimezone(NETHERLANDS).date() - timedelta(days=1)
        grant.starts_on = min(grant.starts_on, grant.ends_on)
        end_rights(work, grant.person_id, N_("Your authorisation has changed. Sign in again."))


def set_language(store: Store, actor: Actor, language: str) -> None:
    """The language of somebody's screen."""
    with store.work() as work:
        _get(work, Person, actor.id).language = language


Row_ = TypeVar("Row_", bound=SQLModel)


def _get(work: Work, table: type[Row_], id_: str) -> Row_:
    row = work.session.get(table, id_)
    if row is None:
        raise NotFound
    return row


def _rights(person: Person) -> tuple[Role, str | None]:
    return person.role, person.municipality_id


def _disable(work: Work, person: Person) -> None:
    person.disabled_at = person.disabled_at or work.now
    end_rights(work, person.id, N_("Your account has been closed."))


def _set_teams(work: Work, person_id: str, team_ids: Sequence[str]) -> None:
    query = select(Membership).where(Membership.person_id == person_id)
    for membership in work.session.exec(query).all():
        if membership.team_id not in team_ids:
            work.session.delete(membership)
    for team_id in team_ids:
        _get(work, Team, team_id)
        work.session.merge(Membership(team_id=team_id, person_id=person_id))


@contextmanager
def _unique(field: str) -> Iterator[None]:
    """Somebody else may take a name between our look and our commit."""
    try:
        yield
    except IntegrityError:
        raise Invalid([FieldError(field, TAKEN)]) from None


def _refuse_taken(work: Work, table: type[Any], id_: str | None, field: str, value: str) -> None:
    same = func.lower(getattr(table, field)) == value.lower()
    query = select(table.id).where(same, table.id != (id_ or ""))
    if work.session.exec(query).first():
        raise Invalid([FieldError(field, TAKEN)])
