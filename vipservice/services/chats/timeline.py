"""The timeline: reading it, and how far it was read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from vipservice.rules.chats import EntryKind
from vipservice.rules.entries import Amendment, AnyPayload
from vipservice.rules.people import Actor, Role, Side, side_of
from vipservice.rules.refusals import N_, NotAllowed
from vipservice.rules.sentences import Reader, Say, tell
from vipservice.rules.shape import Json
from vipservice.rules.words import Place, latest, place_of, said_now
from vipservice.services.chats.access import access_chat, seen_by
from vipservice.services.shapes.chats import Author, EntryShape, TimelineShape
from vipservice.store.queries import (
    amendments,
    entries_after,
)
from vipservice.store.tables import Chat, Entry
from vipservice.store.work import Store, Work

ENTRIES_AT_ONCE = 500
NOTHING_AMENDED: Mapping[Place, Amendment] = {}


def require_readable(store: Store, actor: Actor, chat_id: str) -> None:
    """Raises NotFound when this person may not read the chat."""
    with store.read() as work:
        access_chat(work, actor, chat_id)


def read_timeline(store: Store, actor: Actor, chat_id: str, after: int = 0) -> TimelineShape:
    """The chat, its entries after a number of the reader's side, and the last number there is."""
    with store.read() as work:
        chat = access_chat(work, actor, chat_id)
        rows = entries_after(work.session, chat_id, after, actor.side, ENTRIES_AT_ONCE)
        amended = amendments_of(work, [chat]).get(chat.id, NOTHING_AMENDED)
        entries = [
            shape_entry(row[0], row[1], row[2], amended).seen_from(actor.side) for row in rows
        ]
        return TimelineShape(
            chat=seen_by(work, chat, actor),
            entries=tuple(entries),
            last_seq=entries[-1].seq if len(rows) == ENTRIES_AT_ONCE else _last(chat, actor),
        )


def list_moves(store: Store, actor: Actor, chat_id: str, after: int = 0) -> list[EntryShape]:
    """The entries of a chat that tell of its moves, in order, after a number of the reader's."""
    with store.read() as work:
        access_chat(work, actor, chat_id)
        rows = entries_after(
            work.session, chat_id, after, actor.side, ENTRIES_AT_ONCE, EntryKind.MOVED
        )
    return [shape_entry(row[0], row[1], row[2]).seen_from(actor.side) for row in rows]


def may_type(store: Store, actor: Actor, chat_id: str) -> None:
    """Raises NotFound or NotAllowed when this person has no say in the chat."""
    with store.read() as work:
        chat = access_chat(work, actor, chat_id)
        if actor.id not in (chat.requester_id, chat.assignee_id):
            raise NotAllowed(N_("You only follow this chat."))


def amendments_of(work: Work, chats: Sequence[Chat]) -> dict[str, dict[Place, Amendment]]:
    """What became of words in these chats, by chat; most have nothing."""
    amended = [chat.id for chat in chats if chat.amended]
    found: dict[str, list[AnyPayload]] = defaultdict(list)
    for entry in amendments(work.session, amended):
        found[entry.chat_id].append(entry.payload)
    return {chat_id: latest(told) for chat_id, told in found.items()}


def shape_entry(
    entry: Entry,
    author: str | None = None,
    role: Role | None = None,
    amended: Mapping[Place, Amendment] = NOTHING_AMENDED,
    payload: AnyPayload | None = None,
) -> EntryShape:
    """The public shape of an entry, after what became of its words; what it says, if known."""
    by = None
    if entry.author_id:
        by = Author(id=entry.author_id, name=author or "", side=side_of(role))
    payload = payload or entry.payload
    now = said_now(payload, amended.get(place_of(payload, entry.seq, entry.public_seq)))
    return EntryShape(
        chat_id=entry.chat_id, seq=entry.seq, public_seq=entry.public_seq, kind=entry.kind,
        visibility=entry.visibility, author=by, at=entry.at, body=now.payload.body,
        words=now.words, data=now.payload, client_id=entry.client_id,
    )  # fmt: skip


def sentence_of(shape: EntryShape, reader: Reader, say: Say) -> str:
    """What happened, as the page tells it to this reader; "" for words, and for what is silent."""
    data, author = shape.data.public(), shape.author.name if shape.author else ""
    facts: Json = data | {"author": author, "assignee": data.get("assignee") or author}
    return " ".join(tell(shape.kind, reader, facts, say))


def _last(chat: Chat, actor: Actor) -> int:
    return chat.last_seq if actor.side is Side.CENTRE else chat.last_public_seq
