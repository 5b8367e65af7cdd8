"""What a person sees of a chat, in the words of the page."""

from collections.abc import Sequence

from vipservice.i18n import teller, translator
from vipservice.rules.entries import Message, Note
from vipservice.rules.sentences import Reader
from vipservice.rules.words import Words
from vipservice.services.chats.timeline import read_timeline, sentence_of
from vipservice.services.shapes.chats import EntryShape
from vipservice.testing.world import World

GONE = {Words.WITHDRAWN: "This was withdrawn.", Words.ERASED: "This is not kept any more."}
"""What the page says instead of words that are gone (``frontend/src/components/Timeline.tsx``)."""


def sees(world: World, who: str, chat_id: str, language: str = "nl") -> list[str]:
    """The lines of the chat's timeline as this person reads them, oldest first.

    Words are "Jeroen: Hoe druk ik dat af?", a file "Jeroen: scherm.png", and what happened is its
    sentence; what nobody is told is no line. Raises NotFound when the person may not read the chat.
    """
    reader = Reader(world.actors[who].side)
    lines = (_line(one, reader, language) for one in _all(world, who, chat_id))
    return [line for line in lines if line]


def _all(world: World, who: str, chat_id: str) -> Sequence[EntryShape]:
    """Also of a chat that is longer than what one reading gives."""
    found: list[EntryShape] = []
    while True:
        after = found[-1].seq if found else 0
        read = read_timeline(world.store, world.actors[who], chat_id, after).entries
        if not read:
            return found
        found += read


def _line(shape: EntryShape, reader: Reader, language: str) -> str:
    if not isinstance(shape.data, Message | Note):
        return sentence_of(shape, reader, teller(language))
    name = shape.author.name if shape.author else ""
    gone = translator(language, "frontend")(GONE[shape.words]) if shape.words in GONE else ""
    return f"{name}: {gone or (shape.data.file.name if shape.data.file else shape.body)}"
