"""Reads conversations.txt: talks as people have them."""

from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "conversations.txt"


@dataclass(frozen=True)
class Talk:
    """One conversation. ``lines`` start with R (requester), S (specialist) or N (note).

    ``present`` is how many minutes ago it began, for those that are still going on.
    """

    topic: str
    ending: str
    requester: str
    present: int | None
    lines: tuple[tuple[str, str], ...]


def read_talks() -> list[Talk]:
    """Every talk in the file."""
    blocks = FILE.read_text(encoding="utf-8").split("\n## ")[1:]
    return [_talk(block) for block in blocks]


def _talk(block: str) -> Talk:
    head, *rest = block.strip().splitlines()
    topic, ending, *more = (part.strip() for part in head.split("|"))
    lines = tuple((line[0], line[3:].replace("\\n", "\n")) for line in rest if line.strip())
    return Talk(
        topic, ending, more[0] if more else "", int(more[1]) if len(more) > 1 else None, lines
    )
