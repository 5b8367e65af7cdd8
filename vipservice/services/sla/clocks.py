"""The clocks of chats follow their timelines, with contacts and counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import SQLModel

from vipservice.rules.chats import Move
from vipservice.rules.entries import (
    Amendment,
    AnyPayload,
    Flag,
    Message,
    Moved,
    Note,
    Referenced,
    Reported,
)
from vipservice.rules.notices import Level
from vipservice.services.following import Addition, Follower, Written
from vipservice.services.sla.facts import fact
from vipservice.services.sla.ledger import Ledger, reached
from vipservice.services.sla.repeats import Nearby, nearby
from vipservice.services.sla.versions import all_versions
from vipservice.store.ledger import contacts_of, pick_up_of, running_clocks
from vipservice.store.tables import Chat, SlaClock
from vipservice.store.work import Work

SILENT = (Note, Reported, Referenced, Amendment)
"""What says nothing to a clock."""


@dataclass(frozen=True)
class Clocks:
    """The clocks that run in each chat, and the ledgers of the chats in which they may change."""

    running: dict[str, list[SlaClock]]
    ledgers: dict[str, Ledger]
    nearby: Nearby


def _read(work: Work, chats: Sequence[Chat], added: Sequence[Addition]) -> Clocks:
    running = running_clocks(work.session, [chat.id for chat in chats if chat.running_clocks])
    late = {
        chat_id
        for chat_id, clocks in running.items()
        if any(any(reached(clock, work.now)) for clock in clocks)
    }
    stirred = late | {one.chat.id for one in added if _may_matter(one)}
    told = late | {one.chat.id for one in added if not isinstance(one.payload, Message)}
    undone = {one.chat.id for one in added if _undoes(one.payload)}
    ledgers = _ledgers(work, [one for one in chats if one.id in stirred], told, running, undone)
    return Clocks(running, ledgers, nearby(work, added))


def _ledgers(
    work: Work,
    chats: Sequence[Chat],
    told: set[str],
    running: dict[str, list[SlaClock]],
    undone: set[str],
) -> dict[str, Ledger]:
    """``told``: the chats of which the contact is needed too; ``undone``: the pick-up as well."""
    if not chats:
        return {}
    known = all_versions(work)
    contacts = contacts_of(work.session, [chat for chat in chats if chat.id in told])
    return {
        chat.id: Ledger(
            known, chat, chat.team_id, chat.assignee_id, chat.requester_id,
            chat.cycle, chat.reply_turns, contacts.get(chat.id),
            {clock.target: clock for clock in running.get(chat.id, ())},
            pick_up_of(work.session, chat) if chat.id in undone else None,
        )
        for chat in chats
    }  # fmt: skip


def _flags(state: Clocks, now: datetime) -> Iterator[Addition]:
    """What the running clocks have reached and nobody flagged yet."""
    for chat_id, clocks in state.running.items():
        for clock in clocks:
            for level in reached(clock, now):
                yield Addition(state.ledgers[chat_id].chat, None, flag(clock, level))


def flag(clock: SlaClock, level: Level) -> Flag:
    """What is said of a clock that has reached a level."""
    return Flag(
        target=clock.target, cycle=clock.cycle, turn=clock.turn, level=level,
        started_at=clock.started_at, due_at=clock.due_at,
    )  # fmt: skip


def _follow(state: Clocks, written: Sequence[Written]) -> Iterator[SQLModel]:
    for one in written:
        ledger = state.ledgers.get(one.chat.id)
        if ledger and _says_something(one.payload):
            yield from _take(ledger, one, state.nearby)


def _take(ledger: Ledger, one: Written, near: Nearby) -> Iterator[SQLModel]:
    """Brings clocks, contact and counts of a chat up to date with its newest entry."""
    chat, cycle, contact = one.chat, ledger.cycle, ledger.contact
    was_open = contact is not None and contact.closed_at is None
    ledger.take(one.entry, one.payload)
    chat.running_clocks, chat.reply_turns = len(ledger.running), ledger.turns
    if ledger.cycle != cycle and ledger.contact:
        chat.cycle, chat.cycle_seq = ledger.cycle, one.entry.seq
        yield from near.look_back(chat, ledger.contact)
    if was_open and contact and contact.closed_at:
        yield from near.look_forward(chat, contact)
    made, counts = ledger.handed_over()
    yield from made
    yield from (fact(chat, *counted) for counted in counts.items())


def _may_matter(one: Addition) -> bool:
    """A message only matters to a reply clock: the requester's starts one, an answer stops it."""
    if isinstance(one.payload, Message):
        return _asks(one) != bool(one.chat.running_clocks)
    return _says_something(one.payload)


def _undoes(payload: AnyPayload) -> bool:
    return isinstance(payload, Moved) and payload.move is Move.GIVE_BACK


def _asks(one: Addition) -> bool:
    return one.author is not None and one.author.id == one.chat.requester_id


def _says_something(payload: AnyPayload) -> bool:
    return not isinstance(payload, SILENT)


CLOCKS = Follower(_read, _follow, _flags)
