"""Reading what people type: the first real question, literal quotes, tell-tale words."""

import re
from functools import lru_cache

REMEMBERED = 2_000
"""So many texts are remembered with what was found in them: reading is the dearest thing here."""

_SHORTENED = "".join(
    rf"|(?<={word})\."
    for word in (
        "nr", "nrs", "bijv", "bv", "dhr", "mw", "mevr", "evt", "tel", "ca", "art", "incl", "excl",
        "max", "min", "blz", "resp",
    )
)  # fmt: skip
_SENTENCE = re.compile(rf"[^.!?\n]*(?:(?:\.(?=\S){_SHORTENED})[^.!?\n]*)*[.!?]*")
_GREETING = re.compile(
    r"""^\W*(?:(?:goe(?:de|ie|den|dendag)?|prettige)\s*(?:na)?(?:morgen|middag|avond|dag)
    |(?:morgen|middag|avond)(?=\s*[,!.])|hallo\w*|hoi|hai|hi|he+y?|he+j|h[ée]+|ha|moi|yo|dag
    |beste|geachte|goei\w+|l\.?s\.?|hello|good\s(?:morning|afternoon))\b[^,.!?:]*[,.!:]?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_SMALL_TALK = re.compile(
    r"""(?:(?:kunt|kun|wilt|kan)\s(?:u|je|jij|iemand)\s(?:mij|me|ons|even|misschien|hier\w*
    |\s)*(?:ergens\smee\s)?(?:even\s)?(?:verder\s)?helpen|ik\sheb\s(?:even\s)?een\s(?:korte\s
    |klein\w*\s)*(?:vraag|vraagje)(?:\s(?:voor|aan)\s\w+)?|is\ser\siemand|ben(?:t)?\s(?:u|je
    |jij)\s(?:er|daar)|alvast\sbedankt|bij\svoorbaat\sdank|(?:hartelijk\s)?dank\w*(?:\su\w*)?
    |(?:met\s)?(?:vriendelijke|hartelijke)\sgroet\w*|mvg|gr(?:oet\w*)?|fijne\s\w+
    |hoe\sgaat\shet)""",
    re.IGNORECASE | re.VERBOSE,
)
_PREAMBLE = re.compile(
    r"""^(?:(?:twee|drie|vier|een\spaar|enkele)\s(?:dingen|vragen|vraagjes|zaken|puntjes
    |problemen)(?:\s\w+)?\W*$|ik\swist\sniet\s(?:goed\s)?welk|dit\shoort\svast
    |(?:ik\sweet\sniet\sof\s)?(?:dit|deze\svraag)\s(?:hier\s)?hoort|dit\sis\s(?:nu\s|alweer\s
    |al\s)*de\s\w+\s(?:keer|maal)|(?:kunt|kun|wilt|kan)\s(?:u|je|iemand)\s(?:even\s
    |hier\s)*(?:mee)?kijken|hoe\s(?:moeilijk|lang|vaak)\s|wanneer\swordt\sdit|nu\sal\sweer
    |alweer\b|(?:ja\s)?ik\sben\s(?:van|nog|er\b)|met\s[A-Z]\w+\W*$|vraagje\W*$|of\seigenlijk
    |wat\sbetalen|wie\sheeft\sbedacht|eerst\szien|foto\s(?:\w+\s){0,4}gemaakt
    |al\s(?:\w+\s){1,4}hoor\sik|onbegrijpelijk|schandalig|belachelijk|ik\svraag\s(?:dit
    |het)\s(?:nu\s)?voor\sde\s|ik\skon\s[^.]{3,40}\sniet\s(?:in\sde\slijst\s)?vinden)""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_]+")
_THANKS = frozenset(
    _WORD.findall(
        """dank dankje dankjewel dankuwel bedankt bedank merci thanks thank thx ok oke oké okay top
        prima fijn super mooi perfect goed geweldig helder duidelijk begrepen"""
    )
)
_POLITENESS = frozenset(
    _WORD.findall(
        """u jij je jou you very much a lot wel hartelijk hartelijke heel erg veel voor uw jouw de
        het een snelle goede hulp antwoord reactie uitleg moeite alvast met vriendelijke groet
        groeten mvg gr fijne dag weekend middag avond en dan nog is dat hoor zo"""
    )
)


def is_only_thanks(text: str) -> bool:
    """Whether a message says thanks or "understood" and nothing else: it asks for no answer.

    Any other word or a question mark makes it something that may wait for an answer.
    """
    thanks = False
    for found in _WORD.finditer(text.lower()):
        if found[0] in _THANKS:
            thanks = True
        elif found[0] not in _POLITENESS:
            return False
    return thanks and "?" not in text


@lru_cache(REMEMBERED)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, without the white space around them."""
    return tuple(part.strip() for part in _SENTENCE.findall(text) if part.strip())


_RUN_UP = re.compile(
    r"""^(?:weet\siemand(?:\s(?:van\sjullie|hier|misschien|toevallig))*\s(?=hoe|waar|of|welke|wat)
    |(?:onderwerp|betreft|subject|mijn\svraag(?:\sis)?|de\svraag\sis|vraag(?:je)?|probleem
    |punt\s\w+)\s*:\s*)""",
    re.IGNORECASE | re.VERBOSE,
)


def substance(sentence: str) -> str:
    """What remains of a sentence without its greeting; "" when nothing is asked or told."""
    rest = _RUN_UP.sub("", _GREETING.sub("", sentence).strip(" ,;:-–"))
    bare = _SMALL_TALK.sub("", rest).strip(" ,.!?;:-–")
    return rest if len(bare.split()) >= 2 else ""


def without_preamble(sentence: str) -> str:
    """What follows a run-up such as "I did not know the topic: how do I …"; "" if nothing does."""
    return sentence.partition(": ")[2] if _PREAMBLE.search(sentence) else sentence


def cut(text: str, length: int) -> str:
    """``text`` in at most ``length`` characters, cut at a word where that is possible."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[length // 2 :] else head).rstrip(" ,;:") + "…"
