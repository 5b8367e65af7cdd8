"""Opening hours as people write them ("08:00-17:00") and as the calendar counts them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from vipservice.rules.refusals import N_
from vipservice.rules.sla import Block, Calendar

NETHERLANDS = ZoneInfo("Europe/Amsterdam")
"""The zone of the municipalities: grants run by its days, people read its times."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BLOCK = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


def parse_blocks(texts: Iterable[str]) -> tuple[Block, ...]:
    """Blocks like "08:00-17:00", in order and without overlap; 24:00 is the end of the day.

    Raises ValueError with a sentence that names the block.
    """
    blocks = tuple(_parse_block(text) for text in texts)
    for (_, until), (since, _) in zip(blocks, blocks[1:], strict=False):
        if since < until:
            raise ValueError("opening blocks must be in order and must not overlap")
    return blocks


def _parse_block(text: str) -> Block:
    match = _BLOCK.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a block such as 08:00-17:00")
    hours, minutes, until_hours, until_minutes = map(int, match.groups())
    start, end = hours * 60 + minutes, until_hours * 60 + until_minutes
    if minutes > 59 or until_minutes > 59 or not start < end <= 1440:
        raise ValueError(f"the block {text!r} must start before it ends, within 00:00-24:00")
    return start, end


_LENIENT = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|tot)\s*(\d{1,2})[:.](\d{2})")


def read_blocks(text: str) -> tuple[Block, ...]:
    """Blocks as people type them, such as "8:00 - 12.30, 13:00-17:00"; nothing is closed.

    Raises ValueError with a message id.
    """
    parts = [part.strip() for part in re.split(r"[,;]|\ben\b", text) if part.strip()]
    matches = [_LENIENT.fullmatch(part) for part in parts]
    if not all(matches):
        raise ValueError(N_("Type hours such as 08:00-12:30, 13:00-17:00, or leave it empty."))
    found = [match.groups() for match in matches if match]
    try:
        return parse_blocks(f"{a:0>2}:{b}-{c:0>2}:{d}" for a, b, c, d in found)
    except ValueError:
        raise ValueError(
            N_("Each part starts before it ends, and the parts follow one another.")
        ) from None


def format_blocks(blocks: Iterable[Block]) -> list[str]:
    """The opposite of parse_blocks."""
    return [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in blocks]


def to_document(calendar: Calendar) -> dict[str, object]:
    """A calendar as plain JSON, the form in which versions are stored."""
    return {
        "timezone": calendar.zone,
        "holidays": calendar.country,
        "open_on": sorted(day.isoformat() for day in calendar.open_on),
        "special": {
            day.isoformat(): format_blocks(blocks) for day, blocks in calendar.special.items()
        },
        "weekly": {
            name: format_blocks(calendar.weekly[index]) for index, name in enumerate(WEEKDAYS)
        },
    }


def from_document(document: Mapping[str, object]) -> Calendar:
    """The opposite of to_document."""
    weekly, special, open_on = document["weekly"], document["special"], document["open_on"]
    assert isinstance(weekly, dict)
    assert isinstance(special, dict)
    assert isinstance(open_on, list)
    return Calendar(
        zone=str(document["timezone"]),
        weekly=tuple(parse_blocks(weekly[name]) for name in WEEKDAYS),
        country=str(document["holidays"]),
        open_on=frozenset(date.fromisoformat(day) for day in open_on),
        special={date.fromisoformat(day): parse_blocks(texts) for day, texts in special.items()},
    )
