"""Reading HTML forms into checked inputs: the only reader of forms."""

import re
from collections.abc import Iterator
from typing import Any, TypeVar, get_args, get_origin

from flask import request
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from vipservice.problems import invalid
from vipservice.services.inputs import FormInput

Model = TypeVar("Model", bound=FormInput)
FormValues = MultiDict[str, str]
"""What stands in a form: as it was sent, or as there is."""
EMPTY_ROWS = 3
_ROW = re.compile(r"([a-z_]{1,40})_[a-z]{1,40}_(\d{1,3})")


def posted() -> FormValues:
    """The form as it was sent, to show it again."""
    return request.form


def form(model: type[Model]) -> Model:
    """The posted form as ``model``; empty fields count as not filled in.

    A list or set holds every value of its name. A part that is a form itself has ``part_field``,
    and numbered rows of them (``dict[int, ...]``) have ``part_field_0`` and so on; empty rows are
    left out. Raises Invalid with every bad field at once.
    """
    try:
        return model.model_validate(_given(model, "{}"))
    except ValidationError as error:
        raise invalid(error, _name_of) from None


def _given(model: type[FormInput], place: str) -> dict[str, object]:
    names = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    found = {name: _part(kind, place.format(name)) for name, kind in names.items()}
    return {name: value for name, value in found.items() if value is not None}


def _part(kind: Any, name: str) -> object:
    """What is given under a name; None of nothing."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is dict:
        return {row: _given(parts[1], f"{name}_{{}}_{row}") for row in _filled(posted(), name)}
    if origin in (list, frozenset):
        return posted().getlist(name)
    if isinstance(kind, type) and issubclass(kind, FormInput):
        return _given(kind, f"{name}_{{}}")
    text = posted().get(name, "")
    return text if text.strip() else None


def _name_of(location: tuple[int | str, ...]) -> str:
    """The name that a field has in the form: the number of its row comes last."""
    return "_".join(str(part) for part in sorted(location, key=lambda part: isinstance(part, int)))


def rows_to_fill(values: FormValues, part: str) -> range:
    """The rows to show: up to the last in which something stands, and some to fill."""
    return range(max(_filled(values, part), default=-1) + 1 + EMPTY_ROWS)


def _filled(values: FormValues, part: str) -> Iterator[int]:
    """The numbers of the rows in which something stands."""
    found = {_ROW.fullmatch(name) for name in values if values.get(name, "").strip()}
    return iter(sorted({int(match[2]) for match in found if match and match[1] == part}))
