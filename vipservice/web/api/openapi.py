"""The OpenAPI 3.1 document, from the declared calls."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache

from pydantic import BaseModel

from vipservice.problems import SESSION_COOKIE
from vipservice.rules.shape import ID_LENGTH, LARGEST
from vipservice.services.shapes.schemas import Schema, Wanted, schemas_of, used
from vipservice.web.api.answers import COMPONENTS, refusals
from vipservice.web.api.endpoint import Call
from vipservice.web.api.examples import example
from vipservice.web.headers import API_VERSION

_PART = re.compile(r"<(\w+)>")
_ID = {"type": "string", "maxLength": ID_LENGTH}
_JSON = "application/json"
SECURITY = {
    "session": {
        "type": "apiKey", "in": "cookie", "name": SESSION_COOKIE,
        "description": "The cookie of a log-in; behind https its name begins with __Host-.",
    },
    "csrf": {
        "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
        "description": "The token that each page holds (meta csrf-token); with every change.",
    },
    "signature": {
        "type": "apiKey", "in": "header", "name": "X-Vipservice-Signature",
        "description": "METHOD=HEXADECIMAL HMAC of the body; the secret is in the configuration.",
    },
}  # fmt: skip
TAGS = {
    "me": "Who is signed in", "availability": "Whether one can be helped now",
    "chats": "Conversations and what happens in them", "attachments": "Files",
    "callbacks": "Calling back", "incidents": "Incidents in the ticketing system",
    "undelivered": "What has not arrived outside", "ticketing-events": "News of a ticketing system",
    "forecast": "What will be late, and what helps", "specialists": "Who is there",
    "reports": "Figures", "topics": "Lists", "teams": "Lists", "municipalities": "Lists",
    "people": "Lists",
}  # fmt: skip
WHERE = "This installation: local, staging or production"
HEAD: Schema = {
    "openapi": "3.1.0",
    "servers": [{"url": "/api/v1", "description": WHERE, "x-internal": False}],
    "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
}
INFO: Schema = {
    "title": "vipservice",
    "version": API_VERSION,
    "description": "Support chat between municipalities and a supplier's knowledge centre.",
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}


@dataclass(frozen=True)
class Contact:
    """Whom to ask about this installation."""

    name: str
    url: str
    email: str


@dataclass(frozen=True)
class Schemas:
    """A reference for each model of a body or an answer, and the schema of each other one."""

    refs: Mapping[Wanted, Schema]
    of: Mapping[str, Schema]

    def fields(self, model: type[BaseModel]) -> Schema:
        """Of a query or a form, which stand where they are used."""
        return self.of[model.__name__]


@cache
def document(calls: tuple[Call, ...], contact: Contact) -> Schema:
    """Everything that is declared: paths, parameters, bodies, answers, and their limits."""
    schemas = Schemas(*schemas_of([pair for call in calls for pair in _models(call)]))
    paths: Schema = {}
    for call in calls:
        path = _PART.sub(lambda part: f"{{{_camel(part[1])}}}", call.path)
        paths.setdefault(path, {})[call.method.lower()] = _operation(call, schemas)
    named = used(schemas.of, paths)
    return HEAD | {
        "info": INFO | {"contact": asdict(contact)},
        "paths": dict(sorted(paths.items())),
        "components": COMPONENTS
        | {"schemas": dict(sorted((named | COMPONENTS["schemas"]).items()))}
        | {"securitySchemes": SECURITY},
    }


def _models(call: Call) -> Iterable[Wanted]:
    for model in (call.body, call.query, call.form):
        if model:
            yield model, "validation"
    if call.answer:
        yield call.answer, "serialization"


def _operation(call: Call, schemas: Schemas) -> Schema:
    operation: Schema = {
        "operationId": _camel(call.name),
        "summary": call.summary,
        "tags": [call.path.split("/")[1]],
        "security": _security(call),
        "parameters": [*_path_parameters(call), *_query_parameters(call, schemas), *_key(call)],
        "responses": {str(call.status): _done(call, schemas), **refusals(call)},
    }
    body = _body(call, schemas)
    return operation | ({"requestBody": body} if body else {})


def _security(call: Call) -> list[Schema]:
    if call.rights is None:
        return [{"signature": []}]
    return [{"session": []} if call.method == "GET" else {"session": [], "csrf": []}]


def _path_parameters(call: Call) -> list[Schema]:
    return [
        {"name": _camel(name), "in": "path", "required": True, "schema": _ID}
        for name in _PART.findall(call.path)
    ]


def _query_parameters(call: Call, schemas: Schemas) -> list[Schema]:
    """Each field of the query's model; several values stand in one, with commas."""
    if call.query is None:
        return []
    schema = schemas.fields(call.query)
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _plain(one)}
        | ({"style": "form", "explode": False} if "array" in str(one) else {})
        for name, one in schema["properties"].items()
    ]


def _plain(schema: Schema) -> Schema:
    """A parameter can be left out, and is never null."""
    options: list[Schema] = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if not options:
        return schema
    rest: Schema = {
        name: value for name, value in schema.items() if name not in ("anyOf", "default")
    }
    return rest | options[0]


def _key(call: Call) -> list[Schema]:
    if call.method != "POST" or call.rights is None:
        return []
    return [{"$ref": "#/components/parameters/IdempotencyKey"}]


def _body(call: Call, schemas: Schemas) -> Schema | None:
    if call.body:
        schema = schemas.refs[call.body, "validation"]
        content = {"schema": schema, **example(_camel(call.name), "body")}
        return {"required": True, "content": {_JSON: content}}
    if call.form:
        fields = schemas.fields(call.form)
        file = {"type": "string", "format": "binary", "maxLength": LARGEST}
        whole = fields | {
            "properties": fields["properties"] | {"file": file},
            "required": ["file", *fields.get("required", ())],
        }
        return {"required": True, "content": {"multipart/form-data": {"schema": whole}}}
    return None


def _done(call: Call, schemas: Schemas) -> Schema:
    content: Schema = {}
    if call.answer:
        schema = schemas.refs[call.answer, "serialization"]
        content[_JSON] = {"schema": schema, **example(_camel(call.name), "answer")}
    for kind in call.formats:
        content[kind] = {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST}}
    headers: Schema = {"API-Version": {"$ref": "#/components/headers/ApiVersion"}}
    if call.paged:
        headers["Link"] = {"$ref": "#/components/headers/Link"}
    if call.formats:
        headers["Content-Disposition"] = {"$ref": "#/components/headers/ContentDisposition"}
    done: Schema = {"description": "Done", "headers": headers}
    return done | ({"content": content} if content else {})


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
