"""Repeat contacts: what was closed and is asked again within a week was not enough.

Whoever asks looks back and whoever closes looks forward, one after the other within a
municipality: of two at once the second sees the first.
"""

from datetime import datetime, timedelta

from sqlmodel import col, func, or_, select

from vipservice.rules.chats import Outcome
from vipservice.rules.figures import REPEAT_DAYS
from vipservice.rules.hours import NETHERLANDS
from vipservice.services.sla.facts import CountKey, fact
from vipservice.store.queries import KEY_SHARE
from vipservice.store.tables import Chat, Contact, Municipality
from vipservice.store.work import Work

WEEK = timedelta(days=REPEAT_DAYS)


def look_back(work: Work, chat: Chat, contact: Contact) -> None:
    """A new question marks what was closed shortly before it."""
    if not contact.asked:
        return
    _take_turns(work, contact)
    earlier = work.session.exec(
        select(Contact).where(
            Contact.municipality_id == contact.municipality_id,
            Contact.topic_id == contact.topic_id,
            col(Contact.closed_at) >= contact.started_at - WEEK,
            col(Contact.closed_at) < contact.started_at,
            or_(
                col(Contact.followed_at).is_(None),
                col(Contact.followed_at) > contact.started_at,
            ),
            Contact.outcome != Outcome.WITHDRAWN,
        )
    ).all()
    for one in earlier:
        _mark(work, chat, one, contact.started_at)


def look_forward(work: Work, chat: Chat, contact: Contact) -> None:
    """What closes now may have been asked again already, by somebody who was as quick."""
    _take_turns(work, contact)
    at = followed_at(work, contact)
    if at:
        _mark(work, chat, contact, at)


def followed_at(work: Work, contact: Contact) -> datetime | None:
    """When the municipality asked again on the topic, within a week of the closing; or None."""
    if contact.closed_at is None or contact.outcome is Outcome.WITHDRAWN:
        return None
    return work.session.exec(
        select(func.min(Contact.started_at)).where(
            Contact.municipality_id == contact.municipality_id,
            Contact.topic_id == contact.topic_id,
            col(Contact.asked),
            Contact.started_at > contact.closed_at,
            Contact.started_at <= contact.closed_at + WEEK,
        )
    ).one()


def repeat_count(contact: Contact) -> tuple[CountKey, dict[str, int]]:
    """What a contact that was followed adds, on the day of its closing."""
    assert contact.closed_at is not None
    local = contact.closed_at.astimezone(NETHERLANDS)
    answered = contact.outcome in (Outcome.ANSWERED, Outcome.ANSWERED_UNCONFIRMED)
    key = (local.date(), local.hour, contact.team_id, contact.specialist_id or "")
    return key, {"repeats": 1} | ({"answered_repeats": 1} if answered else {})


def _take_turns(work: Work, contact: Contact) -> None:
    """Within a municipality one after the other, until the end of the transaction."""
    with work.session.no_autoflush:
        work.session.get_one(Municipality, contact.municipality_id, with_for_update=KEY_SHARE)


def _mark(work: Work, chat: Chat, contact: Contact, at: datetime) -> None:
    if contact.followed_at is None:
        work.session.add(fact(chat, *repeat_count(contact)))
    contact.followed_at = at
