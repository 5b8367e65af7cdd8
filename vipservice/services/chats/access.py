"""Who may see and touch which chat. Only functions called access_* hand out a chat."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import col, select

from vipservice.rules.chats import State
from vipservice.rules.people import Actor, Right, Side
from vipservice.rules.refusals import N_, NotAllowed, NotFound, NotSignedIn, Refusal
from vipservice.rules.shape import Named
from vipservice.services.chats.locking import lock_chat
from vipservice.services.people.sessions import held_by, require_current, still_current
from vipservice.services.shapes.chats import ChatShape, GrantShape, PickupClock, RequesterShape
from vipservice.store.queries import AnyRow, grants_of, summaries, summary
from vipservice.store.saying import chats_of
from vipservice.store.shown import Summary
from vipservice.store.tables import (
    AddedChat,
    Attachment,
    Callback,
    Chat,
    Incident,
    Municipality,
    Person,
    SlaClock,
    Topic,
)
from vipservice.store.work import Store, Work

PAGE = 200
Part = TypeVar("Part", Attachment, Callback, Incident)


def access_chat(work: Work, actor: Actor, chat_id: str, *, lock: bool = False) -> Chat:
    """A chat that this person may read. Raises NotFound for all others, existing or not."""
    require_current(work, actor)
    chat = lock_chat(work, chat_id) if lock else work.session.get(Chat, chat_id)
    if chat is None or not may_read(actor, chat):
        raise NotFound
    return chat


def readable_now(work: Work, asked: Sequence[tuple[Actor, str]]) -> list[Chat | Refusal]:
    """For each of these (who, chat) the chat to look at, or why they may not read it."""
    current = still_current(work, (actor for actor, _ in asked))
    chats = chats_of(work.session, {chat_id for _, chat_id in asked})
    return [
        if_readable(actor, chats.get(chat_id)) if held_by(actor) in current else NotSignedIn()
        for actor, chat_id in asked
    ]


def if_readable(actor: Actor, chat: Chat | None) -> Chat | Refusal:
    """The chat, or why this person may not read it."""
    return chat if chat and may_read(actor, chat) else NotFound()


def require_part(work: Work, actor: Actor, table: type[Part], id_: str) -> Part:
    """What belongs to a chat; the chat itself is accessed next. Raises NotFound, NotSignedIn."""
    found = work.session.get(table, id_)
    if found is None:
        require_current(work, actor)
        raise NotFound
    return found


def access_own_chat(work: Work, actor: Actor, chat_id: str) -> Chat:
    """A chat that this person opened, locked. Colleagues follow it, but do not act in it."""
    chat = access_chat(work, actor, chat_id, lock=True)
    _require_own(actor, chat)
    return chat


def access_handled_chat(work: Work, actor: Actor, chat_id: str) -> Chat:
    """A chat that this specialist has, locked."""
    chat = access_chat(work, actor, chat_id, lock=True)
    _require_handled(actor, chat)
    return chat


def access_to_write(work: Work, actor: Actor, chat_id: str) -> Chat:
    """A chat in which this person may say something, locked: their own, or one that they have."""
    chat = access_chat(work, actor, chat_id, lock=True)
    require_writable(actor, chat)
    return chat


def require_writable(actor: Actor, chat: Chat) -> None:
    """Raises NotAllowed when who may read it may not say something new: it is not theirs now.

    What was said before is looked for first: who has lost a chat since is not told that it was not
    stored.
    """
    (_require_own if actor.side is Side.REQUESTER else _require_handled)(actor, chat)


def _require_own(actor: Actor, chat: Chat) -> None:
    if chat.requester_id != actor.id:
        raise NotAllowed(N_("Only the person who opened this chat may do this."))


def _require_handled(actor: Actor, chat: Chat) -> None:
    if not actor.may(Right.ANSWER) or chat.assignee_id != actor.id:
        raise NotAllowed(N_("This chat is with somebody else. Take it over first."))


def access_centre_chat(work: Work, actor: Actor, chat_id: str) -> Chat:
    """A chat for anybody in the knowledge centre, locked."""
    chat = access_chat(work, actor, chat_id, lock=True)
    actor.require(Right.CENTRE)
    return chat


def may_read(actor: Actor, chat: Chat) -> bool:
    """The centre reads all, a municipality its own, operators none."""
    if actor.may(Right.ASK):
        return chat.municipality_id == actor.municipality_id
    return actor.may(Right.CENTRE)


def readable(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition for a query."""
    if actor.may(Right.ASK):
        return col(Chat.municipality_id) == actor.municipality_id
    return true() if actor.may(Right.CENTRE) else ~true()


def shape_chat(row: AnyRow | Summary) -> ChatShape:
    """The public shape of a summary."""
    chat: Chat = row[0]
    return ChatShape(
        **chat.model_dump(include=_SAME),
        municipality=Named(id=chat.municipality_id, name=row.municipality),
        requester=Named(id=chat.requester_id, name=row.requester),
        topic=Named(id=chat.topic_id, name=row.topic),
        assignee=Named(id=chat.assignee_id, name=row.assignee) if chat.assignee_id else None,
        pickup=_pickup(row[5]),
    )


_SAME = set(ChatShape.model_fields) & set(Chat.model_fields)


def summary_of(work: Work, chat_id: str) -> ChatShape:
    """The summary as it is in this transaction."""
    work.session.flush()
    return shape_chat(summary(work.session, chat_id))


def seen_by(work: Work, chat: Chat, actor: Actor) -> ChatShape:
    """The summary as it is in this transaction, for somebody who may read it."""
    return summary_of(work, chat.id).seen_from(actor.side)


def get_chat(store: Store, actor: Actor, chat_id: str) -> ChatShape:
    """One chat as this person sees it. Raises NotFound."""
    with store.read() as work:
        return seen_by(work, access_chat(work, actor, chat_id), actor)


def get_requester(store: Store, actor: Actor, chat_id: str) -> RequesterShape:
    """Who opened a chat, for the centre."""
    with store.read() as work:
        chat = access_chat(work, actor, chat_id)
        person = work.session.get_one(Person, chat.requester_id)
        municipality = work.session.get_one(Municipality, chat.municipality_id)
        topics = {topic.id: topic.name for topic in work.session.exec(select(Topic)).all()}
        return RequesterShape(
            **person.model_dump(include={"id", "name", "email", "phone"}),
            municipality=municipality.name,
            grants=tuple(
                GrantShape(
                    topic=topics.get(grant.topic_id or ""),
                    starts_on=grant.starts_on,
                    ends_on=grant.ends_on,
                )
                for grant in grants_of(work.session, person.id)
            ),
        )


def chat_by_number(store: Store, actor: Actor, number: str) -> str:
    """The id of a chat by the number that people use. Raises NotFound."""
    with store.read() as work:
        query = summaries().where(col(Chat.number) == number, readable(actor))
        row = work.session.execute(query).first()
    if row is None:
        raise NotFound
    return str(row[0].id)


def list_chats(
    store: Store,
    actor: Actor,
    *,
    states: Sequence[State] = (),
    municipality_id: str | None = None,
    assignee_id: str | None = None,
    words: str = "",
    after: str = "",
    limit: int = PAGE,
) -> list[ChatShape]:
    """Chats that this person may see, the newest first; ``after`` is the last id of a page."""
    wanted = [readable(actor)]
    if states:
        wanted.append(col(Chat.state).in_(states))
    if municipality_id:
        wanted.append(col(Chat.municipality_id) == municipality_id)
    if assignee_id:
        wanted.append(col(Chat.assignee_id) == assignee_id)
    if words:
        wanted.append(_named(words))
    if after:
        wanted.append(col(Chat.id) < after)
    query = summaries().where(*wanted).order_by(col(Chat.id).desc()).limit(min(limit, PAGE))
    with store.read() as work:
        require_current(work, actor)
        rows = work.session.execute(query).all()
    return [shape_chat(row).seen_from(actor.side) for row in rows]


def _named(words: str) -> ColumnElement[bool]:
    """Chats with these words in their title or in one of their numbers, the incident's too."""
    like = f"%{words}%"
    incident = select(Incident.chat_id).where(col(Incident.number).ilike(like))
    added = (
        select(AddedChat.chat_id)
        .join(Incident, col(Incident.id) == AddedChat.incident_id)
        .where(col(Incident.number).ilike(like))
    )
    own = [col(column).ilike(like) for column in (Chat.title, Chat.number, Chat.customer_reference)]
    return or_(*own, col(Chat.id).in_(incident), col(Chat.id).in_(added))


def _pickup(clock: SlaClock | None) -> PickupClock | None:
    if clock is None:
        return None
    return PickupClock(
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        met_at=clock.met_at,
        breached_at=clock.breached_at,
    )
