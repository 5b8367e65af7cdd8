"""One HTTP call to a ticketing system, and what its answer means."""

from typing import Any

import requests

from vipservice.adapters.base import Refused, Unavailable

WORDS = 500
LATER = frozenset({408, 423, 425, 429})


class Http:
    """A session with a base address; every failure becomes one of the two named errors."""

    def __init__(self, base: str, user: str, password: str, timeout: float) -> None:
        self.base = base.rstrip("/")
        self.timeout = timeout
        self.session = requests.Session()
        self.session.auth = (user, password)
        self.session.headers["User-Agent"] = "vipservice"

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        """The answer, when it is a success. Redirects are not followed: they lead to log-ins.

        Raises Unavailable for time-outs, 5xx and "later", else Refused.
        """
        try:
            answer = self.session.request(
                method, self.base + path, timeout=self.timeout, allow_redirects=False, **kwargs
            )
        except requests.RequestException as error:
            raise Unavailable(f"{type(error).__name__}: {error}"[:WORDS]) from error
        if answer.status_code >= 500 or answer.status_code in LATER:
            raise Unavailable(words_of(answer), _retry_after(answer))
        if answer.status_code >= 300:
            raise Refused(words_of(answer))
        return answer


def json_of(answer: requests.Response) -> Any:
    """The JSON of an answer. A success that is a page of HTML is a log-in, or a proxy."""
    try:
        return answer.json()
    except ValueError as error:
        raise Unavailable(words_of(answer)) from error


def words_of(answer: requests.Response) -> str:
    """The system's own words, with the status before them."""
    return f"{answer.status_code} {' '.join(_message(answer).split())}"[:WORDS]


def _message(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return answer.text
    return "; ".join(_messages(body)) or answer.text


def _messages(body: Any) -> list[str]:
    """Every message in an error body, whichever of the known forms it has."""
    if isinstance(body, list):
        return [words for item in body for words in _messages(item)]
    if not isinstance(body, dict):
        return []
    own = [
        body[key] for key in ("message", "errorMessage", "msg") if isinstance(body.get(key), str)
    ]
    return own + [words for key in ("errors", "error") for words in _messages(body.get(key))]


def _retry_after(answer: requests.Response) -> float | None:
    seconds = answer.headers.get("Retry-After", "")
    return float(seconds) if seconds.isdigit() else None
