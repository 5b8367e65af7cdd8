"""What people may do, and the end of it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select

from vipservice.rules import people as rule
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.news import RightsEnded
from vipservice.rules.people import HOLDERS, REFUSALS, Actor, GrantPeriod, Right
from vipservice.rules.refusals import NotAllowed
from vipservice.store.queries import grants_of
from vipservice.store.tables import LoginSession, Person, RightsChange
from vipservice.store.work import Store, Work

SETTLED = timedelta(minutes=1)
"""No transaction lasts so long: what has an earlier number is visible then."""


def end_rights(work: Work, person_id: str, reason: str, session_id: str | None = None) -> None:
    """Ends a session, or all of a person's when none is named, and their live connections.

    Here the connections close at once, in other processes within a second.
    """
    mine = col(LoginSession.person_id) == person_id
    wanted = mine if session_id is None else mine & (col(LoginSession.id) == session_id)
    work.session.execute(
        update(LoginSession)
        .where(wanted, col(LoginSession.ended_at).is_(None))
        .values(ended_at=work.now)
    )
    work.session.add(
        RightsChange(person_id=person_id, session_id=session_id, reason=reason, at=work.now)
    )
    work.signal(RightsEnded(person_id, session_id, reason))


@dataclass(frozen=True)
class EndsSeen:
    """Which ends of rights were seen: all up to ``through``, and ``beyond`` it these.

    A number can become visible after a later one, as long as its transaction may last.
    """

    through: int = 0
    beyond: frozenset[int] = frozenset()


def rights_ended_since(store: Store, seen: EndsSeen) -> tuple[list[RightsEnded], EndsSeen]:
    """The ends of rights, by whatever process, that were not seen yet; and what is seen now."""
    query = select(RightsChange).where(col(RightsChange.number) > seen.through)
    with store.read() as work:
        rows = work.session.exec(query.order_by(col(RightsChange.number))).all()
        settled = [row.number or 0 for row in rows if work.now - row.at > SETTLED]
    through = max(settled, default=seen.through)
    numbers = {row.number or 0 for row in rows}
    fresh = [
        RightsEnded(row.person_id, row.session_id, row.reason)
        for row in rows
        if (row.number or 0) not in seen.beyond
    ]
    return fresh, EndsSeen(through, frozenset(n for n in numbers if n > through))


def why_not_open(store: Store, actor: Actor) -> str | None:
    """Why this person may not open a chat on any topic (a message id); None when they may."""
    with store.read() as work:
        return refusal_to_open(work, actor, None)


def refusal_to_open(work: Work, actor: Actor, topic_id: str | None) -> str | None:
    """Why this person may not open a chat now (a message id); None when they may."""
    if not actor.may(Right.ASK):
        return REFUSALS[Right.ASK]
    return _why_not(work, work.session.get_one(Person, actor.id), topic_id)


def may_ask_about(work: Work, person: Person, topic_id: str) -> bool:
    """Whether somebody could open a chat on a topic now."""
    return person.role in HOLDERS[Right.ASK] and _why_not(work, person, topic_id) is None


def _why_not(work: Work, person: Person, topic_id: str | None) -> str | None:
    periods = [
        GrantPeriod(grant.topic_id, grant.starts_on, grant.ends_on)
        for grant in grants_of(work.session, person.id)
    ]
    return rule.why_not_open(
        can_create_incidents=person.can_create_incidents,
        grants=periods,
        topic_id=topic_id,
        on=work.now.astimezone(NETHERLANDS).date(),
    )


def require_may_open(work: Work, actor: Actor, topic_id: str) -> None:
    """Raises NotAllowed with the reason when this person may not open a chat on the topic."""
    reason = refusal_to_open(work, actor, topic_id)
    if reason:
        raise NotAllowed(reason)
