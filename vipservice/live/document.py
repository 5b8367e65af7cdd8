"""The AsyncAPI 3 document of the live connection, from its events."""

from collections.abc import Iterator

from pydantic import BaseModel

from vipservice.live.events import EVENTS, TAKEN
from vipservice.services.shapes.schemas import PROBLEM, Schema, Wanted, schemas_of, used

HOW = (
    "Socket.IO on the default path and namespace, with the session's cookie. Every event of a "
    "client is acknowledged with {ok: true, ...} or {ok: false, problem}."
)
CHANNEL = {"$ref": "#/channels/live"}


def document() -> Schema:
    """Every event with its payload, and with what it is acknowledged."""
    refs, schemas = schemas_of([*_models()])
    messages = dict(_messages(refs))
    schemas["Entry"] |= {"discriminator": "kind"}  # AsyncAPI writes it so, OpenAPI otherwise
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "vipservice: live connection",
            "version": "1.0.0",
            "description": HOW,
        },
        "defaultContentType": "application/json",
        "channels": {
            "live": {
                "address": "/socket.io",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": dict(_operations()),
        "components": {
            "messages": messages,
            "schemas": used(schemas | {"Problem": PROBLEM}, messages),
        },
    }


def _models() -> Iterator[Wanted]:
    for taken, answer in TAKEN.values():
        yield taken, "validation"
        if answer:
            yield answer, "serialization"
    for shape in EVENTS:
        yield shape, "serialization"


def _messages(refs: dict[Wanted, Schema]) -> Iterator[tuple[str, Schema]]:
    for name, (taken, answer) in TAKEN.items():
        yield f"{name}-sent", _message(name, taken, refs[taken, "validation"])
        told = refs[answer, "serialization"] if answer else None
        yield f"{name}-acknowledged", _acknowledged(told)
    for shape, name in EVENTS.items():
        yield name, _message(name, shape, refs[shape, "serialization"])


def _message(name: str, model: type[BaseModel], payload: Schema) -> Schema:
    return {"name": name, "summary": _says(model), "payload": payload}


def _says(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _acknowledged(answer: Schema | None) -> Schema:
    done: Schema = {
        "type": "object", "required": ["ok"], "properties": {"ok": {"const": True}},
    }  # fmt: skip
    refused: Schema = {
        "type": "object",
        "required": ["ok", "problem"],
        "properties": {
            "ok": {"const": False},
            "problem": {"$ref": "#/components/schemas/Problem"},
        },
    }
    told = {"allOf": [done, answer]} if answer else done
    return {"name": "acknowledgement", "payload": {"oneOf": [told, refused]}}


def _operations() -> Iterator[tuple[str, Schema]]:
    messages = "#/channels/live/messages"
    for name, (taken, _) in TAKEN.items():
        told = {"$ref": f"{messages}/{name}-acknowledged"}
        yield f"take-{name}", {
            "action": "receive", "description": _says(taken), "channel": CHANNEL,
            "messages": [{"$ref": f"{messages}/{name}-sent"}],
            "reply": {"channel": CHANNEL, "messages": [told]},
        }  # fmt: skip
    for shape, name in EVENTS.items():
        yield f"send-{name}", {
            "action": "send", "description": _says(shape), "channel": CHANNEL,
            "messages": [{"$ref": f"{messages}/{name}"}],
        }  # fmt: skip
