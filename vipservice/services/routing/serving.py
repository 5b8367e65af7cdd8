"""The queue and who serves it: picking up, handing over, and asking somebody to come."""

from typing import Self

from pydantic import Field, model_validator

from vipservice.rules.chats import Move, State
from vipservice.rules.news import AskedToCome, TakenOver
from vipservice.rules.people import HOLDERS, Actor, Right, Side
from vipservice.rules.refusals import N_, NotFound, Refusal
from vipservice.rules.routing import GIVE_BACK, Capacity
from vipservice.rules.shape import Id, Named
from vipservice.services.chats.access import (
    access_centre_chat,
    access_handled_chat,
    seen_by,
    shape_chat,
)
from vipservice.services.chats.moves import move, require_slot
from vipservice.services.inputs import Input
from vipservice.services.notices import queue_call_to_come
from vipservice.services.people.sessions import require_current
from vipservice.services.shapes.chats import ChatShape
from vipservice.store.ledger import in_queue, pick_up_of
from vipservice.store.locking import lock_person
from vipservice.store.queries import active_chats, is_available
from vipservice.store.shown import summaries_of
from vipservice.store.tables import Chat, Person, Team
from vipservice.store.work import Store, Work

QUEUE_LENGTH = 200


class HandOver(Input):
    """To a team, back into the queue, or to one specialist."""

    team_id: Id | None = None
    specialist_id: Id | None = None
    reason: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if bool(self.team_id) == bool(self.specialist_id):
            raise ValueError(N_("Choose a team or a specialist."))
        return self


def pick_up(store: Store, actor: Actor, chat_id: str, max_chats: int) -> ChatShape:
    """Takes a waiting chat. Of two at once one gets it; the other is told by whom."""
    with store.work() as work:
        chat = access_centre_chat(work, actor, chat_id)
        actor.require(Right.ANSWER)
        if chat.assignee_id and chat.assignee_id != actor.id and chat.state is not State.CLOSED:
            holder = work.session.get_one(Person, chat.assignee_id)
            raise Refusal(N_("%(name)s has picked this up already."), name=holder.name)
        require_slot(work, actor.id, max_chats)
        move(work, chat, actor, Move.PICK_UP, assignee=actor)
        return seen_by(work, chat, actor)


class TakeOver(Input):
    """Why, for who had it and for the municipality."""

    reason: str = Field(min_length=1, max_length=500)


def take_over(
    store: Store, actor: Actor, chat_id: str, data: TakeOver, max_chats: int
) -> ChatShape:
    """A specialist takes a chat from a colleague, who is told by whom and why."""
    with store.work() as work:
        chat = access_centre_chat(work, actor, chat_id)
        actor.require(Right.ANSWER)
        if chat.assignee_id == actor.id:
            raise Refusal(N_("You have this chat already."))
        had = work.session.get(Person, chat.assignee_id or "")
        require_slot(work, actor.id, max_chats)
        move(
            work, chat, actor, Move.TAKE_OVER,
            assignee=actor, previous=had, reason=data.reason,
        )  # fmt: skip
        if had:
            work.signal(TakenOver(had.id, actor.name, chat.number, data.reason))
        return seen_by(work, chat, actor)


def give_back(store: Store, actor: Actor, chat_id: str) -> ChatShape:
    """Undoes one's pick-up, as long as nothing was said: the same clock runs on."""
    with store.work() as work:
        chat = access_handled_chat(work, actor, chat_id)
        clock = pick_up_of(work.session, chat)
        at = clock.met_at if clock and clock.met_by == actor.id else None
        if at is None or work.now - at > GIVE_BACK or chat.last_said_at > at:
            raise Refusal(N_("This can not be undone any more. Hand the chat over instead."))
        move(work, chat, actor, Move.GIVE_BACK)
        return seen_by(work, chat, actor)


def hand_over(
    store: Store, actor: Actor, chat_id: str, data: HandOver, capacity: Capacity
) -> ChatShape:
    """Gives a chat to a team (back into its queue) or to a specialist who is there and has a slot.

    Anybody in the centre may, so that no chat stays with somebody who went home.
    """
    with store.work() as work:
        chat = access_centre_chat(work, actor, chat_id)
        if data.team_id:
            team = _open_team(work, data.team_id)
            move(work, chat, actor, Move.HAND_OVER, State.WAITING, team=team, reason=data.reason)
        else:
            other = _takes_over(work, chat, actor, data.specialist_id or "", capacity)
            move(
                work, chat, actor, Move.HAND_OVER, State.ACTIVE, assignee=other, reason=data.reason
            )
        return seen_by(work, chat, actor)


def queue(store: Store) -> list[ChatShape]:
    """The waiting chats, as the centre sees them, in the order of the queue."""
    with store.read() as work:
        ids = [chat.id for chat, _ in in_queue(work.session, QUEUE_LENGTH)]
        rows = {row[0].id: row for row in summaries_of(work.session, ids)}
    return [shape_chat(rows[id_]).seen_from(Side.CENTRE) for id_ in ids]


def ask_to_come(store: Store, actor: Actor, person_id: str) -> Named:
    """Asks a specialist who is away to come online: on their screen, and by mail."""
    with store.work() as work:
        require_current(work, actor)
        other = _specialist(work, person_id)
        queue_call_to_come(work, actor.name, other)
        work.signal(AskedToCome(other.id, actor.name))
        return Named(id=other.id, name=other.name)


def _takes_over(work: Work, chat: Chat, actor: Actor, person_id: str, capacity: Capacity) -> Person:
    """A specialist who is there, with a free slot."""
    other = _specialist(work, person_id)
    if other.id != actor.id:
        _require_free(work, other, capacity)
        return other
    if chat.assignee_id not in (None, actor.id):
        raise Refusal(N_("This chat is with somebody else. Take it over first."))
    require_slot(work, actor.id, capacity.max_chats)
    return other


def _specialist(work: Work, person_id: str) -> Person:
    """Somebody who may take chats. Raises NotFound."""
    found = work.session.get(Person, person_id)
    if found is None or found.role not in HOLDERS[Right.ANSWER] or found.disabled_at:
        raise NotFound
    return found


def _open_team(work: Work, team_id: str) -> Team:
    team = work.session.get(Team, team_id)
    if team is None or team.ended_at:
        raise NotFound
    return team


def _require_free(work: Work, other: Person, capacity: Capacity) -> None:
    lock_person(work.session, other.id)
    if not is_available(work.session, other.id, capacity.seen_since(work.now)):
        raise Refusal(N_("%(name)s is not there now. Choose somebody else."), name=other.name)
    if active_chats(work.session, other.id) >= capacity.max_chats:
        raise Refusal(N_("%(name)s has no room for another chat."), name=other.name)
