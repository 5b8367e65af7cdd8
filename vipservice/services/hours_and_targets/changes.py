"""New opening hours and targets: looked at beforehand, and saved as a version."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from vipservice.rules.people import Actor, Right
from vipservice.rules.policy import Policy
from vipservice.rules.refusals import N_, FieldError, Invalid, NotFound, Refusal
from vipservice.rules.sla import Calendar, NeverOpens, due
from vipservice.services.hours_and_targets.clocks import (
    Change,
    Shift,
    recalculate,
    running_clocks,
    shifts,
    with_change,
)
from vipservice.services.sla.versions import (
    add_calendar,
    add_policy,
    all_versions,
    soonest,
)
from vipservice.store.tables import CalendarVersion, Person, PolicyVersion, Team
from vipservice.store.work import Store, Work

LONGEST_SHOWN = 50
NO_OPENING = N_("With these hours the desk hardly ever opens. Fill in a day.")


@dataclass(frozen=True)
class Preview:
    """What a change would do: how many clocks run under it, and those that it would move."""

    valid_from: datetime
    running: int
    shifts: tuple[Shift, ...]

    @property
    def shown(self) -> tuple[Shift, ...]:
        """The first of them."""
        return self.shifts[:LONGEST_SHOWN]


def current_hours(store: Store, team_id: str | None) -> tuple[Calendar, bool]:
    """The hours that hold now, or within two minutes, and whether the team has its own.

    Raises NotFound.
    """
    with store.read() as work:
        _require_team(work, team_id)
        version, calendar = all_versions(work).calendar_at(soonest(work.now), team_id)
        return calendar, work.session.get_one(CalendarVersion, version).team_id == team_id


def current_targets(store: Store) -> Policy:
    """The targets that hold now, or within two minutes."""
    with store.read() as work:
        return all_versions(work).policy_at(soonest(work.now))[1]


def versions_of(
    store: Store, table: type[CalendarVersion] | type[PolicyVersion], team_id: str | None = None
) -> list[tuple[CalendarVersion | PolicyVersion, str]]:
    """Versions, the newest first, each with who made it ("" for the configuration)."""
    query = (
        select(table, col(Person.name))
        .outerjoin(Person, col(Person.id) == table.made_by)
        .order_by(col(table.valid_from).desc(), col(table.version).desc())
    )
    if table is CalendarVersion:
        query = query.where(CalendarVersion.team_id == team_id)
    with store.read() as work:
        return [(row, name or "") for row, name in work.session.execute(query)]


def preview(store: Store, actor: Actor, change: Change) -> Preview:
    """What a change would do to the running clocks, without doing it. Raises as ``save``."""
    actor.require(Right.PLAN)
    with store.read() as work:
        valid_from = _checked(work, change)
        running = running_clocks(work)
        moved = tuple(shifts(work, change, valid_from, running))
        return Preview(valid_from, len(running), moved)


def save(store: Store, actor: Actor, change: Change) -> int:
    """Makes the new version, and has the running clocks follow it if so chosen; its number.

    Raises NotAllowed, NotFound, and Invalid when it can not hold.
    """
    actor.require(Right.PLAN)
    with _one_at_a_time(), store.work() as work:
        valid_from = _checked(work, change)
        moved = shifts(work, change, valid_from, running_clocks(work))
        numbers = sorted({shift.number for shift in moved})
        version = _add(work, actor, change, valid_from)
    if change.recalculate:
        recalculate(store, actor, change, version, numbers)
    return version


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two who save at once would give their versions the same number."""
    try:
        yield
    except IntegrityError:
        raise Refusal(N_("Somebody else saved at the same moment. Try again.")) from None


def _add(work: Work, actor: Actor, change: Change, valid_from: datetime) -> int:
    if isinstance(change.content, Policy):
        return add_policy(work, change.content, valid_from, by=actor.id, reason=change.reason)
    return add_calendar(
        work, change.content, valid_from, team_id=change.team_id, by=actor.id, reason=change.reason
    )


def _checked(work: Work, change: Change) -> datetime:
    """From when the change holds. Raises Invalid when it can not hold, NotFound for a team."""
    _require_team(work, change.team_id)
    earliest = soonest(work.now)
    if change.valid_from and change.valid_from < earliest:
        raise Invalid([FieldError("valid_from", N_("Choose a moment that is still to come."))])
    if change.recalculate and change.valid_from:
        raise Invalid(
            [FieldError("recalculate", N_("Only a change that holds at once moves clocks."))]
        )
    if change.recalculate and not change.reason:
        raise Invalid([FieldError("reason", N_("Say why the running clocks follow."))])
    valid_from = change.valid_from or earliest
    _require_openings(work, change, valid_from)
    return valid_from


def _require_openings(work: Work, change: Change, valid_from: datetime) -> None:
    """Under hours that hold too little time no promise could be counted, however late."""
    known = with_change(all_versions(work), change, valid_from)
    longest = known.policy_at(valid_from)[1].longest
    teams = {version.team_id for version in known.calendars}
    calendars = [known.calendar_at(valid_from, team_id)[1] for team_id in teams]
    if isinstance(change.content, Policy):
        for calendar in calendars:
            _require_opening(calendar, valid_from, longest, "pickup_minutes")
    elif change.content:
        _require_opening(change.content, valid_from, longest, "monday")


def _require_opening(calendar: Calendar, at: datetime, minutes: int, field: str) -> None:
    """A week without special days has to hold some time too: those days pass."""
    try:
        if any(calendar.weekly):
            due(replace(calendar, special={}), at, minutes)
            due(calendar, at, minutes)
            return
    except NeverOpens:
        pass
    words = N_("The opening hours hold too little time for these targets.")
    raise Invalid([FieldError(field, NO_OPENING if field == "monday" else words)])


def _require_team(work: Work, team_id: str | None) -> None:
    if team_id is not None and work.session.get(Team, team_id) is None:
        raise NotFound
