"""Collects the texts of the sources into the catalogues: `make translations`."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from vipservice.rules.sentences import GAP, TEMPLATES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "vipservice"
TRANSLATIONS = PACKAGE / "translations"
SOURCES = {"messages": ["N_"], "frontend": ["t", "tn:1,2"], "sentences": []}
PLACES = {"messages": PACKAGE, "frontend": PACKAGE / "frontend/src", "sentences": PACKAGE / "rules"}


def extract(domain: str, folder: Path) -> Path:
    """A template with every text of a domain."""
    keywords = [word for keyword in SOURCES[domain] for word in ("-k", keyword)]
    template = folder / f"{domain}.pot"
    mapping = TRANSLATIONS / f"{domain}.cfg"
    _babel(
        "-q", "extract", "-F", str(mapping), "--no-location", "--omit-header", "--sort-output",
        *keywords, "-o", str(template), str(PLACES[domain]),
    )  # fmt: skip
    return template


def update(domain: str, template: Path) -> None:
    """Brings the Dutch catalogue up to date with a template."""
    file = TRANSLATIONS / "nl" / "LC_MESSAGES" / f"{domain}.po"
    verb = "update" if file.exists() else "init"
    more = ["--no-fuzzy-matching", "--ignore-obsolete"] if verb == "update" else []
    _babel(
        "-q",
        verb,
        "-w",
        "100",
        "-i",
        str(template),
        "-o",
        str(file),
        "-l",
        "nl",
        "-D",
        domain,
        *more,
    )


def extract_sentences(
    *_source: object, **_more: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extractor for rules/sentences.json, as its cfg names it."""
    parts = [part for template in TEMPLATES.templates for part in template.says]
    said = [part for part in parts if GAP.sub("", part)]
    known = [word for words in TEMPLATES.words.values() for word in words.values()]
    return ((0, None, text, []) for text in dict.fromkeys([*known, *said]))


def _babel(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", *arguments], check=True)


if __name__ == "__main__":
    for name in SOURCES:
        update(name, extract(name, Path("/tmp")))
