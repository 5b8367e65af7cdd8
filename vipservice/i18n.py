"""Translations: the catalogues, and the one who turns a message id into the reader's words."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

LANGUAGES = ("nl", "en")
DEFAULT = "nl"
CATALOGUES = Path(__file__).parent / "translations"


@cache
def catalogue(language: str, domain: str = "messages") -> NullTranslations:
    """The catalogue of a language; English, the language of the ids, has none."""
    return Translations.load(CATALOGUES, [language], domain)


def translator(language: str, domain: str = "messages") -> Callable[[str], str]:
    """gettext of a language."""
    return catalogue(language, domain).gettext


def teller(language: str) -> Callable[[str], str]:
    """gettext of the sentences about what happened (``rules/sentences.json``)."""
    return translator(language, "sentences")


def frontend_messages(language: str) -> dict[str, str]:
    """Every text of the pages' scripts in that language, by id; plurals as "id|plural"."""
    return {
        (key if isinstance(key, str) else f"{key[0]}|{key[1]}"): text
        for domain in ("frontend", "sentences")
        for key, text in getattr(catalogue(language, domain), "_catalog", {}).items()
        if key
    }
