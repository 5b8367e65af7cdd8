"""Repeat contacts: what was closed and is asked again within a week was not enough.

Whoever asks looks back and whoever closes looks forward, one after the other within a
municipality: of two at once the second sees the first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import func, select

from vipservice.rules.chats import Move, Outcome, State
from vipservice.rules.entries import Moved, Opened
from vipservice.rules.hours import NETHERLANDS
from vipservice.services.following import Addition
from vipservice.services.sla.facts import CountKey, fact
from vipservice.store.ledger import asked_again, asked_shortly_after, closed_shortly_before
from vipservice.store.locking import take_turns
from vipservice.store.tables import Chat, Contact, Fact
from vipservice.store.work import Work


@dataclass(frozen=True)
class Nearby:
    """Contacts that something may follow, or that may follow something, by whom and on what."""

    earlier: dict[tuple[str, str], list[Contact]]
    later: dict[tuple[str, str], list[Contact]]

    def look_back(self, chat: Chat, contact: Contact) -> Iterator[Fact]:
        """A new question marks what was closed shortly before it."""
        if contact.asked:
            for one in self.earlier.get((chat.municipality_id, chat.topic_id), ()):
                yield from _mark(chat, one, contact.started_at)

    def look_forward(self, chat: Chat, contact: Contact) -> Iterator[Fact]:
        """What closes now may have been asked again already, by somebody who was as quick."""
        later = self.later.get((chat.municipality_id, chat.topic_id), ())
        at = min((one.started_at for one in later), default=None)
        if at and contact.outcome is not Outcome.WITHDRAWN:
            yield from _mark(chat, contact, at)


def nearby(work: Work, added: Sequence[Addition]) -> Nearby:
    """What the opening and closing of chats needs to know, read in turns by municipality."""
    asking = [one.chat for one in added if _asks(one)]
    closing = [one.chat for one in added if _closes(one)]
    take_turns(work.session, {chat.municipality_id for chat in (*asking, *closing)})
    return Nearby(
        closed_shortly_before(work.session, asking, work.now),
        asked_shortly_after(work.session, closing, work.now),
    )


def followed_at(work: Work, contact: Contact) -> datetime | None:
    """When the municipality asked again on the topic, within a week of the closing; or None."""
    if contact.closed_at is None or contact.outcome is Outcome.WITHDRAWN:
        return None
    again = asked_again(contact.municipality_id, contact.topic_id, contact.closed_at)
    return work.session.exec(select(func.min(Contact.started_at)).where(*again)).one()


def repeat_count(contact: Contact) -> tuple[CountKey, dict[str, int]]:
    """What a contact that was followed adds, on the day of its closing."""
    assert contact.closed_at is not None
    local = contact.closed_at.astimezone(NETHERLANDS)
    answered = contact.outcome in (Outcome.ANSWERED, Outcome.ANSWERED_UNCONFIRMED)
    key = (local.date(), local.hour, contact.team_id, contact.specialist_id or "")
    return key, {"repeats": 1} | ({"answered_repeats": 1} if answered else {})


def _asks(one: Addition) -> bool:
    said = one.payload
    return isinstance(said, Opened) or (isinstance(said, Moved) and said.move is Move.REOPEN)


def _closes(one: Addition) -> bool:
    return isinstance(one.payload, Moved) and one.payload.to is State.CLOSED


def _mark(chat: Chat, contact: Contact, at: datetime) -> Iterator[Fact]:
    if contact.followed_at is None:
        yield fact(chat, *repeat_count(contact))
    contact.followed_at = at
