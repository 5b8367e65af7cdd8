"""What was promised: the clocks of a chat, and how their due times came about."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from vipservice.rules.policy import Promise
from vipservice.rules.sla import Calendar, Due, due
from vipservice.services.sla.ledger import Ledger
from vipservice.services.sla.versions import all_versions
from vipservice.store.tables import Chat, SlaClock
from vipservice.store.work import Work


def clocks_of(work: Work, chat_id: str) -> Sequence[SlaClock]:
    """Every clock of a chat, in the order in which they started."""
    query = select(SlaClock).where(SlaClock.chat_id == chat_id)
    order = (col(SlaClock.cycle), col(SlaClock.started_at), col(SlaClock.target))
    return work.session.exec(query.order_by(*order)).all()


def promised(work: Work, chat: Chat) -> datetime:
    """When a chat that opens now will have been picked up. Raises NeverOpens."""
    known = all_versions(work)
    _, calendar = known.calendar_at(work.now, chat.team_id)
    _, policy = known.policy_at(work.now)
    target = policy.target(Promise.PICKUP, chat.municipality_id, chat.topic_id)
    return due(calendar, work.now, target.minutes).due_at


def derivation(work: Work, chat: Chat, clock: SlaClock) -> tuple[Calendar, Due]:
    """The calendar and the counted intervals behind a clock's due time."""
    known = all_versions(work)
    calendar = known.calendar(clock.calendar_version)
    target = Ledger(known, chat, clock.team_id).target_of(clock)
    return calendar, due(calendar, clock.started_at, target.minutes)
