"""Delay and cost of flags with few and with many open chats: `make bench`.

Each time FLAGS chats fall due at one moment among so many that do not. What counts is that the
cost follows the number of flags and not that of the chats.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from tests.support import postgres, sqlite
from vipservice.rules.chats import ChatKind, EntryKind, State, Visibility
from vipservice.rules.policy import Promise
from vipservice.services.flags import flag_due
from vipservice.store.ledger import flaggable
from vipservice.store.tables import Chat, Contact, Entry, SlaClock
from vipservice.store.types import new_id
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World, make_world

OPEN = (1_000, 10_000, 100_000)
FLAGS = 200
ROUNDS = 5
WIDTHS = (11, 11, 24, 16)
LOOK_EVERY = 1.0
"""Seconds: the scheduler looks five times in the five seconds of ``check_seconds``."""


@contextmanager
def stores() -> Iterator[dict[str, str]]:
    """The address of each kind of database that is here."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found = {"SQLite": sqlite.database(Path(folder))}
        if postgres.is_there():
            found["PostgreSQL"] = stack.enter_context(postgres.database())
        yield found


def fill(world: World, count: int) -> None:
    """So many waiting chats that are not due for a long time."""
    now = world.clock()
    far = now + timedelta(days=300)
    for start in range(0, count, 5_000):
        ids = [new_id() for _ in range(min(5_000, count - start))]
        with world.store.work() as work:
            work.session.execute(insert(Chat), [_chat(world, id_) for id_ in ids])
            work.session.execute(insert(Entry), [_entry(world, id_) for id_ in ids])
            work.session.execute(insert(Contact), [_contact(world, id_) for id_ in ids])
            work.session.execute(
                insert(SlaClock),
                [
                    {
                        "chat_id": id_, "cycle": 1, "target": Promise.PICKUP, "turn": 1,
                        "started_at": now, "warn_at": far, "due_at": far, "manager_at": far,
                        "policy_version": 1, "calendar_version": 1, "team_id": world.team_id,
                    }
                    for id_ in ids
                ],
            )  # fmt: skip


def _chat(world: World, id_: str) -> dict[str, object]:
    now = world.clock()
    return {
        "id": id_, "number": f"X-{id_}", "client_id": id_, "kind": ChatKind.QUESTION,
        "municipality_id": world.jeroen.municipality_id, "requester_id": world.jeroen.id,
        "topic_id": world.topic_id, "team_id": world.team_id, "title": "Vraag",
        "state": State.WAITING, "cycle": 1, "last_seq": 1, "last_public_seq": 1,
        "running_clocks": 1, "opened_at": now, "updated_at": now,
    }  # fmt: skip


def _entry(world: World, id_: str) -> dict[str, object]:
    return {
        "chat_id": id_, "seq": 1, "public_seq": 1, "kind": EntryKind.OPENED,
        "visibility": Visibility.EVERYONE, "at": world.clock(), "data": {},
        "author_id": world.jeroen.id,
    }  # fmt: skip


def _contact(world: World, id_: str) -> dict[str, object]:
    return {
        "chat_id": id_, "cycle": 1, "municipality_id": world.jeroen.municipality_id,
        "topic_id": world.topic_id, "team_id": world.team_id, "asked": True,
        "started_at": world.clock(), "since": world.clock(), "handling_seconds": 0,
        "parked_seconds": 0,
    }  # fmt: skip


def due_together(world: World) -> None:
    """FLAGS of the chats have their warning in a minute."""
    at = world.clock() + timedelta(minutes=1)
    table = SlaClock.__table__  # type: ignore[attr-defined]
    with world.store.work() as work:
        some = (
            table.select()
            .with_only_columns(table.c.chat_id)
            .where(table.c.warned_at.is_(None), table.c.ended_at.is_(None))
            .limit(FLAGS)
        )
        ids = [row[0] for row in work.session.execute(some)]
        work.session.execute(
            table.update().where(table.c.chat_id.in_(ids)).values(warn_at=at, next_at=at)
        )
    world.clock.now = at


def measure(world: World) -> tuple[float, float, float]:
    """Milliseconds of a look that finds nothing, of one flag, and seconds until the last one."""
    looks = []
    for _ in range(20):
        began = time.perf_counter()
        with world.store.read() as work:
            flaggable(work.session, work.now, 500)
        looks.append(time.perf_counter() - began)
    due_together(world)
    began = time.perf_counter()
    assert flag_due(world.store, world.capacity) == FLAGS
    spent = time.perf_counter() - began
    return 1000 * statistics.median(looks), 1000 * spent / FLAGS, LOOK_EVERY + spent


def line(rounds: list[tuple[float, float, float]]) -> str:
    """The medians, and the spread of the cost of a flag."""
    look, flag, last = (statistics.median(column) for column in zip(*rounds, strict=True))
    flags = [one[1] for one in rounds]
    spread = f"{flag:.2f} ms ({min(flags):.2f}-{max(flags):.2f})"
    return f"{look:>8.2f} ms{spread:>24}{last:>14.2f} s"


def main() -> None:
    """Prints the table."""
    print(f"{FLAGS} flags that fall together, median of {ROUNDS} rounds (least-most)")
    print(
        f"{'database':<12}{'open chats':>11}{'idle look':>11}{'a flag':>20}{'last flag after':>17}"
    )
    with stores() as found:
        for name, url in found.items():
            clock = ManualClock("2026-04-22T10:00+02:00")
            store = Store(url, clock)
            world = make_world(store, clock)
            there = 0
            for count in OPEN:
                fill(world, count - there)
                there = count
                rounds = [measure(world) for _ in range(ROUNDS)]
                look, flag, last = (
                    statistics.median(column) for column in zip(*rounds, strict=True)
                )
                flags = [one[1] for one in rounds]
                spread = f"{flag:.2f} ms ({min(flags):.2f}-{max(flags):.2f})"
                print(
                    f"{name:<12}{count:>11,}{look:>8.2f} ms{spread:>20}{last:>15.2f} s", flush=True
                )
            store.close()


if __name__ == "__main__":
    main()
