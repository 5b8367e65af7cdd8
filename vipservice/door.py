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

RESERVE = 100
"""Descriptors for all but clients: the database, files, Redis, mail, processes."""
FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
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

    client: socket.socket
    place: str
    until: float | None = None


@dataclass
class Door:
    """A listening socket with a limit. ``most`` connections in all, ``each`` of one network."""

    listener: Any
    limits: LimitsSettings
    most: int
    each: int
    visits: dict[Any, Visit] = field(default_factory=dict)
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
                if problem.errno not in FULL:
                    raise
                self._say("no descriptor is free for a connection")
                time.sleep(PAUSE)
                continue
            if self._lets_in(client, address):
                return client, address

    def waits(self, address: Any) -> None:
        """From now on a request must come."""
        self._until(address, self.limits.sign_in_seconds)

    def serves(self, address: Any) -> None:
        """A request came; from now on all of it must come and be answered."""
        self._until(address, self.limits.request_seconds)

    def lives(self, address: Any) -> None:
        """It is a live connection, which has deadlines of its own."""
        self._until(address, 0)

    def leaves(self, address: Any) -> None:
        """The connection is closed."""
        visit = self.visits.pop(address, None)
        if visit:
            self.places[visit.place] -= 1
            self.places += Counter()  # without those that are empty

    def show_out(self) -> None:
        """Closes who is late."""
        now = time.monotonic()
        for address, visit in list(self.visits.items()):
            if visit.client.fileno() < 0:
                self.leaves(address)
            elif visit.until is not None and visit.until < now:
                _shut(visit.client)

    def _lets_in(self, client: socket.socket, address: Any) -> bool:
        place = network(str(address[0])) if isinstance(address, tuple) else "here"
        if len(self.visits) >= self.most or (self.each and self.places[place] >= self.each):
            self._say(f"{len(self.visits)} connections, {self.places[place]} of {place}")
            _turn_away(client)
            return False
        self.visits[address] = Visit(client, place)
        self.places[place] += 1
        self.waits(address)
        return True

    def _until(self, address: Any, seconds: float) -> None:
        visit = self.visits.get(address)
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
