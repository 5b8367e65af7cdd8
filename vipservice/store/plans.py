"""Named queries about what the service does with chats by itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, and_, col, or_, select

from vipservice.rules.chats import State
from vipservice.rules.routing import Step
from vipservice.store.tables import Chat, ChatPlan, SpecialistPresence

AT_ONCE = 1_000


def plan(session: Session, chat_id: str, step: Step, at: datetime) -> None:
    """From now on this is what is done with a chat, and nothing else."""
    drop_plan(session, chat_id)
    session.add(ChatPlan(chat_id=chat_id, step=step, at=at))


def drop_plan(session: Session, chat_id: str) -> None:
    """Nothing is done with a chat by itself."""
    session.execute(delete(ChatPlan).where(col(ChatPlan.chat_id) == chat_id))


def due_plans(session: Session, before: Mapping[Step, datetime]) -> Sequence[tuple[str, str]]:
    """(chat's id, its team's) where a step has waited since before the moment of that step."""
    due = [and_(ChatPlan.step == step, col(ChatPlan.at) <= at) for step, at in before.items()]
    query = select(Chat.id, Chat.team_id).join(ChatPlan, col(ChatPlan.chat_id) == Chat.id)
    return session.exec(query.where(or_(*due)).order_by(col(ChatPlan.at)).limit(AT_ONCE)).all()


def silent_chats(session: Session, before: datetime) -> Sequence[str]:
    """The ids of active chats that nobody waits for us in, and in which nothing happened since."""
    anybody = select(SpecialistPresence.person_id)
    query = select(Chat.id).where(
        col(Chat.assignee_id).in_(anybody),
        Chat.state == State.ACTIVE,
        Chat.running_clocks == 0,
        Chat.updated_at <= before,
    )
    return session.exec(query.limit(AT_ONCE)).all()
