"""What is asked on the path of a message is found by an index, however much was ever said."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.services.test_together import together
from tests.support.recording import picked_up
from vipservice.rules.news import ChatNews
from vipservice.services.chats.reading import Reading, mark_all_read
from vipservice.services.chats.telling import read_news
from vipservice.store.ledger import flaggable, in_queue
from vipservice.store.types import new_id
from vipservice.testing.world import World, open_world

GROWS = ("entry", "chat", "contact", "sla_clock", "login_session", "person")


def asked(world: World, act: Any) -> list[tuple[str, Sequence[Any]]]:
    """The statements while somebody acts, with what they were given first."""
    found: list[tuple[str, Sequence[Any]]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        found.append((statement, given[0] if isinstance(given, list) else given))

    event.listen(world.store.engine, "before_cursor_execute", note)
    act()
    event.remove(world.store.engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize("who", ["jeroen", "sanne"])
def test_no_table_that_grows_is_read_whole(tmp_path: Path, who: str) -> None:
    """Of SQLite, which tells, for two at once: PostgreSQL chooses by what is in its tables."""
    world = open_world(str(tmp_path), "2026-04-24T10:00+02:00")
    chats = [picked_up(world, "Een?") for _ in range(2)]
    said = [(who, one, new_id(), "En hoe dan?") for one in chats]
    read = [Reading(world.actors[who], one, 9) for one in chats]
    news = {one: ChatNews(1, 2, changed=True) for one in chats}
    statements = [
        *asked(world, lambda: together(world, *said)),
        *asked(world, lambda: mark_all_read(world.store, read)),
        *asked(world, lambda: read_news(world.store, news)),
    ]
    assert len(statements) > 12
    for statement, given in statements:
        if statement.startswith(("SELECT", "UPDATE")):
            steps = plan(world, statement, given)
            whole = [step.split()[1] for step in steps if step.startswith("SCAN")]
            assert not {*whole} & {*GROWS}, statement
    world.close()


def test_what_is_looked_for_again_and_again_has_an_index_of_its_own(tmp_path: Path) -> None:
    """Flags and the queue, every few seconds, while a message only writes what they need."""
    world = open_world(str(tmp_path), "2026-04-24T10:00+02:00")
    world.ask("jeroen", "Een?")
    looked = {
        "ix_sla_clock_next": lambda session: flaggable(session, world.clock(), 9),
        "ix_sla_clock_waiting": lambda session: in_queue(session, 9),
    }
    for index, look in looked.items():
        *_, statement = asked(world, partial(reading, world, look))
        steps = plan(world, *statement)
        assert any(index in step for step in steps), steps
    world.close()


def reading(world: World, look: Any) -> None:
    """Looks, in a transaction of its own."""
    with world.store.read() as work:
        look(work.session)


def plan(world: World, statement: str, given: Sequence[Any]) -> list[str]:
    """The steps by which SQLite would find it."""
    with world.store.engine.connect() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(given))
        return [row[3] for row in found]
