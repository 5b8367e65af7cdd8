"""Named queries about who left, and what they had."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from vipservice.rules.chats import IN_HAND
from vipservice.store.tables import Chat, SpecialistPresence


def who_left(session: Session) -> Sequence[SpecialistPresence]:
    """Those whose chats must still be visited."""
    query = select(SpecialistPresence).where(col(SpecialistPresence.left_at).is_not(None))
    return session.exec(query).all()


def in_hand(session: Session, person_id: str) -> Sequence[str]:
    """The ids of the chats that somebody has; those first in which a customer waits."""
    mine = select(Chat.id).where(Chat.assignee_id == person_id, col(Chat.state).in_(IN_HAND))
    return session.exec(mine.order_by(col(Chat.running_clocks).desc(), col(Chat.id))).all()
