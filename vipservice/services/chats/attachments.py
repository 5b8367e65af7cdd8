"""Files in a chat: kept whole, told in the timeline, given only to who may read the chat."""

import hashlib
from dataclasses import dataclass

from sqlmodel import select

from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.people import Actor, Side
from vipservice.rules.refusals import N_, NotFound, Refusal
from vipservice.rules.routing import Capacity
from vipservice.rules.text import file_name, one_line
from vipservice.services.chats.access import (
    access_centre_chat,
    access_chat,
    require_part,
    require_writable,
)
from vipservice.services.chats.messages import (
    OTHER_WORDS,
    NewMessage,
    note_down,
    said_before,
    say,
)
from vipservice.services.chats.timeline import amendments_of
from vipservice.services.shapes.chats import EntryShape
from vipservice.store.queries import visibility_of
from vipservice.store.tables import Attachment, Chat
from vipservice.store.work import Store, Work

LARGEST = 10 * 1024 * 1024
NAME_LENGTH = 120


@dataclass(frozen=True)
class KeptFile:
    """A file as it is given back."""

    name: str
    media_type: str
    content: bytes


def add_file(
    store: Store,
    actor: Actor,
    chat_id: str,
    file: KeptFile,
    client_id: str,
    capacity: Capacity,
    visibility: Visibility = Visibility.EVERYONE,
) -> EntryShape:
    """Keeps a file and tells of it; the same ``client_id`` gives the same entry.

    One for the centre alone is an internal note. Raises Refusal for a file that is empty or
    larger than ``LARGEST`` bytes.
    """
    if not file.content:
        raise Refusal(N_("This file is empty. Choose another one."))
    if len(file.content) > LARGEST:
        raise Refusal(
            N_("This file is larger than %(most)d MB. Send a smaller one."), most=LARGEST >> 20
        )
    data = NewMessage(body=file_name(file.name, NAME_LENGTH) or "bestand", client_id=client_id)
    digest = hashlib.sha256(file.content).hexdigest()
    kind, note = one_line(file.media_type)[:NAME_LENGTH], visibility is Visibility.CENTRE
    with store.work() as work:
        chat = (
            access_centre_chat(work, actor, chat_id)
            if note
            else access_chat(work, actor, chat_id, lock=True)
        )
        sort = EntryKind.NOTE if note else EntryKind.MESSAGE
        known = said_before(work, chat, actor, data, sort)
        if known:
            _require_same(work, chat, known, digest)
            return known.seen_from(actor.side)
        if not note:
            require_writable(actor, chat)
        kept = Attachment(
            chat_id=chat.id, seq=0, name=data.body, media_type=kind,
            size=len(file.content), sha256=digest, content=file.content,
        )  # fmt: skip
        if note:
            return note_down(work, chat, actor, data, kept)
        return say(work, chat, actor, data, capacity, kept).seen_from(actor.side)


def _require_same(work: Work, chat: Chat, entry: EntryShape, digest: str) -> None:
    """Raises Refusal when another file was sent under this client id."""
    query = select(Attachment.sha256).where(
        Attachment.chat_id == chat.id, Attachment.seq == entry.seq
    )
    if work.session.exec(query).one_or_none() != digest:
        raise Refusal(OTHER_WORDS)


def _is_withdrawn(work: Work, chat: Chat, file: Attachment) -> bool:
    place = file.public_seq is None, file.public_seq or file.seq
    return place in amendments_of(work, [chat]).get(chat.id, {})


def get_file(store: Store, actor: Actor, attachment_id: str) -> KeptFile:
    """A file whose entry this person may read. Raises NotFound."""
    with store.read() as work:
        found = require_part(work, actor, Attachment, attachment_id)
        chat = access_chat(work, actor, found.chat_id)
        if _is_withdrawn(work, chat, found):
            raise NotFound
        internal = visibility_of(work.session, found.chat_id, found.seq) is Visibility.CENTRE
        if internal and actor.side is not Side.CENTRE:
            raise NotFound
        return KeptFile(found.name, found.media_type, found.content)
