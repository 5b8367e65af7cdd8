"""A cookie by which a browser is known again as one that an account was used on.

It opens nothing: a log-in on such a device is only not slowed down by what strangers try.
"""

import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from vipservice.rules.text import one_line
from vipservice.services.people.guessing import digest

COOKIE = "vipservice_device"
LASTS = 180 * 24 * 3600
MOST = 5
"""Accounts that are remembered on one device: a counter where colleagues take turns."""


def known(email: str) -> str:
    """The mark of this device for an account that was used on it; "" on a strange one."""
    return _marks().get(_account(email), "")


def with_account(email: str) -> str:
    """The cookie's value, with this account as the last that was used."""
    marks = _marks()
    mark = marks.pop(_account(email), "") or secrets.token_urlsafe(9)
    latest = [*marks.items(), (_account(email), mark)][-MOST:]
    return _signer().dumps(dict(latest))


def _marks() -> dict[str, str]:
    try:
        found = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return {}
    return dict(found)


def _account(email: str) -> str:
    return digest(one_line(email).lower())[:32]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", "device")
