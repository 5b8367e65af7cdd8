"""What is quoted: messages, codes, stack traces, versions, screens and numbers, as typed.

The patterns were made with the conversations in tests/rules/corpus, all but the last part.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise

from vipservice.rules.incidents.model import FindingKind, Found, Line
from vipservice.rules.people import Side
from vipservice.rules.wording import REMEMBERED

LONGEST_ERROR = 160
LONG_NUMBER = 13
MOST = 200
"""So many finds of a kind are looked at: nobody reads more, and they are compared in pairs."""
JUST_BEFORE = 120


PHONE = re.compile(r"(?<![\w.-])(?:\+31|0031|0)[ -]?\(?0?\)?[1-9](?:[ -]?\d){8}(?!\d)")
_ASKED_FOR_ERROR = re.compile(
    r"\b(?:\w*melding|\w*code|\w*reden|resultaat|fout|error|console|logboek|log|tekst|beeld"
    r"|verschijnt|HTTP-status)\b"
    r"[^.!\n]*\?|\bwat\s(?:ziet|staat)\b[^.!\n]*\?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\n|[\"“„«][^\"“„«”»]{6,300}[\"”»]|(?<!\w)['‘][^'‘’]{6,300}['’](?!\w)")
_NO_ERROR = re.compile(r"^\W*(?:nee|neen|geen|niets|niks|weet|dat weet|ik|ja\b|nog)", re.IGNORECASE)
_NAME = (
    r"(?<![\w/&'-])[A-ZÀ-Ý][\w/&'-]{0,40}(?:\s(?:[A-ZÀ-Ý][\w/&'-]{0,40}|(?:en|van"
    r"|per)(?=\s[A-ZÀ-Ý])"
    r"|[a-z]{4,}(?:ingen|aten|en|ing|s)(?=\s(?:is|zijn|staat|niet)|[,.;:)?!\n]|$))){0,5}"
)
_TO = r"(?:>|→|-->|->|»)"
_PLACE = (
    r"(?i:scherm|schermpje|tabblad|tab|tabje|menu|menuoptie|knop|module|venster|veld|pagina|dialoog"
    r"|functie|overzicht|rubriek|optie|\w*rapportage|kolom|icoon|filter|ga naar|kies"
    r"|(?:klik|druk|tik)(?:ken|t)?(?: \w+)? op)"
)
_THEN = (
    r"(?=\s(?:is|staat|blijft|doet|geeft|werkt|komt|wordt|kan|en|bij|in|naar)\b|[,.;:)?!\"'’”]|$)"
)
_FAILED = (
    r"(?:\bniet\b|\bfout|mislukt|ongeldig|onbekend|reeds|ontbree?k|geweiger|verlopen|onvoldoende"
    r"|time-?out|beschadigd|\bgeen\b|failed|error|vergrendeld|afgebroken|wacht op|voor eerdere"
    r"|verplicht"
    r"|refused|denied|unable|cannot|could not|invalid|exception|violat|not found|unavailable"
    r"|expired"
    r"|te (?:veel|weinig|lang|groot|klein)|onderbroken|bestaat al|opnieuw|iets mis|afgekeurd)"
)
_WRONG = rf"(?:(?-i:[A-Z])[^\n'\"]*\d|{_FAILED})"
_CHOSEN = "".join(
    rf"(?<!{word} )" for word in ("uitkomst", "optie", "reden", "keuze", "waarde", "knop", "veld")
)
_CODE = r"(?<![\w-])[A-Z][A-Za-z]{1,6}(?:(?:-[A-Z]{2,3})?-\d{2,6}|\d{3,6})(?![\w-])"
_LITERALLY = r"(?=(?-i:[A-Z0-9\"'“‘<]))"
_CASE = (
    r"(?:\w*zaak|zaaknr|zaak-?id|dossier|akte|document\w*|order\w*|bestelling|\w*ticket\w*"
    r"|incident\w*"
    r"|\w*rapport|kenmerk|transactie\w*|batch\w*|job|taak|run|\w*(?:nummers?|nr)|aanvraag\w*"
    r"|bericht\w*"
    r"|\w*referentie\w*|afnemer|wijziging|change|selectie|nota|factuur\w*|aanslag\w*|\w*biljet"
    r"|registratie|(?<!fout)meldingen|(?<!fout)melding|debiteur|crediteur|beschikking|besluit"
    r"|correlatie-?id|verzoek\w*|klant|relatie|object|vergunning|scan|bon|polis|perceel|graf"
    r"|serie\w*)"
)
_LITERALS = {
    FindingKind.ERROR: (
        re.compile(
            rf"{_CHOSEN}[\"“”„«](?=[^\"“”„«»\n]*{_WRONG})([^\"“”„«»\n]{{3,300}})[\"“”»]",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?<!\w){_CHOSEN}['‘](?=[^'’\n]*{_WRONG})([^'’\n]{{6,200}})['’](?!\w|\saanv)",
            re.IGNORECASE,
        ),
        re.compile(r"<fault(?:string|code)>([^<\n]+)"),
        re.compile(
            r"^\d{4}-\d\d-\d\d[ T][\d:.,]+\s+(?:WARN|WARNING|ERROR|FATAL|SEVERE)\s+(.+)$",
            re.MULTILINE,
        ),
        re.compile(
            r"^(?:status|reason|reden|line \d+|melding):\s*(\S.{2,200})$",
            re.IGNORECASE | re.MULTILINE,
        ),
        re.compile(r"\b(?:retour|fout|status|reden|afwijs)code\s(\d{3,5})\b", re.IGNORECASE),
        re.compile(r"\b(\d{3}\s\d\.\d\.\d\s[A-Z][\w ]+)"),
        re.compile(
            rf":\s{{1,9}}(?-i:(?=[A-Z]))(?=[^\n.!?:]{{0,150}}{_FAILED})([^\n.!?]{{8,150}}'?)",
            re.IGNORECASE,
        ),
        re.compile(r"\bzegt (?:ie|hij|het systeem)\s([A-Z][^\n.,]{5,80})"),
        re.compile(rf"([A-Z][^\n.:;()\[\]\"“”„']{{5,80}}\s[(\[]{_CODE}[)\]])"),
        re.compile(r"\b(?:code|fout|foutcode|melding)\s(?:is\s)?([A-Z]{1,2}-\d{2,6})\b"),
        re.compile(
            r"(?:(?:fout|error)\s?(?:melding|code|bericht|tekst)?|melding|exception|foutmelding\w*)"
            rf"(?:\s(?:is|luidt|zegt|staat|op|in|het|scherm"
            rf"|beeld)){{0,3}}\s*[:=]\s*{_LITERALLY}([^\n.!?]{{3,300}}\S*)",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b((?:HTTP[ -/]?(?:\d\.\d )?)?[45]\d\d(?: [A-Z][a-z-]+)+|HTTP[ -/]?[45]\d\d)\b"
        ),
        re.compile(
            r"(?:\b(?:zegt|meldt|geeft|verschijnt|toont|staat|krijg\w*|log|logboek|eventlog"
            r"|console|faalt"
            r"|response|antwoord|letterlijk|met|tekst|kwam|komt)"
            r"(?:\s(?:hij|het|er|ie|dan|ik|bij|allemaal|in|systeem|we|wij)){0,3}\s?:)"
            rf"\s*{_LITERALLY}([^\n.!?]{{3,200}}\S*)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?:^|:\s|\b(?:staat|is|zegt|geeft|meldt)\s)({_CODE}:?\s(?:[^\n.!?]"
            rf"|[.](?=\S)){{3,120}})",
            re.MULTILINE,
        ),
        re.compile(rf"({_CODE}(?::(?:[^\n.!?]|[.](?=\S)){{3,200}})?)"),
        re.compile(
            r"((?:\b[A-Z]\w{1,40}\s){1,4}?(?:\w{1,40}\s){0,3}"
            r"(?:failed|denied|refused|not found|timed out|unavailable|is invalid|expired)\b"
            r"(?:\s?\([^)\n]{0,200}\))?)"
        ),
        re.compile(r"\b((?:foutcode|error|fout|code)\s\d{2,6})\b", re.IGNORECASE),
        re.compile(r"\b(0x[0-9A-Fa-f]{4,})\b"),
        re.compile(r"^[ \t]*(at\s[\w.$<>]+\(.*)$", re.MULTILINE),
        re.compile(
            r"^[ \t]*((?:Traceback|Caused by:|File\s\"|[\w.]+(?:Exception|Error|Fault)\b).*)$",
            re.MULTILINE,
        ),
        re.compile(r"(?<![\w.])([\w.]{1,120}(?:Exception|Error|Fault))\b"),
    ),
    FindingKind.VERSION: (
        re.compile(
            r"(?<![.\w])(?:\w*versie|version|release|build|patch|v|update|oracle|java|suite"
            r"|applicatie|driver|tool"
            r"|NVDA|LO|standaard|\w*pakket|firmware|chrome|firefox|edge|safari|client|zds"
            r"|service ?pack)"
            r"\.?\s?:?\s?(\d+(?:[._-]\w*\d+)*\w*(?:\s(?:hotfix|sp|patch|rc)\s?\d+)?)",
            re.IGNORECASE,
        ),
        re.compile(r"\b(20\d\d-[A-Z]\d{1,2})\b"),
        re.compile(
            r"(?<![\w.-])(?<!Rubriek )(\d{1,4}\.\d{1,3}\.\d{1,4}(?:\.\d+)?(?:-(?:rc|beta|p|b"
            r"|sp)\d+)?)(?![\w-])"
        ),
        re.compile(
            r"(?<![\w.,€/:-])(?<!€\s)(?<!om\s)(?<!voor\s)(?<!vóór\s)(?<!tot\s)(?<!rond\s)(?<!vanaf\s)"
            r"(?!\d{1,3}\.\d{3}\b)(\d{1,4}\.\d{1,3}(?:\s?(?:sp|hotfix|patch|rc)\s?\d+)?)"
            r"(?![\w:/-]|\.\d|,\d|\s?(?:uur|u|%|euro|[TGMk]B|ms|s|m|m2|km|jaar|stuks|personen"
            r"|keer)\b)",
            re.IGNORECASE,
        ),
    ),
    FindingKind.SCREEN: (
        re.compile(rf"({_NAME}(?: ?{_TO} ?{_NAME}){{1,8}})"),
        re.compile(
            rf"({_NAME}(?: ?{_TO} ?{_NAME}){{0,8}}? ?{_TO} ?[A-Z]\w+(?: [a-zà-ÿ]+){{1,2}})"
            r"(?=[,.;:)?!\n]|$)"
        ),
        re.compile(rf"\b{_PLACE}\s(?:heet\s)?[\"'‘“]?({_NAME})"),
        re.compile(
            rf"\b{_PLACE}\s[\"'‘“]?([A-Z]\w+(?:\s(?:per|van|voor|op)\s\w+|\s[a-z]+en)){_THEN}"
        ),
        re.compile(
            r"\bop\s[\"'‘“]?([A-Z]\w+(?:\s\w+)?)[\"'’”]?\s(?:klik|druk|tik|ge(?:klikt|drukt))"
        ),
        re.compile(r"\b([A-Z]\w+(?:\s[a-z]+)?)\s(?:aanklik|aangeklikt|aanvink|aangevinkt|aantik)"),
        re.compile(r"\b([A-Z][a-z]+(?:module|scherm|register))\b"),
        re.compile(r"^.*(?:[Kk]ies|[Kk]lik op|[Oo]pen)\s([A-Z][^\n.,;>]{2,40})$", re.MULTILINE),
        re.compile(r"[\"'‘“]([^\"'’”\n]{2,40})[\"'’”]-?(?:scherm|tabblad|knop|menu|venster|veld)"),
    ),
    FindingKind.NUMBER: (
        re.compile(
            rf"\b{_CASE}\.?(?:\s(?:van\s(?:\w+\s){{1,2}})?(?:is|heeft|met))?\s?:?\s?#?"
            r"((?=[\w./-]*\d)[A-Z0-9][\w/-]*(?:\.\d+)*)",
            re.IGNORECASE,
        ),
        re.compile(r"(?<![\w-])((?:19|20)\d{2}-\d{4,8})\b"),
        re.compile(
            r"(?<![\w./-])((?=(?:[^\s\d]{0,20}\d){3})(?=\S{0,30}[A-Z])[A-Z0-9]{1,20}(?:[./-][A-Z0-9]{1,20}){1,6})(?![\w-])"
        ),
        re.compile(r"(?<![\w./-])([A-Z]{1,5}\d{5,}(?:-\d+)?)(?![\w-])"),
        re.compile(r"(?<![\w./-])(\d{2}[-.]\d{5,}|\d{7,8}|\d{10,14})(?![\w-])"),
        re.compile(r"(?<![\w./-])(\d[ -]?[A-Z][ -]?\d{4})(?![\w-])"),
        re.compile(r"(?<![\w./-])([0-9a-f]{4}(?:-[0-9a-f]{4}){1,4})(?![\w-])"),
    ),
}
_NUMBERED = re.compile(
    rf"\b(?:{_CASE}|regel)[\s:#]+(?:(?!fout|code|error|melding|geeft|krijg)[\w-]+[\s:#]+){{0,2}}$",
    re.IGNORECASE,
)
_ASKED_FOR_NUMBER = re.compile(
    r"\b(?:\w*nummers?|\w*nr|kenmerk|referentie|\w+-id)\b[^.!\n]*\?", re.IGNORECASE
)
_BARE_CODE = re.compile(r"[A-Z]{1,6}-?\d{3,6}")


def literals(said: Sequence[Line]) -> Iterator[Found]:
    """Everything that is quoted, once each; of two that overlap the likelier or the longer one."""
    found = {kind: list(_found(kind, said)) for kind in _LITERALS}
    codes = _numbering(said)
    errors = [one for one in found[FindingKind.ERROR] if (one.seq, one.text) not in codes]
    versions = _without(
        found[FindingKind.VERSION],
        [one for one in found[FindingKind.NUMBER] if len(one.text) >= LONG_NUMBER],
    )
    named = [one for one in found[FindingKind.NUMBER] if (one.seq, one.text) in codes]
    numbers = _without(found[FindingKind.NUMBER], (*errors, *versions, *_phones(said)))
    yield from _once((*errors, *_told_errors(said)))
    yield from _once(versions)
    yield from _once(found[FindingKind.SCREEN])
    yield from _once((*named, *numbers))


def _found(kind: FindingKind, said: Sequence[Line]) -> Iterator[Found]:
    every = (Found(kind, words, line.seq) for line in said for words in _in_order(kind, line.body))
    return islice(every, MOST)


def _phones(said: Sequence[Line]) -> list[Found]:
    return [
        Found(FindingKind.NUMBER, match.group(0), line.seq)
        for line in said
        for match in PHONE.finditer(line.body)
    ]


def _without(finds: Iterable[Found], others: Iterable[Found]) -> list[Found]:
    """The finds that no other one of the same message holds."""
    held = tuple(others)
    return [
        one
        for one in finds
        if not any(one.seq == other.seq and one.text in other.text for other in held)
    ]


def _numbering(said: Sequence[Line]) -> set[tuple[int, str]]:
    """The bare codes, such as KR-20881, that are called the number of something."""
    return {
        (line.seq, code)
        for before, line in pairwise((said[0], *said) if said else ())
        for code in _numbers_in(line.body, asked=_asks_for_number(before))
    }


def _asks_for_number(line: Line) -> bool:
    return line.side is Side.CENTRE and bool(_ASKED_FOR_NUMBER.search(line.body))


@lru_cache(REMEMBERED)
def _numbers_in(text: str, *, asked: bool) -> tuple[str, ...]:
    return tuple(
        code.group(0)
        for code in _BARE_CODE.finditer(text)
        if asked or _NUMBERED.search(text[max(0, code.start() - JUST_BEFORE) : code.start()])
    )


def _told_errors(said: Sequence[Line]) -> Iterator[Found]:
    """Short answers to the question which message there was."""
    for before, line in pairwise(said):
        asked = before.side is Side.CENTRE and _ASKED_FOR_ERROR.search(before.body)
        short = len(line.body) <= LONGEST_ERROR and not _QUOTED.search(line.body)
        told = line.side is Side.REQUESTER and not _NO_ERROR.search(line.body)
        if asked and short and told and not _ASKED_FOR_NUMBER.search(before.body):
            yield Found(FindingKind.ERROR, line.body.strip(' ."“”'), line.seq)


@lru_cache(REMEMBERED)
def _in_order(kind: FindingKind, text: str) -> tuple[str, ...]:
    """Matches in the order of the text; of those at one place the longest."""
    hits = [
        (match.start(1), -match.end(1), match.group(1).strip(" .,;"))
        for pattern in _LITERALS[kind]
        for match in pattern.finditer(text)
    ]
    kept, furthest = [], 0
    for _, end, words in sorted(hits, key=lambda hit: hit[:2]):
        if words and -end > furthest:
            furthest = -end
            kept.append(words)
    return tuple(kept)


def _once(finds: Iterable[Found]) -> Iterator[Found]:
    """Without what another find holds already; the longer one stays."""
    kept: list[Found] = []
    for found in finds:
        if not any(found.text in known.text for known in kept):
            kept = [known for known in kept if known.text not in found.text] + [found]
    yield from sorted(kept, key=lambda one: one.seq)
