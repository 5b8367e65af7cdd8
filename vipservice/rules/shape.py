"""How data is written outside the code: camelCase there, snake_case here; instants in UTC."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

Json = dict[str, JsonValue]
"""An object of JSON."""
LARGEST = 2**31 - 1
"""Of every whole number: what a column of a database holds."""
LONGEST = 1_000_000
"""Characters of any text that is told, unless its field says otherwise."""
MANY = 100_000
"""Of anything at once, unless its field says otherwise."""
ID_LENGTH = 64
Id = Annotated[str, Field(max_length=ID_LENGTH)]
Whole = Annotated[str, Field(max_length=LARGEST)]
"""A text that grows with a conversation."""
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Each = TypeVar("Each")
Many = Annotated[tuple[Each, ...], Field(max_length=MANY)]


class Shape(BaseModel):
    """What is told outside, or kept as a document. It never changes once it is made."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        hide_input_in_errors=True,
        str_max_length=LONGEST,
        json_schema_serialization_defaults_required=True,
    )

    def public(self) -> Json:
        """As plain JSON values."""
        return self.model_dump(mode="json", by_alias=True)


class Named(Shape):
    """A reference to something with a name."""

    id: Id
    name: str


One = TypeVar("One", bound=Shape)


class Items(Shape, Generic[One]):
    """Several of the same, in order."""

    items: Many[One]
