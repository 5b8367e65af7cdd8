"""Which call a request is, and whose."""

import re
from base64 import b64encode
from collections.abc import Callable, Sequence

from tests.support.doubles.base import Answer, Request

Route = tuple[Callable[..., Answer], re.Match[str]]
Routes = Sequence[tuple[str, str, Callable[..., Answer]]]


def route(
    request: Request, routes: Routes, refuse: Callable[[int], Exception], prefix: str = ""
) -> Route:
    """The call with its match. Raises what ``refuse`` makes of a 404 or a 405."""
    path = request.path.removeprefix(prefix)
    matches = [(methods, call, re.fullmatch(rule, path)) for methods, rule, call in routes]
    if prefix and path == request.path:
        raise refuse(404)
    for methods, call, match in matches:
        if match and request.method in methods.split():
            return call, match
    raise refuse(405 if any(match for _, _, match in matches) else 404)


def is_basic(request: Request, user: str, password: str) -> bool:
    """Whether these sign in with it (RFC 7617)."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "basic" and given == b64encode(f"{user}:{password}".encode()).decode()
