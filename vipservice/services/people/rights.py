"""What people may do, and the end of it."""

from sqlalchemy import update
from sqlmodel import col, select

from vipservice.rules import people as rule
from vipservice.rules.events import RightsEnded
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.people import Actor, GrantPeriod, Role
from vipservice.rules.refusals import N_, NotAllowed
from vipservice.store.queries import grants_of
from vipservice.store.tables import LoginSession, Person, RightsChange
from vipservice.store.work import Store, Work

LATEST = 100


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
    work.emit(RightsEnded(person_id, session_id, reason))


def latest_rights_ended(store: Store) -> dict[int, RightsEnded]:
    """The last ends of rights by number, by whatever process.

    More than are new each time: numbers may become visible out of order.
    """
    query = select(RightsChange).order_by(col(RightsChange.number).desc()).limit(LATEST)
    with store.read() as work:
        rows = work.session.exec(query).all()
    return {row.number or 0: RightsEnded(row.person_id, row.session_id, row.reason) for row in rows}


def why_not_open(store: Store, actor: Actor) -> str | None:
    """Why this person may not open a chat on any topic (a message id); None when they may."""
    with store.read() as work:
        return refusal_to_open(work, actor, None)


def refusal_to_open(work: Work, actor: Actor, topic_id: str | None) -> str | None:
    """Why this person may not open a chat now (a message id); None when they may."""
    if actor.role != Role.REQUESTER:
        return N_("Only administrators of a municipality open chats.")
    person = work.session.get_one(Person, actor.id)
    periods = [
        GrantPeriod(grant.topic_id, grant.starts_on, grant.ends_on)
        for grant in grants_of(work.session, actor.id)
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
