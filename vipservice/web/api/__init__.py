"""/api/v1: the same services as the pages, in JSON."""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from vipservice.config import Settings
from vipservice.web.access import public
from vipservice.web.api import chats, desk, incidents, lists, moves, openapi, reports
from vipservice.web.api.endpoint import Api
from vipservice.web.api.openapi import Contact


def make_api(settings: Settings) -> Blueprint:
    """The blueprint with every call, and the document that describes them."""
    blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
    api = Api(blueprint)
    for module in (chats, moves, desk, incidents, lists, reports):
        module.register(api)

    described = openapi.document(tuple(api.calls), _contact(settings))

    @blueprint.get("/openapi.json")
    @public
    def document() -> Response:
        """The OpenAPI document, for anybody."""
        answer = jsonify(described)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    return blueprint


def _contact(settings: Settings) -> Contact:
    """Whom a caller of the API can write to."""
    kind, _, address = settings.security.contact.partition(":")
    email = address if kind == "mailto" else settings.mail.sender
    return Contact("vipservice", settings.server.public_url, email)
