"""Everybody who has a page open and says nothing: their lines cost nothing of a message."""

import asyncio
from collections.abc import Sequence

from tests.benchmarks.load import AT_A_TIME, Load, Seat
from tests.support.wire import Line

REQUESTERS, SPECIALISTS = 1_000, 300
LISTS = (["mine", "availability"], ["queue", "mine"])
"""What the two sides have on screen: the page of their chats, and the workbench."""


class Onlooker(Line):
    """A page that is open: it is in its chat, and watches its lists."""

    def __init__(self, url: str, seat: Seat, side: int) -> None:
        super().__init__(url, seat.cookies[side])
        self.chat, self.lists = seat.chat, LISTS[side]
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._last = 0

    def heard(self, text: bytes) -> None:
        """Asks for what its page asks for; the rest is only heard."""
        if text.startswith(b"40"):
            self.ask("subscribe", {"chatId": self.chat, "after": 0})
            self._last = self.ask("watch", {"lists": self.lists})
        elif text.startswith(f"43{self._last}[".encode()) and self._last:
            assert b'"ok":true' in text, text
            self.ready.set_result(None)
        elif not text.startswith(b"42"):
            super().heard(text)


class Crowded(Load):
    """A load while a country looks on."""

    def __init__(self, url: str, seats: Sequence[Seat], everybody: Sequence[Seat]) -> None:
        super().__init__(url, seats)
        self.everybody = everybody
        self.onlookers: list[Onlooker] = []

    async def connect(self) -> None:
        """First those who look on, then those who talk."""
        pages = [(seat, 0) for seat in self.everybody[:REQUESTERS]]
        pages += [(seat, 1) for seat in self.everybody[: 2 * SPECIALISTS : 2]]
        self.onlookers = [Onlooker(self.url, *page) for page in pages]
        for start in range(0, len(self.onlookers), AT_A_TIME):
            some = self.onlookers[start : start + AT_A_TIME]
            await asyncio.gather(*(one.dial() for one in some))
            await asyncio.gather(*(one.ready for one in some))
        await super().connect()

    def close(self) -> None:
        """All of them hang up."""
        for one in self.onlookers:
            one.hang_up()
        super().close()
