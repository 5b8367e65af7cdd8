"""Statements of the message path: for many rows, by the driver's own calls, built once.

Of a statement SQLAlchemy's result costs some 5 µs a row and its flush 30; this 2 and 4.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Column,
    Enum,
    Insert,
    String,
    Table,
    Update,
    bindparam,
    cast,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

from vipservice.store import driver
from vipservice.store.keys import Query
from vipservice.store.noticing import NoticingSession, notice_plain
from vipservice.store.plain import Cells, Plain, Row, Values, instance, loaded
from vipservice.store.types import UtcDateTime

Process = Callable[[Any], Any]
Processes = list[tuple[int, Process]]
"""At which place of a row something is made of a value, and what."""
Each = tuple[str, Callable[[Values], Cells], Processes]
"""A statement, what it takes of a row, and what is made of that."""
OLD = "old_"
"""Before the names of the keys by which a changed row is found."""
REMEMBERED = 4_096
"""Values of which is known what is made of them: those of a batch have the same moments."""


def rows_of(session: NoticingSession, table: type[Row], query: Query, given: Values) -> list[Row]:
    """What a query of all columns of a table finds; in bulk without the unit of work."""
    if not session.in_bulk:
        found = select(table).from_statement(query)
        fresh_ones = found.execution_options(populate_existing=True)
        return list(session.execute(fresh_ones, given).scalars())
    rows = loaded(table, values_of(session, query, given))
    session.loaded += rows  # type: ignore[arg-type]
    return rows


def values_of(session: NoticingSession, query: Query, given: Values) -> list[Cells]:
    """What a query finds, as plain tuples."""
    if not session.in_bulk:
        session.flush()
    connection = session.connection()
    text, parameters, reading = _read(connection.dialect, query)
    return _processed(driver.fetch(connection, text, parameters(given)), reading)


def keep(session: NoticingSession, rows: Iterable[SQLModel]) -> None:
    """Has new rows written, plain ones or instances."""
    for row in rows:
        plain: object = row
        if session.in_bulk and isinstance(plain, Plain):
            session.made.append(plain)
        else:
            session.add(instance(row))


def write_out(session: NoticingSession, *, ends: bool) -> None:
    """Writes everything that is new or changed in bulk, by table, and lets go of it.

    ``ends``: PostgreSQL commits it at once, unless the unit of work has something too.
    """
    changed = _changed(session.loaded)
    notice_plain(session.news, session.made, changed)
    writes = [_insert_of(*one) for one in _by_table(session.made)]
    writes += [_update_of(*one, changed) for one in _by_table(changed)]
    session.made, session.loaded = [], []
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        calls = [_at_once(connection.dialect, one) for one in writes]
        more = session.new or session.dirty or session.deleted
        driver.run_all(connection, calls, ends=ends and not more)
    else:
        for one in writes:
            driver.run_each(connection, *_one_by_one(connection.dialect, one))


@dataclass(frozen=True)
class Write:
    """Rows of one table: new ones, or these columns of some that were there."""

    table: Table
    names: tuple[str, ...]
    rows: list[Values]
    is_new: bool


def _insert_of(table: Table, rows: Sequence[Plain]) -> Write:
    names = tuple(one.key for one in table.c if one is not table.autoincrement_column)
    return Write(table, names, [row.__dict__ for row in rows], is_new=True)


def _update_of(
    table: Table, rows: Sequence[Plain], changed: Mapping[Plain, tuple[bool, ...]]
) -> Write:
    names = _names(table, [changed[row] for row in rows])
    return Write(table, names, [row.__dict__ for row in rows], is_new=False)


def _at_once(dialect: Dialect, write: Write) -> tuple[str, dict[str, str]]:
    """A statement for all, as PostgreSQL likes it, and its parameter."""
    make, keys = (insert_given, ()) if write.is_new else (_update_given, _keys(write.table))
    return _text(dialect, make(write.table, write.names)), as_rows(write.rows, write.names + keys)


def _one_by_one(dialect: Dialect, write: Write) -> tuple[str, list[Cells]]:
    """A statement for each, as SQLite likes it, and the parameters of each."""
    make = _insert_each if write.is_new else _update_each
    text, names, writing = make(dialect, write.table, write.names)
    return text, _processed(map(names, write.rows), writing)


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(table.primary_key.columns.keys())


def _changed(rows: Iterable[Plain]) -> dict[Plain, tuple[bool, ...]]:
    return {row: where for row in rows if any(where := row.changed())}


def _names(table: Table, changed: Iterable[tuple[bool, ...]]) -> tuple[str, ...]:
    """The columns that changed in any of these rows: one statement writes them in all."""
    anywhere = map(any, zip(*set(changed), strict=True))
    return tuple(name for name, here in zip(table.c.keys(), anywhere, strict=True) if here)


def _by_table(rows: Iterable[Plain]) -> list[tuple[Table, list[Plain]]]:
    """In an order in which what refers comes after what it refers to."""
    found: dict[Table, list[Plain]] = defaultdict(list)
    for row in rows:
        found[row.table].append(row)
    return sorted(found.items(), key=lambda item: _order()[item[0]])


@cache
def _order() -> dict[Table, int]:
    return {table: at for at, table in enumerate(SQLModel.metadata.sorted_tables)}


def _processed(rows: Iterable[Collection[object]], processes: Processes) -> list[Cells]:
    made = []
    for row in rows:
        values = list(row)
        for at, process in processes:
            if values[at] is not None:
                values[at] = process(values[at])
        made.append(tuple(values))
    return made


# Built once for each dialect


@cache
def _read(dialect: Dialect, query: Query) -> tuple[str, Callable[[Values], object], Processes]:
    """Its text, its parameters as the driver takes them, and what is made of what it gives."""
    compiled = query.compile(dialect=dialect)
    constants, names = compiled.params, compiled.positiontup

    def parameters(given: Values) -> object:
        every = constants | given
        return every if names is None else tuple(every[name] for name in names)

    types = [one.type.dialect_impl(dialect) for one in query.selected_columns]
    return str(compiled), parameters, _remembering(
        types, [one.result_processor(dialect, None) for one in types]
    )  # fmt: skip


@cache
def _text(dialect: Dialect, statement: Insert | Update) -> str:
    return str(statement.compile(dialect=dialect))


@cache
def _insert_each(dialect: Dialect, table: Table, names: tuple[str, ...]) -> Each:
    return _written(dialect, insert(table).values({name: bindparam(name) for name in names}))


@cache
def _update_each(dialect: Dialect, table: Table, names: tuple[str, ...]) -> Each:
    mine = [column == bindparam(OLD + column.key) for column in table.primary_key.columns]
    statement = update(table).where(*mine).values({name: bindparam(name) for name in names})
    return _written(dialect, statement)


def _written(dialect: Dialect, statement: Insert | Update) -> Each:
    """Its text, its parameters of a row in their order, and what is made of them."""
    compiled = statement.compile(dialect=dialect)
    names = [name.removeprefix(OLD) for name in compiled.positiontup or ()]
    types = [statement.table.c[name].type.dialect_impl(dialect) for name in names]
    return str(compiled), itemgetter(*names), _remembering(
        types, [one.bind_processor(dialect) for one in types]
    )  # fmt: skip


def _remembering(types: Sequence[Any], processes: Sequence[Process | None]) -> Processes:
    return [
        (at, lru_cache(REMEMBERED)(process) if isinstance(kind, UtcDateTime | Enum) else process)
        for at, (kind, process) in enumerate(zip(types, processes, strict=True))
        if process
    ]


def _given(table: Table, names: Sequence[str]) -> Any:
    """The rows as one JSON document: PostgreSQL reads one literal, and plans once for all."""
    rows = func.json_to_recordset(cast(bindparam("rows", type_=String), JSON))
    columns = [Column(name, table.c[name].type) for name in names]
    return rows.table_valued(*columns, name="given").render_derived(with_types=True)


@cache
def insert_given(table: Table, names: tuple[str, ...]) -> postgresql.Insert:
    """Rows of PostgreSQL from `as_rows`."""
    given = select(*_given(table, names).c)
    return postgresql.insert(table).from_select(names, given, include_defaults=False)


@cache
def _update_given(table: Table, names: tuple[str, ...]) -> Update:
    keys = _keys(table)
    given = _given(table, names + keys).c
    mine = [table.c[key] == given[key] for key in keys]
    return update(table).where(*mine).values({name: given[name] for name in names})


def as_rows(rows: Sequence[Mapping[str, object]], names: Sequence[str]) -> dict[str, str]:
    """The parameter of what takes rows as a document."""
    return {"rows": orjson.dumps([{name: row[name] for name in names} for row in rows]).decode()}
