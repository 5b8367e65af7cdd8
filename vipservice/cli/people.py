"""user and municipality."""

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vipservice.cli.opening import Commands, command, open_store, read_password, settings_of
from vipservice.rules.people import CONSOLE, Role

if TYPE_CHECKING:
    from vipservice.store.tables import Municipality, Person
    from vipservice.store.work import Store


def register(commands: Commands) -> None:
    """Adds the commands."""
    user = commands.add_parser("user", help="add, list and disable people").add_subparsers(
        required=True, metavar="ACTION"
    )
    parser = command(user, "add", add_user, "add somebody; the password is asked for")
    parser.add_argument("email")
    parser.add_argument("name")
    parser.add_argument("--role", choices=[role.value for role in Role], default="requester")
    parser.add_argument("--municipality", help="CBS code of the requester's municipality")
    parser.add_argument("--may-create-incidents", action="store_true")
    _listed(command(user, "list", list_users, "list everybody"))
    command(user, "disable", disable_user, "shut an account").add_argument("email")
    command(user, "password", set_password, "set a password; it is asked for").add_argument("email")

    municipality = commands.add_parser(
        "municipality", help="add and list municipalities"
    ).add_subparsers(required=True, metavar="ACTION")
    parser = command(municipality, "add", add_municipality, "add a municipality")
    parser.add_argument("name")
    parser.add_argument("code", help="the four digits of the CBS")
    _listed(command(municipality, "list", list_municipalities, "list municipalities"))


def add_person(
    store: "Store", email: str, name: str, role: Role, password: str, **rest: str | bool | None
) -> str:
    """Adds somebody; raises Refusal with every bad field."""
    from pydantic import ValidationError

    from vipservice.problems import invalid
    from vipservice.services.people.accounts import PersonInput, save_person

    try:
        data = PersonInput(email=email, name=name, role=role, password=password, **rest)
    except ValidationError as error:
        raise invalid(error) from None
    return save_person(store, CONSOLE, None, data)


def add_user(options: argparse.Namespace) -> None:
    """Adds somebody."""
    store = open_store(settings_of(options))
    code = options.municipality
    municipality = next((row.id for row in _municipalities(store) if row.code == code), None)
    add_person(
        store,
        options.email,
        options.name,
        Role(options.role),
        read_password(),
        municipality_id=municipality,
        can_create_incidents=options.may_create_incidents,
    )
    print(f"Added {options.email}.")


def list_users(options: argparse.Namespace) -> None:
    """Everybody, one a line."""
    from vipservice.services.people.accounts import list_people

    rows = [
        {
            "email": person.email,
            "name": person.name,
            "role": person.role.value,
            "municipality": municipality,
            "disabled": person.disabled_at is not None,
        }
        for person, municipality in map(tuple, list_people(open_store(settings_of(options))))
    ]
    _print(rows, options.json)


def disable_user(options: argparse.Namespace) -> None:
    """Shuts an account; live connections end within a second."""
    from vipservice.services.people.accounts import disable_person

    store = open_store(settings_of(options))
    disable_person(store, CONSOLE, _person(store, options.email).id)
    print(f"Disabled {options.email}.")


def set_password(options: argparse.Namespace) -> None:
    """Sets somebody's password and ends their sessions' connections."""
    from vipservice.services.people.accounts import PersonInput, save_person, teams_of

    store = open_store(settings_of(options))
    person = _person(store, options.email)
    known = person.model_dump(include=set(PersonInput.model_fields))
    kept = known | {"team_ids": teams_of(store, person.id)}
    data = PersonInput(**kept | {"password": read_password()})
    save_person(store, CONSOLE, person.id, data)
    print(f"Changed the password of {options.email}.")


def add_municipality(options: argparse.Namespace) -> None:
    """Adds a municipality."""
    from pydantic import ValidationError

    from vipservice.problems import invalid
    from vipservice.services.people.organisation import MunicipalityInput, save
    from vipservice.store.tables import Municipality

    store = open_store(settings_of(options))
    try:
        data = MunicipalityInput(name=options.name, code=options.code)
    except ValidationError as error:
        raise invalid(error) from None
    save(store, CONSOLE, Municipality, None, data)
    print(f"Added {options.name}.")


def list_municipalities(options: argparse.Namespace) -> None:
    """Municipalities, one a line."""
    rows = [
        {"code": row.code, "name": row.name, "ended": row.ended_at is not None}
        for row in _municipalities(open_store(settings_of(options)))
    ]
    _print(rows, options.json)


def _municipalities(store: "Store") -> Sequence["Municipality"]:
    from vipservice.services.people.organisation import list_parts
    from vipservice.store.tables import Municipality

    return list_parts(store, Municipality)


def _person(store: "Store", email: str) -> "Person":
    from vipservice.rules.refusals import N_, Refusal
    from vipservice.services.people.accounts import list_people

    for row in list_people(store):
        if row[0].email == email.lower():
            found: Person = row[0]
            return found
    raise Refusal(N_("There is no account %(email)s."), email=email)


def _listed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for machines")


def _print(rows: Sequence[Mapping[str, object]], as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        print("  ".join(str("-" if value is None else value).ljust(12) for value in row.values()))
