"""Alembic's entry: runs the migrations on the connection that it is handed."""

from alembic import context
from sqlmodel import SQLModel

import vipservice.store.figures
import vipservice.store.tables  # noqa: F401 - fill the metadata
from vipservice.store.migrate import is_described

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    include_object=is_described,
)
with context.begin_transaction():
    context.run_migrations()
