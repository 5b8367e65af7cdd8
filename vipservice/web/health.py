"""For machines that look after this one."""

from datetime import timedelta

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from vipservice.web.access import public, service

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return _plain("ok")


@pages.get("/readyz")
@public
def ready() -> Response:
    """The database answers too."""
    return _plain("ready") if service().store.answers() else _plain("no database", 503)


@pages.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Whom to tell about a weakness (RFC 9116)."""
    expires = (service().store.clock() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    contact = service().settings.security.contact
    return _plain(f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: nl, en\n")


def _plain(body: str, status: int = 200) -> Response:
    answer = make_response(body, status)
    answer.content_type = "text/plain; charset=utf-8"
    return answer
