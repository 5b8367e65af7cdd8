"""Reading HTML forms into checked inputs."""

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from vipservice.problems import invalid

Model = TypeVar("Model", bound=BaseModel)


def form(model: type[Model], **fixed: object) -> Model:
    """The posted form as ``model``; empty fields count as not filled in.

    Raises Invalid with every bad field at once.
    """
    known = {field.alias or name for name, field in model.model_fields.items()}
    given = {name: value for name, value in request.form.items() if name in known and value.strip()}
    try:
        return model.model_validate(given | fixed)
    except ValidationError as error:
        raise invalid(error) from None
