"""What the doubles of ticketing systems share: a strict HTTP server that can fail on purpose."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Fault(Enum):
    """How a system can fail: before it stores anything, or after."""

    DROP_BEFORE = "the connection ends, nothing was stored"
    DROP_AFTER = "the connection ends, it was stored"
    ERROR_BEFORE = "500, nothing was stored"
    ERROR_AFTER = "500, it was stored"
    BUSY = "429 with Retry-After"
    STALL = "it was stored, and no answer comes"
    DRIP = "it was stored, and the answer comes a byte at a time"
    GREEDY = "429 with a Retry-After of twelve days"
    REDIRECT = "302 to a log-in page"
    HTML = "200 with a log-in page"


AFTER = (Fault.DROP_AFTER, Fault.ERROR_AFTER, Fault.STALL, Fault.DRIP)
RETRY_AFTER, GREEDY = 90, 999_999
DRIP_EVERY = 0.1


@dataclass(frozen=True)
class Request:
    """One call; ``path`` is without the query, header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; an empty object when there is none."""
        return json.loads(self.body or b"{}")

    def one(self, name: str) -> str:
        """A query parameter, "" when it is absent."""
        return self.query.get(name, [""])[0]


@dataclass(frozen=True)
class Answer:
    """``body``: None for nothing, bytes as they are, anything else as JSON."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """What a system has of a ticket, under names that are the same for all of them.

    The ticket's requester does not see ``notes``, nor the files named in ``internal``.
    """

    title: str
    text: str
    reference: str
    files: Mapping[str, bytes]
    comments: tuple[str, ...]
    notes: tuple[str, ...] = ()
    internal: frozenset[str] = frozenset()

    @property
    def public(self) -> str:
        """All that the ticket's requester may read."""
        files = [name for name in self.files if name not in self.internal]
        content = [self.files[name].decode(errors="replace") for name in files]
        return "\n".join([self.title, self.text, *self.comments, *files, *content])


class Double:
    """A ticketing system on a port of its own.

    ``fault`` is asked before each call what must go wrong. ``losing`` holds what the system
    drops while it answers as if it were kept ("title", "text", "priority"). With
    ``ignores_filters`` a look-up gives everything, as some systems do with a filter they do
    not know. ``locked_out`` refuses every log-in, ``no_rights`` every write.
    """

    name: str
    settings: dict[str, Any]
    """The keys of [ticketing] with which the adapter talks to this double."""

    def __init__(self) -> None:
        self.fault: Callable[[Request], Fault | None] = lambda _request: None
        self.losing: set[str] = set()
        self.ignores_filters = False
        self.locked_out = False
        self.no_rights = False
        self.calls: list[Request] = []
        self._lock = threading.Lock()
        self._stalled = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def handle(self, request: Request) -> Answer:
        """What the system answers; called for one request at a time."""
        raise NotImplementedError

    def kept(self, number: str) -> Kept:
        """A ticket by the number that people use."""
        raise NotImplementedError

    def numbers(self) -> list[str]:
        """The numbers of every ticket, in the order in which they were made."""
        raise NotImplementedError

    def remove(self, number: str) -> None:
        """Somebody in the system deletes the ticket."""
        raise NotImplementedError

    def set_status(self, number: str, words: str) -> None:
        """Somebody in the system gives the ticket a status, by the system's own name."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends it."""
        self._stalled.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Request) -> Answer | None:
        """The answer with its fault; None when the connection just ends."""
        with self._lock:
            self.calls.append(request)
            fault = self.fault(request)
            made = self.handle(request) if fault is None or fault in AFTER else None
        if fault is Fault.STALL:
            self._stalled.wait(30)
        return made if fault is None else _FAILED[fault]


def _pieces(double: Double, content: bytes, *, drip: bool) -> Iterator[bytes]:
    """All at once, or a byte at a time for as long as the double is there."""
    if not drip:
        yield content
        return
    for at in range(len(content)):
        yield content[at : at + 1]
        if double._stalled.wait(DRIP_EVERY):
            return


_PAGE = b"<!DOCTYPE html><title>Log in</title><form>Please log in</form>"
_FAILED = {
    Fault.DROP_BEFORE: None,
    Fault.DROP_AFTER: None,
    Fault.STALL: None,
    Fault.DRIP: Answer(200, b"x" * 1000, {"X-Drip": "yes"}),
    Fault.GREEDY: Answer(429, b"Slow down", {"Retry-After": str(GREEDY)}),
    Fault.ERROR_BEFORE: Answer(500, b"Internal Server Error"),
    Fault.ERROR_AFTER: Answer(500, b"Internal Server Error"),
    Fault.BUSY: Answer(429, b"Slow down", {"Retry-After": str(RETRY_AFTER)}),
    Fault.REDIRECT: Answer(302, b"", {"Location": "/login"}),
    Fault.HTML: Answer(200, _PAGE, {"Content-Type": "text/html"}),
}


def _handler(double: Double) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def _serve(self) -> None:
            answer = double.answer(self._request())
            if answer is None:
                self.close_connection = True
                return
            given = answer.body
            content = given if isinstance(given, bytes) else json.dumps(given).encode()
            content = b"" if given is None else content
            self.send_response(answer.status)
            headers = {"Content-Type": "application/json", **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):  # whoever asked may have had enough
                for piece in _pieces(double, content, drip="X-Drip" in headers):
                    self.wfile.write(piece)
                    self.wfile.flush()

        def _request(self) -> Request:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length") or 0))
            query = parse_qs(parts.query, keep_blank_values=True)
            return Request(self.command, parts.path, query, headers, body)

        do_GET = do_POST = do_PUT = do_PATCH = _serve

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    return Handler
