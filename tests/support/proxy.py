"""A proxy that knows where a WebSocket's frames begin and end, and does them harm.

It cuts a connection in the middle of a frame, says a client's message twice, or holds a frame; what
comes after a held one waits for it, so that each direction of a connection stays in order.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from urllib.parse import urlsplit

MESSAGE = b"42"
"""How Socket.IO's events begin: only those may come twice, a second log-in is another matter."""
LONGEST = 0.1
"""Seconds that a frame is held at most."""
LIMIT = 2**20


class Harm(Enum):
    """What can happen to a frame."""

    NONE = "none"
    CUT_TO_SERVER = "cut on its way to the server"
    CUT_TO_CLIENT = "cut on its way to the client"
    TWICE = "twice"
    HELD = "held"


@dataclass
class Proxy:
    """Between clients and a server at ``url``; shares are of all frames, 0 to 1."""

    url: str
    seed: int
    cut: float = 0.0
    twice: float = 0.0
    held: float = 0.0
    port: int = 0
    did: Counter[Harm] = field(default_factory=Counter)
    _calls: int = 0
    _pumps: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def here(self) -> str:
        """The address at which clients call."""
        return f"http://127.0.0.1:{self.port}"

    def calm(self) -> None:
        """From now on it harms nothing."""
        self.cut = self.twice = self.held = 0.0

    async def serve(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """One connection, until either side hangs up or it is cut."""
        address = urlsplit(self.url)
        self._calls += 1
        chance = Random(f"{self.seed}-{self._calls}")
        server, on = await asyncio.open_connection(address.hostname, address.port, limit=LIMIT)
        pumps = [self._pump(client, on, chance, True), self._pump(server, back, chance, False)]
        tasks = [asyncio.ensure_future(one) for one in pumps]
        self._pumps.update(tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in tasks:
            one.cancel()
        self._pumps.difference_update(tasks)
        for writer in (on, back):
            writer.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, chance: Random,
        to_server: bool,
    ) -> None:  # fmt: skip
        with suppress(OSError, asyncio.IncompleteReadError):
            writer.write(await reader.readuntil(b"\r\n\r\n"))
            while True:
                frame = await read_frame(reader)
                harm = self._harm(frame, chance, to_server)
                self.did[harm] += 1
                if harm in (Harm.CUT_TO_SERVER, Harm.CUT_TO_CLIENT):
                    writer.write(frame[: chance.randrange(1, len(frame))])
                    return
                if harm is Harm.HELD:
                    await asyncio.sleep(chance.uniform(0, LONGEST))
                writer.write(frame * (2 if harm is Harm.TWICE else 1))
                await writer.drain()

    def _harm(self, frame: bytes, chance: Random, to_server: bool) -> Harm:
        drawn = chance.random()
        if drawn < self.cut:
            return Harm.CUT_TO_SERVER if to_server else Harm.CUT_TO_CLIENT
        if drawn < self.cut + self.held:
            return Harm.HELD
        if to_server and drawn < self.cut + self.held + self.twice and is_message(frame):
            return Harm.TWICE
        return Harm.NONE


async def read_frame(reader: asyncio.StreamReader) -> bytes:
    """A whole frame as it came: head, mask and payload."""
    head = await reader.readexactly(2)
    size = head[1] & 0x7F
    if size > 125:
        head += await reader.readexactly(2 if size == 126 else 8)
        size = int.from_bytes(head[2:], "big")
    return head + await reader.readexactly(size + (4 if head[1] & 0x80 else 0))


def is_message(frame: bytes) -> bool:
    """Whether a masked frame that is a text of its own holds an event."""
    size = frame[1] & 0x7F
    start = 2 + {126: 2, 127: 8}.get(size, 0)
    mask, begin = frame[start : start + 4], frame[start + 4 : start + 4 + len(MESSAGE)]
    said = bytes(one ^ key for one, key in zip(begin, mask, strict=False))
    return frame[0] == 0x81 and said == MESSAGE


@asynccontextmanager
async def proxy(made: Proxy) -> AsyncIterator[Proxy]:
    """It answers at ``here`` until the end."""
    opened = await asyncio.start_server(made.serve, "127.0.0.1", 0, limit=LIMIT)
    made.port = opened.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        opened.close()
        for one in list(made._pumps):
            one.cancel()
        await asyncio.sleep(0.01)  # in which the loop closes the lines
