"""What is asked on the path of a message is found by an index, however much was ever said."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.support.recording import picked_up
from vipservice.services.chats import reading
from vipservice.testing.world import World, open_world


def asked(world: World, act: Any) -> list[tuple[str, Sequence[Any]]]:
    """The statements of SQLite while somebody acts, with what they were given."""
    found: list[tuple[str, Sequence[Any]]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        found.append((statement, given[0] if isinstance(given, list) else given))

    event.listen(world.store.engine, "before_cursor_execute", note)
    act()
    event.remove(world.store.engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize("who", ["jeroen", "sanne"])
def test_no_table_that_grows_is_read_whole(tmp_path: Path, who: str) -> None:
    """Of SQLite, which tells; PostgreSQL chooses by what is in its tables."""
    world = open_world(str(tmp_path), "2026-04-24T10:00+02:00")
    chat_id = picked_up(world, "Een?")
    world.say("sanne", chat_id, "Zo.")
    statements = asked(world, lambda: world.say(who, chat_id, "En hoe dan?"))
    statements += asked(
        world, lambda: reading.mark_read(world.store, world.actors[who], chat_id, 99)
    )
    with world.store.engine.connect() as connection:
        for statement, given in statements:
            if not statement.startswith(("SELECT", "UPDATE")):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(given))
            whole = [row[3] for row in plan if row[3].startswith("SCAN")]
            grown = ("entry", "chat", "contact", "sla_clock", "login_session", "person")
            assert not [one for one in whole if one.split()[1] in grown], statement
    world.close()
