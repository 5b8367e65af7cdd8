"""Callbacks: offered when the queue is too long, promised with a clock, done by telephone."""

from typing import Annotated

from pydantic import Field, StringConstraints

from vipservice.rules.chats import Move, State
from vipservice.rules.entries import Called, CallStep, Note
from vipservice.rules.people import Actor, Right, Side
from vipservice.rules.refusals import N_, NotAllowed, Refusal
from vipservice.rules.shape import Named
from vipservice.services.chats.access import access_centre_chat, access_chat, require_part, seen_by
from vipservice.services.chats.appending import append
from vipservice.services.chats.moves import move
from vipservice.services.inputs import Input, Lines
from vipservice.services.shapes.chats import ChatShape
from vipservice.services.shapes.desk import CallbackShape
from vipservice.store.queries import AnyRow, open_callbacks
from vipservice.store.tables import Callback, Chat
from vipservice.store.work import Store, Work

Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()-]{6,23}$")]


class NewCallback(Input):
    """A number, when it suits, and what it is about."""

    phone: Phone
    window: str = Field(default="", max_length=100)
    note: Lines = Field(default="", max_length=500)


class Attempt(Input):
    """An attempt to call: whether somebody was reached, and what was said."""

    reached: bool
    note: Lines = Field(default="", max_length=500)


def offer(store: Store, actor: Actor, chat_id: str) -> ChatShape:
    """Offers to call back instead of waiting; the customer decides."""
    with store.work() as work:
        chat = access_centre_chat(work, actor, chat_id)
        if chat.state is State.CLOSED:
            raise Refusal(N_("This chat is closed."))
        append(work, chat, actor, Called(step=CallStep.OFFERED))
        return seen_by(work, chat, actor)


def call_back(store: Store, actor: Actor, chat_id: str, data: NewCallback) -> ChatShape:
    """The chat closes with the promise of a callback; its clock starts.

    The customer asks for it, or the specialist who has the chat agrees on it.
    """
    with store.work() as work:
        chat = access_chat(work, actor, chat_id, lock=True)
        if actor.id not in (chat.requester_id, chat.assignee_id):
            raise NotAllowed(N_("Only who asked, or who has this chat, arranges a callback."))
        move(work, chat, actor, Move.CALL_BACK)
        work.session.add(
            Callback(chat_id=chat.id, cycle=chat.cycle, asked_at=work.now, **data.model_dump())
        )
        told = data.model_dump(exclude={"note"} if actor.side is Side.CENTRE else None)
        append(work, chat, actor, Called(step=CallStep.ASKED, **told))
        if actor.side is Side.CENTRE:
            _keep_note(work, chat, actor, data.note)
        return seen_by(work, chat, actor)


def list_callbacks(store: Store) -> list[CallbackShape]:
    """What is still to be called back, the first due first; for the centre."""
    with store.read() as work:
        return [_shape(row) for row in open_callbacks(work.session)]


def attempt(store: Store, actor: Actor, callback_id: str, data: Attempt) -> ChatShape:
    """Records a call. Once somebody was reached, the promise is kept and the callback done."""
    with store.work() as work:
        callback, chat = _access_callback(work, actor, callback_id)
        callback.attempts += 1
        callback.done_at = work.now if data.reached else None
        step = CallStep.REACHED if data.reached else CallStep.MISSED
        caller = Named(id=actor.id, name=actor.name)
        append(work, chat, actor, Called(step=step, caller=caller))
        _keep_note(work, chat, actor, data.note)
        return seen_by(work, chat, actor)


def _keep_note(work: Work, chat: Chat, actor: Actor, note: str) -> None:
    """What the centre notes of a call is for the centre."""
    if note:
        append(work, chat, actor, Note(body=note))


def _access_callback(work: Work, actor: Actor, callback_id: str) -> tuple[Callback, Chat]:
    found = require_part(work, actor, Callback, callback_id)
    chat = access_centre_chat(work, actor, found.chat_id)
    work.session.refresh(found)
    actor.require(Right.ANSWER)
    if found.done_at or found.cycle != chat.cycle:
        raise Refusal(N_("This callback is done already, or the chat has been reopened."))
    return found, chat


def _shape(row: AnyRow) -> CallbackShape:
    callback: Callback = row.Callback
    return CallbackShape(
        **callback.model_dump(include=set(CallbackShape.model_fields)),
        number=row.number,
        title=row.title,
        requester=row.requester,
        municipality=row.municipality,
        due_at=row.due_at,
        breached_at=row.breached_at,
    )
