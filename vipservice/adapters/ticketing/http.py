"""One HTTP call to a ticketing system, and what its answer means."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vipservice.adapters.base import Missing, Refused, Unavailable
from vipservice.adapters.calls import WORDS, Answer, Line, call, retry_after
from vipservice.config import SystemSettings

REFUSALS = frozenset({400, 405, 406, 409, 411, 412, 413, 414, 415, 422})
"""What is wrong with the request itself. All other failures are the system's, or the operator's:
a wrong password is not mended by whoever wrote the incident, so it is tried again."""
ABSENT = frozenset({403, 404, 410})


class Http:
    """A base address with a log-in; every failure becomes one of the named errors."""

    def __init__(self, base: str, settings: SystemSettings, **headers: str) -> None:
        self.base = base.rstrip("/")
        self.line = Line(settings.timeout_seconds, settings.allow_private, settings.ca_file)
        secret = settings.password.get_secret_value()
        self.auth = (settings.user, secret) if settings.user else None
        self.headers = {"User-Agent": "vipservice", **headers}

    def call(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **kwargs: Any
    ) -> Answer:
        """The answer, when it is a success. Redirects are not followed: they lead to log-ins.

        A success that is a page of HTML is a log-in too, or a proxy.

        Raises Refused for what would be refused again, Missing for what is not there, else
        Unavailable.
        """
        answer = call(
            self.line, method, self.base + path, auth=self.auth,
            headers=self.headers | (headers or {}), **kwargs,
        )  # fmt: skip
        if answer.status in REFUSALS:
            raise Refused(words_of(answer))
        if answer.status in ABSENT:
            raise Missing(words_of(answer))
        if not 200 <= answer.status < 300 or _is_page(answer):
            raise Unavailable(words_of(answer), retry_after(answer))
        return answer

    def json(self, method: str, path: str, **kwargs: Any) -> Any:
        """The JSON of a success."""
        return json_of(self.call(method, path, **kwargs))


@contextmanager
def about(setting: str) -> Iterator[None]:
    """Within it, what the system does not accept or does not have is said of this setting."""
    try:
        yield
    except (Refused, Missing) as problem:
        raise Refused(f"{setting}: {problem}") from problem


def json_of(answer: Answer) -> Any:
    """The JSON of a success. Raises Unavailable when it is none."""
    try:
        return answer.json()
    except ValueError as error:
        raise Unavailable(words_of(answer)) from error


def words_of(answer: Answer) -> str:
    """The system's own words, with the status before them."""
    return f"{answer.status} {' '.join(_message(answer).split())}"[:WORDS]


def _is_page(answer: Answer) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


def _message(answer: Answer) -> str:
    try:
        body = answer.json()
    except ValueError:
        return answer.text or answer.reason
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
