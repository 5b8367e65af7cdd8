"""How the driver waits for PostgreSQL where one thread serves everybody.

To let the others go on costs some 70 µs each time, and meanwhile the rows of a transaction stay
locked. Most statements are answered sooner than that.
"""

from collections.abc import Callable
from select import POLLIN
from typing import Any

from psycopg2 import extensions

SHORTLY = 1
"""Milliseconds that everybody waits for an answer, before the others go on."""
IN_VAIN = 20
"""After so many waits in a row that were too short the database is far, or busy."""
AGAIN = 100
"""Then it is tried once in so many times."""


class Waiting:
    """Waits shortly as it is, and then so that others go on: a message costs a twentieth less."""

    def __init__(self, poll: Callable[[], Any], let_go_on: Callable[..., object]) -> None:
        """``poll`` makes one of the system's own; ``let_go_on`` takes a file and what it is for."""
        self._poll = poll
        self._let_go_on = let_go_on
        self._in_vain = 0

    def __call__(self, connection: Any) -> None:
        """Until a connection of psycopg2 has what it waits for; raises its errors."""
        while (state := connection.poll()) != extensions.POLL_OK:
            file: int = connection.fileno()
            if state == extensions.POLL_WRITE:
                self._let_go_on(file, write=True)
            elif not self._comes_shortly(file):
                self._let_go_on(file, read=True)

    def _comes_shortly(self, file: int) -> bool:
        self._in_vain += 1
        if self._in_vain > IN_VAIN and self._in_vain % AGAIN:
            return False
        look = self._poll()
        look.register(file, POLLIN)
        if not look.poll(SHORTLY):
            return False
        self._in_vain = 0
        return True
