"""What moves a chat that nobody moves: silence frees a slot, and what was parked comes back.

jobs/duties.keep -> keep_moving -> each chat in a transaction of its own -> moves.move
"""

from vipservice.rules.chats import Move, State
from vipservice.rules.entries import Reminded
from vipservice.rules.routing import Capacity, Cause, Patience, Step
from vipservice.rules.sla import Calendar, is_open, next_opening
from vipservice.services.chats.appending import append
from vipservice.services.chats.moves import asker_is_there, back_to_owner, move
from vipservice.services.notices import queue_reminder
from vipservice.services.routing.each import each_alone
from vipservice.services.sla.versions import all_versions
from vipservice.store.plans import due_plans, plan, silent_chats
from vipservice.store.tables import Chat, ChatPlan
from vipservice.store.work import Store, Work


def keep_moving(store: Store, capacity: Capacity, patience: Patience) -> int:
    """Parks where the customer is silent, and does what is due; how many chats it moved."""
    with store.read() as look:
        silent = silent_chats(look.session, look.now - patience.idle)
        due = [chat_id for chat_id, team_id in due_plans(look.session, patience.moments(look.now))
               if _is_open(look, team_id)]  # fmt: skip
    parked = each_alone(store, silent, lambda work, chat: _park(work, chat, patience))
    went_on = each_alone(store, due, lambda work, chat: _go_on(work, chat, capacity, patience))
    return sum(map(bool, (*parked, *went_on)))


def _park(work: Work, chat: Chat, patience: Patience) -> bool:
    """Never while the customer waits for us."""
    silent = chat.running_clocks == 0 and chat.updated_at <= work.now - patience.idle
    if chat.state is not State.ACTIVE or not silent:
        return False
    move(work, chat, None, Move.PARK, cause=Cause.SILENCE)
    return True


def _go_on(work: Work, chat: Chat, capacity: Capacity, patience: Patience) -> bool:
    """What is planned, if it is still due under the chat's lock."""
    row = work.session.get(ChatPlan, chat.id, populate_existing=True)
    if row is None or row.at > patience.moments(work.now)[row.step]:
        return False
    if row.step is Step.RETURN:
        to = back_to_owner(work, chat, capacity)
        move(work, chat, None, Move.RESUME, to, cause=Cause.PLANNED)
        return True
    return _end_silence(work, chat, row, patience)


def _end_silence(work: Work, chat: Chat, row: ChatPlan, patience: Patience) -> bool:
    """The reminder, and then the end; who said something meanwhile was not silent."""
    if chat.running_clocks or chat.last_said_at > row.at:
        since = work.now if chat.running_clocks else chat.last_said_at
        plan(work.session, chat.id, Step.REMIND, since)
        return False
    if not asker_is_there(work, chat):  # nobody could answer: somebody has to see it
        move(work, chat, None, Move.HAND_OVER, State.WAITING, cause=Cause.ASKER)
    elif row.step is Step.REMIND:
        _remind(work, chat, patience)
    else:
        move(work, chat, None, Move.CLOSE_IDLE)
    return True


def _remind(work: Work, chat: Chat, patience: Patience) -> None:
    closes_at = next_opening(_calendar(work, chat.team_id), work.now + patience.close)
    append(work, chat, None, Reminded(closes_at=closes_at))
    queue_reminder(work, chat, closes_at)
    plan(work.session, chat.id, Step.CLOSE, work.now)


def _is_open(look: Work, team_id: str) -> bool:
    return is_open(_calendar(look, team_id), look.now)


def _calendar(work: Work, team_id: str) -> Calendar:
    return all_versions(work).calendar_at(work.now, team_id)[1]
