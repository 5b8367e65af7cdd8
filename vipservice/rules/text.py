"""Text from outside: in one form, and without what nobody can see."""

import re
import unicodedata

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
"""Letters and marks that show nothing; Unicode does not count them as control or format."""
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""They make a text read otherwise than it is stored (Unicode Standard Annex 9)."""
_LINE_END = re.compile("\r\n?|[\u0085\u2028\u2029]")
_NO_TEXT = frozenset({"Cc", "Cs", "Cn"})
"""Control characters, halves of a character, and what is no character."""
SHOWN = 8
"""So many letters before the extension are kept of a long name: they tell versions apart."""
_FOLDERS = re.compile(r"\A.*[/\\]", re.DOTALL)
_APOSTROPHES = "'\u2018\u2019`\u00b4"
_ARTICLE = re.compile(rf"^[{_APOSTROPHES}]([st])[ -](?=\w)", re.IGNORECASE)


def one_line(text: str) -> str:
    """A name, a title, a number: composed (NFC), one line, and nothing that can not be seen.

    >>> one_line(" Jan\u200b\\nde Boer ")
    'Jan de Boer'
    """
    composed = unicodedata.normalize("NFC", text)
    if not _is_plain(composed):
        composed = "".join(
            letter
            for letter in _UNSEEN.sub("", composed)
            if letter.isspace() or unicodedata.category(letter) not in _NO_TEXT | {"Cf"}
        )
    return " ".join(composed.split())


def lines(text: str) -> str:
    """What somebody says: composed, with its line breaks and the indent of its first line.

    Emoji are kept whole; a text in which nothing can be seen is "".
    """
    kept = unicodedata.normalize("NFC", text)
    if not _is_plain(kept):
        kept = "".join(
            letter
            for letter in _DIRECTION.sub("", _LINE_END.sub("\n", kept))
            if letter in "\n\t" or unicodedata.category(letter) not in _NO_TEXT
        )
        kept = kept if one_line(kept) else ""
    kept = kept.rstrip()
    return re.sub(r"\A(?:[^\S\n]*\n)+", "", kept) if kept[:1].isspace() else kept


def _is_plain(text: str) -> bool:
    """Whether nothing is to be left out, as of nearly all that people write: that is quick."""
    printable = text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable()
    return printable and (text.isascii() or not _UNSEEN.search(text))


def file_name(given: str, length: int) -> str:
    """The name of a file without its folders; a long one is cut in the middle, never its end."""
    name = one_line(_FOLDERS.sub("", given))
    if len(name) <= length:
        return name
    stem, dot, extension = name.rpartition(".") if "." in name else (name, "", "")
    end = "…" + f"{stem[-SHOWN:]}{dot}{extension}"[-length // 2 :]
    return name[: length - len(end)] + end


def plain_file_name(given: str, length: int) -> str:
    """A name of letters of any script, digits, dots and dashes, with its extension.

    >>> plain_file_name("отчёт (1).pdf", 80)
    'отчёт-1.pdf'
    """
    stem, dot, extension = file_name(given, length).replace("…", "-").rpartition(".")
    parts = [_plain(part) for part in (stem, extension)]
    return f"{parts[0] or 'bestand'}{dot}{parts[1]}".strip(".") if dot else parts[1] or "bestand"


def _plain(name: str) -> str:
    """Letters with their marks, digits, dots and dashes."""
    kept = (one if one in "._-" or unicodedata.category(one)[0] in "LMN" else "-" for one in name)
    return re.sub("-+", "-", "".join(kept)).strip("-.")


def sort_key(name: str) -> tuple[str, str]:
    """Where a Dutch reader looks for a name: accents, case and apostrophes do not count.

    's-Hertogenbosch stands under the H and 't Zandt under the Z.
    """
    bare = unicodedata.normalize("NFKD", _ARTICLE.sub("", name))
    letters = (one for one in bare if not unicodedata.combining(one) and one not in _APOSTROPHES)
    return "".join(letters).casefold(), name
