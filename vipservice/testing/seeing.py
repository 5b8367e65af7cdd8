"""What a person sees of a chat, in the words of the page."""

from collections.abc import Sequence

from vipservice.i18n import teller
from vipservice.rules.entries import Message, Note
from vipservice.rules.sentences import Reader
from vipservice.services.chats.timeline import read_timeline, sentence_of
from vipservice.services.shapes.chats import EntryShape
from vipservice.testing.world import World


def sees(world: World, who: str, chat_id: str, language: str = "nl") -> list[str]:
    """The lines of the chat's timeline as this person reads them, oldest first.

    Words are "Jeroen: Hoe druk ik dat af?", a file "Jeroen: scherm.png", and what happened is its
    sentence. Raises NotFound when the person may not read the chat.
    """
    actor = world.actors[who]
    reader, say = Reader(actor.side), teller(language)
    entries = _all(world, who, chat_id)
    return [_said(one) or sentence_of(one, reader, say) for one in entries]


def _all(world: World, who: str, chat_id: str) -> Sequence[EntryShape]:
    """Also of a chat that is longer than what one reading gives."""
    found: list[EntryShape] = []
    while True:
        after = found[-1].seq if found else 0
        read = read_timeline(world.store, world.actors[who], chat_id, after).entries
        if not read:
            return found
        found += read


def _said(shape: EntryShape) -> str:
    if not isinstance(shape.data, Message | Note):
        return ""
    name = shape.author.name if shape.author else ""
    return f"{name}: {shape.data.file.name if shape.data.file else shape.body}"
