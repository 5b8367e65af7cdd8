"""A database of version 0005 with every kind of entry, as that version's code filled it.

`tests/data/version_0005.json` has its rows: nine chats with flags, incidents, callbacks, files
and a change of hours, the figures folded in and the ledger verified.
"""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import JSON, Connection, MetaData, Table
from sqlalchemy.dialects.sqlite import DATETIME

from vipservice.store import migrate
from vipservice.store.work import Store

FILE = Path(__file__).parents[1] / "data" / "version_0005.json"
ROWS: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text())


def fill(store: Store) -> None:
    """Brings an empty database to version 0005 and puts the rows in."""
    with store.engine.execution_options(writes=True).begin() as connection:
        command.upgrade(migrate._config(connection), "0005")
        known = MetaData()
        known.reflect(connection)
        for table in known.sorted_tables:
            for row in ROWS.get(table.name, ()):
                connection.execute(table.insert(), _values(connection, table, row))


def _values(connection: Connection, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(connection, table.c[name].type, value) for name, value in row.items()}


def _value(connection: Connection, kind: Any, value: Any) -> Any:
    if isinstance(kind, JSON) or not isinstance(value, dict):
        return value
    if "bytes" in value:
        return str(value["bytes"]).encode("latin-1")
    if "day" in value:
        return date.fromisoformat(value["day"])
    at = datetime.fromisoformat(value["at"])
    return at.replace(tzinfo=None) if isinstance(kind, DATETIME) else at
