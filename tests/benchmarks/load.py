"""The load: two-person conversations over raw sockets, each side answering the other at once.

A message is done when its sender has the acknowledgement and the other side has the entry; then
the other side sends. One process, which must have a processor of its own.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from tests.support.wire import Line

WORDS = "x" * 200
AT_A_TIME = 20
"""Connections that are made at the same moment."""
ENDS_WITHIN = 60
"""Seconds until the last message is heard, or something is wrong."""


@dataclass
class Seat:
    """A chat, and the cookies of the two who talk in it."""

    chat: str
    cookies: tuple[str, str]


@dataclass
class Counted:
    """What happened while it was counted; latencies of acknowledgements in seconds.

    ``going``: who is answered says the next thing; ``talking``: so many wait to be heard.
    """

    messages: int = 0
    seconds: float = 0
    strays: int = 0
    refused: list[str] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    going: bool = False
    talking: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

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

    def message(self, key: str) -> None:
        """Says something."""
        chat, words = self.talk.seat.chat, f"{key} {WORDS}"
        self.ask("send", {"chatId": chat, "clientId": key, "body": words})

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
            self.talk.counted.idle.set()


class Talk:
    """One conversation."""

    def __init__(self, seat: Seat, counted: Counted, run: str) -> None:
        self.seat, self.counted, self.run = seat, counted, run
        self.sides: list[Side] = []
        self.turn = self.sent = 0
        self.at = 0.0
        self.key = b""
        self._missing: set[str] = set()

    async def connect(self, url: str, speaks: type[Side] = Side) -> None:
        """Both sides, in the chat."""
        for which in (0, 1):
            side = speaks(self, which, url)
            await side.dial()
            await side.ready
            self.sides.append(side)

    def send(self) -> None:
        """The next message, of whose turn it is."""
        self.sent += 1
        key = f"{self.run}-{self.sent:08}"
        self.key, self.at = key.encode(), perf_counter()
        self._missing = {"acknowledged", "heard"}
        self.sides[self.turn].message(key)

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
            self._go_on()

    def _go_on(self) -> None:
        if self.counted.going:
            self.send()
            return
        self.counted.talking -= 1
        if not self.counted.talking:
            self.counted.idle.set()

    def close(self) -> None:
        """Hangs up."""
        for side in self.sides:
            side.hang_up()


class Load:
    """All conversations with one server. It talks in turns: nothing is under way between them."""

    def __init__(self, url: str, seats: Sequence[Seat], speaks: type[Side] = Side) -> None:
        self.url = url
        self.speaks = speaks
        self.counted = Counted()
        run = os.urandom(4).hex()
        self.talks = [
            Talk(seat, self.counted, f"{run}{number:04}") for number, seat in enumerate(seats)
        ]

    async def connect(self) -> None:
        """Everybody, in their chats."""
        for start in range(0, len(self.talks), AT_A_TIME):
            some = self.talks[start : start + AT_A_TIME]
            await asyncio.gather(*(one.connect(self.url, self.speaks) for one in some))

    async def talk(self, seconds: float) -> None:
        """All at once for so long, until the last is heard; counts what is done in it."""
        began, self.counted.going = perf_counter(), True
        self.counted.idle.clear()
        self.counted.talking = len(self.talks)
        for one in self.talks:
            one.send()
        await asyncio.sleep(seconds)
        self.counted.going = False
        await asyncio.wait_for(self.counted.idle.wait(), ENDS_WITHIN)
        self.counted.seconds += perf_counter() - began

    def start_counting(self) -> None:
        """What was said until now was to get warm."""
        self.counted.messages = self.counted.strays = 0
        self.counted.seconds = 0
        self.counted.latencies.clear()

    def close(self) -> None:
        """Hangs up."""
        for one in self.talks:
            one.close()


async def load(url: str, seats: Sequence[Seat], seconds: float, warm: float = 1.0) -> Counted:
    """All conversations at once for so long, after they got warm: what happened."""
    made = Load(url, seats)
    await made.connect()
    await made.talk(warm)
    made.start_counting()
    await made.talk(seconds)
    made.close()
    return made.counted
