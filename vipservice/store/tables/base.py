"""What the tables share: names of constraints, instants and words as columns."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum
from sqlmodel import Field, SQLModel

from vipservice.store.types import UtcDateTime

naming = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = naming


class Row(SQLModel):
    """What every table is made from.

    A table model validates nothing, so what is set goes to the column at once: by way of pydantic
    it costs four times as much.
    """

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


def instant(**kwargs: Any) -> Any:
    """A column that holds an instant."""
    return Field(sa_type=UtcDateTime, **kwargs)


def word(words: type[StrEnum], **kwargs: Any) -> Any:
    """A column that holds one word of an enum, stored as that word."""
    return Field(sa_type=_words(words), **kwargs)


def _words(words: type[StrEnum]) -> Any:
    return Enum(words, native_enum=False, length=32, values_callable=lambda e: [w.value for w in e])
