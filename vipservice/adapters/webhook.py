"""The webhook: flags as signed JSON to an address of the supplier's own."""

import hashlib
import hmac
import json
from typing import Any

from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.calls import Line, call, retry_after
from vipservice.config import WebhookSettings

SIGNATURE = "X-Vipservice-Signature"
LATER = frozenset({408, 423, 425, 429})


class Webhook:
    """POSTs JSON with ``X-Vipservice-Signature: sha256=`` HMAC of the body, and a key.

    The same key comes again when an answer was lost; the receiver can leave it out then.
    Redirects are not followed.
    """

    def __init__(self, settings: WebhookSettings) -> None:
        self.settings = settings
        self.line = Line(settings.timeout_seconds, settings.allow_private, settings.ca_file)

    def send(self, facts: dict[str, Any], key: str) -> None:
        """Raises Refused for what the receiver will never take, else Unavailable."""
        body = json.dumps(facts, sort_keys=True).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        headers |= signature(body, self.settings.secret.get_secret_value().encode())
        answer = call(self.line, "POST", self.settings.url, data=body, headers=headers)
        if answer.status >= 500 or answer.status in LATER:
            raise Unavailable(f"{answer.status} {answer.reason}", retry_after(answer))
        if answer.status >= 300:
            raise Refused(f"{answer.status} {answer.reason}")


def signature(body: bytes, secret: bytes) -> dict[str, str]:
    """The header that signs a body."""
    return {SIGNATURE: f"sha256={sign(body, secret)}"}


def sign(body: bytes, secret: bytes, method: str = "sha256") -> str:
    """The hexadecimal HMAC of a body (RFC 2104)."""
    return hmac.new(secret, body, getattr(hashlib, method)).hexdigest()
