"""How the driver waits for PostgreSQL where one thread serves everybody.

To let the others go on costs some 70 µs each time, and meanwhile the rows of a transaction stay
locked. Most answers of a database that is near come sooner than that.
"""

from collections.abc import Callable
from select import POLLIN
from time import monotonic
from typing import Any

from psycopg2 import OperationalError, extensions

SHORTLY = 1
"""Milliseconds that everybody waits for an answer, before the others go on."""
IN_TURN = 0.01
"""Seconds after which the others go on however soon answers come."""
NEAR = 0.0003
"""Seconds within which something is answered now and then by a database that is near."""
IN_VAIN = 20
"""After so many waits in a row that took longer the database is far, or busy."""
AGAIN = 100
"""Then it is tried once in so many times."""


class Waiting:
    """Waits shortly as it is, and then so that others go on: a message costs a twentieth less."""

    def __init__(
        self,
        poll: Callable[[], Any],
        let_go_on: Callable[..., object],
        now: Callable[[], float] = monotonic,
    ) -> None:
        """``poll`` makes one of the system's own; ``let_go_on`` takes a file and what it is for."""
        self._poll = poll
        self._let_go_on = let_go_on
        self._now = now
        self._in_vain = 0
        self._went_on = now()

    def __call__(self, connection: Any) -> None:
        """Until a connection of psycopg2 has what it waits for; raises its errors."""
        while (state := connection.poll()) != extensions.POLL_OK:
            if state not in (extensions.POLL_READ, extensions.POLL_WRITE):
                raise OperationalError(f"the driver can not go on: {state}")
            reads, file = state == extensions.POLL_READ, connection.fileno()
            if not (reads and self._comes_shortly(file)):
                self._let_go_on(file, read=reads, write=not reads)
                self._went_on = self._now()

    def _comes_shortly(self, file: int) -> bool:
        began = self._now()
        if began - self._went_on > IN_TURN:
            return False
        self._in_vain += 1
        if self._in_vain > IN_VAIN and self._in_vain % AGAIN:
            return False
        look = self._poll()
        look.register(file, POLLIN)
        came = bool(look.poll(SHORTLY))
        if came and self._now() - began < NEAR:
            self._in_vain = 0
        return came
