"""The driver's own calls, with the errors that SQLAlchemy makes of its errors.

What SQLAlchemy puts around a statement costs some 60 µs, and this 5: a batch needs a dozen.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from re import compile as pattern
from typing import Any

from psycopg2 import extensions
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError

from vipservice.store.plain import Cells

PLAN_IS_GONE = ("26000", "0A000", "42P05")
"""What PostgreSQL says when a statement is no longer prepared, gives other columns, or is twice."""
BEGIN, COMMIT, ROLLBACK = "BEGIN", "COMMIT", "ROLLBACK"
"""In bulk they go along with the first and the last statement of a transaction of PostgreSQL: each
way there and back costs a batch what a message costs in it."""
BY_KEY = "; ".join(f"SET LOCAL enable_{way} TO off" for way in ("seqscan", "hashjoin", "mergejoin"))
"""A plan that was made for an almost empty table holds until its growth is noticed: a minute.

All that is prepared looks up some rows by their keys; with a hash join it read the whole table.
"""
OVER = (extensions.TRANSACTION_STATUS_IDLE, extensions.TRANSACTION_STATUS_UNKNOWN)
_PARAMETER = pattern(r"%\((\w+)\)s")
_numbers = count(1)


def fetch(connection: Connection, text: str, parameters: object) -> list[Cells]:
    """What a statement finds."""
    with _cursor(connection, text, parameters) as cursor:
        call = _planned(connection, cursor, text)
        cursor.execute(_opening(connection) + call, parameters)
        found: list[Cells] = cursor.fetchall()
    return found


def run_all(
    connection: Connection, statements: Sequence[tuple[str, dict[str, str]]], *, ends: bool
) -> None:
    """Has PostgreSQL run statements that give nothing: all of them on one way there and back.

    ``ends``: with the commit.
    """
    text = "; ".join(text for text, _ in statements)
    with _cursor(connection, text, [given for _, given in statements]) as cursor:
        calls = [
            cursor.mogrify(_planned(connection, cursor, one), given) for one, given in statements
        ]
        if calls:
            calls[0] = _opening(connection).encode() + calls[0]
            cursor.execute(b"; ".join([*calls, COMMIT.encode()] if ends else calls))


def commit(connection: Connection) -> None:
    """Ends a transaction in bulk of PostgreSQL that is still open."""
    if _status(connection) != extensions.TRANSACTION_STATUS_IDLE:
        with _cursor(connection, COMMIT, None) as cursor:
            cursor.execute(COMMIT)


def roll_back(connection: Any, _record: object, _state: object) -> None:
    """Takes back what was left open on a connection of PostgreSQL that nobody uses any more.

    Raises an error of the driver when a statement still runs: it is not used again.
    """
    if connection.get_transaction_status() not in OVER:
        with connection.cursor() as cursor:
            cursor.execute(ROLLBACK)


def begin(
    connection: Connection, cursor: Any, _text: str, _given: object, context: object, _many: bool
) -> None:
    """Begins a transaction in bulk for who does not go through here."""
    if context is not None and _opening(connection):
        cursor.execute(BEGIN)


def _opening(connection: Connection) -> str:
    """What begins a transaction in bulk, where none is open yet."""
    return f"{BEGIN}; " if _status(connection) == extensions.TRANSACTION_STATUS_IDLE else ""


def _status(connection: Connection) -> int | None:
    """How far a transaction in bulk is; None where the driver begins and ends it by itself."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql" or not raw.autocommit:
        return None
    status: int = raw.get_transaction_status()
    return status


def run_each(connection: Connection, text: str, rows: Sequence[Cells]) -> None:
    """Has SQLite run a statement for each of these rows."""
    assert connection.dialect.name == "sqlite"
    with _cursor(connection, text, rows) as cursor:
        cursor.executemany(text, rows)


def _planned(connection: Connection, cursor: Any, text: str) -> str:
    """The call of it: PostgreSQL reads and plans it once for a connection, SQLite's driver itself.

    A batch of a dozen statements costs PostgreSQL 1 ms less than when it plans each anew.
    """
    if connection.dialect.name != "postgresql":
        return text
    name, statement, call = _prepared(text)
    known: set[str] = connection.info.setdefault("prepared", set())
    if name not in known:
        cursor.execute(f"{_opening(connection)}{BY_KEY}; {statement}")
        known.add(name)
    return call


@cache
def _prepared(text: str) -> tuple[str, str, str]:
    """A name for it, what prepares it, and what calls it."""
    names = list(dict.fromkeys(_PARAMETER.findall(text)))
    numbers = {name: f"${number}" for number, name in enumerate(names, 1)}
    statement = _PARAMETER.sub(lambda found: numbers[found[1]], text).replace("%%", "%")
    name = f"vipservice_{next(_numbers)}"
    given = ", ".join(f"%({one})s" for one in names)
    return name, f"PREPARE {name} AS {statement}", f"EXECUTE {name}" + (given and f" ({given})")


@contextmanager
def _cursor(connection: Connection, text: str, parameters: object) -> Iterator[Any]:
    """A cursor of the driver; whoever listens to SQLAlchemy hears what it is for."""
    cursor = connection.connection.cursor()
    many = isinstance(parameters, list)
    for heard in connection.dispatch.before_cursor_execute:
        heard(connection, cursor, text, parameters, None, many)
    try:
        yield cursor
    except connection.dialect.loaded_dbapi.Error as problem:
        raise _told(connection, cursor, problem) from None
    finally:
        cursor.close()


def without_detail(context: ExceptionContext) -> None:
    """PostgreSQL tells the whole row that it refuses: only its first line says what is wrong."""
    _shorten(context.original_exception)
    _shorten(context.sqlalchemy_exception)


def _shorten(error: BaseException | None) -> None:
    if error and error.args:
        error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _told(connection: Connection, cursor: Any, problem: Exception) -> BaseException:
    """The same as an error of SQLAlchemy; a connection that is gone is not used again."""
    dialect: Any = connection.dialect
    gone = dialect.is_disconnect(problem, connection.connection.driver_connection, cursor)
    _shorten(problem)
    if gone:  # as are all the others
        connection.engine.dispose()
    if gone or getattr(problem, "pgcode", None) in PLAN_IS_GONE:
        connection.invalidate(problem)
        return OperationalError(None, None, problem, connection_invalidated=True)
    return DBAPIError.instance(
        None, None, problem, dialect.loaded_dbapi.Error, dialect=dialect
    )  # fmt: skip
