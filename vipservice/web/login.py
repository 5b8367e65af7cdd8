"""Signing in and out, and the way to one's own page."""

import re

from flask import Blueprint, g, make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response

from vipservice.i18n import LANGUAGES
from vipservice.problems import SESSION_COOKIE
from vipservice.rules.people import Actor, Role
from vipservice.rules.refusals import Invalid, Later
from vipservice.services.inputs import FormInput, Secret
from vipservice.services.people import sessions
from vipservice.services.people.guessing import Origin
from vipservice.services.shares import Sort
from vipservice.web import devices
from vipservice.web.access import actor, public, service, signed_in, take_share
from vipservice.web.account import LanguageForm
from vipservice.web.errors import tell_when
from vipservice.web.forms import form
from vipservice.web.rendering import LANGUAGE_COOKIE, refused, render

pages = Blueprint("login", __name__)

_LOCAL_PATH = re.compile(r"/(?:[\w.~%!$&'()*+,;=:@?-][\w.~%!$&'()*+,;=:@/?-]*)?")

HOME = {
    Role.REQUESTER: "chats.start",
    Role.SPECIALIST: "workbench.show",
    Role.MANAGER: "dashboard.show",
    Role.OPERATOR: "settings.municipalities",
}


class SignInForm(FormInput):
    """Who signs in."""

    email: str = ""
    password: Secret = ""


@pages.get("/")
@public
def home() -> Response:
    """To one's own page."""
    return redirect(url_for(HOME[g.actor.role] if g.actor else "login.ask"))


@pages.get("/login")
@public
def ask() -> str | Response:
    """The form; in a demonstration it comes filled in."""
    if g.actor:
        return redirect(url_for("login.home"))
    demonstration = service().settings.server.demonstration
    return render(
        "login.html",
        email=request.args.get("email", ""),
        password="demo" if demonstration else "",
        demonstration=demonstration,
        problem=None,
    )


@pages.post("/login")
@public
def sign_in() -> Response:
    """Signs in, or says why not without telling which accounts exist."""
    given = form(SignInForm)
    email = given.email
    if not devices.known(email):
        take_share(Sort.LOG_INS)
    origin = Origin(request.remote_addr or "", request.user_agent.string, devices.known(email))
    security = service().settings.security
    try:
        token = sessions.sign_in(
            service().store, email, given.password, origin, security.session_hours, service().beside
        )
    except (Invalid, Later) as refusal:
        page = render("login.html", email=email, password="", problem=refused(refusal))
        return tell_when(refusal, make_response(page, refusal.status))
    _begin_forms_anew(sessions.actor_of(service().store, token))
    answer = redirect(_safe(request.args.get("next", "")))
    _set_cookie(answer, SESSION_COOKIE, token, security.session_hours * 3600)
    _set_cookie(answer, devices.COOKIE, devices.with_account(email), devices.LASTS)
    return answer


def _set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    secure = service().settings.server.public_url.startswith("https:")
    answer.set_cookie(name, value, httponly=True, samesite="Lax", secure=secure, max_age=seconds)


@pages.get("/logout")
@signed_in
def ask_sign_out() -> str:
    """A link can lead here; the button on it signs out."""
    return render("logout.html")


@pages.post("/logout")
@signed_in
def sign_out() -> Response:
    """Ends the session and its live connections."""
    sessions.sign_out(service().store, actor())
    answer = redirect(url_for("login.ask"))
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@pages.post("/language")
@public
def choose_language() -> Response:
    """The language for who is not signed in."""
    given = form(LanguageForm)
    answer = redirect(_safe(given.next))
    if given.language in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, given.language, samesite="Lax", max_age=31_536_000)
    return answer


def _begin_forms_anew(found: Actor | None) -> None:
    """Forms that are open in this browser are of whoever was here before: they must not be sent."""
    person = found.id if found else ""
    if session.get("person") != person:
        session.clear()
        session["person"] = person


def _safe(target: str) -> str:
    """Only a path of this site; anything else leads home."""
    local = _LOCAL_PATH.fullmatch(target)
    return target if local else url_for("login.home")
