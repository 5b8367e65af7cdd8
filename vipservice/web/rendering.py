"""Templates: language, dates, and the built scripts and styles."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime, get_day_names
from babel.numbers import format_decimal
from flask import Flask, g, render_template, request, url_for

from vipservice.i18n import DEFAULT, LANGUAGES, catalogue, translator
from vipservice.problems import problem
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.people import Right, Role
from vipservice.rules.policy import Promise
from vipservice.rules.refusals import N_, Refusal
from vipservice.store.tables import Municipality, Team, Topic
from vipservice.web import texts
from vipservice.web.access import service

Problem = Mapping[str, object]
"""A refusal, for a form: the sentence, and one for each bad field."""
LANGUAGE_COOKIE = "vipservice_language"
MANIFEST = Path(__file__).parent / "static" / ".vite" / "manifest.json"

UNDELIVERED = ("/undelivered", N_("Not delivered"))
NAVIGATION = {
    Role.REQUESTER: (("/chats", N_("Questions")), ("/chats/new", N_("Ask a question"))),
    Role.SPECIALIST: (("/workbench", N_("Workbench")), UNDELIVERED),
    Role.MANAGER: (
        ("/dashboard", N_("Dashboard")),
        ("/reports", N_("Reports")),
        ("/wallboard", N_("Wallboard")),
        UNDELIVERED,
        ("/settings/hours", N_("Settings")),
    ),
    Role.OPERATOR: (("/settings/municipalities", N_("Settings")), UNDELIVERED),
}
ROLES = {
    Role.REQUESTER: N_("Functional administrator of a municipality"),
    Role.SPECIALIST: N_("Specialist of the knowledge centre"),
    Role.MANAGER: N_("Manager of the knowledge centre"),
    Role.OPERATOR: N_("Application manager"),
}
PLANNING = (("/settings/hours", N_("Opening hours")), ("/settings/targets", N_("Targets")))
SETTINGS = (
    ("/settings/municipalities", N_("Municipalities")),
    ("/settings/people", N_("People")),
    ("/settings/topics", N_("Topics")),
    ("/settings/teams", N_("Teams")),
    *PLANNING,
)
PROMISES = {
    Promise.PICKUP: N_("Pick up"),
    Promise.REPLY: N_("Answer"),
    Promise.CALLBACK: N_("Call back"),
}
CHOICES = {
    "person": N_("One person"),
    "department": N_("Department"),
    "organisation": N_("Whole organisation"),
    "low": N_("Low"),
    "normal": N_("Normal"),
    "high": N_("High"),
}


def register_rendering(app: Flask) -> None:
    """What every template may use."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: catalogue(language()).gettext(text),
        lambda one, many, n: catalogue(language()).ngettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["number"] = number
    app.jinja_env.filters["figure"] = figure
    app.jinja_env.globals.update(
        asset=asset, styles=styles, imports=imports, pairs=pairs, navigation=navigation,
        role_words=role_words,
        role_choices=role_choices, choice_words=choice_words, settings_pages=settings_pages,
        promise_words=promise_words, day_words=day_words, say=say, texts=texts.address,
    )  # fmt: skip
    app.context_processor(
        lambda: {"language": language(), "actor": g.actor, "server_now": _server_now}
    )


def language() -> str:
    """The reader's language: their account's, else the cookie's, else Dutch."""
    signed_in = getattr(g, "actor", None)
    chosen = signed_in.language if signed_in else request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else DEFAULT


def render(template: str, **context: Any) -> str:
    """A page."""
    return render_template(template, **context)


def render_island(
    title: str, script: str, state: Mapping[str, object], *,
    template: str = "island.html", **below: Any,
) -> str:  # fmt: skip
    """A page that one script draws, from this state; ``title`` is a message id.

    A ``template`` of its own shows what is ``below``.
    """
    return render(
        template,
        **below,
        title=translator(language())(title),
        script=script,
        state=state,
    )


def refused(refusal: Refusal) -> Problem:
    """A refusal as the forms show it."""
    body = problem(refusal, language())
    errors = {error["field"]: error["detail"] for error in body.get("errors", [])}
    return {"detail": errors.pop("", body["detail"]), "fields": errors}


def navigation() -> list[tuple[str, str, str]]:
    """The pages of one's role, for the menu: address, words, and "page" or "true" for where one is.

    On a page that is not in the menu itself, that is the first of its section.
    """
    pages = NAVIGATION[g.actor.role]
    near = [address for address, _ in pages if _section(address) == _section(request.path)]
    here = request.path if request.path in near else next(iter(near), None)
    kind = "page" if here == request.path else "true"
    return [(address, say(words), kind if address == here else "") for address, words in pages]


def _section(address: str) -> str:
    return address.split("/")[1]


def say(text: str) -> str:
    """A message id in the reader's language, as it is: a percent sign in it is one."""
    return translator(language())(text)


def settings_pages() -> list[tuple[str, str]]:
    """The pages of the settings that one may use."""
    found = SETTINGS if g.actor.may(Right.ADMINISTER) else PLANNING
    return [(address, say(words)) for address, words in found]


def promise_words(promise: Promise) -> str:
    """A promise in words."""
    return say(PROMISES[promise])


def day_words(weekday: int) -> str:
    """The name of a weekday, 0 for Monday."""
    return str(get_day_names("wide", locale=language())[weekday]).capitalize()


def pairs(rows: Iterable[Municipality | Team | Topic]) -> list[tuple[str, str]]:
    """(id, name) of rows, for a list to choose from."""
    return [(row.id, row.name) for row in rows]


def role_words(role: Role) -> str:
    """A role in words."""
    return say(ROLES[role])


def role_choices(roles: list[Role]) -> list[tuple[str, str]]:
    """Roles to choose from."""
    return [(role.value, role_words(role)) for role in roles]


def choice_words(value: str) -> str:
    """An impact or urgency in words."""
    return say(CHOICES[value])


def moment(value: datetime | None) -> str:
    """A moment in the reader's language, in local time."""
    return (
        format_datetime(value.astimezone(NETHERLANDS), "d MMM y HH:mm", locale=language())
        if value
        else ""
    )


def day(value: date | None) -> str:
    """A date in the reader's language."""
    return format_date(value, "d MMM y", locale=language()) if value else ""


def number(value: float | None) -> str:
    """A number in the reader's language; a dash for what nobody can say."""
    return "–" if value is None else str(format_decimal(value, locale=language()))


def figure(value: float | None, name: str) -> str:
    """A figure with its unit, which its name tells."""
    shown = number(value)
    if value is None:
        return shown
    if name.startswith("percent"):
        return f"{shown}%"
    return f"{shown} min" if name.endswith("minutes") else shown


def _server_now() -> str:
    return service().store.clock().isoformat()


def asset(name: str) -> str:
    """The address of a built script."""
    return url_for("static", filename=_manifest()[f"src/pages/{name}.tsx"]["file"])


def styles(name: str) -> list[str]:
    """The addresses of the styles that a built script needs, its imports' included."""
    return _addresses(file for chunk in _chunks(name) for file in chunk.get("css", []))


def imports(name: str) -> list[str]:
    """The addresses of what a built script imports: asked for with it, not after it."""
    return _addresses(chunk["file"] for chunk in _chunks(name)[1:])


def _addresses(files: Iterable[str]) -> list[str]:
    return [url_for("static", filename=file) for file in dict.fromkeys(files)]


def _chunks(name: str) -> list[dict[str, Any]]:
    """A built script and all that it imports, itself first."""
    todo = [f"src/pages/{name}.tsx"]
    for one in todo:
        todo += [more for more in _manifest()[one].get("imports", []) if more not in todo]
    return [_manifest()[one] for one in todo]


@cache
def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text())
    return manifest
