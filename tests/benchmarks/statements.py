"""Statements, transactions and processor time of what is done most, early and late in a chat.

Telling what was committed is counted along: it reads afresh. In SQLite, in one process.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from tests.support import sqlite
from tests.support.counting import Counted, talk
from tests.support.recording import escalate
from vipservice.services.chats import reading, timeline
from vipservice.services.flags import flag_due
from vipservice.services.routing import serving
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World, make_world

EARLY, LATE = 20, 2_000
TIMES = 21


def measure(world: World, name: str, act: Callable[[], object], times: int) -> None:
    """One line: the median of each."""
    counted = Counted(world)
    found = [counted.of(act) for _ in range(times)]
    spent = [one.spent for one in found]
    print(
        f"{name:32} {median(one.statements for one in found):4.0f} statements "
        f"{median(one.transactions for one in found):3.0f} transactions "
        f"{median(spent):6.1f} ms ({min(spent):.1f}-{max(spent):.1f}, {times} x)"
    )


def late_flag(world: World, capacity: Any) -> None:
    """One more question that nobody picks up, until it is too late."""
    world.ask("klarinda")
    world.clock.forward(minutes=31)
    measure(world, "flag: one warning and breach", lambda: flag_due(world.store, capacity), 1)


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        clock = ManualClock("2026-04-28T09:00+02:00")
        world = make_world(Store(sqlite.database(Path(folder)), clock), clock)
        chat_id = world.ask()
        serving.pick_up(world.store, world.sanne, chat_id, 2)
        for upto in (EARLY, LATE):
            talk(world, chat_id, upto)
            for who in ("jeroen", "sanne"):
                send = f"send, {who}, message {upto}"
                measure(world, send, partial(world.say, who, chat_id, "Zo."), TIMES)
            last = timeline.read_timeline(world.store, world.jeroen, chat_id).last_seq
            mark = partial(reading.mark_read, world.store, world.jeroen, chat_id, last)
            measure(world, f"mark as read, message {upto}", mark, 1)
            read = partial(timeline.read_timeline, world.store, world.jeroen, chat_id, last - 50)
            measure(world, f"read the last 50 of {upto}", read, TIMES)
        late_flag(world, world.capacity)
        measure(world, f"escalate, message {LATE}", lambda: escalate(world, "sanne", chat_id), 1)


if __name__ == "__main__":
    main()
