"""Conversations with what a good draft holds, and how well drafts hold it."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.incidents.draft import draft
from vipservice.rules.incidents.model import Conversation, FindingKind, IncidentDraft, Line
from vipservice.rules.incidents.reading import Reading, read_within
from vipservice.rules.people import Side

FOLDER = Path(__file__).parents[1] / "rules" / "corpus"
PARTS = ("develop", "held_out", "second", "third", "fourth", "last")
"""In the order in which they were written; all but the last were learned from."""
AT = datetime(2026, 4, 24, 16, 45)  # noqa: DTZ001 - the draft gets local time to print
BY_ENTRY = {
    "question": (FindingKind.QUESTION,),
    "tried": (FindingKind.TRIED,),
    "steps": (FindingKind.STEP,),
    "hit": (FindingKind.IMPACT, FindingKind.URGENCY),
}
BY_WORDS = {
    "errors": FindingKind.ERROR,
    "versions": FindingKind.VERSION,
    "screens": FindingKind.SCREEN,
    "numbers": FindingKind.NUMBER,
}
EQUAL = ("impact", "urgency")


@dataclass
class Score:
    """Counted over conversations: found and right, found, and to be found."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    met: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """What part of what was found is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """What part of what was to be found was found."""
        return self.met / self.wanted if self.wanted else 1.0


def conversations(part: str) -> list[dict[str, Any]]:
    """The labelled conversations of one of the parts."""
    text = (FOLDER / f"{part}.toml").read_text()
    return list(tomllib.loads(text)["conversation"])


def read_all(lines: Sequence[Line]) -> Reading:
    """What they hold, however long it takes: on a busy machine too."""
    return read_within(lines, lambda: 0.0)


def drafted(labelled: dict[str, Any]) -> IncidentDraft:
    """The draft of a labelled conversation; its lines are numbered from 1."""
    lines = tuple(_line(seq, *said) for seq, said in enumerate(labelled["lines"], 1))
    told = [line.body for line in lines if line.side is Side.REQUESTER and line.body]
    talk = Conversation(
        number="VIP-2026-000001", title=told[0], topic=labelled["topic"],
        municipality=labelled.get("municipality", "Amersfoort"),
        requester=labelled.get("requester", "Jeroen de Boer"), email="jeroen@test.example",
        phone=labelled.get("phone", ""), url="https://chat.example/chats/VIP-2026-000001",
        lines=lines,
    )  # fmt: skip
    return draft(talk, "vip-1", str, read_all)


def measured(labelled: list[dict[str, Any]]) -> dict[str, Score]:
    """The score of each field over these conversations."""
    scores: dict[str, Score] = {}
    for one in labelled:
        made = drafted(one)
        for name, found, wanted in _compared(one, made):
            _count(scores.setdefault(name, Score()), one["name"], found, wanted)
        for name, fine in _judged(one, made):
            score = scores.setdefault(name, Score())
            score.right, score.met = score.right + fine, score.met + fine
            score.found, score.wanted = score.found + 1, score.wanted + 1
            if not fine:
                score.missed.append(f"{one['name']}: {getattr(made, name, made.title)}")
    return scores


def _compared(
    labelled: dict[str, Any], made: IncidentDraft
) -> Iterator[tuple[str, set[str], set[str]]]:
    for name, kinds in BY_ENTRY.items():
        seqs = {str(one.seq) for one in made.found if one.kind in kinds}
        yield name, seqs, {str(seq) for seq in labelled[name]}
    for name, kind in BY_WORDS.items():
        yield name, {one.text for one in made.found if one.kind is kind}, set(labelled[name])


def _judged(labelled: dict[str, Any], made: IncidentDraft) -> Iterator[tuple[str, bool]]:
    title = made.title.lower()
    good = not labelled["title"] or any(part.lower() in title for part in labelled["title"])
    yield "title", good and not any(part.lower() in title for part in labelled["title_not"])
    yield "impact", made.impact == labelled["impact"]
    yield "urgency", made.urgency == labelled["urgency"]
    yield "left out", not any(part in made.description for part in labelled["not_in"])


def _count(score: Score, name: str, found: set[str], wanted: set[str]) -> None:
    """Words count when they are the same, or hold all of what was wanted and little more."""
    right = {one for one in found if any(_same(one, other) for other in wanted)}
    met = {one for one in wanted if any(_same(other, one) for other in found)}
    score.right, score.found = score.right + len(right), score.found + len(found)
    score.met, score.wanted = score.met + len(met), score.wanted + len(wanted)
    score.missed += [f"{name}: missed {one}" for one in sorted(wanted - met)]
    score.missed += [f"{name}: wrong {one}" for one in sorted(found - right)]


def _same(found: str, wanted: str) -> bool:
    return found == wanted or (
        not wanted.isdigit() and wanted in found and len(found) <= 1.5 * len(wanted) + 8
    )


def _line(seq: int, who: str, words: str) -> Line:
    note = who == "N"
    return Line(
        seq, AT, EntryKind.NOTE if note else EntryKind.MESSAGE,
        Visibility.CENTRE if note else Visibility.EVERYONE,
        Side.CENTRE if who in "SN" else Side.REQUESTER,
        "Sanne Vermeer" if who in "SN" else "Jeroen de Boer",
        "" if who == "F" else words, words if who == "F" else "",
    )  # fmt: skip
