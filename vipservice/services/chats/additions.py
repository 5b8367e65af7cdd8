"""What is said of an incident after it was made goes along to the engineers."""

import re
from collections.abc import Sequence
from typing import Any

from vipservice.i18n import DEFAULT, translator
from vipservice.rules.incidents.draft import file_name
from vipservice.rules.incidents.model import DONE
from vipservice.rules.notices import Channel
from vipservice.rules.privacy import MASK, mask_bsn
from vipservice.services import outbox
from vipservice.store.outgoing import incidents_of, waiting_additions
from vipservice.store.search import index_incident, searchable
from vipservice.store.tables import Attachment, Chat, Incident
from vipservice.store.work import Work

TEXTS = frozenset({"title", "description", "transcript", "note", "text"})
"""What holds words of a conversation, in a draft and in an addition."""


def open_incidents(work: Work, chat: Chat) -> list[Incident]:
    """The incidents of a chat on which something can still be added."""
    found = incidents_of(work.session, chat.id)
    return [one for one in found if one.progress not in DONE and is_followed(work, one)]


def is_followed(work: Work, incident: Incident) -> bool:
    """Whether its ticket is there, in a system that is configured still."""
    return incident.system in work.systems and incident.gone_at is None


def queue_addition(
    work: Work,
    incident: Incident,
    chat: Chat,
    mark: str,
    text: str,
    files: Sequence[Attachment] = (),
    transcript: tuple[str, str] | None = None,
) -> None:
    """Adds a text with files to an incident, once: ``mark`` is of its own within the chat.

    ``transcript`` is the name and the content of a file that is not kept. What comes from another
    chat than the ticket was made for is for the engineers alone: that chat may be of another
    municipality.
    """
    masked = mask_bsn(text, translator(DEFAULT)(MASK))
    payload = {
        "chatId": chat.id,
        "text": masked,
        "mark": f"{chat.number} [{mark}]",
        "internal": chat.id != incident.chat_id,
        "files": [file.id for file in files],
        "transcript": list(transcript) if transcript else None,
    }
    key = f"addition:{incident.reference}:{chat.id}:{mark}"
    outbox.put(work, Channel.ADDITION, key, payload, incident=incident)


def tell_engineers(work: Work, chat: Chat, mark: str, told: str, values: dict[str, object]) -> None:
    """Adds a sentence of ours to every incident of a chat that something can be added to."""
    text = translator(DEFAULT)(told) % values
    for incident in open_incidents(work, chat):
        queue_addition(work, incident, chat, mark, text)


def replace_words(work: Work, chat: Chat, before: str, now: str) -> None:
    """Has the incidents of a chat, and what waits to leave for them, say other words.

    Whole words, in the texts alone: what was edited into other words since then stays.
    """
    if not before:
        return
    words = re.compile(rf"(?<!\w){re.escape(before)}(?!\w)")
    for incident in incidents_of(work.session, chat.id):
        incident.draft = _replaced(incident.draft, words, now)
        index_incident(work.session, incident.id, searchable(incident.draft))
    for row in waiting_additions(work.session, chat.id):
        row.payload = _replaced(row.payload, words, now)


def _replaced(document: dict[str, Any], words: re.Pattern[str], now: str) -> dict[str, Any]:
    """Only where words of a conversation stand: a number or an address is none."""
    texts = {
        name: words.sub(lambda _: now, value)
        for name, value in document.items()
        if name in TEXTS and isinstance(value, str)
    }
    found = [
        one | {"text": words.sub(lambda _: now, one["text"])} for one in document.get("found", ())
    ]
    return document | texts | ({"found": found} if found else {})


def sent_name(chat: Chat, file: Attachment) -> str:
    """The name under which a file leaves: of its own over all chats."""
    return file_name(chat.number, file.label, file.name)
