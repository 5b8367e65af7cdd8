"""How data is written outside the code: camelCase there, snake_case here; instants in UTC."""

from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

Json = dict[str, JsonValue]
"""An object of JSON."""


class Shape(BaseModel):
    """What is told outside, or kept as a document. It never changes once it is made."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        hide_input_in_errors=True,
    )

    def public(self) -> Json:
        """As plain JSON values."""
        return self.model_dump(mode="json", by_alias=True)


class Named(Shape):
    """A reference to something with a name."""

    id: str
    name: str
