"""A thousand who come, what each holds while idle, and 1,500 who come back after a restart.

`python -m tests.benchmarks.connecting [ROUNDS]`: echo and contender side by side, each on the
server's processor while the other does nothing. A client is there when it is in its chat. Memory is
what the server's processes hold more than before (PSS), of the first thousand. Who comes back tries
as the pages do: after a second, then two, four and five, each half as much more or less.
"""

import asyncio
import random
import statistics
import sys
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from tests.benchmarks.contenders import (
    ECHO,
    Contender,
    Running,
    contenders,
    running,
)
from tests.benchmarks.processes import CLIENT, cpu_seconds, pin, with_children
from tests.support.wire import Line

CLIENTS, BACK, AT_A_TIME, ROUNDS = 1_000, 1_500, 100, 5
WARM = 100
"""So many come first: what a server holds of those is not of who comes."""
SETTLES = 2.0
"""Seconds in which the server notices who hung up, and does what it does later."""
FIRST, MOST, JITTER = 1.0, 5.0, 0.5
"""Seconds until a page tries again (`frontend/src/pages/open.ts`), and how much chance changes."""


class Client(Line):
    """One that comes into its chat."""

    def __init__(self, url: str, chat: str, cookie: str) -> None:
        super().__init__(url, cookie)
        self.chat = chat
        self.there: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, reason: Exception | None) -> None:
        if not self.there.done():
            self.there.set_exception(ConnectionError(f"lost: {reason}"))

    def heard(self, text: bytes) -> None:
        """Asks for its chat as soon as it may."""
        if text.startswith(b"40"):
            self.ask("subscribe", {"chatId": self.chat, "after": 0})
        elif text.startswith(b"43"):
            assert b'"ok":true' in text, text
            self.there.set_result(None)
        elif text.startswith(b"44"):
            self.there.set_exception(ConnectionError(text.decode()))
        else:
            super().heard(text)

    async def come(self) -> None:
        """Until it is in its chat. Raises ConnectionError, or OSError."""
        await self.dial()
        await self.there


@dataclass
class Came:
    """Of each round the seconds until all were there, and CPU of the server for each in ms."""

    seconds: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    memory: float = 0.0
    """KiB that an idle line holds."""


def clients(one: Running, count: int) -> list[Client]:
    """So many, both sides of each chat."""
    pairs = [(seat.chat, cookie) for seat in one.seats for cookie in seat.cookies]
    return [Client(one.url, *pair) for pair in pairs[:count]]


async def together(tasks: Sequence[Awaitable[None]]) -> None:
    """So many at a time: who is done makes room for the next."""
    room = asyncio.Semaphore(AT_A_TIME)

    async def one(task: Awaitable[None]) -> None:
        async with room:
            await task

    await asyncio.gather(*map(one, tasks))


async def come(one: Running, came: Came, count: int = CLIENTS) -> None:
    """All connect, stay a while, and hang up."""
    some = clients(one, count)
    spent, held, began = cpu_seconds(one.pids), memory(one.pids), perf_counter()
    await together([client.come() for client in some])
    came.seconds.append(perf_counter() - began)
    await asyncio.sleep(SETTLES)
    came.costs.append((cpu_seconds(one.pids) - spent) / len(some) * 1e3)
    came.memory = came.memory or (memory(one.pids) - held) / len(some)
    for client in some:
        client.hang_up()
    await asyncio.sleep(SETTLES)


def memory(pids: Sequence[int]) -> float:
    """KiB that these processes hold, what they share by parts."""
    held = 0
    for pid in with_children(pids):
        with suppress(FileNotFoundError, ProcessLookupError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            held += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return float(held)


def beside_the_echo(contender: Contender, rounds: int) -> tuple[Came, Came]:
    """Both in turn, some rounds."""

    async def measure(first: Running, other: Running) -> tuple[Came, Came]:
        both = Came(), Came()
        for one in (first, other):
            await come(one, Came(), WARM)
        for _ in range(rounds):
            for one, came in zip((first, other), both, strict=True):
                await come(one, came)
        return both

    with running(ECHO, CLIENTS // 2) as first, running(contender, CLIENTS // 2) as other:
        return asyncio.run(measure(first, other))


async def back(one: Running, client: Client) -> tuple[float, int]:
    """Tries until it is there: the moment, and after how many attempts."""
    attempts = 0
    while True:
        wait = min(MOST, FIRST * 2**attempts) * random.uniform(1 - JITTER, 1 + JITTER)
        await asyncio.sleep(wait)
        attempts += 1
        with suppress(OSError, ConnectionError):
            again = Client(one.url, client.chat, client.cookie)
            await again.come()
            return perf_counter(), attempts


def restarted(contender: Contender) -> tuple[float, float, int, float]:
    """Seconds until the server is back, until all are back after that, the most attempts, and the
    CPU of its own process for each of them in ms, its start included."""

    async def measure(one: Running) -> tuple[float, float, int, float]:
        some = clients(one, BACK)
        await together([client.come() for client in some])
        began = perf_counter()
        await asyncio.to_thread(one.stop)
        tries = asyncio.gather(*(back(one, client) for client in some))
        await asyncio.to_thread(one.start)
        ready = perf_counter()
        there = await tries
        cost = cpu_seconds(one.pids[:1]) / len(some) * 1e3
        return ready - began, max(at for at, _ in there) - ready, max(n for _, n in there), cost

    with running(contender, BACK // 2) as one:
        return asyncio.run(measure(one))


def _median(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def told(name: str, echo: Came, ours: Came) -> str:
    """What a contender needed, beside the echo."""
    times, costs = (
        _median([b / a for a, b in zip(first, second, strict=True)])
        for first, second in ((echo.seconds, ours.seconds), (echo.costs, ours.costs))
    )
    return (
        f"{name}: {CLIENTS} in {_median(ours.seconds)} s, the echo {_median(echo.seconds)} s: "
        f"{times} times; CPU each {_median(ours.costs)} ms: {costs} times; idle "
        f"{ours.memory:.0f} KiB, the echo {echo.memory:.0f}: {ours.memory / echo.memory:.2f} times"
    )


def told_of_restart(contender: Contender) -> str:
    """How all came back to it."""
    down, until, attempts, cost = restarted(contender)
    return (
        f"{contender.name}: {BACK} back {until:.1f} s after a restart of {down:.1f} s, in at most "
        f"{attempts} attempts, {cost:.2f} ms of CPU each"
    )


def main(rounds: int) -> None:
    """Prints a line for each contender, and for each restart."""
    for contender in contenders():
        print(told(contender.name, *beside_the_echo(contender, rounds)), flush=True)
    for contender in contenders():
        if "vipservice" in contender.name:
            print(told_of_restart(contender), flush=True)


if __name__ == "__main__":
    pin(CLIENT)
    main(int(sys.argv[1]) if sys.argv[1:] else ROUNDS)
