"""An instant is in UTC, whatever PostgreSQL on its machine takes for the time."""

from datetime import UTC, datetime

from sqlmodel import select

from tests.conftest import absent
from tests.support import postgres
from vipservice.store.migrate import migrate
from vipservice.store.tables import CalendarVersion
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock

FAR = "?options=-c%20TimeZone%3DAsia/Kolkata"


def test_a_database_that_lives_elsewhere_gives_instants_in_utc() -> None:
    if not postgres.is_there():
        absent("PostgreSQL")
    at = datetime(2026, 4, 24, 14, 45, 1, 250, tzinfo=UTC)
    with postgres.bare_database() as url:
        store = Store(url.partition("?")[0] + FAR, ManualClock("2026-04-24T16:45+02:00"))
        migrate(store.engine)
        with store.work() as work:
            work.session.add(CalendarVersion(version=1, valid_from=at, document={}))
        with store.read() as work:
            zone = work.session.connection().exec_driver_sql("SHOW TimeZone").scalar_one()
            [found] = work.session.exec(select(CalendarVersion.valid_from)).all()
        assert (zone, found, found.tzinfo) == ("Asia/Kolkata", at, UTC)
        store.close()
