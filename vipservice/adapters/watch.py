"""The time of one call to the outside, counted as a whole.

A time-out of a socket starts anew with every byte: who drips a byte a second is never late.
"""

import os
import socket
from contextlib import suppress
from contextvars import ContextVar, Token
from threading import Timer

from vipservice.adapters.base import Unavailable

_running: ContextVar["Watch | None"] = ContextVar("watch", default=None)


class Watch:
    """Within it, every connection that ``follow`` is told of is cut after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self._lines: list[socket.socket] = []
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._token: Token[Watch | None] | None = None

    def __enter__(self) -> "Watch":
        self._token = _running.set(self)
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        assert self._token
        _running.reset(self._token)
        for line in self._lines:
            line.close()

    def add(self, opened: socket.socket) -> None:
        """A second handle: TLS takes the first one apart."""
        self._lines.append(socket.socket(fileno=os.dup(opened.fileno())))
        if self.over:
            self._cut()

    def require_time(self) -> None:
        """Raises Unavailable when the time was over: what was read may be half of it."""
        if self.over:
            raise Unavailable(f"Time-out: the whole answer took longer than {self.seconds:g} s")

    def _cut(self) -> None:
        self.over = True
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def follow(opened: socket.socket) -> None:
    """Has the watch that runs, if any, cut this connection in time."""
    watch = _running.get()
    if watch:
        watch.add(opened)
