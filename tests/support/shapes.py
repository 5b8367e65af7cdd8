"""What is told outside, as a client reads it."""

from typing import Any

from vipservice.rules.shape import Shape


def plain(shape: Shape) -> dict[str, Any]:
    """A shape as the JSON that leaves."""
    return shape.public()
