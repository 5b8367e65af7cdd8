"""A text that Redmine shows as it is: mark-up, mentions and macros are live in all others.

What would end the literal block gets a letter without width behind its first character, which is
taken out again where the text is read back. One block a text, and nothing after it (tried on
Redmine 5 with each of its text formattings).
"""

import re

BREAK = "\u200b"
_TAG = rf"(<)(?={BREAK}*/?(?:pre|code|kbd|notextile))|(x%)(?={BREAK}*(?:x%|&))"
_BROKEN_TAG = rf"(<){BREAK}(?={BREAK}*/?(?:pre|code|kbd|notextile))|(x%){BREAK}(?={BREAK}*(?:x%|&))"
_FENCE = rf"([`~])(?={BREAK}*\1{BREAK}*\1)"
_BROKEN_FENCE = rf"([`~]){BREAK}(?={BREAK}*\1{BREAK}*\1)"
WIDTH = 120
"""Characters of a line: a longer one would have to be scrolled."""


def to_literal(text: str, markup: str) -> str:
    """The text as a literal block, in ``textile`` or in ``markdown`` (CommonMark too)."""
    folded = "\n".join(_folded(line) for line in text.split("\n"))
    if markup == "markdown":
        return "```\n" + re.sub(_FENCE, rf"\1{BREAK}", folded) + "\n```"
    harmless = re.sub(_TAG, lambda m: m[0] + BREAK, folded, flags=re.IGNORECASE)
    return f"<pre>\n{harmless}\n</pre>"


def from_literal(text: str) -> str:
    """The text of such a block; of anything else the text itself."""
    plain = text.replace("\r\n", "\n")
    if found := re.fullmatch(r"```\n(.*)\n```", plain, re.DOTALL):
        return _unfolded(re.sub(_BROKEN_FENCE, r"\1", found[1]))
    if found := re.fullmatch(r"<pre>\n(.*)\n</pre>", plain, re.DOTALL):
        whole = re.sub(_BROKEN_TAG, lambda m: m[1] or m[2], found[1], flags=re.IGNORECASE)
        return _unfolded(whole)
    return text


def _folded(line: str) -> str:
    """A long line over several, each broken at a blank that is known again by its letter."""
    parts = []
    while len(line) > WIDTH:
        at = line.rfind(" ", 1, WIDTH)
        at = at if at > 0 else line.find(" ", WIDTH)
        if at < 0:
            break
        parts.append(line[:at] + BREAK)
        line = line[at + 1 :]
    return "\n".join([*parts, line])


def _unfolded(text: str) -> str:
    return text.replace(f"{BREAK}\n", " ")
