"""/api/v1: the same services as the pages, in JSON."""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from vipservice.config import Settings
from vipservice.rules.shape import Json
from vipservice.web.access import public
from vipservice.web.api import chats, desk, incidents, lists, moves, openapi, reports
from vipservice.web.api.endpoint import Api
from vipservice.web.api.openapi import Contact


def make_api(settings: Settings) -> Blueprint:
    """The blueprint with every call, and the document that describes them."""
    blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
    told = _document(_declared(blueprint), settings)

    @blueprint.get("/openapi.json")
    @public
    def document() -> Response:
        """The OpenAPI document, for anybody."""
        answer = jsonify(told)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    return blueprint


def described(settings: Settings) -> Json:
    """The document alone."""
    return _document(_declared(Blueprint("document", __name__)), settings)


def _declared(blueprint: Blueprint) -> Api:
    api = Api(blueprint)
    for module in (chats, moves, desk, incidents, lists, reports):
        module.register(api)
    return api


def _document(api: Api, settings: Settings) -> Json:
    return openapi.document(tuple(api.calls), _contact(settings))


def _contact(settings: Settings) -> Contact:
    """Whom a caller of the API can write to."""
    kind, _, address = settings.security.contact.partition(":")
    email = address if kind == "mailto" else settings.mail.sender
    return Contact("vipservice", settings.server.public_url, email)
