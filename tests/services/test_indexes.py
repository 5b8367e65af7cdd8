"""What is asked on the path of a message is found by an index, however much was ever said."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.services.test_together import together
from tests.support.recording import picked_up
from vipservice.rules.news import ChatNews
from vipservice.services.chats.reading import Reading, mark_all_read
from vipservice.services.chats.telling import read_news
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
    with world.store.engine.connect() as connection:
        for statement, given in statements:
            if statement.startswith(("SELECT", "UPDATE")):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(given))
                whole = [row[3].split()[1] for row in plan if row[3].startswith("SCAN")]
                assert not {*whole} & {*GROWS}, statement
    world.close()
