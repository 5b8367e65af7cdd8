"""PostgreSQL on this machine: is it there, and databases that are emptied and used again."""

import uuid
from atexit import register
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from vipservice.store.connecting import connect
from vipservice.store.migrate import migrate

ADDRESS = "postgresql://127.0.0.1:5432"
QUICK = "?options=-csynchronous_commit%3Doff"
"""No test here cuts the power: what a commit costs the disk is measured by the benchmarks."""
_free: list[str] = []


def is_there() -> bool:
    """Whether the server answers."""
    engine = _engine(f"{ADDRESS}/postgres")
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


@contextmanager
def database() -> Iterator[str]:
    """The address of a database at this version with nothing in it.

    Dropping one costs the whole server a checkpoint: it is emptied, and the next test has it.
    """
    url = _free.pop() if _free else _made(_template())
    try:
        yield url
    finally:
        _empty(url)
        _free.append(url)


@contextmanager
def bare_database() -> Iterator[str]:
    """The address of a database without tables."""
    yield _made("template1")


def durable_database() -> str:
    """The address of a database without tables that waits for the disk at every commit."""
    return _made("template1").removesuffix(QUICK)


@cache
def _template() -> str:
    url = _made("template1")
    engine = connect(url)
    migrate(engine)
    engine.dispose()  # only what nobody uses can be copied
    return url.rpartition("/")[2].removesuffix(QUICK)


def _made(template: str) -> str:
    name = f"vipservice_test_{uuid.uuid4().hex[:12]}"
    _do(f"{ADDRESS}/postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
    register(_do, f"{ADDRESS}/postgres", f"DROP DATABASE {name} WITH (FORCE)")
    return f"{ADDRESS}/{name}{QUICK}"


def _empty(url: str) -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    mine = " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    tables = [*reversed(SQLModel.metadata.sorted_tables), "incident_text"]
    _do(url, others + mine, *(f'DELETE FROM "{table}"' for table in tables))


def _do(url: str, *statements: str) -> None:
    engine = _engine(url)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _engine(url: str) -> Engine:
    driver = url.replace("postgresql:", "postgresql+psycopg2:")
    return create_engine(driver, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
