"""Signed webhooks of ticketing systems: whether they are theirs, and which ticket they name."""

import hmac
import json
from collections.abc import Iterator
from typing import Any

from werkzeug.datastructures import Headers

from vipservice.adapters.webhook import SIGNATURE, sign
from vipservice.rules.text import one_line

SIGNATURES = (SIGNATURE, "X-Hub-Signature-256", "X-Hub-Signature")
"""Ours; Jira's and others'; Zammad's (sha1) and Jira's. Each is METHOD=HEXADECIMAL HMAC."""
METHODS = ("sha256", "sha1")
NAMES = ("reference", "number", "id", "key")


def is_signed(headers: Headers, body: bytes, secret: bytes) -> bool:
    """Whether a message is signed with this secret; never with an empty one."""
    signed = [_signed(headers.get(name, ""), body, secret) for name in SIGNATURES]
    return bool(secret) and any(signed)


def ticket_numbers(body: bytes) -> list[str]:
    """Every number, id or reference by which a message names its ticket."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return list(dict.fromkeys(_named(document)))


def _signed(given: str, body: bytes, secret: bytes) -> bool:
    method, _, digest = given.partition("=")
    if method not in METHODS or not digest.isascii():
        return False
    return hmac.compare_digest(digest, sign(body, secret, method))


def _named(document: Any) -> Iterator[str]:
    """From the top, or from what is called ticket, issue or incident."""
    if not isinstance(document, dict):
        return
    for name in ("ticket", "issue", "incident"):
        yield from _named(document.get(name))
    for name in NAMES:
        if isinstance(document.get(name), str | int):
            yield one_line(str(document[name]))
