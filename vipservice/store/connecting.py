"""Connections to SQLite and PostgreSQL, set up as the promises need it."""

from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from vipservice.rules.refusals import N_, Refusal
from vipservice.store.driver import roll_back, without_detail
from vipservice.store.types import read_in_utc

_POOL: dict[str, Any] = {
    "pool_size": 20,
    "max_overflow": 20,
    "pool_use_lifo": True,  # what was used last still knows its pages, and its plans
    "hide_parameters": True,
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
}
PAGES = 32_000
"""Of the log before a writer itself takes them to the database, and all wait for the disk: a job
does that each second (`Store.take_up_log`), but a log that is written on and on never ends.
"""
CACHE = 8_000
"""KiB of pages that a connection of SQLite may keep, of what it has read."""
BUSY_MILLISECONDS = 5_000
RESTS = 1.0
"""Seconds after which a connection of PostgreSQL is asked whether it is still there."""
NOT_OURS = N_("database.url must begin with sqlite:/// or postgresql://.")


def connect(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL, set up as the promises need it.

    Its errors never hold what people wrote.

    PostgreSQL goes through psycopg2: under eventlet others go on while it waits longer
    (`store/waiting`), where psycopg 3 waits in C and would stop the whole process. Raises Refusal
    for another database.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _connect_sqlite(url, parsed.database)
    parsed = parsed.set(drivername="postgresql+psycopg2")
    engine = create_engine(parsed, **_POOL)
    event.listen(engine, "handle_error", without_detail)
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "checkout", partial(_ping_who_rested, engine.dialect))
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "reset", roll_back)
    engine.dialect.reset_isolation_level = _as_it_was  # type: ignore[assignment, method-assign]
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Instants in UTC; plans that are made once, for any keys, as if they were a hundred."""
    read_in_utc(connection)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode TO force_generic_plan")
    connection.autocommit = False


def _as_it_was(connection: Any) -> None:
    """Back to the driver's own default, which it has no need to say: READ COMMITTED it would."""
    connection.set_session(isolation_level="DEFAULT", autocommit=False)


def _rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


def _ping_who_rested(
    dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """A connection that was not used for a while may be gone; asking each time costs as much as
    a statement."""
    if monotonic() - record.info.get("rests_since", 0) <= RESTS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as problem:
        raise DisconnectionError from problem


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Refusal(NOT_OURS) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise Refusal(NOT_OURS)
    return parsed


def _connect_sqlite(url: str, file: str | None) -> Engine:
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, **_POOL)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"wal_autocheckpoint={PAGES}",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        f"cache_size=-{CACHE}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once, so that it never has to upgrade and fail half-way."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
