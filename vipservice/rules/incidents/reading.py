"""What a conversation holds: every find keeps the entry it came from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.gist import ENOUGH, first_question, weight
from vipservice.rules.incidents.environment import environment
from vipservice.rules.incidents.literals import PHONE, literals
from vipservice.rules.incidents.model import Conversation, Found, Impact, Line, Urgency
from vipservice.rules.incidents.telling import questions, steps, tried
from vipservice.rules.incidents.weighing import weigh_impact, weigh_urgency
from vipservice.rules.people import Side

MOST_LINES, MOST_LETTERS = 200, 200_000
"""Of a long conversation the opening question and the last of it are read, at most so much."""


@dataclass(frozen=True)
class Reading:
    """Everything that was found, in the order of the timeline within a kind, and what it weighs.

    ``title`` and ``phone`` are what was said of them, or "". ``whole``: every line was read.
    """

    found: tuple[Found, ...] = ()
    impact: Impact = Impact.PERSON
    urgency: Urgency = Urgency.NORMAL
    title: str = ""
    phone: str = ""
    whole: bool = True


Read = Callable[[Sequence[Line]], Reading | None]
"""Reads lines, or gives up: then it is None."""


def read_within(
    lines: Sequence[Line], clock: Callable[[], float], seconds: float = float("inf")
) -> Reading:
    """What these lines hold, as far as they can be read before ``clock`` has gone on so long.

    The opening question goes first, then the latest. What was read before is remembered per
    text, so that the next time gets further.
    """
    until, kept = clock() + seconds, [line for line in lines if line.body]
    order, letters, taken = [*kept[:1], *reversed(kept[1:])], 0, list[Line]()
    for line in order[:MOST_LINES]:
        letters += len(line.body)
        if taken and (letters > MOST_LETTERS or clock() > until):
            break
        read([line])
        taken.append(line)
    found = read(sorted(taken, key=lambda line: line.seq))
    return replace(found, whole=len(taken) == len(kept))


def read(said: Sequence[Line]) -> Reading:
    """What these lines hold, each of which says something."""
    impact, hit = weigh_impact(said)
    urgency, pressing = weigh_urgency(said)
    told = (*questions(said), *steps(said), *tried(said), *literals(said), *environment(said))
    return Reading((*told, *hit, *pressing), impact, urgency, _title(said), _phone(said))


def _title(lines: Sequence[Line]) -> str:
    """The first substantive question or complaint of the requester, or "".

    Where somebody only sent a picture, it is what the specialist read in it.
    """
    said = {side: [line.body for line in lines if line.side is side] for side in Side}
    found = first_question(said[Side.REQUESTER])
    read = "" if weight(found) >= ENOUGH else first_question(said[Side.CENTRE])
    return max(found, read, key=weight)


def _phone(lines: Sequence[Line]) -> str:
    """The number that was named last to be called at, or ""."""
    named = [
        match.group(0)
        for line in lines
        if line.side is Side.REQUESTER
        for match in PHONE.finditer(line.body)
    ]
    return named[-1] if named else ""


def said_lines(conversation: Conversation, entries: Iterable[int] | None) -> list[Line]:
    """What everybody may read, of ``entries`` (None: all)."""
    picked = None if entries is None else set(entries)
    return [
        line
        for line in conversation.lines
        if line.visibility is Visibility.EVERYONE and (picked is None or line.pick in picked)
    ]


def noted_lines(conversation: Conversation, notes: Iterable[int]) -> list[Line]:
    """The internal notes with these numbers."""
    picked = set(notes)
    return [
        line for line in conversation.lines if line.kind is EntryKind.NOTE and line.pick in picked
    ]
