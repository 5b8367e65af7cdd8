"""Where to call what frees the interpreter while it works, such as argon2."""

from collections.abc import Callable
from typing import Any

Beside = Callable[..., Any]
"""Calls a function with what follows it, where it keeps nobody else waiting; its answer."""


def at_once(function: Callable[..., Any], *given: Any) -> Any:
    """Calls it here: where every request has a thread of its own, that keeps nobody waiting."""
    return function(*given)
