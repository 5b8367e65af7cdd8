"""PostgreSQL on this machine: a fresh database for each test."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

SERVER = "postgresql+psycopg2://127.0.0.1:5432/postgres"


def _admin() -> Engine:
    return create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})


def is_there() -> bool:
    """Whether the server answers."""
    engine = _admin()
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


@contextmanager
def database() -> Iterator[str]:
    """The address of an empty database, dropped afterwards."""
    name = f"vipservice_test_{uuid.uuid4().hex[:12]}"
    engine = _admin()
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield f"postgresql://127.0.0.1:5432/{name}"
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
