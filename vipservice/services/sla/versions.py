"""Versions of opening hours and targets: made from a moment on, and never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.sql.functions import Function
from sqlmodel import col, func, select

from vipservice.rules import hours, policy
from vipservice.rules.policy import Policy
from vipservice.rules.sla import Calendar, Due, due
from vipservice.store.ledger import highest_versions
from vipservice.store.tables import CalendarVersion, PolicyVersion
from vipservice.store.work import Store, Work

NOTICE = timedelta(seconds=10)
"""A version holds from the first whole minute at least this far away. A transaction that began
before it was made can then not disagree with a replay about what held."""


@dataclass(frozen=True)
class Version:
    """A version and what it holds; of hours, None ends a team's own."""

    version: int
    valid_from: datetime
    content: Any
    team_id: str | None = None


@dataclass(frozen=True)
class Versions:
    """Every version, to look up what held at a moment."""

    calendars: tuple[Version, ...]
    policies: tuple[Version, ...]

    def calendar_at(self, at: datetime, team_id: str | None = None) -> tuple[int, Calendar]:
        """The version in force then for a team, and the hours it holds."""
        own = _in_force([one for one in self.calendars if one.team_id == team_id], at)
        if own is None or own.content is None:
            general = [one for one in self.calendars if one.team_id is None]
            own = _in_force(general, at) or general[0]
        return own.version, own.content

    def policy_at(self, at: datetime) -> tuple[int, Policy]:
        """The version in force then, and the targets it holds."""
        found = _in_force(self.policies, at) or self.policies[0]
        return found.version, found.content

    def calendar(self, version: int) -> Calendar:
        """The hours of a version. Raises LookupError."""
        return next(one.content for one in self.calendars if one.version == version)  # type: ignore[no-any-return]

    def policy(self, version: int) -> Policy:
        """The targets of a version. Raises LookupError."""
        return next(one.content for one in self.policies if one.version == version)  # type: ignore[no-any-return]


def all_versions(work: Work) -> Versions:
    """Every version there is; read again only when one was added."""
    highest = highest_versions(work.session)
    known = work.memo.get("book")
    if known is None or known[0] != highest:
        known = work.memo["book"] = (highest, _read(work))
    found: Versions = known[1]
    return found


def add_calendar(
    work: Work,
    calendar: Calendar | None,
    valid_from: datetime,
    *,
    team_id: str | None = None,
    by: str | None = None,
    reason: str = "",
) -> int:
    """A new version of the opening hours, of all or of one team; its number."""
    version = _next(work, func.max(CalendarVersion.version))
    work.session.add(
        CalendarVersion(
            version=version, team_id=team_id, valid_from=valid_from, made_by=by,
            made_at=work.now, reason=reason,
            document=hours.to_document(calendar) if calendar else None,
        )
    )  # fmt: skip
    work.session.flush()
    return version


def add_policy(
    work: Work, targets: Policy, valid_from: datetime, *, by: str | None = None, reason: str = ""
) -> int:
    """A new version of the targets; its number."""
    version = _next(work, func.max(PolicyVersion.version))
    work.session.add(
        PolicyVersion(
            version=version, valid_from=valid_from, made_by=by, made_at=work.now, reason=reason,
            document=policy.to_document(targets),
        )
    )  # fmt: skip
    work.session.flush()
    return version


def soonest(now: datetime) -> datetime:
    """The first moment from which a version that is made now can hold: a whole minute."""
    at = now + NOTICE + timedelta(minutes=1, microseconds=-1)
    return at.replace(second=0, microsecond=0)


def explain(store: Store, opened_at: datetime, minutes: int | None) -> tuple[int, Calendar, Due]:
    """Calendar version, calendar and due time of something opened then.

    ``minutes`` of opening time, or as many as the general target then in force says.
    """
    with store.read() as work:
        known = all_versions(work)
    version, calendar = known.calendar_at(opened_at)
    counted = minutes or known.policy_at(opened_at)[1].pickup.minutes
    return version, calendar, due(calendar, opened_at, counted)


def _in_force(versions: Iterable[Version], at: datetime) -> Version | None:
    """The one that began last; of two that began together, the one that was made last."""
    begun = [one for one in versions if one.valid_from <= at]
    return max(begun, key=lambda one: (one.valid_from, one.version), default=None)


def _read(work: Work) -> Versions:
    calendars = work.session.exec(select(CalendarVersion).order_by(col(CalendarVersion.version)))
    policies = work.session.exec(select(PolicyVersion).order_by(col(PolicyVersion.version)))
    return Versions(
        tuple(
            Version(
                row.version, row.valid_from,
                hours.from_document(row.document) if row.document else None, row.team_id,
            )
            for row in calendars
        ),
        tuple(
            Version(row.version, row.valid_from, policy.from_document(row.document))
            for row in policies
        ),
    )  # fmt: skip


def _next(work: Work, highest: Function[int]) -> int:
    return int(work.session.exec(select(func.coalesce(highest, 0))).one()) + 1
