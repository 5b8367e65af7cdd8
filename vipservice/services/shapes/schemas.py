"""JSON Schemas of what is taken and given outside, from the models themselves."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field, RootModel, create_model
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema

from vipservice.rules.entries import AnyPayload
from vipservice.rules.shape import LARGEST
from vipservice.services.shapes.chats import EntryShape

Schema = dict[str, Any]
"""A JSON Schema, or another part of a document."""
Mode = Literal["validation", "serialization"]
Wanted = tuple[type[BaseModel], Mode]
TEMPLATE = "#/components/schemas/{model}"
_NAME = re.compile(r"(#/components/schemas/)(\w+)")
_SEVERAL = re.compile(r"Items_(\w+)_")
_TEXT = {"type": "string", "maxLength": 2_000}
PROBLEM: Schema = {
    "type": "object",
    "description": "A refusal, in the reader's language (RFC 9457).",
    "required": ["status", "title", "detail"],
    "properties": {
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "title": _TEXT,
        "detail": _TEXT | {"description": "What is wrong and what to do."},
        "retryAfter": {
            "type": "integer", "format": "int32", "minimum": 0, "maximum": 86_400,
            "description": "Seconds, after which the same request may go well.",
        },
        "errors": {
            "type": "array",
            "maxItems": 10_000,
            "description": "Every bad field at once.",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": _TEXT, "detail": _TEXT},
            },
        },
    },
}  # fmt: skip
INSTANT_LENGTH, DAY_LENGTH = 40, 10


class Limited(GenerateJsonSchema):
    """Says the limits that pydantic keeps to; those of a whole model at each of its fields."""

    def str_schema(self, schema: core_schema.StringSchema) -> Schema:
        """A text has the length of its model, unless its field says otherwise."""
        found = super().str_schema(schema)
        most = self._config.str_max_length
        if most is not None and "pattern" not in found:
            found.setdefault("maxLength", most)
        return found

    def int_schema(self, schema: core_schema.IntSchema) -> Schema:
        """A whole number of four bytes, or of eight."""
        found = super().int_schema(schema)
        small = found.get("maximum", LARGEST + 1) <= LARGEST
        return found | {"format": "int32" if small else "int64"}

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> Schema:
        """An instant with its offset (RFC 3339)."""
        return super().datetime_schema(schema) | {"maxLength": INSTANT_LENGTH}

    def date_schema(self, schema: core_schema.DateSchema) -> Schema:
        """A local day."""
        return super().date_schema(schema) | {"maxLength": DAY_LENGTH}

    def field_title_should_be_set(self, _schema: Any) -> bool:
        """A field has a name already."""
        return False


def schemas_of(wanted: Sequence[Wanted]) -> tuple[dict[Wanted, Schema], Schema]:
    """A reference for each model, and what they refer to, under names without our "Shape"."""
    refs, found = models_json_schema(
        [*dict.fromkeys(wanted), (_ENTRY, "serialization")],
        ref_template=TEMPLATE, schema_generator=Limited,
    )  # fmt: skip
    definitions = found["$defs"]
    definitions["EntryShape"] = definitions.pop(_ENTRY.__name__)
    for model, _ in wanted:
        _add_what_is_given(model, definitions)
    named = {_name(name): _untitled(one) for name, one in definitions.items()}
    if len(named) < len(definitions):
        raise ValueError(f"two models have one name: {sorted(definitions)}")
    return _renamed({pair: refs[pair] for pair in wanted}), _renamed(named)


def _add_what_is_given(model: type[BaseModel], definitions: Schema) -> None:
    """What a GET gives of the same may come back: read-only fields of the body."""
    gives: type[BaseModel] | None = getattr(model, "gives", None)
    if gives and gives.__name__ in definitions:
        given = definitions[gives.__name__]["properties"]
        read_only = {name: one | {"readOnly": True} for name, one in given.items()}
        own = definitions[model.__name__]["properties"]
        definitions[model.__name__]["properties"] = read_only | own


def used(schemas: Mapping[str, Schema], whole: object) -> dict[str, Schema]:
    """Those to which ``whole`` or one of them refers, by name."""
    told = json.dumps([whole, schemas])
    return {name: one for name, one in sorted(schemas.items()) if f'/{name}"' in told}


def _untitled(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name != "title"}


def _renamed(schemas: dict[Any, Any]) -> dict[Any, Any]:
    return {
        name: json.loads(_NAME.sub(lambda ref: ref[1] + _name(ref[2]), json.dumps(one)))
        for name, one in schemas.items()
    }


def _name(model: str) -> str:
    """ChatShape is a Chat; Items_ChatShape_ is a ChatList."""
    several = _SEVERAL.fullmatch(model)
    return f"{_name(several[1])}List" if several else model.removesuffix("Shape")


def _entry_of(payload: type[BaseModel]) -> type[BaseModel]:
    """An entry of one kind: its data are those of that kind."""
    kind = payload.model_fields["kind"].default
    fields: dict[str, Any] = {"kind": (Literal[kind], ...), "data": (payload, ...)}
    return create_model(
        f"{payload.__name__}Entry", __base__=EntryShape, __doc__=payload.__doc__, **fields
    )


_KINDS: Any = reduce(or_, (_entry_of(payload) for payload in get_args(AnyPayload)))
_ENTRY = create_model(
    "AnyEntry",
    __base__=RootModel,
    __doc__=EntryShape.__doc__,
    root=(_KINDS, Field(discriminator="kind")),
)
