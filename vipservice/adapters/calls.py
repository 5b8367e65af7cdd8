"""One HTTP call to the outside: bounded in time and in size, and only to where it may go."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from vipservice.adapters.base import Unavailable
from vipservice.adapters.guard import GuardedAdapter, WatchedAdapter
from vipservice.adapters.watch import Watch

LARGEST_ANSWER = 16 * 1024 * 1024
PIECE = 16 * 1024
WORDS = 500
PATIENCE = 6
"""The whole of a call may take so many times what one step of it may."""


@dataclass(frozen=True)
class Line:
    """How to get there: seconds for each step, whether the own network is meant, whom to trust.

    ``ca_file`` is a file with certificates (PEM); "" is those of the system.
    """

    seconds: float
    allow_private: bool
    ca_file: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    reason: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode(errors="replace")

    def json(self) -> Any:
        """The content as JSON. Raises ValueError when it is none."""
        try:
            return json.loads(self.content)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def call(line: Line, method: str, url: str, **kwargs: Any) -> Answer:
    """The answer, whatever its status. Redirects are not followed.

    Raises Unavailable when there is none, or when it is too large or takes too long.
    """
    with Watch(line.seconds * PATIENCE) as watch:
        try:
            with _session(line) as session, session.request(
                method, url, timeout=line.seconds, allow_redirects=False, stream=True,
                verify=_trusted(line), **kwargs
            ) as answer:  # fmt: skip
                content = _read(answer)
        except requests.RequestException as error:
            watch.require_time()
            raise Unavailable(f"{type(error).__name__}: {error}"[:WORDS]) from error
        watch.require_time()
    return Answer(answer.status_code, answer.reason or "", answer.headers, content)


def retry_after(answer: Answer) -> float | None:
    """Seconds to wait, however it was said (RFC 9110, 10.2.3); None when it was not."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        at, now = parsedate_to_datetime(said), parsedate_to_datetime(answer.headers["Date"])
    except (ValueError, KeyError):
        return None
    return max((_aware(at) - _aware(now)).total_seconds(), 0)


def _session(line: Line) -> requests.Session:
    """A session of its own, so that no connection is left over from another call.

    The environment's proxies would go round the guard: they count where the guard is off.
    """
    session = requests.Session()
    session.trust_env = line.allow_private
    adapter = WatchedAdapter() if line.allow_private else GuardedAdapter()
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def _trusted(line: Line) -> str | bool:
    """Said with the call itself: the environment would go before a session's own."""
    return line.ca_file or os.environ.get("REQUESTS_CA_BUNDLE") or True


def _read(answer: requests.Response) -> bytes:
    content = bytearray()
    for piece in answer.iter_content(PIECE):
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError(
                f"the answer is larger than {LARGEST_ANSWER >> 20} MB"
            )
    return bytes(content)


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
