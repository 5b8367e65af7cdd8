"""Where it happens: production or a test, and on what kind of machine or browser."""

import re
from collections.abc import Iterator, Sequence

from vipservice.rules.incidents.model import FindingKind, Found, Line

_ENVIRONMENT = re.compile(
    r"\b((?:productie|acceptatie|test|oefen)(?:-?omgeving)?|citrix|vmware|edge|chrome|firefox"
    r"|safari"
    r"|windows\s?\d*|werkplek\w*|thuiswerk\w*|laptop|vpn)\b",
    re.IGNORECASE,
)


def environment(said: Sequence[Line]) -> Iterator[Found]:
    """Each environment that was named, once, in the words of the first who named it."""
    seen: set[str] = set()
    for line in said:
        for match in _ENVIRONMENT.finditer(line.body):
            if match.group(1).lower() not in seen:
                seen.add(match.group(1).lower())
                yield Found(FindingKind.ENVIRONMENT, match.group(1), line.seq)
