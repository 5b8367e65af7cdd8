"""What a change of hours or targets does to the clocks that run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from vipservice.rules.entries import Recalculated
from vipservice.rules.people import Actor
from vipservice.rules.policy import Policy, Promise
from vipservice.rules.sla import Calendar
from vipservice.services.chats.appending import append_many, flag_overdue
from vipservice.services.chats.locking import lock_chat
from vipservice.services.following import Addition
from vipservice.services.sla.ledger import Ledger
from vipservice.services.sla.versions import (
    Version,
    Versions,
    all_versions,
    soonest,
)
from vipservice.store.tables import CalendarVersion, Chat, SlaClock
from vipservice.store.work import Store, Work

CHATS_A_TRANSACTION = 25
PREVIEW = 2**31 - 1
"""The number of a version that is only looked at."""


@dataclass(frozen=True)
class Change:
    """A new version: hours of a team (None: of all; content None: follows all), or targets.

    ``valid_from`` None is as soon as possible. ``recalculate``: clocks that run follow it too, and
    ``reason`` says why.
    """

    content: Calendar | Policy | None
    team_id: str | None = None
    valid_from: datetime | None = None
    recalculate: bool = False
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


def recalculate(
    store: Store, actor: Actor, change: Change, version: int, numbers: list[str]
) -> None:
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
                _recalculate_chat(work, actor, chat, change, version)


def _recalculate_chat(work: Work, actor: Actor, chat: Chat, change: Change, version: int) -> None:
    """What has been broken meanwhile stays as it was promised."""
    flag_overdue(work, [chat], {})
    moved = [
        Addition(chat, actor, _recalculated(work, chat, clock, change, version))
        for _, clock in running_clocks(work, chat)
        if not clock.breached_at and _governs(work, change, clock)
    ]
    append_many(work, moved)


def _recalculated(
    work: Work, chat: Chat, clock: SlaClock, change: Change, version: int
) -> Recalculated:
    """What is said of a clock that follows the new version."""
    policy = isinstance(change.content, Policy)
    targets = version if policy else clock.policy_version
    calendar = clock.calendar_version if policy else _calendar_after(work, change, clock)
    moved = _moved(all_versions(work), chat, clock, targets, calendar)
    return Recalculated(
        target=clock.target, cycle=clock.cycle, turn=clock.turn, due_at=moved.due_at,
        policy=targets, calendar=calendar, reason=change.reason,
    )  # fmt: skip


def _moved(known: Versions, chat: Chat, clock: SlaClock, policy: int, calendar: int) -> SlaClock:
    """The clock as it will run under other versions."""
    moved = SlaClock(**clock.model_dump())
    moved.policy_version, moved.calendar_version = policy, calendar
    Ledger(known, chat, clock.team_id).recalculate(moved)
    return moved


def _calendar_after(work: Work, change: Change, clock: SlaClock) -> int:
    """The version of the hours that a clock follows once the change holds."""
    at = soonest(work.now) if change.valid_from is None else change.valid_from
    return all_versions(work).calendar_at(at, clock.team_id)[0]


def shifts(
    work: Work, change: Change, valid_from: datetime, running: Sequence[tuple[Chat, SlaClock]]
) -> Iterator[Shift]:
    """What the change would do to each of these clocks that it moves."""
    known = with_change(all_versions(work), change, valid_from)
    for chat, clock in running:
        if clock.breached_at or not _governs(work, change, clock):
            continue
        policy, calendar = PREVIEW, clock.calendar_version
        if not isinstance(change.content, Policy):
            policy = clock.policy_version
            calendar = known.calendar_at(valid_from, clock.team_id)[0]
        moved = _moved(known, chat, clock, policy, calendar)
        if moved.due_at != clock.due_at or moved.warn_at != clock.warn_at:
            reached = moved.due_at <= work.now
            yield Shift(chat.number, clock.target, clock.due_at, moved.due_at, reached)


def with_change(known: Versions, change: Change, valid_from: datetime) -> Versions:
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


def running_clocks(work: Work, chat: Chat | None = None) -> list[tuple[Chat, SlaClock]]:
    """The clocks that run, of all chats or of one, the first due first."""
    query = (
        select(Chat, SlaClock)
        .join(SlaClock, col(SlaClock.chat_id) == Chat.id)
        .where(col(SlaClock.ended_at).is_(None))
        .order_by(col(SlaClock.due_at))
    )
    return list(work.session.exec(query.where(Chat.id == chat.id) if chat else query))
