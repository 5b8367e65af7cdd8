"""What happened, in words: one set of templates for the screen, mail and a transcript.

The templates are data (``sentences.json``), in order: the first that fits says it. The pages fill
the same ones (``frontend/src/model/sentences.ts``); ``tests/data/sentences.json`` is the golden
file of both.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.shape import Shape

Facts = Mapping[str, JsonValue]
Say = Callable[[str], str]
Wanted = Literal[True] | str | tuple[str, ...]
GAP = re.compile(r"\{(\w+)\}")


class Reader(StrEnum):
    """Who reads it: a side on the screen, or the subject and the lines of a mail."""

    CENTRE = "centre"
    REQUESTER = "requester"
    SUBJECT = "subject"
    MAIL = "mail"


class Template(Shape, extra="forbid"):
    """What is said of a kind, to one reader or to all, ``when`` facts are so (``true``: there).

    A part of ``says`` whose gaps can not be filled is left out, except the first. ``tone`` and
    ``link`` are for the pages.
    """

    kind: str
    reader: Reader | None = None
    when: Mapping[str, Wanted] = {}
    tone: str = "plain"
    link: str = ""
    says: tuple[str, ...]

    def fits(self, kind: str, reader: Reader, facts: Facts) -> bool:
        """Whether this is what is said."""
        return (
            self.kind == kind
            and self.reader in (None, reader)
            and all(_is(facts.get(name), wanted) for name, wanted in self.when.items())
        )


class Templates(Shape, extra="forbid"):
    """The file: which facts are moments, the words for values, and the templates in order."""

    moments: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]]
    templates: tuple[Template, ...]


FILE = Path(__file__).with_name("sentences.json")
TEMPLATES = Templates.model_validate_json(FILE.read_bytes())


def tell(kind: str, reader: Reader, facts: Facts, say: Say) -> tuple[str, ...]:
    """The parts of what is said of it in the language of ``say``; none where nothing is said."""
    found = (one for one in TEMPLATES.templates if one.fits(kind, reader, facts))
    template = next(found, None)
    words = {name: _words(name, value, say) for name, value in facts.items()}
    parts = template.says if template else ()
    return tuple(
        GAP.sub(lambda gap: words.get(gap[1], ""), say(part))
        for place, part in enumerate(parts)
        if place == 0 or all(words.get(name) for name in GAP.findall(part))
    )


def _is(value: JsonValue, wanted: Wanted) -> bool:
    if wanted is True:
        return bool(value)
    return value in wanted if isinstance(wanted, tuple) else value == wanted


def _words(name: str, value: JsonValue, say: Say) -> str:
    """A value as it is read: who has a name by that, a moment as date and time."""
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if value and name in TEMPLATES.moments:
        at = datetime.fromisoformat(str(value)).astimezone(NETHERLANDS)
        return f"{at:%d-%m-%Y %H:%M}"
    text = "" if value is None else str(value)
    known = TEMPLATES.words.get(name, {}).get(text)
    return say(known) if known else text
