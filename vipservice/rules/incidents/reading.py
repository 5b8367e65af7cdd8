"""What a conversation holds, found by patterns: every find keeps the entry it came from."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.incidents.model import Conversation, Found, Impact, Kind, Line, Urgency
from vipservice.rules.incidents.patterns import (
    ASKED_FOR_ERROR,
    ENVIRONMENT,
    FURTHER,
    IMPACTS,
    LITERALS,
    NEGATED,
    NO_ERROR,
    ONLY_QUOTES,
    PHONE,
    SIGN_OFF,
    STEPS,
    TRIED,
    TRIED_QUESTION,
    URGENCIES,
)
from vipservice.rules.people import Side
from vipservice.rules.wording import (
    first_question,
    is_only_thanks,
    sentences,
    substance,
    without_preamble,
)

LONGEST_ERROR, TELLING = 160, 25
Level = TypeVar("Level", bound=StrEnum)


@dataclass(frozen=True)
class Reading:
    """Everything that was found, in the order of the timeline within a kind, and what it weighs."""

    found: tuple[Found, ...]
    impact: Impact
    urgency: Urgency


def read(lines: Sequence[Line]) -> Reading:
    """What these lines hold."""
    said = [line for line in lines if line.body]
    impact, hit = _weigh(said, Kind.IMPACT, IMPACTS, Impact.PERSON)
    urgency, pressing = _weigh(said, Kind.URGENCY, URGENCIES, Urgency.NORMAL)
    told = (*_questions(said), *_steps(said), *_tried(said), *_literals(said), *_environment(said))
    return Reading((*told, *hit, *pressing), impact, urgency)


def title_of(conversation: Conversation, lines: Sequence[Line]) -> str:
    """The first substantive question or complaint of the requester, else the chat's title."""
    asked = [line.body for line in lines if line.side is Side.REQUESTER and line.body]
    return first_question(asked) or conversation.title


def phone_of(conversation: Conversation, lines: Sequence[Line]) -> str:
    """The number that was named last to be called at, else that of the account."""
    named = [
        match.group(0)
        for line in lines
        if line.side is Side.REQUESTER
        for match in PHONE.finditer(line.body)
    ]
    return named[-1] if named else conversation.phone


def chosen_lines(
    conversation: Conversation, entries: Iterable[int] | None, notes: Iterable[int]
) -> list[Line]:
    """The lines that go along: of ``entries`` (None: all), and of the internal notes ``notes``."""
    picked, noted = None if entries is None else set(entries), set(notes)

    def wanted(line: Line) -> bool:
        if line.visibility is Visibility.CENTRE:
            return line.kind is EntryKind.NOTE and line.seq in noted
        return picked is None or line.seq in picked

    return [line for line in conversation.lines if wanted(line)]


def _questions(said: Sequence[Line]) -> Iterator[Found]:
    """What the requester told before the first answer, and what was brought up later.

    What only quotes, or tells what was tried, has a place of its own.
    """
    told, answered = False, False
    for line in said:
        says = _says(line.body)
        if line.side is Side.CENTRE:
            answered = answered or (told and bool(says))
        elif says and (FURTHER.search(says) or not answered) and (not told or _asks(says)):
            told = True
            yield Found(Kind.QUESTION, says, line.seq)


def _asks(text: str) -> bool:
    """Whether a line after the first one brings up something, and does not only add to it."""
    if FURTHER.search(text) or text.endswith("?"):
        return True
    return len(text) >= TELLING and not TRIED.search(text) and not ONLY_QUOTES.search(text)


def _says(text: str) -> str:
    """A text without greetings, run-up, thanks and signature; "" when nothing remains."""
    kept = [
        rest
        for row in SIGN_OFF.sub("", text).splitlines()
        if (rest := " ".join(filter(None, map(_own, sentences(row)))))
    ]
    return "" if is_only_thanks(text) else "\n".join(kept)


def _own(sentence: str) -> str:
    return without_preamble(substance(sentence))


def _steps(said: Sequence[Line]) -> Iterator[Found]:
    for line in said:
        if line.side is Side.REQUESTER and STEPS.search(line.body):
            yield Found(Kind.STEP, _matching(STEPS, line.body), line.seq)


def _tried(said: Sequence[Line]) -> Iterator[Found]:
    """What was tried or checked; also the answer to the question whether it was."""
    asked = ""
    for line in said:
        if line.side is Side.CENTRE and "?" in line.body:
            asked = line.body if TRIED_QUESTION.search(line.body) else ""
        elif TRIED.search(line.body):
            yield Found(Kind.TRIED, _matching(TRIED, line.body), line.seq)
            asked = ""
        elif line.side is Side.REQUESTER:
            if asked and "?" not in line.body:
                yield Found(Kind.TRIED, f"{asked} {line.body}", line.seq)
            asked = ""


def _matching(pattern: re.Pattern[str], text: str) -> str:
    """The sentences that say it; the whole text when it takes more than one to say it."""
    found = [part for part in sentences(text) if pattern.search(part)]
    return " ".join(found) or _says(text) or text


def _literals(said: Sequence[Line]) -> Iterator[Found]:
    """Messages, codes, stack traces, versions, screens and numbers, exactly as typed, once."""
    for kind, patterns in LITERALS.items():
        found = [
            Found(kind, words, line.seq)
            for line in said
            for words in _in_order(patterns, line.body)
        ]
        if kind is Kind.ERROR:
            found += _told_errors(said, {one.seq for one in found})
        yield from _once(found)


def _told_errors(said: Sequence[Line], known: set[int]) -> Iterator[Found]:
    """Short answers to the question which message there was, where nothing else was found."""
    for before, line in pairwise(said):
        asked = before.side is Side.CENTRE and ASKED_FOR_ERROR.search(before.body)
        short = len(line.body) <= LONGEST_ERROR and "\n" not in line.body
        told = line.side is Side.REQUESTER and not NO_ERROR.search(line.body)
        if asked and short and told and line.seq not in known:
            yield Found(Kind.ERROR, line.body.strip(' ."“”'), line.seq)


def _in_order(patterns: Iterable[re.Pattern[str]], text: str) -> list[str]:
    """Matches in the order of the text; of those at one place the longest."""
    hits = [
        (match.start(1), match.end(1), match.group(1).strip(" .,;"))
        for pattern in patterns
        for match in pattern.finditer(text)
    ]
    hits.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
    kept: list[tuple[int, int, str]] = []
    for start, end, words in hits:
        if words and not any(s <= start and end <= e for s, e, _ in kept):
            kept.append((start, end, words))
    return [words for *_, words in sorted(kept)]


def _once(finds: Iterable[Found]) -> Iterator[Found]:
    """Without what another find holds already; the longer one stays."""
    kept: list[Found] = []
    for found in finds:
        if not any(found.text in known.text for known in kept):
            kept = [known for known in kept if known.text not in found.text] + [found]
    yield from sorted(kept, key=lambda one: one.seq)


def _environment(said: Sequence[Line]) -> Iterator[Found]:
    seen: set[str] = set()
    for line in said:
        for match in ENVIRONMENT.finditer(line.body):
            if match.group(1).lower() not in seen:
                seen.add(match.group(1).lower())
                yield Found(Kind.ENVIRONMENT, match.group(1), line.seq)


def _weigh(
    said: Sequence[Line], kind: Kind, levels: Mapping[Level, re.Pattern[str]], otherwise: Level
) -> tuple[Level, list[Found]]:
    """The heaviest level of which the requester used words that were not denied, with the words."""
    asked = [line for line in said if line.side is Side.REQUESTER]
    for level, pattern in levels.items():
        finds = [
            Found(kind, match.group(0), line.seq)
            for line in asked
            for match in pattern.finditer(line.body)
            if not NEGATED.search(line.body[: match.start()])
        ]
        if finds:
            return level, finds
    return otherwise, []
