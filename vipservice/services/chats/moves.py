"""The moves of the state machine: each is one transaction and one entry."""

from datetime import datetime, timedelta

from pydantic import Field

from vipservice.rules.chats import OUTCOMES, Move, Outcome, State, destination
from vipservice.rules.entries import Moved
from vipservice.rules.people import HOLDERS, Actor, Right, Side
from vipservice.rules.refusals import N_, FieldError, Invalid, NotSignedIn, Refusal
from vipservice.rules.routing import Capacity, Cause, Presence, Step
from vipservice.rules.shape import Named
from vipservice.services.chats.access import (
    access_centre_chat,
    access_handled_chat,
    access_own_chat,
    seen_by,
)
from vipservice.services.chats.additions import open_incidents
from vipservice.services.chats.appending import append
from vipservice.services.inputs import Input, Moment
from vipservice.services.people.rights import require_may_open
from vipservice.services.shapes.chats import ChatShape
from vipservice.store.locking import lock_person
from vipservice.store.outgoing import incidents_of
from vipservice.store.plans import drop_plan, plan
from vipservice.store.presence import come_back
from vipservice.store.queries import active_chats, is_available, messages_after
from vipservice.store.tables import Chat, ChatPlan, Person, SpecialistPresence, Team
from vipservice.store.work import Store, Work


def withdraw(store: Store, actor: Actor, chat_id: str) -> ChatShape:
    """The requester no longer needs an answer."""
    with store.work() as work:
        chat = access_own_chat(work, actor, chat_id)
        move(work, chat, actor, Move.WITHDRAW)
        return seen_by(work, chat, actor)


def confirm(store: Store, actor: Actor, chat_id: str) -> ChatShape:
    """The requester says that it is answered: the chat closes."""
    with store.work() as work:
        chat = access_own_chat(work, actor, chat_id)
        move(work, chat, actor, Move.CONFIRM)
        return seen_by(work, chat, actor)


def reject(store: Store, actor: Actor, chat_id: str, capacity: Capacity) -> ChatShape:
    """The requester says that it is not solved yet: back to the specialist."""
    with store.work() as work:
        chat = access_own_chat(work, actor, chat_id)
        move(work, chat, actor, Move.REJECT, back_to_owner(work, chat, capacity))
        return seen_by(work, chat, actor)


def reopen(store: Store, actor: Actor, chat_id: str, capacity: Capacity, days: int) -> ChatShape:
    """The requester asks on in a closed chat: a new contact cycle, own specialist first.

    Raises Refusal after ``days`` days, and while engineers work on its incident.
    """
    with store.work() as work:
        chat = access_own_chat(work, actor, chat_id)
        if work.now - _ended_at(work, chat) > timedelta(days=days):
            raise Refusal(N_("This chat closed too long ago. Ask a new question."))
        require_may_open(work, actor, chat.topic_id)
        if chat.outcome is Outcome.INCIDENT and open_incidents(work, chat):
            raise Refusal(N_("The engineers are still working on it. Add what you know below."))
        move(work, chat, actor, Move.REOPEN, back_to_owner(work, chat, capacity))
        return seen_by(work, chat, actor)


LONGEST_PARKED = timedelta(days=90)


class Parking(Input):
    """Until when, so that it returns by itself in opening time, and what is told of it."""

    until: Moment | None = None
    reason: str = Field(default="", max_length=500)


PARKING = Parking()
"""Until somebody says something, or for a day."""
A_DAY = timedelta(days=1)


def park(store: Store, actor: Actor, chat_id: str, data: Parking = PARKING) -> ChatShape:
    """Something is looked up, or the requester is away: the slot is free again.

    A manager may do it too where it is the customer who is silent.
    """
    with store.work() as work:
        if data.until and not work.now < data.until <= work.now + LONGEST_PARKED:
            raise Invalid([FieldError("until", N_("Choose a moment within the next 90 days."))])
        if actor.may(Right.ANSWER):
            chat = access_handled_chat(work, actor, chat_id)
        else:
            chat = access_centre_chat(work, actor, chat_id)
            if chat.last_side != Side.CENTRE:
                raise Refusal(N_("The customer waits for an answer in this chat."))
        silence = None if actor.may(Right.ANSWER) else Cause.SILENCE
        move(work, chat, actor, Move.PARK, reason=data.reason, until=data.until, cause=silence)
        return seen_by(work, chat, actor)


def propose(store: Store, actor: Actor, chat_id: str) -> ChatShape:
    """The specialist thinks that it is answered; the requester decides.

    Raises Refusal when nothing has been said in answer yet.
    """
    with store.work() as work:
        chat = access_handled_chat(work, actor, chat_id)
        if not messages_after(work.session, chat.id, chat.cycle_seq, of_requester=False):
            raise Refusal(N_("Give an answer first. Then ask whether it helps."))
        _require_somebody(work, chat)
        move(work, chat, actor, Move.PROPOSE)
        return seen_by(work, chat, actor)


def _require_somebody(work: Work, chat: Chat) -> None:
    """Raises Refusal when who asked can not confirm anything any more."""
    if not asker_is_there(work, chat):
        raise Refusal(
            N_("%(name)s does not work there any more. First choose a colleague who goes on."),
            name=work.session.get_one(Person, chat.requester_id).name,
        )


def asker_is_there(work: Work, chat: Chat) -> bool:
    """Whether who asked is still of that municipality, with an account."""
    asker = work.session.get_one(Person, chat.requester_id)
    return asker.disabled_at is None and asker.municipality_id == chat.municipality_id


def resume(store: Store, actor: Actor, chat_id: str, max_chats: int) -> ChatShape:
    """The specialist takes a parked or proposed chat back into a slot."""
    with store.work() as work:
        chat = access_handled_chat(work, actor, chat_id)
        require_slot(work, actor.id, max_chats)
        move(work, chat, actor, Move.RESUME)
        return seen_by(work, chat, actor)


def move(
    work: Work,
    chat: Chat,
    actor: Actor | None,
    step: Move,
    to: State | None = None,
    *,
    assignee: Person | Actor | None = None,
    previous: Person | None = None,
    team: Team | None = None,
    reason: str = "",
    cause: Cause | None = None,
    until: datetime | None = None,
) -> None:
    """Moves a locked chat and appends the entry that says so; ``cause`` where nobody moved it.

    Raises IllegalMove when the state machine does not allow it.
    """
    origin, chat.state = chat.state, destination(chat.state, step, to)
    if chat.state is State.WAITING:
        keeps_its_place = origin is State.WAITING or step is Move.GIVE_BACK
        chat.returned = chat.returned or not keeps_its_place
        chat.assignee_id = None
    if assignee:
        chat.assignee_id = assignee.id
    if team:
        chat.team_id = team.id
    chat.outcome = OUTCOMES.get(step)
    chat.closed_at = work.now if chat.state is State.CLOSED else None
    planned = work.session.get(ChatPlan, chat.id)
    owed = planned is not None and planned.step is Step.RETURN and chat.state is State.ACTIVE
    moved = Moved(
        move=step, origin=origin, to=chat.state, assignee=_named(assignee), team=_named(team),
        previous=_named(previous), outcome=chat.outcome, reason=reason, cause=cause, until=until,
        owed=owed,
    )  # fmt: skip
    append(work, chat, actor, moved)
    _plan(work, chat, moved)


def _plan(work: Work, chat: Chat, moved: Moved) -> None:
    """What becomes of it when nobody does anything: whose turn it is decides.

    What a specialist parks without a moment comes back after a day.
    """
    if moved.to is State.PARKED and moved.cause is None:
        plan(work.session, chat.id, Step.RETURN, moved.until or work.now + A_DAY)
    elif moved.to in (State.PROPOSED, State.PARKED):
        plan(work.session, chat.id, Step.REMIND, work.now)
    else:
        drop_plan(work.session, chat.id)


def _named(one: Person | Actor | Team | None) -> Named | None:
    return Named(id=one.id, name=one.name) if one else None


def _ended_at(work: Work, chat: Chat) -> datetime:
    """When the chat closed, or the last of its incidents was done."""
    done = [incident.done_at for incident in incidents_of(work.session, chat.id)]
    return max(at for at in (chat.closed_at or work.now, *done) if at)


def require_slot(work: Work, person_id: str, max_chats: int) -> None:
    """Locks the specialist's slots; raises Refusal when none is free.

    Who takes a chat is there, also who counted as offline; whose account was closed a moment ago
    takes none.
    """
    person = lock_person(work.session, person_id)
    if person.disabled_at or person.role not in HOLDERS[Right.ANSWER]:
        raise NotSignedIn
    come_back(work.session, person_id, work.now)
    if active_chats(work.session, person_id) >= max_chats:
        raise Refusal(
            N_("You have %(max_chats)d active chats already. Park or finish one first."),
            max_chats=max_chats,
        )


def owner_left(work: Work, chat: Chat, capacity: Capacity) -> bool:
    """Whether whoever has a chat is offline, or has no account any more."""
    owner = lock_person(work.session, chat.assignee_id or "")
    row = work.session.get(SpecialistPresence, owner.id, populate_existing=True)
    away = row and (row.left_at or row.seen_at < capacity.seen_since(work.now))
    return bool(owner.disabled_at or away or (row and row.status is Presence.OFFLINE))


def back_to_owner(work: Work, chat: Chat, capacity: Capacity) -> State:
    """To the own specialist when that one is there and has a slot, else in front of the queue."""
    owner = chat.assignee_id
    if owner is None:
        return State.WAITING
    lock_person(work.session, owner)
    there = is_available(work.session, owner, capacity.seen_since(work.now))
    free = active_chats(work.session, owner) < capacity.max_chats
    return State.ACTIVE if there and free else State.WAITING
