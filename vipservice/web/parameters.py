"""Forms and query strings without what no database can store."""

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict


class Storable(ImmutableMultiDict[str, Any]):
    """Texts without NUL and without halves of characters, also those in a list. Files stay."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = mapping.items(multi=True) if isinstance(mapping, ImmutableMultiDict) else mapping
        super().__init__([(name, _storable(value)) for name, value in pairs or ()])


class StorableRequest(Request):
    """A request whose parameters can all be stored."""

    parameter_storage_class = Storable


def _storable(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value.replace("\0", "").encode(errors="ignore").decode()
