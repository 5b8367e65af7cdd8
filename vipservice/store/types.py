"""Column types that behave alike on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from psycopg2 import extensions
from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from uuid_utils.compat import uuid7


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite stores it without zone and would return it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuses a naive datetime: it would be an instant nobody knows."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Gives back the zone that SQLite lost."""
        return None if value is None else value.replace(tzinfo=UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        """None for PostgreSQL, whose driver gives them in UTC: `read_in_utc`."""
        if dialect.name == "postgresql":
            return None
        return super().result_processor(dialect, coltype)


def read_in_utc(connection: Any) -> None:
    """Has psycopg2 give the instants of a connection in UTC.

    Those of a batch are mostly the same, and are read from their text once: a third of the time.
    """
    extensions.register_type(_INSTANTS, connection)


@lru_cache(4_096)
def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_TIMESTAMPTZ = 1184
_INSTANTS = extensions.new_type(
    (_TIMESTAMPTZ,), "INSTANT", lambda text, _cursor: None if text is None else _instant(text)
)


def new_id() -> str:
    """A UUIDv7 (RFC 9562), as text: it sorts by time of making."""
    return str(uuid7())
