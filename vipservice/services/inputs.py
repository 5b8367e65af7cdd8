"""What comes in from outside: in one form, with nothing unseen in it, and nothing unknown."""

from datetime import date
from enum import Enum, auto
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from vipservice.problems import NO_DATE
from vipservice.rules.text import lines, one_line


class Keep(Enum):
    """What a field keeps of a text; without a mark it is a name: one line."""

    LINES = auto()
    ALL = auto()


Lines = Annotated[str, Keep.LINES]
"""A text of several lines, with the indent of its first."""
Secret = Annotated[str, Keep.ALL]
"""A password: exactly what was typed."""


def _day(value: object) -> object:
    """Numbers are no dates, though pydantic takes them for seconds since 1970."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(NO_DATE) from None


Day = Annotated[date, BeforeValidator(_day)]
"""A date as a browser's own field gives it."""


class FormInput(BaseModel):
    """An HTML form. Its errors never hold what was typed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _clean(cls, value: object, info: ValidationInfo) -> object:
        marks = cls.model_fields[info.field_name or ""].metadata
        if Keep.ALL in marks:
            return value
        return _cleaned(value, several=Keep.LINES in marks)


class Input(FormInput):
    """JSON, in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


def _cleaned(value: object, *, several: bool) -> object:
    """Every text in it: also those in a list."""
    if isinstance(value, str):
        return lines(value) if several else one_line(value)
    if isinstance(value, list | tuple):
        return [_cleaned(one, several=several) for one in value]
    return value
