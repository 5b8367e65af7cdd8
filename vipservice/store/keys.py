"""Many keys of several columns at once: one statement for any number of them, by the index.

SQLite reads the whole table for ``(a, b) IN (VALUES ...)``: a value without a type uses no index.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    String,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlmodel import Session


def dialect_of(session: Session) -> str:
    """Which database it is; statements are built once for each."""
    return session.get_bind().dialect.name


def among(dialect: str, columns: Sequence[Any]) -> ColumnElement[bool]:
    """Whether these columns together are one of ``keys``, a parameter that `as_keys` gives."""
    given = bindparam("keys", type_=String)
    if dialect == "sqlite":
        rows = func.json_each(given).table_valued("value")
        parts: list[ColumnElement[Any]] = [
            func.json_extract(rows.c.value, f"$[{at}]") for at in range(len(columns))
        ]
    else:
        rows = func.json_array_elements(cast(given, JSON)).table_valued(column("value", JSON))
        parts = [rows.c.value.op("->>")(literal_column(str(at))) for at in range(len(columns))]
    typed = [cast(part, one.type) for part, one in zip(parts, columns, strict=True)]
    wanted = select(*typed).select_from(rows)
    return (tuple_(*columns) if len(columns) > 1 else columns[0]).in_(wanted)


def as_keys(keys: Iterable[Sequence[object]]) -> dict[str, str]:
    """The parameter that `among` asks for."""
    return {"keys": orjson.dumps([list(key) for key in keys]).decode()}
