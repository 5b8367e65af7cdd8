"""The timeline: reading it, and how far it was read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vipservice.rules.chats import EntryKind
from vipservice.rules.entries import Amendment, AnyPayload
from vipservice.rules.people import Actor, Role, Side, side_of
from vipservice.rules.refusals import N_, NotAllowed, Refusal
from vipservice.rules.sentences import Reader, Say, tell
from vipservice.rules.shape import Json
from vipservice.rules.words import Place, latest, place_of, said_now
from vipservice.services.chats.access import access_chat, readable_now, shape_chat
from vipservice.services.shapes.chats import Author, ChatShape, EntryShape, TimelineShape
from vipservice.store.queries import amendments, entries_after
from vipservice.store.shown import Span, entries_between, summaries_of
from vipservice.store.tables import Chat, Entry
from vipservice.store.work import Store, Work

ENTRIES_AT_ONCE = 500
NOTHING_AMENDED: Mapping[Place, Amendment] = {}


@dataclass(frozen=True)
class Wanted:
    """Somebody wants what came in a chat after a number of their own side."""

    actor: Actor
    chat_id: str
    after: int = 0


def require_readable(store: Store, actor: Actor, chat_id: str) -> None:
    """Raises NotFound when this person may not read the chat."""
    store.look_together(readable_now, (actor, chat_id))


def read_timeline(store: Store, actor: Actor, chat_id: str, after: int = 0) -> TimelineShape:
    """The chat, its entries after a number of the reader's side, and the last number there is."""
    with store.read() as work:
        (found,) = read_timelines(work, [Wanted(actor, chat_id, after)])
    if isinstance(found, Refusal):
        raise found
    return found


def read_timelines(work: Work, wanted: Sequence[Wanted]) -> list[TimelineShape | Refusal]:
    """For each what `read_timeline` gives, or its refusal; in a few statements for all."""
    found = readable_now(work, [(one.actor, one.chat_id) for one in wanted])
    chats = {chat.id: chat for chat in found if not isinstance(chat, Refusal)}
    pairs = list(zip(wanted, found, strict=True))
    summaries = {one.id: one for one in map(shape_chat, summaries_of(work.session, [*chats]))}
    entries = _entries_after(
        work, [one for one, chat in pairs if not isinstance(chat, Refusal)], chats
    )
    return [
        chat if isinstance(chat, Refusal) else _timeline(one, chat, summaries, entries)
        for one, chat in pairs
    ]


Seen = dict[tuple[str, Side], list[EntryShape]]
"""Entries of a chat as a side sees them, in order."""


def _entries_after(work: Work, wanted: Sequence[Wanted], chats: Mapping[str, Chat]) -> Seen:
    amended = amendments_of(work, list(chats.values()))
    found: Seen = defaultdict(list)
    for side in {one.actor.side for one in wanted}:
        spans = [_span(one, chats[one.chat_id]) for one in wanted if one.actor.side is side]
        for entry, name, role in entries_between(work.session, spans, side):
            became = amended.get(entry.chat_id, NOTHING_AMENDED)
            shape = shape_entry(entry, name, role, became).seen_from(side)
            found[entry.chat_id, side].append(shape)
    return found


def _span(one: Wanted, chat: Chat) -> Span:
    """The numbers of a side that are wanted, at most so many."""
    return one.chat_id, one.after + 1, min(_last(chat, one.actor), one.after + ENTRIES_AT_ONCE)


def _timeline(
    one: Wanted, chat: Chat, summaries: Mapping[str, ChatShape], entries: Seen
) -> TimelineShape:
    side, (_, first, last) = one.actor.side, _span(one, chat)
    return TimelineShape(
        chat=summaries[chat.id].seen_from(side),
        entries=tuple(told for told in entries[chat.id, side] if first <= told.seq <= last),
        last_seq=last,
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
