"""/api/v1: the same services as the pages, in JSON."""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from vipservice.web.access import public
from vipservice.web.api import chats, desk, incidents, lists, moves, openapi, reports
from vipservice.web.api.endpoint import Api


def make_api() -> Blueprint:
    """The blueprint with every call, and the document that describes them."""
    blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
    api = Api(blueprint)
    for module in (chats, moves, desk, incidents, lists, reports):
        module.register(api)

    @blueprint.get("/openapi.json")
    @public
    def document() -> Response:
        """The OpenAPI document, for anybody."""
        answer = jsonify(openapi.document(api.calls))
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    return blueprint
