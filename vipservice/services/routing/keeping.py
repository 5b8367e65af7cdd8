"""What moves a chat that nobody moves: silence frees a slot, and what was parked comes back.

jobs/duties.keep -> keep_moving -> each chat in a transaction of its own -> moves.move
"""

import logging
from collections.abc import Callable, Sequence

from vipservice.rules.chats import Move, State
from vipservice.rules.entries import Reminded
from vipservice.rules.routing import Capacity, Cause, Patience, Step
from vipservice.rules.sla import Calendar, is_open, next_opening
from vipservice.services.chats.appending import append
from vipservice.services.chats.locking import lock_chat
from vipservice.services.chats.moves import back_to_owner, move
from vipservice.services.notices import queue_reminder
from vipservice.services.sla.versions import all_versions
from vipservice.store.plans import due_plans, plan, silent_chats
from vipservice.store.tables import Chat, ChatPlan
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)


def keep_moving(store: Store, capacity: Capacity, patience: Patience) -> int:
    """Parks where the customer is silent, and does what is due; how many chats it moved."""
    with store.read() as look:
        silent = silent_chats(look.session, look.now - patience.idle)
        due = due_plans(look.session, patience.moments(look.now))
    parked = _each(store, silent, lambda work, chat: _park(work, chat, patience))
    return parked + _each(store, due, lambda work, chat: _go_on(work, chat, capacity, patience))


def _each(store: Store, chat_ids: Sequence[str], step: Callable[[Work, Chat], bool]) -> int:
    """One that goes wrong does not keep the others waiting."""
    return sum(_try(store, chat_id, step) for chat_id in chat_ids)


def _try(store: Store, chat_id: str, step: Callable[[Work, Chat], bool]) -> bool:
    try:
        with store.work() as work:
            chat = lock_chat(work, chat_id)
            return chat is not None and step(work, chat)
    except Exception:
        log.exception("a chat could not be moved by itself")
        return False


def _park(work: Work, chat: Chat, patience: Patience) -> bool:
    """Never while the customer waits for us."""
    silent = chat.running_clocks == 0 and chat.updated_at <= work.now - patience.idle
    if chat.state is not State.ACTIVE or not silent:
        return False
    move(work, chat, None, Move.PARK, cause=Cause.SILENCE)
    return True


def _go_on(work: Work, chat: Chat, capacity: Capacity, patience: Patience) -> bool:
    """What is planned, in opening time, if it is still due under the chat's lock."""
    row = work.session.get(ChatPlan, chat.id, populate_existing=True)
    if row is None or row.at > patience.moments(work.now)[row.step] or not _open(work, chat):
        return False
    if row.step is Step.RETURN:
        to = back_to_owner(work, chat, capacity)
        move(work, chat, None, Move.RESUME, to, cause=Cause.PLANNED)
    elif chat.running_clocks:  # they wait for us: that is no silence
        plan(work.session, chat.id, Step.REMIND, work.now)
        return False
    elif row.step is Step.REMIND:
        _remind(work, chat, patience)
    else:
        move(work, chat, None, Move.CLOSE_IDLE)
    return True


def _remind(work: Work, chat: Chat, patience: Patience) -> None:
    closes_at = next_opening(_calendar(work, chat), work.now + patience.close)
    append(work, chat, None, Reminded(closes_at=closes_at))
    queue_reminder(work, chat, closes_at)
    plan(work.session, chat.id, Step.CLOSE, work.now)


def _open(work: Work, chat: Chat) -> bool:
    return is_open(_calendar(work, chat), work.now)


def _calendar(work: Work, chat: Chat) -> Calendar:
    return all_versions(work).calendar_at(work.now, chat.team_id)[1]
