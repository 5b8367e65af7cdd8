"""The first filling of a database."""

from datetime import UTC, datetime

from sqlmodel import col, func, select

from vipservice.config import Settings
from vipservice.services.sla.versions import add_calendar, add_policy
from vipservice.store.tables import CalendarVersion, Person
from vipservice.store.work import Store

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def seed_versions(store: Store, settings: Settings) -> None:
    """Opening hours and targets of the configuration become version 1, when there is none."""
    with store.work() as work:
        if work.session.exec(select(func.count(col(CalendarVersion.version)))).one():
            return
        add_calendar(work, settings.calendar.calendar(), BEGINNING)
        add_policy(work, settings.sla.policy(), BEGINNING)


def has_demonstration(store: Store) -> bool:
    """Whether the database holds demonstration accounts, whose password everybody knows."""
    with store.read() as work:
        query = select(Person.id).where(
            col(Person.demonstration), col(Person.disabled_at).is_(None)
        )
        return work.session.exec(query.limit(1)).first() is not None
