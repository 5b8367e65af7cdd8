"""What every call may answer besides what it is for: refusals, and the headers of all answers."""

from vipservice.services.shapes.schemas import PROBLEM, Schema
from vipservice.web.api.endpoint import Call
from vipservice.web.headers import API_VERSION

_WORDS = {
    400: "Something is not filled in correctly; `errors` names every bad field",
    401: "Nobody is signed in",
    403: "This is for somebody else to do",
    404: "There is no such thing, or this person may not see it",
    409: "This is not possible now",
    413: "This is too large",
    429: "More than one's share",
    500: "A mistake of ours",
    503: "Very busy, nothing was done",
}
LATER = {409, 429, 503}
"""Refusals that may say when to try again."""
COMPONENTS: Schema = {
    "headers": {
        "ApiVersion": {
            "description": "The version of the API.",
            "schema": {"type": "string", "maxLength": 20, "examples": [API_VERSION]},
        },
        "RetryAfter": {
            "description": "Seconds, after which the same request may go well.",
            "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 86_400},
        },
        "Link": {
            "description": 'The next page (rel="next", RFC 8288), where there is one.',
            "schema": {"type": "string", "maxLength": 2_000},
        },
        "ContentDisposition": {
            "description": "The name of a file.",
            "schema": {"type": "string", "maxLength": 2_000},
        },
    },
    "parameters": {
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "The same request under the same key is done once, and answered again.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        }
    },
    "responses": {
        f"Problem{status}": {
            "description": words,
            "headers": {"API-Version": {"$ref": "#/components/headers/ApiVersion"}}
            | (
                {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
                if status in LATER
                else {}
            ),
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for status, words in _WORDS.items()
    },
    "schemas": {"Problem": PROBLEM},
}


def refusals(call: Call) -> Schema:
    """The refusals that a call may answer with."""
    found = {400, 403, 429, 500, 503}
    if call.rights is not None:
        found.add(401)
    if "<" in call.path or call.query or call.body:
        found.add(404)
    if call.method != "GET":
        found |= {409, 413}
    return {
        str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(found)
    }
