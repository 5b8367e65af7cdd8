"""The operator's pages: municipalities, teams, topics, people and grants."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, make_response, redirect, url_for
from werkzeug.wrappers import Response

from vipservice.i18n import translator
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.people import Right, Role
from vipservice.rules.refusals import N_, Invalid, NotFound
from vipservice.services.people import accounts, organisation
from vipservice.store.tables import Municipality, Person, Team, Topic
from vipservice.web.access import actor, allow, service
from vipservice.web.forms import form, posted
from vipservice.web.rendering import Problem, language, refused, render

pages = Blueprint("settings", __name__, url_prefix="/settings")

PARTS: dict[str, tuple[type[Any], type[Any]]] = {
    "municipalities": (Municipality, organisation.MunicipalityInput),
    "teams": (Team, organisation.TeamInput),
    "topics": (Topic, organisation.TopicInput),
}
SAVED = N_("Saved.")
ENDED = N_("Ended.")


@pages.get("/")
@allow(Right.ADMINISTER)
def municipalities() -> Response:
    """The first of the pages."""
    return redirect(url_for("settings.list_parts", kind="municipalities"))


@pages.get("/<kind>")
@allow(Right.ADMINISTER)
def list_parts(kind: str) -> str:
    """Municipalities, teams or topics."""
    table, _ = _kind(kind)
    store = service().store
    return render(
        "settings/list.html", kind=kind, rows=organisation.list_parts(store, table), teams=_teams()
    )


@pages.get("/<kind>/new")
@allow(Right.ADMINISTER)
def new_part(kind: str) -> str:
    """An empty form."""
    _kind(kind)
    return render(
        "settings/edit.html", kind=kind, row=None, values={}, teams=_teams(), problem=None
    )


@pages.get("/<kind>/<id_>")
@allow(Right.ADMINISTER)
def edit_part(kind: str, id_: str) -> str:
    """The form with what there is."""
    row = organisation.get_part(service().store, _kind(kind)[0], id_)
    return render(
        "settings/edit.html", kind=kind, row=row, values=row.model_dump(), teams=_teams(),
        problem=None,
    )  # fmt: skip


@pages.post("/<kind>/new")
@pages.post("/<kind>/<id_>")
@allow(Right.ADMINISTER)
def save_part(kind: str, id_: str | None = None) -> Response:
    """Adds or changes one."""
    table, model = _kind(kind)
    row = organisation.get_part(service().store, table, id_) if id_ else None
    return _try(
        lambda: organisation.save(service().store, actor(), table, id_, form(model)),
        url_for("settings.list_parts", kind=kind),
        lambda problem: render(
            "settings/edit.html", kind=kind, row=row, values=posted(), teams=_teams(),
            problem=problem,
        ),
    )  # fmt: skip


@pages.post("/<kind>/<id_>/end")
@allow(Right.ADMINISTER)
def end_part(kind: str, id_: str) -> Response:
    """Ends one."""
    organisation.end(service().store, actor(), _kind(kind)[0], id_)
    return _done(ENDED, url_for("settings.list_parts", kind=kind))


@pages.get("/people")
@allow(Right.ADMINISTER)
def people() -> str:
    """Everybody."""
    return render("settings/people.html", rows=accounts.list_people(service().store))


@pages.get("/people/new")
@allow(Right.ADMINISTER)
def new_person() -> str:
    """An empty form."""
    return _person_form(None, {"role": Role.REQUESTER}, set(), None)


@pages.get("/people/<id_>")
@allow(Right.ADMINISTER)
def edit_person(id_: str) -> str:
    """The form with what there is, and the grants."""
    store = service().store
    person = accounts.get_person(store, id_)
    return _person_form(person, person.model_dump(), accounts.teams_of(store, id_), None)


@pages.post("/people/new")
@pages.post("/people/<id_>")
@allow(Right.ADMINISTER)
def save_person(id_: str | None = None) -> Response:
    """Adds or changes somebody."""
    store = service().store
    person = accounts.get_person(store, id_) if id_ else None
    beside = service().beside
    return _try(
        lambda: accounts.save_person(store, actor(), id_, form(accounts.PersonInput), beside),
        url_for("settings.people"),
        lambda problem: _person_form(person, posted(), set(posted().getlist("team_ids")), problem),
    )


@pages.post("/people/<id_>/disable")
@allow(Right.ADMINISTER)
def disable_person(id_: str) -> Response:
    """Shuts an account."""
    accounts.disable_person(service().store, actor(), id_)
    return _done(ENDED, url_for("settings.people"))


@pages.post("/people/<id_>/enable")
@allow(Right.ADMINISTER)
def enable_person(id_: str) -> Response:
    """Opens a closed account again."""
    accounts.enable_person(service().store, actor(), id_)
    return _done(SAVED, url_for("settings.edit_person", id_=id_))


@pages.post("/people/<id_>/grants")
@allow(Right.ADMINISTER)
def add_grant(id_: str) -> Response:
    """Adds a grant."""
    store = service().store
    person = accounts.get_person(store, id_)
    return _try(
        lambda: accounts.add_grant(store, actor(), id_, form(accounts.GrantInput)),
        url_for("settings.edit_person", id_=id_),
        lambda problem: _person_form(
            person, person.model_dump(), accounts.teams_of(store, id_), problem
        ),
    )


@pages.post("/people/<id_>/grants/<grant_id>/end")
@allow(Right.ADMINISTER)
def end_grant(id_: str, grant_id: str) -> Response:
    """Ends a grant, from today."""
    accounts.end_grant(service().store, actor(), grant_id)
    return _done(ENDED, url_for("settings.edit_person", id_=id_))


def _kind(kind: str) -> tuple[type[Any], type[Any]]:
    if kind not in PARTS:
        raise NotFound
    return PARTS[kind]


def _teams() -> Sequence[Team]:
    return organisation.list_parts(service().store, Team)


def _person_form(
    person: Person | None, values: Mapping[str, object], teams: set[str], problem: Problem | None
) -> str:
    store = service().store
    return render(
        "settings/person.html",
        person=person,
        values=values,
        member_of=teams,
        problem=problem,
        roles=list(Role),
        municipalities=organisation.list_parts(store, Municipality, ended=False),
        teams=_teams(),
        topics=organisation.list_parts(store, Topic, ended=False),
        grants=accounts.grants_of_person(store, person.id) if person else [],
        today=store.clock().astimezone(NETHERLANDS).date(),
    )


def _try(act: Callable[[], object], onward: str, again: Callable[[Problem], str]) -> Response:
    """Does it and goes on, or shows the form again with what is wrong; nothing is lost."""
    try:
        act()
    except Invalid as refusal:
        return make_response(again(refused(refusal)), 400)
    return _done(SAVED, onward)


def _done(text: str, onward: str) -> Response:
    flash(translator(language())(text))
    return redirect(onward)
