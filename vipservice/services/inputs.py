"""What comes in from outside: trimmed, without control characters, with nothing unknown."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic.alias_generators import to_camel

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def without_control(text: str) -> str:
    """Without characters that no database and no reader can use."""
    return _CONTROL.sub("", text)


class FormInput(BaseModel):
    """An HTML form."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _clean(cls, value: Any) -> Any:
        return without_control(value) if isinstance(value, str) else value


class Input(FormInput):
    """JSON, in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)
