"""Being the first: a row that only one of many at once can add."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def add_if_new(session: Session, row: SQLModel) -> bool:
    """Adds a row; False when there is one with its key, also one that another just added."""
    insert = _INSERT[session.get_bind().dialect.name]
    statement = insert(type(row)).values(row.model_dump()).on_conflict_do_nothing()
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]
