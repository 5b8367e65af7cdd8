"""The HTTP edge: parse, one service call, render."""

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask_wtf.csrf import CSRFProtect

from vipservice.rules.shape import Shape
from vipservice.services.chats.attachments import LARGEST
from vipservice.services.context import Service
from vipservice.web import (
    account,
    chats,
    dashboard,
    health,
    hours,
    login,
    reports,
    settings,
    targets,
    texts,
    undelivered,
    workbench,
)
from vipservice.web.access import check_every_route, find_actor
from vipservice.web.api import make_api
from vipservice.web.api.incidents import ticketing_event
from vipservice.web.errors import register_errors
from vipservice.web.files import WithPackedFiles
from vipservice.web.headers import register_headers
from vipservice.web.parameters import StorableRequest
from vipservice.web.rendering import register_rendering

LARGEST_BODY = 1024 * 1024
FILES = "api.add_file"


class ShapeJson(DefaultJSONProvider):
    """What is told outside is written as its shape says."""

    @staticmethod
    def default(value: object) -> object:
        """What JSON has no words for."""
        return value.public() if isinstance(value, Shape) else DefaultJSONProvider.default(value)


def create_web(service: Service) -> Flask:
    """The Flask application. Raises LookupError when a route does not say who may use it."""
    app = WithPackedFiles(__name__)
    app.request_class = StorableRequest
    app.json = ShapeJson(app)
    app.extensions["vipservice"] = service
    public_url = service.settings.server.public_url
    app.config.update(
        SECRET_KEY=service.settings.security.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME="vipservice_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=public_url.startswith("https:"),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_HEADERS=["X-CSRF-Token"],
        WTF_CSRF_SSL_STRICT=False,  # the origin is checked by SameSite and by the token
    )
    app.before_request(_let_files_in)
    app.before_request(find_actor)  # whose page it is goes before whether its form is fresh
    CSRFProtect(app).exempt(ticketing_event)
    register_errors(app)
    register_headers(app, public_url)
    register_rendering(app)
    for module in (
        login,
        account,
        chats,
        workbench,
        dashboard,
        reports,
        hours,
        targets,
        settings,
        undelivered,
        health,
        texts,
    ):
        app.register_blueprint(module.pages)
    app.register_blueprint(make_api(service.settings))
    check_every_route(app)
    return app


def _let_files_in() -> None:
    """Before anything reads the form: a file may be larger than anything else."""
    if request.endpoint == FILES:
        request.max_content_length = LARGEST + LARGEST_BODY
