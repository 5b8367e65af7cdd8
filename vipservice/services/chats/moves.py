"""The moves of the state machine: each is one transaction and one entry."""

from datetime import timedelta
from typing import Any

from vipservice.rules.chats import (
    OUTCOMES,
    EntryKind,
    Move,
    Outcome,
    State,
    Visibility,
    destination,
)
from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, Refusal
from vipservice.rules.routing import Desk
from vipservice.services.chats.access import access_handled_chat, access_own_chat
from vipservice.services.chats.timeline import append, changed
from vipservice.services.people.rights import require_may_open
from vipservice.services.sla import BREACH, due_flags, reach, settle_pickup, start_pickup
from vipservice.store.queries import active_chats, is_available, locked_chat, messages_after
from vipservice.store.tables import Chat, Person, SlaClock
from vipservice.store.work import Store, Work

FLAGS_AT_ONCE = 500
KEY_SHARE = {"key_share": True}
"""A lock that still lets others refer to the row: a plain one would block every entry."""


def withdraw(store: Store, actor: Actor, chat_id: str) -> dict[str, Any]:
    """The requester no longer needs an answer."""
    with store.work() as work:
        return move(work, access_own_chat(work, actor, chat_id), actor, Move.WITHDRAW)


def confirm(store: Store, actor: Actor, chat_id: str) -> dict[str, Any]:
    """The requester says that it is answered: the chat closes."""
    with store.work() as work:
        return move(work, access_own_chat(work, actor, chat_id), actor, Move.CONFIRM)


def reject(store: Store, actor: Actor, chat_id: str, desk: Desk) -> dict[str, Any]:
    """The requester says that it is not solved yet: back to the specialist."""
    with store.work() as work:
        chat = access_own_chat(work, actor, chat_id)
        return move(work, chat, actor, Move.REJECT, back_to_owner(work, chat, desk))


def reopen(store: Store, actor: Actor, chat_id: str, desk: Desk, days: int) -> dict[str, Any]:
    """The requester asks on in a closed chat: a new contact cycle, own specialist first.

    Raises Refusal after ``days`` days, and when the chat became an incident.
    """
    with store.work() as work:
        chat = access_own_chat(work, actor, chat_id)
        if chat.closed_at and work.now - chat.closed_at > timedelta(days=days):
            raise Refusal(N_("This chat closed too long ago. Ask a new question."))
        require_may_open(work, actor, chat.topic_id)
        if chat.outcome is Outcome.INCIDENT:
            raise Refusal(N_("This chat became an incident. Ask a new question if needed."))
        return move(work, chat, actor, Move.REOPEN, back_to_owner(work, chat, desk))


def park(store: Store, actor: Actor, chat_id: str) -> dict[str, Any]:
    """Something is looked up, or the requester is away: the slot is free again."""
    with store.work() as work:
        return move(work, access_handled_chat(work, actor, chat_id), actor, Move.PARK)


def propose(store: Store, actor: Actor, chat_id: str) -> dict[str, Any]:
    """The specialist thinks that it is answered; the requester decides.

    Raises Refusal when nothing has been said in answer yet.
    """
    with store.work() as work:
        chat = access_handled_chat(work, actor, chat_id)
        if not messages_after(work.session, chat.id, chat.cycle_seq, of_requester=False):
            raise Refusal(N_("Give an answer first. Then ask whether it helps."))
        return move(work, chat, actor, Move.PROPOSE)


def resume(store: Store, actor: Actor, chat_id: str, slots: int) -> dict[str, Any]:
    """The specialist takes a parked or proposed chat back into a slot."""
    with store.work() as work:
        chat = access_handled_chat(work, actor, chat_id)
        require_slot(work, actor.id, slots)
        return move(work, chat, actor, Move.RESUME)


def flag_due(store: Store) -> int:
    """Flags every clock past its warning or due time; how many it flagged.

    One short transaction a clock, and one conditional update in it: running it twice, or
    on two machines, flags once.
    """
    return sum(_flag(store, key, level) for key, level in due_flags(store, FLAGS_AT_ONCE))


def move(
    work: Work,
    chat: Chat,
    actor: Actor,
    step: Move,
    to: State | None = None,
    *,
    assignee: Person | Actor | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """Moves a locked chat and appends the entry that says so; the new summary.

    Raises IllegalMove when the state machine does not allow it.
    """
    origin, chat.state = chat.state, destination(chat.state, step, to)
    if origin is State.WAITING:
        _settle(work, chat, met=step is Move.PICK_UP)
    if step is Move.REOPEN or chat.state is State.WAITING:
        chat.cycle, chat.cycle_seq = chat.cycle + 1, chat.last_seq
    if chat.state is State.WAITING:
        _queue_again(work, chat)
    if assignee:
        chat.assignee_id = assignee.id
    chat.outcome = OUTCOMES.get(step)
    chat.closed_at = work.now if chat.state is State.CLOSED else None
    said: dict[str, Any] = {"move": step, "from": origin, "to": chat.state}
    if assignee:
        said["assignee"] = {"id": assignee.id, "name": assignee.name}
    said |= {"outcome": chat.outcome, "reason": reason}
    append(work, chat, actor, EntryKind.MOVED, data=said)
    return changed(work, chat, queue=True).seen_from(actor.side)


def lock_person(work: Work, person_id: str) -> None:
    """Makes whoever changes this person's load wait for one another.

    Always after the chat's own lock, so that two of them can not block each other.
    """
    work.session.get_one(Person, person_id, with_for_update=KEY_SHARE)


def require_slot(work: Work, person_id: str, slots: int) -> None:
    """Locks the specialist's slots; raises Refusal when none is free."""
    lock_person(work, person_id)
    if active_chats(work.session, person_id) >= slots:
        raise Refusal(
            N_("You have %(slots)d active chats already. Park or finish one first."), slots=slots
        )


def back_to_owner(work: Work, chat: Chat, desk: Desk) -> State:
    """To the own specialist when that one is there and has a slot, else in front of the queue."""
    owner = chat.assignee_id
    if owner is None:
        return State.WAITING
    lock_person(work, owner)
    there = is_available(work.session, owner, work.now - timedelta(seconds=desk.offline_seconds))
    free = active_chats(work.session, owner) < desk.slots
    return State.ACTIVE if there and free else State.WAITING


def _queue_again(work: Work, chat: Chat) -> None:
    """Back in the queue, in front, with the pick-up clock of the new contact cycle."""
    chat.front = True
    chat.assignee_id = None
    start_pickup(work, chat)


def _settle(work: Work, chat: Chat, *, met: bool) -> None:
    for clock, level in settle_pickup(work, chat, met=met):
        _append_flag(work, chat, clock, level)


def _flag(store: Store, key: Any, level: str) -> bool:
    with store.work() as work:
        chat = locked_chat(work.session, key[0])
        clock = reach(work, key, level)
        if chat is None or clock is None:
            return False
        _append_flag(work, chat, clock, level)
        changed(work, chat, queue=True)
        return True


def _append_flag(work: Work, chat: Chat, clock: SlaClock, level: str) -> None:
    """A warning is for the centre; a breach is told to the customer too."""
    append(
        work, chat, None, EntryKind.FLAG,
        data={
            "target": clock.target,
            "level": level,
            "cycle": clock.cycle,
            "dueAt": clock.due_at.isoformat(),
        },
        visibility=Visibility.EVERYONE if level == BREACH else Visibility.CENTRE,
    )  # fmt: skip
