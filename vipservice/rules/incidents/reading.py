"""What a conversation holds: every find keeps the entry it came from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.gist import ENOUGH, first_question, weight
from vipservice.rules.incidents.literals import PHONE, environment, literals
from vipservice.rules.incidents.model import Conversation, Found, Impact, Line, Urgency
from vipservice.rules.incidents.telling import questions, steps, tried
from vipservice.rules.incidents.weighing import weigh_impact, weigh_urgency
from vipservice.rules.people import Side


@dataclass(frozen=True)
class Reading:
    """Everything that was found, in the order of the timeline within a kind, and what it weighs."""

    found: tuple[Found, ...]
    impact: Impact
    urgency: Urgency


def read(lines: Sequence[Line]) -> Reading:
    """What these lines hold."""
    said = [line for line in lines if line.body]
    impact, hit = weigh_impact(said)
    urgency, pressing = weigh_urgency(said)
    told = (*questions(said), *steps(said), *tried(said), *literals(said), *environment(said))
    return Reading((*told, *hit, *pressing), impact, urgency)


def title_of(conversation: Conversation, lines: Sequence[Line]) -> str:
    """The first substantive question or complaint of the requester, else the chat's title.

    Where somebody only sent a picture, it is what the specialist read in it.
    """
    said = {side: [line.body for line in lines if line.side is side] for side in Side}
    found = first_question(said[Side.REQUESTER])
    read = "" if weight(found) >= ENOUGH else first_question(said[Side.CENTRE])
    return max(found, read, key=weight) or conversation.title


def phone_of(conversation: Conversation, lines: Sequence[Line]) -> str:
    """The number that was named last to be called at, else that of the account."""
    named = [
        match.group(0)
        for line in lines
        if line.side is Side.REQUESTER
        for match in PHONE.finditer(line.body)
    ]
    return named[-1] if named else conversation.phone


def said_lines(conversation: Conversation, entries: Iterable[int] | None) -> list[Line]:
    """What everybody may read, of ``entries`` (None: all)."""
    picked = None if entries is None else set(entries)
    return [
        line
        for line in conversation.lines
        if line.visibility is Visibility.EVERYONE and (picked is None or line.seq in picked)
    ]


def noted_lines(conversation: Conversation, notes: Iterable[int]) -> list[Line]:
    """The internal notes with these numbers."""
    picked = set(notes)
    return [
        line for line in conversation.lines if line.kind is EntryKind.NOTE and line.seq in picked
    ]
