"""Many keys of one or several columns at once: one statement for any number, by the index.

SQLite reads the whole table for ``(a, b) IN (VALUES ...)``: a value without a type uses no index.
PostgreSQL does for keys out of JSON, of which it expects a hundred; of arrays it expects ten.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, ColumnElement, Select, String, bindparam, cast, func, select, tuple_
from sqlmodel import Session

Query = Select[*tuple[Any, ...]]
"""Of columns of any types."""
Columns = Sequence[Any]
"""Of tables, or attributes of their classes."""
KEYS = "keys"
"""The name of the parameter; PostgreSQL has one for each column."""


def dialect_of(session: Session) -> str:
    """Which database it is; statements are built once for each."""
    return session.get_bind().dialect.name


def among(dialect: str, columns: Columns) -> ColumnElement[bool]:
    """Whether these columns together are one of the keys, parameters that `as_keys` gives."""
    wanted = _of_json(columns) if dialect == "sqlite" else _of_arrays(columns)
    return (tuple_(*columns) if len(columns) > 1 else columns[0]).in_(wanted)


def as_keys(dialect: str, keys: Iterable[Sequence[object]], columns: int = 1) -> dict[str, str]:
    """The parameters that `among` asks for, of keys of so many columns; there may be none.

    What no row can hold finds none, and spoils nothing for the others.
    """
    rows = [list(key) for key in keys]
    try:
        return _parameters(dialect, rows, columns)
    except (ValueError, TypeError):
        kept = [key for key in rows if all(map(_can_be_kept, key))]
        return _parameters(dialect, kept, columns)


def _parameters(dialect: str, rows: Sequence[Sequence[object]], columns: int) -> dict[str, str]:
    """Raises ValueError or TypeError for a text with NUL or half a character."""
    if dialect == "sqlite":
        return {KEYS: orjson.dumps(rows).decode()}
    return {f"{KEYS}{at}": _array(row[at] for row in rows) for at in range(columns)}


def _can_be_kept(value: object) -> bool:
    """Whether a database can hold it."""
    return not isinstance(value, str) or not any(
        letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value
    )


def _of_json(columns: Columns) -> Query:
    rows = func.json_each(bindparam(KEYS, type_=String)).table_valued("value")
    parts = [func.json_extract(rows.c.value, f"$[{at}]") for at in range(len(columns))]
    typed = [cast(part, one.type) for part, one in zip(parts, columns, strict=True)]
    return select(*typed).select_from(rows)


def _of_arrays(columns: Columns) -> Query:
    given = [
        cast(bindparam(f"{KEYS}{at}", type_=String), ARRAY(one.type))
        for at, one in enumerate(columns)
    ]
    names = [f"key{at}" for at in range(len(columns))]
    return select(*func.unnest(*given).table_valued(*names).render_derived().c)


def _array(values: Iterable[object]) -> str:
    """An array of PostgreSQL as one literal: it reads that quicker than many."""
    literal = "{" + ",".join(map(_quoted, values)) + "}"
    if "\0" in literal:
        raise ValueError("no text holds NUL")
    literal.encode()
    return literal


def _quoted(value: object) -> str:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
