"""An example of each call, for the document: made by making it (``tests/support/examples.py``)."""

import json
from functools import cache
from pathlib import Path

from pydantic import JsonValue

from vipservice.rules.shape import Json

FILE = Path(__file__).with_name("examples.json")


@cache
def _examples() -> dict[str, dict[str, JsonValue]]:
    found: dict[str, dict[str, JsonValue]] = json.loads(FILE.read_bytes())
    return found


def example(operation: str, part: str) -> Json:
    """The ``body`` or ``answer`` of an operation, as its media type holds it; {} for none."""
    found = _examples().get(operation, {})
    return {"example": found[part]} if part in found else {}
