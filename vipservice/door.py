"""Who comes in: so many connections, so many of one network, and nobody who only stands there.

Knows no eventlet: under it the socket and the clock are patched ones.
"""

import errno
import logging
import resource
import socket
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from vipservice.config.limits import LimitsSettings
from vipservice.rules.addresses import network

log = logging.getLogger(__name__)

RESERVE = 200
"""Descriptors for all but clients: the database, files, Redis, mail, processes."""
FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
GONE = (errno.ECONNABORTED, errno.EPROTO, errno.ECONNRESET, errno.EPIPE)
"""Who called hung up before we answered."""
PAUSE = 0.05
SAID_AGAIN_AFTER = 60.0
_WORDS = b"Er zijn nu te veel verbindingen. Probeer het zo opnieuw.\n"
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"
) % (len(_WORDS), _WORDS)


@dataclass
class Visit:
    """A connection: until when it may go on as it does, by the monotonic clock; None: as long as
    it likes."""

    place: str
    until: float | None = None


@dataclass
class Door:
    """A listening socket with a limit. ``most`` connections in all, ``each`` of one network."""

    listener: Any
    limits: LimitsSettings
    most: int
    each: int
    visits: dict[socket.socket, Visit] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    _said_at: float = -SAID_AGAIN_AFTER

    def __getattr__(self, name: str) -> Any:
        return getattr(self.listener, name)

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection that may come in; the others are told that it is busy."""
        while True:
            try:
                client, address = self.listener.accept()
            except OSError as problem:
                if problem.errno in GONE:
                    continue
                if problem.errno not in FULL:
                    raise
                self._say("no descriptor is free for a connection")
                time.sleep(PAUSE)
                continue
            if self._lets_in(client, address):
                return client, address

    def waits(self, client: socket.socket) -> None:
        """From now on a request must come."""
        self._until(client, self.limits.sign_in_seconds)

    def serves(self, client: socket.socket) -> None:
        """A request came; from now on all of it must come and be answered."""
        self._until(client, self.limits.request_seconds)

    def lives(self, client: socket.socket) -> None:
        """It is a live connection, which has deadlines of its own."""
        self._until(client, 0)

    def leaves(self, client: socket.socket) -> None:
        """The connection is closed."""
        visit = self.visits.pop(client, None)
        if visit:
            self.places[visit.place] -= 1
            self.places += Counter()  # without those that are empty

    def show_out(self) -> None:
        """Closes who is late."""
        now = time.monotonic()
        for client, visit in list(self.visits.items()):
            if client.fileno() < 0:
                self.leaves(client)
            elif visit.until is not None and visit.until < now:
                _shut(client)

    def _lets_in(self, client: socket.socket, address: Any) -> bool:
        place = network(str(address[0])) if isinstance(address, tuple) else "here"
        if len(self.visits) >= self.most or (self.each and self.places[place] >= self.each):
            self._say(f"{len(self.visits)} connections, {self.places[place]} of {place}")
            _turn_away(client)
            return False
        self.visits[client] = Visit(place)
        self.places[place] += 1
        self.waits(client)
        return True

    def _until(self, client: socket.socket, seconds: float) -> None:
        visit = self.visits.get(client)
        if visit:
            visit.until = time.monotonic() + seconds if seconds else None

    def _say(self, what: str) -> None:
        """Once a minute at most: an attack must not fill the log."""
        if time.monotonic() - self._said_at >= SAID_AGAIN_AFTER:
            self._said_at = time.monotonic()
            log.warning("connections are turned away: %s", what)


def room_for_clients(most: int) -> int:
    """Raises the limit of open files as far as it may; how many clients fit below it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return most if hard == resource.RLIM_INFINITY else max(1, min(most, hard - RESERVE))


def _turn_away(client: socket.socket) -> None:
    with client, suppress(OSError):
        client.setblocking(False)
        client.send(BUSY)


def _shut(client: socket.socket) -> None:
    with suppress(OSError):  # it went by itself
        client.shutdown(socket.SHUT_RDWR)
