"""The clocks that run: following the timeline, and marking what they have reached."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from vipservice.rules.chats import EntryKind
from vipservice.rules.notices import Level
from vipservice.rules.policy import Promise
from vipservice.rules.sla import Calendar, Due, due
from vipservice.services.sla.facts import fact
from vipservice.services.sla.ledger import REACHED, Ledger
from vipservice.services.sla.repeats import look_back, look_forward
from vipservice.services.sla.versions import book
from vipservice.store.queries import running_clocks
from vipservice.store.tables import Chat, Contact, Entry, SlaClock
from vipservice.store.work import Work

MATTERS = frozenset(EntryKind) - {EntryKind.NOTE, EntryKind.INCIDENT}
"""Entries that may do something to a clock."""


def follow(work: Work, chat: Chat, entry: Entry) -> None:
    """Brings clocks, contact and counts of a locked chat up to date with its newest entry."""
    if entry.kind not in MATTERS or _says_nothing_new(chat, entry):
        return
    ledger = _ledger(work, chat)
    before, was = ledger.cycle, ledger.contact
    open_before = was is not None and was.closed_at is None
    ledger.take(entry)
    chat.running_clocks = len(ledger.running)
    work.session.add_all(ledger.made)
    work.session.add_all(fact(chat, *counted) for counted in ledger.counts.items())
    if ledger.cycle != before and ledger.contact:
        chat.cycle, chat.cycle_seq = ledger.cycle, entry.seq
        look_back(work, chat, ledger.contact)
    if open_before and was and was.closed_at:
        look_forward(work, chat, was)


def overdue(work: Work, chat: Chat) -> Iterator[tuple[SlaClock, Level]]:
    """Marks what the running clocks of a locked chat have reached and nobody flagged yet."""
    if not chat.running_clocks:
        return
    for clock in running_clocks(work.session, chat.id):
        for level in Level:
            if reach(work, clock, level):
                yield clock, level


def reach(work: Work, clock: SlaClock, level: Level) -> bool:
    """One conditional update: true for exactly one caller, with the true time of the flag."""
    foreseen, kept = REACHED[level]
    at: datetime | None = getattr(clock, foreseen)
    if at is None or at > work.now or getattr(clock, kept) or clock.ended_at:
        return False
    column = col(getattr(SlaClock, kept))
    changed = work.session.execute(
        update(SlaClock)
        .where(
            col(SlaClock.chat_id) == clock.chat_id,
            col(SlaClock.cycle) == clock.cycle,
            col(SlaClock.target) == clock.target,
            col(SlaClock.turn) == clock.turn,
            column.is_(None),
        )
        .values({kept: at})
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def clocks_of(work: Work, chat_id: str) -> Sequence[SlaClock]:
    """Every clock of a chat, in the order in which they started."""
    query = select(SlaClock).where(SlaClock.chat_id == chat_id)
    order = (col(SlaClock.cycle), col(SlaClock.started_at), col(SlaClock.target))
    return work.session.exec(query.order_by(*order)).all()


def promised(work: Work, chat: Chat) -> datetime:
    """When a chat that opens now will have been picked up. Raises NeverOpens."""
    known = book(work)
    _, calendar = known.calendar_at(work.now, chat.team_id)
    _, policy = known.policy_at(work.now)
    target = policy.target(Promise.PICKUP, chat.municipality_id, chat.topic_id)
    return due(calendar, work.now, target.minutes).due_at


def derivation(work: Work, chat: Chat, clock: SlaClock) -> tuple[Calendar, Due]:
    """The calendar and the counted intervals behind a clock's due time."""
    known = book(work)
    calendar = known.calendar(clock.calendar_version)
    target = Ledger(known, chat, clock.team_id).target_of(clock)
    return calendar, due(calendar, clock.started_at, target.minutes)


def _says_nothing_new(chat: Chat, entry: Entry) -> bool:
    """A message only matters to a reply clock: the requester's starts one, an answer stops it."""
    asks = entry.author_id == chat.requester_id
    return entry.kind is EntryKind.MESSAGE and asks == bool(chat.running_clocks)


def _ledger(work: Work, chat: Chat) -> Ledger:
    running = running_clocks(work.session, chat.id) if chat.running_clocks else ()
    return Ledger(
        book(work),
        chat,
        chat.team_id,
        chat.assignee_id,
        chat.cycle,
        work.session.get(Contact, (chat.id, chat.cycle)),
        {clock.target: clock for clock in running},
    )
