"""From a conversation to the draft of an incident: pure, deterministic, explainable."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.people import Side
from vipservice.rules.refusals import N_
from vipservice.rules.wording import cut, environment_words, first_question, literal_quotes

TITLE_LENGTH = 160
DESCRIPTION_LENGTH = 200_000

Translate = Callable[[str], str]
Level = TypeVar("Level", bound=StrEnum)


class Impact(StrEnum):
    """How many are hit."""

    PERSON = "person"
    DEPARTMENT = "department"
    ORGANISATION = "organisation"


class Urgency(StrEnum):
    """How long it can wait."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class IncidentState(StrEnum):
    """Where an incident stands on its way to the ticketing system."""

    PENDING = "pending"
    CREATED = "created"
    REFUSED = "refused"


@dataclass(frozen=True)
class Line:
    """One entry of the timeline that says something. ``at`` is local time, for reading."""

    seq: int
    at: datetime
    kind: EntryKind
    visibility: Visibility
    side: Side | None
    author: str
    body: str


@dataclass(frozen=True)
class Conversation:
    """A chat as the draft needs it."""

    number: str
    title: str
    topic: str
    municipality: str
    requester: str
    email: str
    phone: str
    url: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class IncidentDraft:
    """What is put before the specialist, and after editing before the ticketing system."""

    title: str
    description: str
    category: str
    impact: Impact
    urgency: Urgency
    because: tuple[str, ...]
    requester: str
    email: str
    phone: str
    municipality: str
    reference: str
    chat_url: str


_IMPACT_WORDS = {
    Impact.ORGANISATION: r"hele gemeente|alle (?:locaties|afdelingen|gemeenten)|overal",
    Impact.DEPARTMENT: r"niemand|iedereen|collega'?s|hele (?:afdeling|balie)|meerdere"
    r"|alle (?:balies|medewerkers|gebruikers)",
}
_URGENCY_WORDS = {
    Urgency.HIGH: r"ligt? (?:\w+ )?(?:stil|plat|eruit)|spoed|dringend|vandaag nog|loopt vast"
    r"|kunnen niet (?:meer )?(?:verder|werken|helpen)"
    r"|wachten(?:de)? (?:burgers|klanten|inwoners)",
    Urgency.LOW: r"geen haast|niet dringend|als u tijd|kan wachten",
}


def draft(conversation: Conversation, reference: str, translate: Translate) -> IncidentDraft:
    """The incident that this conversation asks for.

    ``reference`` is ours (``vip-<uuid>``); ``translate`` gives the headings in the reader's
    language. Only what the requester may read is used: internal notes stay inside.
    """
    lines = [line for line in conversation.lines if line.visibility is Visibility.EVERYONE]
    asked = [line.body for line in lines if line.side is Side.REQUESTER]
    impact, impact_word = _weigh(_IMPACT_WORDS, asked, Impact.PERSON)
    urgency, urgency_word = _weigh(_URGENCY_WORDS, asked, Urgency.NORMAL)
    return IncidentDraft(
        title=cut(first_question(asked) or conversation.title, TITLE_LENGTH),
        description=describe(conversation, lines, translate),
        category=conversation.topic,
        impact=impact,
        urgency=urgency,
        because=tuple(word for word in (impact_word, urgency_word) if word),
        requester=conversation.requester,
        email=conversation.email,
        phone=conversation.phone,
        municipality=conversation.municipality,
        reference=reference,
        chat_url=conversation.url,
    )


def describe(conversation: Conversation, lines: list[Line], translate: Translate) -> str:
    """The description in parts; a part without content is left out."""
    said = [line for line in lines if line.body]
    opening = _opening(said)
    rest = [line for line in said if line not in opening]
    text = "\n".join(line.body for line in said)
    parts = (
        (N_("Question"), "\n".join(line.body for line in opening)),
        (N_("Said and tried so far"), _bullets(f"{line.author}: {line.body}" for line in rest)),
        (N_("Error messages and versions"), _bullets(literal_quotes(text))),
        (N_("Environment"), ", ".join(environment_words(text))),
        (N_("Reported by"), _contact(conversation)),
        (N_("Conversation"), "\n".join(_spoken(line) for line in said)),
        (N_("Chat"), f"{conversation.number} {conversation.url}"),
    )
    return "\n\n".join(f"{translate(head).upper()}\n{body}" for head, body in parts if body.strip())


def _opening(said: list[Line]) -> list[Line]:
    """What the requester said before anybody answered."""
    for index, line in enumerate(said):
        if line.side is Side.CENTRE:
            return said[:index]
    return said


def _weigh(words: Mapping[Level, str], texts: list[str], otherwise: Level) -> tuple[Level, str]:
    for level, pattern in words.items():
        match = re.search(rf"\b(?:{pattern})\b", "\n".join(texts), re.IGNORECASE)
        if match:
            return level, match.group(0)
    return otherwise, ""


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _contact(conversation: Conversation) -> str:
    told = (
        conversation.requester,
        conversation.municipality,
        conversation.email,
        conversation.phone,
    )
    return ", ".join(part for part in told if part)


def _spoken(line: Line) -> str:
    return f"[{line.at:%d-%m-%Y %H:%M}] {line.author}: {line.body}"
