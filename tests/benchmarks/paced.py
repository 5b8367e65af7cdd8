"""A load that does not wait for answers: so many messages a second, evenly, whatever happens.

Who waits for the answer before it says the next thing says less just when all is slow, and measures
too little of that; here a latency begins when its message should have been sent.
"""

import asyncio
import itertools
import os
from collections import deque
from collections.abc import Sequence
from time import perf_counter

from tests.benchmarks.load import AT_A_TIME, Counted, Seat, Side, Talk


class Steady(Talk):
    """A conversation whose sides say something when it is time; answers come in order."""

    def __init__(self, seat: Seat, counted: Counted, run: str) -> None:
        super().__init__(seat, counted, run)
        self._under_way: tuple[deque[float], deque[float]] = (deque(), deque())

    def send_at(self, at: float) -> None:
        """The next message, of either side in turn; ``at`` is when it should be sent."""
        self.sent += 1
        self.turn = 1 - self.turn
        key = f"{self.run}-{self.sent:08}"
        self._under_way[self.turn].append(at)
        self.sides[self.turn].message(key)

    def acknowledged(self, side: Side) -> None:
        """The server has the oldest of what this side said."""
        self.counted.latencies.append(perf_counter() - self._under_way[side.which].popleft())
        self.counted.messages += 1

    def entry(self, side: Side, text: bytes) -> None:
        """What is heard sets nothing going."""

    @property
    def waits(self) -> bool:
        """Whether anything is not acknowledged yet."""
        return any(self._under_way)


async def paced(
    url: str, seats: Sequence[Seat], rate: float, seconds: float, warm: float = 1.0
) -> Counted:
    """So many messages a second over all conversations, each in its turn; all are waited for."""
    talks = await connected(url, seats)
    counted = talks[0].counted
    await say(talks, rate, warm)
    counted.messages = 0
    counted.latencies.clear()
    began = perf_counter()
    await say(talks, rate, seconds)
    counted.seconds = perf_counter() - began
    for one in talks:
        one.close()
    return counted


async def connected(
    url: str, seats: Sequence[Seat], kind: type[Steady] = Steady
) -> Sequence[Steady]:
    """Everybody, in their chats."""
    counted, run = Counted(), os.urandom(4).hex()
    talks = [kind(seat, counted, f"{run}{number:04}") for number, seat in enumerate(seats)]
    for start in range(0, len(talks), AT_A_TIME):
        await asyncio.gather(*(one.connect(url) for one in talks[start : start + AT_A_TIME]))
    return talks


async def say(talks: Sequence[Steady], rate: float, seconds: float) -> None:
    """So many messages a second for so long, until the last is acknowledged."""
    began, turns = perf_counter(), itertools.cycle(talks)
    for number in range(int(rate * seconds)):
        at = began + number / rate
        if (early := at - perf_counter()) > 0:
            await asyncio.sleep(early)
        next(turns).send_at(at)
    while any(one.waits for one in talks) and not talks[0].counted.refused:
        await asyncio.sleep(0.001)
