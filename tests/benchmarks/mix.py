"""What it costs that people type and read, under the country's mix: `make bench`.

At the nationwide peak with the chats of that hour: a message every seven seconds in each, which who
sends it types since the one before; that is told once, as a page does within eight seconds. The
other side reads it at once. Beside the same messages without any of that, on the same server in
turns; what the server does within a second after it counts too.
"""

import asyncio
import statistics
from collections.abc import Sequence

from tests.benchmarks.contenders import Contender, Running, contenders, running
from tests.benchmarks.load import Side
from tests.benchmarks.paced import Steady, connected, say
from tests.benchmarks.processes import CLIENT, cpu_seconds, pin

RATE = 85.0
"""Messages a second in the whole country at its busiest."""
CHATS = 600
TYPED = 0.5
"""Seconds after the message before at which it is told that the next is being typed."""
SECONDS, ROUNDS, LATER = 14.0, 3, 1.5
TELLS = 2
"""What the other side hears of each message beside it: that it is typed, and who read it."""
GOAL = 0.10


class Natural(Steady):
    """A conversation of which it is told who types and who has read."""

    tells = False

    def send_at(self, at: float) -> None:
        """The other side types the next."""
        super().send_at(at)
        if self.tells:
            asyncio.get_running_loop().call_later(TYPED, self._types, self.sides[1 - self.turn])

    def _types(self, side: Side) -> None:
        side.tell("typing", {"chatId": self.seat.chat, "typing": True})

    def entry(self, side: Side, text: bytes) -> None:
        """It is read at once."""
        if self.tells and side is not self.sides[self.turn]:
            seq = int(text.partition(b'"seq":')[2].partition(b",")[0])
            side.tell("read", {"chatId": self.seat.chat, "seq": seq})


async def turn(one: Running, talks: Sequence[Steady], *, tells: bool) -> float:
    """CPU seconds of the server."""
    for talk in talks:
        assert isinstance(talk, Natural)
        talk.tells = tells
    spent = cpu_seconds(one.pids)
    await say(talks, RATE, SECONDS)
    await asyncio.sleep(LATER)
    return cpu_seconds(one.pids) - spent


async def shares(one: Running) -> list[float]:
    """Of each round the share of CPU that goes into typing and reading."""
    talks = await connected(one.url, one.seats[:CHATS], Natural)
    found = []
    for number in range(ROUNDS + 1):
        without, with_ = [await turn(one, talks, tells=tells) for tells in (False, True)]
        if number:  # the first gets warm
            found.append(1 - without / with_)
    for talk in talks:
        talk.close()
    counted = talks[0].counted
    assert not counted.refused, counted.refused[:3]
    assert counted.strays >= TELLS * RATE * SECONDS * (ROUNDS + 1), "all of it was passed on"
    return found


def share_of(contender: Contender) -> list[float]:
    """The same of a contender that is started for it."""
    with running(contender, CHATS) as one:
        return asyncio.run(shares(one))


if __name__ == "__main__":
    pin(CLIENT)
    for contender in contenders():
        if "vipservice" in contender.name:
            found = share_of(contender)
            print(f"{contender.name}: {statistics.median(found):.1%} of CPU is for who types and "
                  f"reads ({min(found):.1%} to {max(found):.1%}; wanted at most {GOAL:.0%}), at "
                  f"{RATE:g} messages a second", flush=True)  # fmt: skip
