"""Who left, and what becomes of what they had: a chat always has somebody.

jobs/duties.visit -> visit_left -> each chat in a transaction of its own -> moves.move
"""

from datetime import datetime

from vipservice.rules.chats import IN_HAND, Move, State
from vipservice.rules.routing import Cause, Step
from vipservice.services.chats.moves import move
from vipservice.services.routing.each import each_alone
from vipservice.store.leaving import in_hand, who_left
from vipservice.store.locking import lock_person
from vipservice.store.tables import Chat, ChatPlan, SpecialistPresence
from vipservice.store.work import Store, Work


def visit_left(store: Store) -> int:
    """Visits the chats of everybody who left; how many it moved.

    Who is cut off goes on where it was: what was visited needs nothing any more.
    """
    with store.read() as look:
        left = [(row.person_id, row.left_at) for row in who_left(look.session)]
    return sum(_visit_all(store, *one) for one in left)


def _visit_all(store: Store, person_id: str, left_at: datetime | None) -> int:
    """First whose customer waits; a chat that can not be moved keeps only itself waiting."""
    with store.read() as look:
        chat_ids = in_hand(look.session, person_id)
    answers = each_alone(store, chat_ids, lambda work, chat: _visit(work, chat, person_id))
    if None not in answers:
        _done(store, person_id, left_at)
    return sum(map(bool, answers))


def _visit(work: Work, chat: Chat, person_id: str) -> bool:
    gone = _left(work, person_id)
    if gone is None or chat.assignee_id != person_id or chat.state not in IN_HAND:
        return False
    if chat.running_clocks or _is_owed(work, chat, gone):
        move(work, chat, None, Move.HAND_OVER, State.WAITING, cause=Cause.OFFLINE)
    elif chat.state is State.ACTIVE:
        move(work, chat, None, Move.PARK, cause=Cause.OFFLINE)
    else:
        return False
    return True


def _is_owed(work: Work, chat: Chat, gone: SpecialistPresence) -> bool:
    """Whether it was parked to look something up, by somebody who will not come back to it."""
    planned = work.session.get(ChatPlan, chat.id)
    return gone.for_good and planned is not None and planned.step is Step.RETURN


def _left(work: Work, person_id: str) -> SpecialistPresence | None:
    """Who left and did not come back meanwhile, locked."""
    lock_person(work.session, person_id)
    row = work.session.get(SpecialistPresence, person_id, populate_existing=True)
    return row if row and row.left_at else None


def _done(store: Store, person_id: str, left_at: datetime | None) -> None:
    """Nothing is left to be visited, unless they came back meanwhile and left again."""
    with store.work() as work:
        row = _left(work, person_id)
        if row and row.left_at == left_at:
            row.left_at = None
