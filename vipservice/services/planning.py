"""Planning: new opening hours and targets, and what they do to the clocks that run."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from vipservice.rules.entries import Reckoned
from vipservice.rules.people import Actor, Right
from vipservice.rules.policy import Policy, Promise
from vipservice.rules.refusals import N_, FieldError, Invalid, NotFound, Refusal
from vipservice.rules.sla import Calendar, NeverOpens, due
from vipservice.services.chats.appending import append_many, flag_overdue
from vipservice.services.chats.locking import lock_chat
from vipservice.services.following import Addition
from vipservice.services.sla.ledger import Ledger
from vipservice.services.sla.versions import (
    Version,
    Versions,
    add_calendar,
    add_policy,
    all_versions,
    soonest,
)
from vipservice.store.tables import CalendarVersion, Chat, Person, PolicyVersion, SlaClock, Team
from vipservice.store.work import Store, Work

CHATS_A_TRANSACTION = 25
LONGEST_SHOWN = 50
NO_OPENING = N_("With these hours the desk hardly ever opens. Fill in a day.")
PREVIEW = 2**31 - 1
"""The number of a version that is only looked at."""


@dataclass(frozen=True)
class Change:
    """A new version: hours of a team (None: of all; content None: follows all), or targets.

    ``valid_from`` None is as soon as possible. ``reckon``: clocks that run follow it too, and
    ``reason`` says why.
    """

    content: Calendar | Policy | None
    team_id: str | None = None
    valid_from: datetime | None = None
    reckon: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Shift:
    """What a change would do to a running clock."""

    number: str
    target: Promise
    before: datetime
    after: datetime
    reached: bool
    """The new due time has passed already, so that it breaks the promise at once."""


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
        running = _running(work)
        shifts = tuple(_shifts(work, change, valid_from, running))
        return Preview(valid_from, len(running), shifts)


def save(store: Store, actor: Actor, change: Change) -> int:
    """Makes the new version, and has the running clocks follow it if so chosen; its number.

    Raises NotAllowed, NotFound, and Invalid when it can not hold.
    """
    actor.require(Right.PLAN)
    with _one_at_a_time(), store.work() as work:
        valid_from = _checked(work, change)
        shifts = {shift.number for shift in _shifts(work, change, valid_from, _running(work))}
        version = _add(work, actor, change, valid_from)
    if change.reckon:
        _reckon(store, actor, change, version, sorted(shifts))
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


def _reckon(store: Store, actor: Actor, change: Change, version: int, numbers: list[str]) -> None:
    """An entry for each clock that moves, some chats at a time.

    When it is cut off half-way, saving again moves the rest.
    """
    for start in range(0, len(numbers), CHATS_A_TRANSACTION):
        with store.work() as work:
            some = numbers[start : start + CHATS_A_TRANSACTION]
            query = select(Chat.id).where(col(Chat.number).in_(some)).order_by(col(Chat.id))
            for chat_id in work.session.exec(query).all():
                chat = lock_chat(work, chat_id)
                assert chat is not None
                _reckon_chat(work, actor, chat, change, version)


def _reckon_chat(work: Work, actor: Actor, chat: Chat, change: Change, version: int) -> None:
    """What has been broken meanwhile stays as it was promised."""
    flag_overdue(work, [chat], {})
    moved = [
        Addition(chat, actor, _reckoned(work, chat, clock, change, version))
        for _, clock in _running(work, chat)
        if not clock.breached_at and _governs(work, change, clock)
    ]
    append_many(work, moved)


def _reckoned(work: Work, chat: Chat, clock: SlaClock, change: Change, version: int) -> Reckoned:
    """What is said of a clock that follows the new version."""
    policy = isinstance(change.content, Policy)
    targets = version if policy else clock.policy_version
    calendar = clock.calendar_version if policy else _calendar_after(work, change, clock)
    moved = _moved(work, chat, clock, targets, calendar)
    return Reckoned(
        target=clock.target, cycle=clock.cycle, turn=clock.turn, due_at=moved.due_at,
        policy=targets, calendar=calendar, reason=change.reason,
    )  # fmt: skip


def _moved(work: Work, chat: Chat, clock: SlaClock, policy: int, calendar: int) -> SlaClock:
    """The clock as it will run under other versions."""
    moved = SlaClock(**clock.model_dump())
    moved.policy_version, moved.calendar_version = policy, calendar
    Ledger(all_versions(work), chat, clock.team_id).reckon(moved)
    return moved


def _calendar_after(work: Work, change: Change, clock: SlaClock) -> int:
    """The version of the hours that a clock follows once the change holds."""
    at = soonest(work.now) if change.valid_from is None else change.valid_from
    return all_versions(work).calendar_at(at, clock.team_id)[0]


def _shifts(
    work: Work, change: Change, valid_from: datetime, running: Sequence[tuple[Chat, SlaClock]]
) -> Iterator[Shift]:
    known = _with(all_versions(work), change, valid_from)
    for chat, clock in running:
        if clock.breached_at or not _governs(work, change, clock):
            continue
        moved = SlaClock(**clock.model_dump())
        if isinstance(change.content, Policy):
            moved.policy_version = PREVIEW
        else:
            moved.calendar_version = known.calendar_at(valid_from, clock.team_id)[0]
        Ledger(known, chat, clock.team_id).reckon(moved)
        if moved.due_at != clock.due_at or moved.warn_at != clock.warn_at:
            reached = moved.due_at <= work.now
            yield Shift(chat.number, clock.target, clock.due_at, moved.due_at, reached)


def _with(known: Versions, change: Change, valid_from: datetime) -> Versions:
    """The versions as they would be."""
    added = Version(PREVIEW, valid_from, change.content, change.team_id)
    if isinstance(change.content, Policy):
        return replace(known, policies=(*known.policies, added))
    return replace(known, calendars=(*known.calendars, added))


def _governs(work: Work, change: Change, clock: SlaClock) -> bool:
    """Whether a change is about a clock: targets about all, hours about who follows them."""
    if isinstance(change.content, Policy) or change.team_id == clock.team_id:
        return True
    version = all_versions(work).calendar_at(work.now, clock.team_id)[0]
    own = work.session.get_one(CalendarVersion, version).team_id
    return change.team_id is None and own is None


def _running(work: Work, chat: Chat | None = None) -> list[tuple[Chat, SlaClock]]:
    query = (
        select(Chat, SlaClock)
        .join(SlaClock, col(SlaClock.chat_id) == Chat.id)
        .where(col(SlaClock.ended_at).is_(None))
        .order_by(col(SlaClock.due_at))
    )
    return list(work.session.exec(query.where(Chat.id == chat.id) if chat else query))


def _checked(work: Work, change: Change) -> datetime:
    """From when the change holds. Raises Invalid when it can not hold, NotFound for a team."""
    _require_team(work, change.team_id)
    earliest = soonest(work.now)
    if change.valid_from and change.valid_from < earliest:
        raise Invalid([FieldError("valid_from", N_("Choose a moment that is still to come."))])
    if change.reckon and change.valid_from:
        raise Invalid([FieldError("reckon", N_("Only a change that holds at once moves clocks."))])
    if change.reckon and not change.reason:
        raise Invalid([FieldError("reason", N_("Say why the running clocks follow."))])
    valid_from = change.valid_from or earliest
    _require_openings(work, change, valid_from)
    return valid_from


def _require_openings(work: Work, change: Change, valid_from: datetime) -> None:
    """Under hours that hold too little time no promise could be counted, however late."""
    known = _with(all_versions(work), change, valid_from)
    longest = known.policy_at(valid_from)[1].longest
    teams = {edition.team_id for edition in known.calendars}
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
