"""Who left, and what becomes of what they had: a chat always has somebody.

jobs/duties.visit -> visit_left -> each chat in a transaction of its own -> moves.move
"""

import logging
from datetime import datetime

from vipservice.rules.chats import IN_HAND, Move, State
from vipservice.rules.routing import Cause
from vipservice.services.chats.locking import lock_chat
from vipservice.services.chats.moves import lock_person, move
from vipservice.store.leaving import in_hand, who_left
from vipservice.store.tables import Chat, SpecialistPresence
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)


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
    answers = [_try(store, chat_id, person_id) for chat_id in chat_ids]
    if None not in answers:
        _done(store, person_id, left_at)
    return sum(map(bool, answers))


def _try(store: Store, chat_id: str, person_id: str) -> bool | None:
    """Whether it was moved; None when that failed."""
    try:
        with store.work() as work:
            return _visit(work, chat_id, person_id)
    except Exception:
        log.exception("a chat of somebody who left could not be visited")
        return None


def _visit(work: Work, chat_id: str, person_id: str) -> bool:
    chat = lock_chat(work, chat_id)
    gone = _left(work, person_id)
    if chat is None or gone is None or chat.assignee_id != person_id or chat.state not in IN_HAND:
        return False
    cause = Cause.GONE if gone.for_good else Cause.OFFLINE
    if _is_owed(chat, cause):
        move(work, chat, None, Move.HAND_OVER, State.WAITING, cause=cause)
    elif chat.state is State.ACTIVE:
        move(work, chat, None, Move.PARK, cause=cause)
    else:
        return False
    return True


def _is_owed(chat: Chat, cause: Cause) -> bool:
    """Whether the customer waits for us; what somebody parked to look up, nobody else does."""
    if chat.state is State.PARKED and cause is Cause.GONE:
        return True
    return chat.running_clocks > 0


def _left(work: Work, person_id: str) -> SpecialistPresence | None:
    """Who left and did not come back meanwhile, locked."""
    lock_person(work, person_id)
    row = work.session.get(SpecialistPresence, person_id, populate_existing=True)
    return row if row and row.left_at else None


def _done(store: Store, person_id: str, left_at: datetime | None) -> None:
    """Nothing is left to be visited, unless they came back meanwhile and left again."""
    with store.work() as work:
        row = _left(work, person_id)
        if row and row.left_at == left_at:
            row.left_at = None
