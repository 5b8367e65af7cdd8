"""One HTTP call to a ticketing system, and what its answer means."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.guard import guarded_session
from vipservice.config import TicketingSettings

WORDS = 500
REFUSALS = frozenset({400, 405, 406, 409, 411, 412, 413, 414, 415, 422})
"""What is wrong with the request itself. All other failures are the system's, or the operator's:
a wrong password is not mended by whoever wrote the incident, so it is tried again."""


class Http:
    """A session with a base address; every failure becomes one of the two named errors."""

    def __init__(self, base: str, settings: TicketingSettings, **headers: str) -> None:
        self.base = base.rstrip("/")
        self.timeout = settings.timeout_seconds
        self.session = guarded_session(allow_private=settings.allow_private)
        if settings.user:
            self.session.auth = (settings.user, settings.password.get_secret_value())
        self.session.headers.update({"User-Agent": "vipservice", **headers})

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        """The answer, when it is a success. Redirects are not followed: they lead to log-ins.

        A success that is a page of HTML is a log-in too, or a proxy.

        Raises Refused for what would be refused again, else Unavailable.
        """
        try:
            answer = self.session.request(
                method, self.base + path, timeout=self.timeout, allow_redirects=False, **kwargs
            )
        except requests.RequestException as error:
            raise Unavailable(f"{type(error).__name__}: {error}"[:WORDS]) from error
        if answer.status_code in REFUSALS:
            raise Refused(words_of(answer))
        if not 200 <= answer.status_code < 300 or _is_page(answer):
            raise Unavailable(words_of(answer), retry_after(answer))
        return answer

    def json(self, method: str, path: str, **kwargs: Any) -> Any:
        """The JSON of a success."""
        return json_of(self.call(method, path, **kwargs))


def json_of(answer: requests.Response) -> Any:
    """The JSON of a success. Raises Unavailable when it is none."""
    try:
        return answer.json()
    except ValueError as error:
        raise Unavailable(words_of(answer)) from error


def words_of(answer: requests.Response) -> str:
    """The system's own words, with the status before them."""
    return f"{answer.status_code} {' '.join(_message(answer).split())}"[:WORDS]


def retry_after(answer: requests.Response) -> float | None:
    """Seconds to wait, however it was said (RFC 9110, 10.2.3); None when it was not."""
    said = answer.headers.get("Retry-After", "")
    if said.isdigit():
        return float(said)
    try:
        at, now = parsedate_to_datetime(said), parsedate_to_datetime(answer.headers["Date"])
    except (ValueError, KeyError):
        return None
    return max((_aware(at) - _aware(now)).total_seconds(), 0)


def _is_page(answer: requests.Response) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _message(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return answer.text or answer.reason or ""
    return "; ".join(_messages(body)) or answer.text


def _messages(body: Any) -> list[str]:
    """Every message in an error body, whichever of the known forms it has."""
    if isinstance(body, str):
        return [body]
    if isinstance(body, list):
        return [words for item in body for words in _messages(item)]
    if not isinstance(body, dict):
        return []
    named = ("message", "errorMessage", "error_human", "msg", "detail", "errorMessages")
    own = [words for key in named for words in _messages(body.get(key))]
    return own + [words for key in ("errors", "error") for words in _messages(body.get(key))]
