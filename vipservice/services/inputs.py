"""What comes in from outside: in one form, with nothing unseen in it, and nothing unknown."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum, auto
from functools import cache
from typing import Annotated, ClassVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from vipservice.problems import NO_DATE
from vipservice.rules.shape import LONGEST
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


def _instant(value: datetime) -> datetime:
    """In UTC, and within the years that every database and browser can tell."""
    if not FIRST_YEAR <= value.year < LAST_YEAR:
        raise ValueError(NO_DATE)
    return value.astimezone(UTC)


FIRST_YEAR, LAST_YEAR = 2000, 2200
Moment = Annotated[AwareDatetime, AfterValidator(_instant)]
"""An instant with its offset."""


class FormInput(BaseModel):
    """An HTML form. Its errors never hold what was typed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_max_length=LONGEST)
    gives: ClassVar[type[BaseModel] | None] = None
    """What a GET gives of the same: its other fields may come back, and say nothing."""

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        marks, told = _marks(cls), _told(cls)
        return {
            name: _kept(value, marks.get(name, ()))
            for name, value in given.items()
            if name not in told
        }


class Input(FormInput):
    """JSON, in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


@cache
def _marks(model: type[BaseModel]) -> dict[str, list[object]]:
    """How each field is kept, under each of its names."""
    return {name: field.metadata for name, field in _named(model)}


@cache
def _told(model: type[FormInput]) -> frozenset[str]:
    """What only a GET of the same gives."""
    if model.gives is None:
        return frozenset()
    return frozenset(name for name, _ in _named(model.gives)) - {*_marks(model)}


def _named(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """Each field under each of its names."""
    for name, field in model.model_fields.items():
        yield name, field
        if field.alias:
            yield field.alias, field


def _kept(value: object, marks: Collection[object]) -> object:
    return value if Keep.ALL in marks else _cleaned(value, several=Keep.LINES in marks)


def _cleaned(value: object, *, several: bool) -> object:
    """Every text in it: also those in a list."""
    if isinstance(value, str):
        return lines(value) if several else one_line(value)
    if isinstance(value, list | tuple):
        return [_cleaned(one, several=several) for one in value]
    return value
