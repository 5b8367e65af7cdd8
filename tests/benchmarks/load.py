"""The load: two-person conversations over raw sockets, each side answering the other at once.

A message is done when its sender has the acknowledgement and the other side has the entry; then
the other side sends. One process, which must have a processor of its own.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from tests.support.wire import Line

WORDS = "x" * 200
AT_A_TIME = 20
"""Connections that are made at the same moment."""


@dataclass
class Seat:
    """A chat, and the cookies of the two who talk in it."""

    chat: str
    cookies: tuple[str, str]


@dataclass
class Counted:
    """What happened while it was counted; latencies of acknowledgements in seconds."""

    messages: int = 0
    seconds: float = 0
    strays: int = 0
    refused: list[str] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        """The latency below which this share of them is, in milliseconds."""
        found = sorted(self.latencies)
        return found[min(len(found) - 1, int(share * len(found)))] * 1e3 if found else 0


class Side(Line):
    """One connection of a conversation."""

    def __init__(self, talk: "Talk", which: int, url: str) -> None:
        super().__init__(url, talk.seat.cookies[which])
        self.talk, self.which = talk, which
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, reason: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"lost: {reason}"))

    def heard(self, text: bytes) -> None:
        """Only looks at how a text begins: this process must not be what is measured."""
        if text.startswith(b"43"):
            self._acknowledged(text)
        elif text.startswith(b'42["entry"'):
            self.talk.entry(self, text)
        elif text.startswith(b"42"):
            self.talk.counted.strays += 1
        elif text.startswith(b"40"):
            self.ask("subscribe", {"chatId": self.talk.seat.chat, "after": 0})
        elif text.startswith(b"44") and not self.ready.done():
            self.ready.set_exception(ConnectionError(text.decode()))
        else:
            super().heard(text)

    def _acknowledged(self, text: bytes) -> None:
        if not self.ready.done():
            self.ready.set_result(None)
        elif b'"ok":true' in text:
            self.talk.acknowledged(self)
        else:
            self.talk.counted.refused.append(text.decode())


class Talk:
    """One conversation."""

    def __init__(self, seat: Seat, counted: Counted, run: str) -> None:
        self.seat, self.counted, self.run = seat, counted, run
        self.sides: list[Side] = []
        self.turn = self.sent = 0
        self.at = 0.0
        self.key = b""
        self._missing: set[str] = set()

    async def connect(self, url: str) -> None:
        """Both sides, in the chat."""
        for which in (0, 1):
            side = Side(self, which, url)
            await side.dial()
            await side.ready
            self.sides.append(side)

    def send(self) -> None:
        """The next message, of whose turn it is."""
        self.sent += 1
        key = f"{self.run}-{self.sent:08}"
        self.key, self.at = key.encode(), perf_counter()
        self._missing = {"acknowledged", "heard"}
        self.sides[self.turn].ask(
            "send", {"chatId": self.seat.chat, "clientId": key, "body": f"{key} {WORDS}"}
        )

    def acknowledged(self, side: Side) -> None:
        """The server has it."""
        if side is self.sides[self.turn] and "acknowledged" in self._missing:
            self.counted.latencies.append(perf_counter() - self.at)
            self._done("acknowledged")

    def entry(self, side: Side, text: bytes) -> None:
        """Somebody has heard it; the sender's own is no news."""
        if side is not self.sides[self.turn] and self.key in text:
            self._done("heard")

    def _done(self, what: str) -> None:
        self._missing.discard(what)
        if not self._missing:
            self.counted.messages += 1
            self.turn = 1 - self.turn
            self.send()

    def close(self) -> None:
        """Hangs up."""
        for side in self.sides:
            side.hang_up()


async def load(
    url: str,
    seats: Sequence[Seat],
    seconds: float,
    cpu: Callable[[], float],
    warm: float = 1.0,
) -> tuple[Counted, float]:
    """All conversations at once for so long: what happened, and the server's CPU seconds in it."""
    counted, run = Counted(), os.urandom(4).hex()
    talks = [Talk(seat, counted, f"{run}{number:04}") for number, seat in enumerate(seats)]
    for start in range(0, len(talks), AT_A_TIME):
        await asyncio.gather(*(one.connect(url) for one in talks[start : start + AT_A_TIME]))
    for one in talks:
        one.send()
    await asyncio.sleep(warm)
    counted.messages = counted.strays = 0
    counted.latencies.clear()
    began, spent = perf_counter(), cpu()
    await asyncio.sleep(seconds)
    counted.seconds, spent = perf_counter() - began, cpu() - spent
    for one in talks:
        one.close()
    return counted, spent
