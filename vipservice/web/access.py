"""Who is asking, and whether this route is for them. Every route says so itself."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from vipservice.problems import SESSION_COOKIE
from vipservice.rules.people import HOLDERS, Actor, Right, Role
from vipservice.rules.refusals import N_, NotAllowed, NotFound, NotSignedIn, SomebodyElse
from vipservice.services.context import Service
from vipservice.services.people.sessions import actor_of
from vipservice.services.shares import Asker, Sort

View = TypeVar("View", bound=Callable[..., object])
EVERYONE = frozenset(Role)
SIGNED_OUT: frozenset[Role] = frozenset()
PERSON = "X-Person"
"""Whose page it is that asks: another tab may have signed somebody else in."""


def allow(*rights: Right) -> Callable[[View], View]:
    """Whoever holds one of these rights may use the view."""
    return _mark(frozenset[Role]().union(*(HOLDERS[right] for right in rights)))


def public(view: View) -> View:
    """Anybody may use the view, signed in or not."""
    return _mark(SIGNED_OUT)(view)


def signed_in(view: View) -> View:
    """Every role may use the view."""
    return _mark(EVERYONE)(view)


def _mark(roles: frozenset[Role]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.roles = roles  # type: ignore[attr-defined]
        return view

    return mark


def roles_of(app: Flask, endpoint: str) -> frozenset[Role]:
    """Who may use an endpoint; SIGNED_OUT for anybody. Raises LookupError when it is unsaid."""
    if endpoint == "static":
        return SIGNED_OUT
    roles: frozenset[Role] | None = getattr(app.view_functions[endpoint], "roles", None)
    if roles is None:
        raise LookupError(f"{endpoint} does not say who may use it")
    return roles


def check_every_route(app: Flask) -> None:
    """Refuses to start with a route that does not say who may use it."""
    for endpoint in app.view_functions:
        roles_of(app, endpoint)


def find_actor() -> Response | None:
    """Before every request: who it is, and whether they may be here."""
    g.actor = None
    if request.endpoint is None or request.endpoint == "static":
        return None
    if any("\0" in str(part) for part in (request.view_args or {}).values()):
        raise NotFound
    g.actor = actor_of(service().store, request.cookies.get(SESSION_COOKIE, ""))
    take_share(Sort.REQUESTS)
    if g.actor and request.headers.get(PERSON, g.actor.id) != g.actor.id:
        raise SomebodyElse
    roles = roles_of(current_app, request.endpoint)
    if not roles:
        return None
    if g.actor is None:
        if request.path.startswith("/api/") or request.method != "GET":
            raise NotSignedIn
        return redirect(url_for("login.ask", next=request.full_path.rstrip("?")))
    if g.actor.role not in roles:
        raise NotAllowed(N_("This page is not for your role. Go to your own page."))
    return None


def take_share(sort: Sort, amount: int = 1) -> None:
    """Counts what is asked for. Raises TooMuch beyond the share of who asks."""
    asker = Asker(g.actor, request.remote_addr or "")
    service().shares.take(sort, asker, amount)


def actor() -> Actor:
    """Who is signed in on this request."""
    found = g.actor
    assert isinstance(found, Actor)
    return found


def service() -> Service:
    """The service behind this request."""
    found = current_app.extensions["vipservice"]
    assert isinstance(found, Service)
    return found
