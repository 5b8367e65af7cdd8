"""The OpenAPI 3.1 document, from the declared calls."""

import re
from typing import Any

from pydantic.json_schema import models_json_schema

from vipservice.web.api.endpoint import Call
from vipservice.web.headers import API_VERSION

_PART = re.compile(r"<(\w+)>")
_PROBLEM = {
    "type": "object",
    "required": ["status", "title", "detail"],
    "properties": {
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


def document(calls: list[Call]) -> dict[str, Any]:
    """Paths and schemas of every call."""
    inputs = [(call.body, "validation") for call in calls if call.body]
    outputs = [(call.answer, "serialization") for call in calls if call.answer]
    refs, definitions = models_json_schema(
        [*dict.fromkeys(inputs), *dict.fromkeys(outputs)],  # type: ignore[list-item]
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, Any] = {}
    for call in calls:
        path = _PART.sub(r"{\1}", call.path)
        paths.setdefault(path, {})[call.method.lower()] = _operation(call, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "vipservice", "version": API_VERSION},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {"schemas": definitions.get("$defs", {}) | {"Problem": _PROBLEM}},
    }


def _operation(call: Call, refs: Any) -> dict[str, Any]:
    schema = refs[call.answer, "serialization"] if call.answer else None
    if call.many:
        schema = {
            "type": "object",
            "properties": {"items": {"type": "array", "items": schema}},
            "required": ["items"],
        }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation: dict[str, Any] = {
        "summary": call.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PART.findall(call.path)
        ],
        "responses": {
            str(call.status): {"description": "Done"}
            | ({"content": {"application/json": {"schema": schema}}} if schema else {}),
            "default": {"description": "Refused", "content": problem},
        },
    }
    if call.body:
        content = {"application/json": {"schema": refs[call.body, "validation"]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation
