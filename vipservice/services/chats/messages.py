"""What people say: opening a chat, sending a message, keeping a note."""

from typing import Annotated

from pydantic import Field, StringConstraints
from sqlmodel import col, select

from vipservice.rules.chats import BODY_LENGTH, TITLE_LENGTH, ChatKind, EntryKind, Move, State
from vipservice.rules.entries import Message, Note, Opened, SentFile
from vipservice.rules.gist import first_question
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.incidents.draft import file_label
from vipservice.rules.people import Actor, Side
from vipservice.rules.refusals import N_, NotFound, Refusal
from vipservice.rules.routing import Capacity, Cause
from vipservice.rules.shape import Id, Named
from vipservice.rules.wording import cut
from vipservice.services.chats.access import (
    access_centre_chat,
    seen_by,
)
from vipservice.services.chats.additions import open_incidents, queue_addition
from vipservice.services.chats.appending import append
from vipservice.services.chats.moves import back_to_owner, move, owner_left
from vipservice.services.chats.timeline import NOTHING_AMENDED, amendments_of, shape_entry
from vipservice.services.inputs import Input, Lines
from vipservice.services.people.rights import require_may_open
from vipservice.services.people.sessions import require_current
from vipservice.services.shapes.chats import ChatShape, EntryShape
from vipservice.services.sla.promises import promised
from vipservice.store.locking import lock_person
from vipservice.store.queries import next_number
from vipservice.store.saying import entries_by_client_id
from vipservice.store.tables import Attachment, Chat, Entry, Team, Topic
from vipservice.store.work import Store, Work

READ_FOR_TITLE = 1_000
"""Letters of a question: what it is about stands at the beginning, and reading costs time."""
LARGEST_SEQ = 2**31 - 1

Text = Annotated[Lines, StringConstraints(min_length=1, max_length=BODY_LENGTH)]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class NewChat(Input):
    """A question; without a title the first real question becomes it."""

    topic_id: Id
    title: str = Field(default="", max_length=TITLE_LENGTH)
    body: Text
    client_id: ClientId
    kind: ChatKind = ChatKind.QUESTION


class NewMessage(Input):
    """Something said."""

    body: Text
    client_id: ClientId


def open_chat(store: Store, actor: Actor, data: NewChat) -> ChatShape:
    """Opens a chat and starts its clock; the same ``client_id`` again gives the same chat.

    Raises NotAllowed with the reason when this person may not, NotFound for a topic that
    does not exist or has ended.
    """
    title = data.title or first_question([data.body[:READ_FOR_TITLE]]) or data.body
    with store.work() as work:
        require_current(work, actor)
        lock_person(work.session, actor.id)
        known = _opened_before(work, actor, data.client_id)
        if known:
            return _same_chat(work, actor, known, data)
        require_may_open(work, actor, data.topic_id)
        chat = _new_chat(work, actor, data, title)
        append(work, chat, actor, _opening(work, chat))
        _say(work, chat, actor, NewMessage(body=data.body, client_id=data.client_id))
        return seen_by(work, chat, actor)


def _opened_before(work: Work, actor: Actor, client_id: str) -> Chat | None:
    """The chat that somebody opened under this id, also when a colleague goes on with it now."""
    own = (col(Chat.requester_id) == actor.id) & (col(Chat.client_id) == client_id)
    passed = col(Chat.client_id) == of_another(actor.id, client_id)
    return work.session.exec(select(Chat).where(own | passed)).first()


def of_another(opener_id: str, client_id: str) -> str:
    """The client id of a chat that its opener passed on: no two of its requester are the same."""
    return client_id if ":" in client_id else f"{opener_id}:{client_id}"


def say(
    work: Work,
    chat: Chat,
    actor: Actor,
    data: NewMessage,
    capacity: Capacity,
    file: Attachment | None = None,
) -> EntryShape:
    """Says something new in a locked chat, with a file if there is one; the entry.

    In a closed chat only the requester can, and only while engineers have its incident: it goes
    along to them.
    """
    if chat.state is State.CLOSED:
        return _add_to_incidents(work, chat, actor, data, file)
    entry = _say(work, chat, actor, data, file)
    if actor.side is Side.REQUESTER:
        _find_somebody(work, chat, actor, capacity)
    return entry


def _find_somebody(work: Work, chat: Chat, actor: Actor, capacity: Capacity) -> None:
    """Who writes is answered by somebody, also when whoever had the chat is not there."""
    if chat.state is State.PARKED:
        move(work, chat, actor, Move.RESUME, back_to_owner(work, chat, capacity))
    elif chat.state is State.PROPOSED and chat.running_clocks and owner_left(work, chat, capacity):
        move(work, chat, None, Move.HAND_OVER, State.WAITING, cause=Cause.OFFLINE)


def add_note(store: Store, actor: Actor, chat_id: str, data: NewMessage) -> EntryShape:
    """An internal note: the requester's side never receives it."""
    with store.work() as work:
        chat = access_centre_chat(work, actor, chat_id)
        known = said_before(work, chat, actor, data, EntryKind.NOTE)
        return known or note_down(work, chat, actor, data)


def note_down(
    work: Work, chat: Chat, actor: Actor, data: NewMessage, file: Attachment | None = None
) -> EntryShape:
    """An internal note in a locked chat, with a file if there is one; the entry."""
    entry = append(work, chat, actor, Note(body=data.body, file=_sent(file)), data.client_id)
    _keep(work, file, entry)
    return entry


def _new_chat(work: Work, actor: Actor, data: NewChat, title: str) -> Chat:
    topic = work.session.get(Topic, data.topic_id)
    if topic is None or topic.ended_at or actor.municipality_id is None:
        raise NotFound
    year = work.now.astimezone(NETHERLANDS).year
    chat = Chat(
        number=f"VIP-{year}-{next_number(work.session, f'VIP-{year}'):06}",
        client_id=data.client_id,
        kind=data.kind,
        municipality_id=actor.municipality_id,
        requester_id=actor.id,
        topic_id=topic.id,
        team_id=topic.team_id,
        title=cut(" ".join(title.split()), TITLE_LENGTH),
        state=State.WAITING,
        opened_at=work.now,
        updated_at=work.now,
        last_at=work.now,
        last_said_at=work.now,
    )
    work.session.add(chat)
    work.session.flush()
    return chat


def _opening(work: Work, chat: Chat) -> Opened:
    """What the first entry says: of what kind, for which team, and what is promised."""
    team = work.session.get_one(Team, chat.team_id)
    return Opened(
        chat_kind=chat.kind,
        team=Named(id=team.id, name=team.name),
        due_at=promised(work, chat),
    )


def _same_chat(work: Work, actor: Actor, chat: Chat, data: NewChat) -> ChatShape:
    key = chat.id, data.client_id
    known = entries_by_client_id(work.session, [key]).get(key)
    if known is None or known.body != data.body or chat.topic_id != data.topic_id:
        raise Refusal(OTHER_WORDS)
    return seen_by(work, chat, actor)


OTHER_WORDS = N_("This was sent before with other words. Send it again as a new message.")


def said_before(
    work: Work, chat: Chat, actor: Actor, data: NewMessage, kind: EntryKind
) -> EntryShape | None:
    """The entry that was stored under this client id, or None.

    Raises Refusal when it says something else.
    """
    key = chat.id, data.client_id
    known = entries_by_client_id(work.session, [key]).get(key)
    return as_before(work, chat, known, actor, data, kind) if known else None


def as_before(
    work: Work, chat: Chat, known: Entry, actor: Actor, data: NewMessage, kind: EntryKind
) -> EntryShape:
    """An entry that was stored under this client id, as it is now.

    Raises Refusal when it says something else.
    """
    if (known.author_id, known.body, known.kind) != (actor.id, data.body, kind):
        raise Refusal(OTHER_WORDS)
    amended = amendments_of(work, [chat]).get(chat.id, NOTHING_AMENDED)
    return shape_entry(known, actor.name, actor.role, amended)


def _add_to_incidents(
    work: Work, chat: Chat, actor: Actor, data: NewMessage, file: Attachment | None
) -> EntryShape:
    incidents = open_incidents(work, chat) if actor.side is Side.REQUESTER else []
    if not incidents:
        raise Refusal(N_("This chat is closed. Reopen it to go on."))
    require_may_open(work, actor, chat.topic_id)
    entry = _say(work, chat, actor, data, file, addition=True)
    text = f"{actor.name}: {data.body}"
    for incident in incidents:
        queue_addition(work, incident, chat, str(entry.public_seq), text, [file] if file else [])
    return entry


def _say(
    work: Work,
    chat: Chat,
    actor: Actor,
    data: NewMessage,
    file: Attachment | None = None,
    *,
    addition: bool = False,
) -> EntryShape:
    said = Message(body=data.body, addition=addition, file=_sent(file))
    entry = append(work, chat, actor, said, data.client_id)
    _keep(work, file, entry)
    return entry


def _sent(file: Attachment | None) -> SentFile | None:
    return SentFile(id=file.id, name=file.name, size=file.size) if file else None


def _keep(work: Work, file: Attachment | None, entry: EntryShape) -> None:
    if file:
        file.seq, file.public_seq = entry.seq, entry.public_seq
        file.label = file_label(entry.seq, entry.public_seq)
        work.session.add(file)
