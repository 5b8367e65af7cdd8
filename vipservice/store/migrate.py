"""Bringing a database to this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def is_described(_thing: object, name: str | None, *_more: object) -> bool:
    """Whether the tables describe it; full-text search is described in its migration alone."""
    return "incident_text" not in (name or "")


def migrate(engine: Engine) -> None:
    """Runs every migration that the database lacks, in one transaction."""
    with engine.execution_options(writes=True).begin() as connection:
        command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database is at this version."""
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def new_revision(engine: Engine, message: str) -> None:
    """Writes a migration for the difference between the tables and the database."""
    with engine.connect() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
