"""The driver's own calls, with the errors that SQLAlchemy makes of its errors.

What SQLAlchemy puts around a statement costs some 60 µs, and this 5: a batch needs a dozen.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.exc import DBAPIError


def fetch(connection: Connection, text: str, parameters: Any) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    cursor = _cursor(connection)
    try:
        cursor.execute(text, parameters)
        return cursor.fetchall()  # type: ignore[no-any-return]
    except _errors(connection) as problem:
        raise _told(connection, cursor, problem) from None
    finally:
        cursor.close()


def run(connection: Connection, text: str, parameters: Any) -> None:
    """Runs a statement that gives nothing."""
    cursor = _cursor(connection)
    try:
        cursor.execute(text, parameters)
    except _errors(connection) as problem:
        raise _told(connection, cursor, problem) from None
    finally:
        cursor.close()


def run_each(connection: Connection, text: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Runs a statement for each of these rows."""
    cursor = _cursor(connection)
    try:
        cursor.executemany(text, rows)
    except _errors(connection) as problem:
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


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _errors(connection: Connection) -> type[Exception]:
    found: type[Exception] = connection.dialect.loaded_dbapi.Error
    return found


def _told(connection: Connection, cursor: Any, problem: Exception) -> BaseException:
    """The same as an error of SQLAlchemy; a connection that is gone is not used again."""
    dialect: Any = connection.dialect
    gone = dialect.is_disconnect(problem, connection.connection.driver_connection, cursor)
    _shorten(problem)
    if gone:
        connection.invalidate(problem)
    return DBAPIError.instance(
        None, None, problem, dialect.loaded_dbapi.Error, connection_invalidated=gone,
        dialect=dialect,
    )  # fmt: skip
