"""A database of an earlier version keeps what it knew, and gets a ledger and figures."""

from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import select

from vipservice.cli.database import bring_up_to_date
from vipservice.config import Settings
from vipservice.services.reports.tables import Selection, summary
from vipservice.services.sla.ledger import next_of
from vipservice.services.sla.replay import verify
from vipservice.store import migrate
from vipservice.store.tables import SlaClock
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock

BEFORE = Path(__file__).parent / "version_0001.sql"


@pytest.fixture
def older(tmp_path: Path) -> Store:
    """A store whose database is at version 0001."""
    store = Store(f"sqlite:///{tmp_path}/v.db", ManualClock("2026-04-28T08:50+02:00"))
    with store.engine.execution_options(writes=True).begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
        connection.execute(text("DELETE FROM alembic_version"))
        for statement in BEFORE.read_text().splitlines()[1:]:
            connection.exec_driver_sql(statement)
    return store


def test_a_database_of_version_0001_is_brought_up_to_date(older: Store) -> None:
    with older.read() as work:
        breached = work.session.execute(
            text("SELECT count(*) FROM sla_clock WHERE breached_at IS NOT NULL")
        ).scalar_one()
    bring_up_to_date(older, Settings())
    assert list(verify(older)) == []
    with older.read() as work:
        clocks = work.session.exec(select(SlaClock)).all()
    for clock in clocks:
        assert clock.next_at == (None if clock.ended_at else next_of(clock))
    assert sum(bool(clock.breached_at) for clock in clocks) == breached == 4
    april = summary(older, Selection(date(2026, 4, 1), date(2026, 4, 30)))
    assert (april.chats, april.contacts, april.breached, april.repeats) == (4, 6, 4, 1)
    bring_up_to_date(older, Settings())
    assert summary(older, Selection(date(2026, 4, 1), date(2026, 4, 30))) == april
    older.close()


def test_the_last_step_can_be_taken_back(older: Store) -> None:
    bring_up_to_date(older, Settings())
    for step, to in ((command.downgrade, "0009"), (command.upgrade, "head")):
        with older.engine.execution_options(writes=True).begin() as connection:
            step(migrate._config(connection), to)
    assert list(verify(older)) == []
    older.close()
