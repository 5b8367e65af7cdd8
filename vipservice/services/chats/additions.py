"""What is said of an incident after it was made goes along to the engineers."""

from collections.abc import Sequence

from vipservice.i18n import DEFAULT, translator
from vipservice.rules.incidents.draft import file_name
from vipservice.rules.incidents.model import DONE
from vipservice.rules.notices import Channel
from vipservice.rules.privacy import MASK, mask_bsn
from vipservice.services import outbox
from vipservice.store.queries import incidents_of
from vipservice.store.tables import Attachment, Chat, Incident
from vipservice.store.work import Work


def open_incidents(work: Work, chat: Chat) -> list[Incident]:
    """The incidents of a chat on which something can still be added."""
    found = incidents_of(work.session, chat.id)
    return [incident for incident in found if incident.progress not in DONE]


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

    ``transcript`` is the name and the content of a file that is not kept.
    """
    masked = mask_bsn(text, translator(DEFAULT)(MASK))
    signed = f"{masked}\n\n{chat.number} [{mark}]"
    payload = {
        "chatId": chat.id,
        "text": signed,
        "files": [file.id for file in files],
        "transcript": list(transcript) if transcript else None,
    }
    key = f"addition:{incident.reference}:{chat.id}:{mark}"
    outbox.put(work, Channel.ADDITION, key, payload, incident_id=incident.id)


def sent_name(chat: Chat, file: Attachment) -> str:
    """The name under which a file leaves: of its own over all chats."""
    return file_name(chat.number, file.seq, file.name)
