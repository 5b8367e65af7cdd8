"""What people may do, and the end of it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from vipservice.rules.events import RightsEnded
from vipservice.rules.people import Actor, GrantPeriod, Role, why_not_open
from vipservice.rules.refusals import N_, NotAllowed
from vipservice.store.queries import grants_of
from vipservice.store.tables import Person, RightsChange
from vipservice.store.work import Store, Work

ZONE = ZoneInfo("Europe/Amsterdam")
"""Grants run from day to day in the zone of the municipalities."""


def end_rights(work: Work, person_id: str, reason: str, session_id: str | None = None) -> None:
    """Has the person's live connections closed, here at once and elsewhere within a second."""
    work.session.add(
        RightsChange(person_id=person_id, session_id=session_id, reason=reason, at=work.now)
    )
    work.emit(RightsEnded(person_id, session_id, reason))


def rights_ended_since(store: Store, number: int) -> tuple[int, Sequence[RightsEnded]]:
    """What ended after that number, by whatever process, and the newest number."""
    with store.read() as work:
        rows = work.session.exec(
            select(RightsChange)
            .where(col(RightsChange.number) > number)
            .order_by(col(RightsChange.number))
        ).all()
    newest = rows[-1].number if rows else number
    return newest or 0, [RightsEnded(row.person_id, row.session_id, row.reason) for row in rows]


def newest_rights_change(store: Store) -> int:
    """The number to read on from."""
    with store.read() as work:
        query = select(RightsChange.number).order_by(col(RightsChange.number).desc()).limit(1)
        return work.session.exec(query).one_or_none() or 0


def refusal_to_open(work: Work, actor: Actor, topic_id: str | None) -> str | None:
    """Why this person may not open a chat now (a message id); None when they may."""
    if actor.role != Role.REQUESTER:
        return N_("Only administrators of a municipality open chats.")
    person = work.session.get_one(Person, actor.id)
    periods = [
        GrantPeriod(grant.topic_id, grant.starts_on, grant.ends_on)
        for grant in grants_of(work.session, actor.id)
    ]
    return why_not_open(
        can_create_incidents=person.can_create_incidents,
        grants=periods,
        topic_id=topic_id,
        on=work.now.astimezone(ZONE).date(),
    )


def require_may_open(work: Work, actor: Actor, topic_id: str) -> None:
    """Raises NotAllowed with the reason when this person may not open a chat on the topic."""
    reason = refusal_to_open(work, actor, topic_id)
    if reason:
        raise NotAllowed(reason)
