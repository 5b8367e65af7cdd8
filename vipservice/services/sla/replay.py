"""Replaying timelines: the ledger that they tell, beside the one that is stored."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from vipservice.services.sla.ledger import Ledger, next_of, replay
from vipservice.services.sla.repeats import followed_at
from vipservice.services.sla.versions import all_versions
from vipservice.store.tables import Chat, Contact, Entry, SlaClock
from vipservice.store.work import Store, Work

CHATS_AT_ONCE = 500
Row = SlaClock | Contact


@dataclass(frozen=True)
class Difference:
    """Where a stored row and the timeline of its chat do not agree."""

    number: str
    what: str


def verify(store: Store, number: str | None = None) -> Iterator[Difference]:
    """Every difference between the stored ledger and what the timelines tell."""
    after = ""
    while True:
        with store.read() as work:
            chats = _chats(work, after, number)
            if not chats:
                return
            stored = _stored(work, chats)
            for chat, ledger in replayed(work, chats):
                yield from _differences(chat, ledger, stored[chat.id])
        after = chats[-1].id


def is_behind(store: Store) -> bool:
    """Whether there are chats from before there was a ledger."""
    with store.read() as work:
        return bool(_without_contacts(work))


def restore(store: Store) -> int:
    """Stores the ledger of chats from before there was one; how many.

    Of clocks that are stored already, what they reached is kept.
    """
    count = 0
    while True:
        with store.work() as work:
            chats = _without_contacts(work)
            if not chats:
                _mark_followed(work)
                return count
            for chat, ledger in replayed(work, chats):
                _store(work, chat, ledger)
        count += len(chats)


def replayed(work: Work, chats: Sequence[Chat]) -> Iterator[tuple[Chat, Ledger]]:
    """Each chat with the ledger that its timeline tells."""
    known = all_versions(work)
    entries: dict[str, list[Entry]] = defaultdict(list)
    query = select(Entry).where(col(Entry.chat_id).in_([chat.id for chat in chats]))
    for entry in work.session.exec(query.order_by(col(Entry.chat_id), col(Entry.seq))):
        entries[entry.chat_id].append(entry)
    for chat in chats:
        ledger = replay(known, chat, chat.team_id, entries[chat.id])
        for contact in ledger.made:
            if isinstance(contact, Contact):
                contact.followed_at = followed_at(work, contact)
        yield chat, ledger


def _chats(work: Work, after: str, number: str | None) -> Sequence[Chat]:
    query = select(Chat).where(Chat.id > after).order_by(col(Chat.id)).limit(CHATS_AT_ONCE)
    return work.session.exec(query.where(Chat.number == number) if number else query).all()


def _without_contacts(work: Work) -> Sequence[Chat]:
    known = select(Contact.chat_id).where(Contact.chat_id == Chat.id).exists()
    return work.session.exec(select(Chat).where(~known).limit(CHATS_AT_ONCE)).all()


def _mark_followed(work: Work) -> None:
    """Once every contact is there, which of them were followed by another."""
    for contact in work.session.exec(select(Contact).where(col(Contact.closed_at).is_not(None))):
        contact.followed_at = followed_at(work, contact)


def _stored(work: Work, chats: Sequence[Chat]) -> dict[str, list[Row]]:
    ids = [chat.id for chat in chats]
    found: dict[str, list[Row]] = defaultdict(list)
    for row in work.session.exec(select(SlaClock).where(col(SlaClock.chat_id).in_(ids))):
        found[row.chat_id].append(row)
    for contact in work.session.exec(select(Contact).where(col(Contact.chat_id).in_(ids))):
        found[contact.chat_id].append(contact)
    return found


def _differences(chat: Chat, ledger: Ledger, stored: list[Row]) -> Iterator[Difference]:
    told, kept = _by_key(ledger.made), _by_key(stored)
    for key in sorted(told.keys() | kept.keys()):
        ours, theirs = told.get(key, {}), kept.get(key, {})
        for name in sorted(ours.keys() | theirs.keys()):
            if ours.get(name) != theirs.get(name):
                words = f"{' '.join(key)}: {name} is {theirs.get(name)}, told {ours.get(name)}"
                yield Difference(chat.number, words)
    counted, right = (chat.cycle, chat.reply_turns), (ledger.cycle, ledger.turns)
    if counted != right:
        yield Difference(chat.number, f"chat: cycle and turns are {counted}, told {right}")


def _by_key(rows: Sequence[Row]) -> dict[tuple[str, ...], dict[str, object]]:
    return {_key(row): row.model_dump() for row in rows}


def _key(row: Row) -> tuple[str, ...]:
    if isinstance(row, Contact):
        return ("contact", f"cycle {row.cycle}")
    return (row.target.value, f"cycle {row.cycle}", f"turn {row.turn}")


def _store(work: Work, chat: Chat, ledger: Ledger) -> None:
    known = {_key(row): row for row in _stored(work, [chat])[chat.id]}
    for row in ledger.made:
        before = known.get(_key(row))
        if isinstance(row, SlaClock) and isinstance(before, SlaClock):
            before.team_id, before.met_by = row.team_id, row.met_by
            before.manager_at, before.manager_told_at = row.manager_at, row.manager_told_at
            before.next_at = None if before.ended_at else next_of(before)
        else:
            work.session.add(row)
    chat.cycle, chat.reply_turns = ledger.cycle, ledger.turns
    chat.running_clocks = len(ledger.running)
