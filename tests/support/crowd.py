"""Two-person conversations on a real server, at full load, and what became of each history."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic

from sqlmodel import col, select

from tests.support.histories import History, Kept, Told, faults
from tests.support.server import Server
from tests.support.talkers import Talker
from vipservice.problems import SESSION_COOKIE
from vipservice.services.routing import serving
from vipservice.store.tables import Entry
from vipservice.store.work import Store
from vipservice.testing.world import World

PATIENCE = 120
"""Seconds in which what is waited for must have come, however busy the machine is."""
LOOK = 0.005
REQUESTERS, SPECIALISTS = ("jeroen", "klarinda", "samira"), ("sanne", "ilias", "marieke")


@dataclass
class Crowd:
    """Everybody who talks; of each pair the requester comes first."""

    store: Store
    talkers: Sequence[Talker]

    @property
    def answers(self) -> int:
        """So many messages were acknowledged, again ones included."""
        return sum(one.answers for one in self.talkers)

    @property
    def errors(self) -> list[str]:
        """The sentences of all that could be tried again."""
        return [one for talker in self.talkers for one in talker.history.errors]

    async def until(self, what: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Waits for this while everybody goes on; fails when it does not come."""
        last = monotonic() + seconds
        while not what():
            assert monotonic() < last, f"{self.answers} answers, {self.errors[-3:]}"
            await asyncio.sleep(LOOK)

    async def begin(self) -> None:
        """Everybody comes, and begins to talk."""
        for one in self.talkers:
            one.talking = True
            one.come()
        await self.until(lambda: all(one.line for one in self.talkers))

    async def answered(self, more: int) -> None:
        """Waits until so many more messages are acknowledged."""
        wanted = self.answers + more
        await self.until(lambda: self.answers >= wanted)

    async def refused(self, more: int) -> None:
        """Waits until so many more were told to try again."""
        wanted = len(self.errors) + more
        await self.until(lambda: len(self.errors) >= wanted)

    async def finish(self) -> list[str]:
        """Nobody begins anything new. What is wrong when all is answered and heard."""
        for one in self.talkers:
            one.talking = False
        await self.until(lambda: all(one.is_settled for one in self.talkers))
        kept = self.kept()
        here = [(one, len(of)) for one, (_, of) in zip(self.talkers, kept, strict=True)]
        await self.until(lambda: all(one.history.last >= n for one, n in here))
        for one in self.talkers:
            one.go()
        await asyncio.sleep(LOOK)  # in which the loop closes the lines
        return faults(self.kept())

    def kept(self) -> list[tuple[History, Kept]]:
        """Each history with what its side may read of its chat in the store."""
        stored: dict[str, list[Entry]] = {one.chat: [] for one in self.talkers}
        self.store.engine.dispose()  # its connections are of before
        with self.store.read() as work:
            query = select(Entry).where(col(Entry.chat_id).in_(stored)).order_by(col(Entry.seq))
            for entry in work.session.exec(query):
                stored[entry.chat_id].append(entry)
        return [
            (one.history, _seen(stored[one.chat], number % 2))
            for number, one in enumerate(self.talkers)
        ]


def in_own_loop(act: Coroutine[None, None, list[str]]) -> list[str]:
    """Runs it to its end, in a thread: the browser of other tests has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, act).result()


def _seen(entries: Sequence[Entry], side: int) -> Kept:
    """``side``: 0 for the requester's, 1 for the centre's."""
    if side:
        return [Told(one.seq, one.client_id, one.body) for one in entries]
    public = [(one.public_seq, one) for one in entries if one.public_seq]
    return [Told(seq, one.client_id, one.body) for seq, one in public]


def crowd(server: Server, conversations: int, window: int = 1, url: str = "") -> Crowd:
    """So many conversations in the world of a server; ``url`` where they call instead."""
    talkers = [
        Talker(
            url or server.url, chat, f"{SESSION_COOKIE}={server.world.tokens[who]}",
            f"{who}-{number:03}", window, server.url,
        )
        for number in range(conversations)
        for chat, pair in [_chat(server.world, number, conversations)]
        for who in pair
    ]  # fmt: skip
    return Crowd(server.world.store, talkers)


def _chat(world: World, number: int, slots: int) -> tuple[str, tuple[str, str]]:
    """A chat, and who talk in it: the requester and the specialist."""
    pair = REQUESTERS[number % len(REQUESTERS)], SPECIALISTS[number % len(SPECIALISTS)]
    chat = world.ask(pair[0])
    serving.pick_up(world.store, world.actors[pair[1]], chat, slots)
    return chat, pair
