"""Files in a chat: kept whole, told in the timeline, given only to who may read the chat."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from vipservice.rules.chats import EntryKind
from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, NotFound, Refusal
from vipservice.rules.routing import Desk
from vipservice.rules.wording import cut
from vipservice.services.chats.access import access_chat
from vipservice.services.chats.messages import NewMessage, access_to_write, said_before, say
from vipservice.services.inputs import without_control
from vipservice.store.tables import Attachment
from vipservice.store.work import Store

LARGEST = 10 * 1024 * 1024
NAME_LENGTH = 120
_FOLDERS = re.compile(r".*[/\\]")


@dataclass(frozen=True)
class KeptFile:
    """A file as it is given back."""

    name: str
    media_type: str
    content: bytes


def add_file(
    store: Store, actor: Actor, chat_id: str, file: KeptFile, client_id: str, desk: Desk
) -> dict[str, Any]:
    """Keeps a file and tells of it; the same ``client_id`` gives the same entry.

    Raises Refusal for a file that is empty or larger than ``LARGEST`` bytes.
    """
    if not file.content:
        raise Refusal(N_("This file is empty. Choose another one."))
    if len(file.content) > LARGEST:
        raise Refusal(
            N_("This file is larger than %(most)d MB. Send a smaller one."), most=LARGEST >> 20
        )
    data = NewMessage(body=_name(file.name), client_id=client_id)
    with store.work() as work:
        chat = access_to_write(work, actor, chat_id)
        known = said_before(work, chat, actor, data, EntryKind.MESSAGE)
        if known:
            return known
        kept = Attachment(
            chat_id=chat.id, seq=0, name=data.body, media_type=file.media_type[:NAME_LENGTH],
            size=len(file.content), sha256=hashlib.sha256(file.content).hexdigest(),
            content=file.content,
        )  # fmt: skip
        return say(work, chat, actor, data, desk, kept)


def get_file(store: Store, actor: Actor, attachment_id: str) -> KeptFile:
    """A file of a chat that this person may read. Raises NotFound."""
    with store.read() as work:
        found = work.session.get(Attachment, attachment_id)
        access_chat(work, actor, found.chat_id if found else "")
        if found is None:
            raise NotFound
        return KeptFile(found.name, found.media_type, found.content)


def _name(given: str) -> str:
    """The name alone, without folders and control characters."""
    name = " ".join(without_control(_FOLDERS.sub("", given)).split())
    return cut(name, NAME_LENGTH) or "bestand"
