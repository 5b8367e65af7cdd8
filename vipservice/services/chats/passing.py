"""An authorised colleague of the municipality goes on with a question."""

from collections.abc import Sequence

from sqlmodel import col, select

from vipservice.rules.chats import State
from vipservice.rules.entries import Passed
from vipservice.rules.people import Actor, Right, Role
from vipservice.rules.refusals import N_, NotAllowed, NotFound, Refusal
from vipservice.rules.shape import Id, Named
from vipservice.rules.text import sort_key
from vipservice.services.chats.access import access_chat, seen_by
from vipservice.services.chats.appending import append
from vipservice.services.chats.messages import of_another
from vipservice.services.inputs import Input
from vipservice.services.notices import queue_passed
from vipservice.services.people.rights import may_ask_about
from vipservice.services.shapes.chats import ChatShape
from vipservice.store.tables import Chat, Person
from vipservice.store.work import Store, Work


class NewRequester(Input):
    """Who goes on with it."""

    person_id: Id


def set_requester(store: Store, actor: Actor, chat_id: str, data: NewRequester) -> ChatShape:
    """A colleague goes on: of their own accord, or because the centre turns to them.

    Raises NotFound for who is not a colleague, Refusal for who may not ask about the topic.
    """
    with store.work() as work:
        chat = access_chat(work, actor, chat_id, lock=True)
        if actor.may(Right.ASK) and data.person_id != actor.id:
            raise NotAllowed(N_("You can only go on with this question yourself."))
        if chat.state is State.CLOSED and not actor.may(Right.ASK):
            raise Refusal(N_("This chat is closed."))
        colleague = _colleague(work, chat, data.person_id)
        if colleague.id != chat.requester_id:
            _pass(work, chat, actor, colleague)
        return seen_by(work, chat, actor)


def colleagues(store: Store, actor: Actor, chat_id: str) -> Sequence[Named]:
    """Who could go on with a chat, by name: for the centre."""
    with store.read() as work:
        chat = access_chat(work, actor, chat_id)
        people = work.session.exec(
            select(Person).where(
                Person.municipality_id == chat.municipality_id,
                Person.role == Role.REQUESTER,
                col(Person.disabled_at).is_(None),
                Person.id != chat.requester_id,
            )
        ).all()
        found = [one for one in people if may_ask_about(work, one, chat.topic_id)]
    return [
        Named(id=one.id, name=one.name) for one in sorted(found, key=lambda p: sort_key(p.name))
    ]


def _colleague(work: Work, chat: Chat, person_id: str) -> Person:
    person = work.session.get(Person, person_id)
    if person is None or person.municipality_id != chat.municipality_id or person.disabled_at:
        raise NotFound
    if not may_ask_about(work, person, chat.topic_id):
        raise Refusal(
            N_("%(name)s is not authorised for this topic. Choose somebody who is."),
            name=person.name,
        )
    return person


def _pass(work: Work, chat: Chat, actor: Actor, colleague: Person) -> None:
    before = work.session.get_one(Person, chat.requester_id)
    chat.client_id = of_another(before.id, chat.client_id)
    chat.requester_id = colleague.id
    if colleague.id != actor.id:
        queue_passed(work, chat, before.name)
    append(
        work, chat, actor,
        Passed(
            requester=Named(id=colleague.id, name=colleague.name),
            previous=Named(id=before.id, name=before.name),
        ),
    )  # fmt: skip
