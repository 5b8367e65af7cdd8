"""What people tell: the question, how to see it, what was tried and ruled out.

The patterns were made with the conversations in tests/rules/corpus, all but the last part.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from vipservice.rules.gist import TELLING, bare, is_aside, weight
from vipservice.rules.incidents.model import FindingKind, Found, Line
from vipservice.rules.people import Side
from vipservice.rules.wording import REMEMBERED, sentences

BEGINNING = 2
SHORTEST_STEPS = 30


_INVITES = re.compile(
    r"\b(?:zeg(?:t|g\w*)?\s(?:u\s)?(?:het|'t)?\s?maar|vertel\w*|waarmee|wat\sis\ser|wat\skan\sik"
    r"|waar\sgaat\shet"
    r"|(?:nog|verder)\siets|in\séén\szin|waar\skan\sik)\b",
    re.IGNORECASE,
)
_LOG_LINE = re.compile(r"\b\d\d:\d\d:\d\d\b")
_FURTHER = re.compile(
    r"^[^\w\n]{0,9}(?:en\s(?:dan\s)?(?:nog\s|de\s|het\s|ook\s)|los\sdaarvan|daarnaast|verder\s"
    r"|o\sja|oja\b"
    r"|vraag\s\d|\d[.)]\s)"
    r"|\blos\sdaarvan\b|\biets\sanders\b",
    re.IGNORECASE,
)
_ONLY_QUOTES = re.compile(
    r"^[^\w\n]{0,9}(?:uit\sde\slog|at\s|[\w.]+(?:Exception|Error)|<|\{|Traceback"
    r"|[A-Z]{3,6}-?\d{3,})"
    r"|:\s*$|^[^\w\n]{0,9}(?:versie|order|gevolg|uitgevoerd|kopie|bestand|zaak|haar|zijn)\b"
    r"|^[\w\s>]+>\s\w",
    re.IGNORECASE,
)
_DONE = (
    r"\w{0,30}(?:start|probeerd|controleerd|keken|checkt|lopen|test|leegd|wist|wijderd|meld|logd|gewerkt"
    r"|stalleerd|vangen|wisseld|ververst|zet|sloten|beld|reset|schoond|stel[dl]|laden|geleken"
    r"|vraagd"
    r"|opend|daan|draaid|kend|leeggooid|maakt|bootst|meten|ficeerd|plaatst|grendeld|boden|nomen"
    r"|bruikt"
    r"|haald|speeld|trapt|wacht|vestigd|vuld|voerd|zocht|steld|gezien|gelet|geveegd|gedrukt|gelezen"
    r"|getrokken|gestoken|gekoppeld|gezet)"
)
_PARTICIPLE = rf"(?=\w{{0,30}}(?:ge|be|ver|her|ont|ac|op|af))(?!gemaild|gekregen){_DONE}"
_TRIED = re.compile(
    rf"""\b(?:heb(?:ben|t)?|heeft|is|zijn|hadden|had
        |ben)\b[^.?!\n]{{0,80}}\b{_PARTICIPLE}\b(?![^.!\n]*\?)
    |\b(?:al|opnieuw|net|zojuist|zelf|ook|weer|nog|beide|gisteren|ff|even|net|inmiddels
        |reeds|handmatig|[a-z]+matig)\s(?:\w+\s){{0,4}}{_PARTICIPLE}\b(?![^.!\n]*\?)
    |^[^\w\n]{{0,9}}(?:met\s)?[\w-]+(?:\s[\w-]+){{0,5}}\s(?!worden
    |wordt)\b(?:\w{{0,30}}ge){_DONE}\b\W*(?:,
        |en\b|$)
    |\bgeprobeerd\b(?![^.!\n]*\?)|\buit\sen\s(?:weer\s)?aan\b|^[^\w\n]{{0,9}}uitgevoerd\s?:
    |\bzonder\s(?:resultaat|succes|effect|verschil)\b|\bniet\sgeholpen\b|\bgeen\seffect\b
    |\b(?:ligt|lag|zit)\s(?:het\s|hem\s)?(?:\w+\s)?niet\s(?:aan|in)\b
    |\bsluit(?:en)?\s(?:\w+\s){{0,4}}uit\b|\b(?:reproduceren|nabootsen|nagedaan|nagespeeld)\b
    |\bnog\ssteeds\b
    |\b(?:zelf|server|service|dienst|proces|netwerk|verbinding)\s(?:is\sup|draait|werkt
        |doet\shet)\b""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_RULED_OUT = re.compile(
    r"""\b(?:helpt|hielp|werkt|werkte|baat)(?:\s\w+){0,3}\s(?:niet|niets|niks|ook\sniet)\s*[.!,]*$
    |\b(?:maakt|gaf|geeft|scheelt)\s(?:\w+\s)?(?:geen\sverschil|niets|niks|hetzelfde)\b
    |\b(?:ook|zelfde|wel|niet)\s(?:\w+\s){0,3}(?:in|op|met|via|onder)\s(?:een\s)?(?:andere?
        |nieuwe)\b
    |\b(?:andere?)\s(?:pc|computer|browser|werkplek|gebruiker|account|printer|scanner|laptop
        |pdf|bestand)\b
    |\b(?:\w+[^e\W]t|gaan|doen|komen|werken|kunnen|kan|lukte|werkte|ging|gingen|had
        |hebben)\s(?:\w+\s){0,3}w[eé]l\b(?!\s(?:even|eens|graag|al|weer|heel|erg|een|iets|handig
        |fijn))(?![^.!\n]*\?)
    |\bw[eé]l\s(?:\w+\s){0,2}(?:goed|bij\s\w+)\b(?![^.!\n]*\?)
    |\b(?:werkt|gaat|gaan|doet|draait|ging|opent|is|via|naar)\b[^.!?\n]{0,40}\b(?:prima
        |gewoon\sgoed|wel\sgoed|geen\sprobleem|in\sorde|is\sgoed|gaat\sgoed|zonder\sproblemen)\b
    |\bgeen\sverschil\b|\b(?:is|zijn)\s(?:het|dat|hij)\s(?:dus\s)?niet\b
    |\bdus\s(?:\w+\s){0,4}niet\b|\b(?:kreeg|krijg|heb)\sik\s(?:het|t|'t)\szelfde\b
    |\bprecies\seender\b
    |\b(?:heb|heeft|hebben)\s(?:ik\s|k\s)?(?:het|t|'t|'m|m|em|er|dat|hem)\s(?:\w+\s)?(?:ook
        |wel|niet)\b
    |\b(?:is|zijn|klopt|kloppen)\s(?:dus\s|gewoon\s|wel\s)*(?:oké|ok|compleet|gewoon
        |volledig|[ií]s)\b
    |\b[ií]s\svolledig\b|\bidem\b|\bverandert\s(?:er\s)?(?:niks|niets)\b
    |\bblijft\s(?:zo|hetzelfde|gelijk)\b|\b(?:precies|exact)\s(?:hetzelfde|gelijk)\b
    |\bis\s(?:de\s\w+\s)?het\sniet\b
    |\b(?:de)?zelfde\s(?:fout|resultaat|melding|probleem|verhaal|aantal|uitkomst|verhouding
        |foutmelding)\b
    |[,;.:]\s(?:zelfde|niks|niets|noppes|geen\s(?:resultaat|verandering|verbetering))\s*[.!]*$
    |\b(?:gaat|is|doet|werkt)\s(?:het\s)?(?:ook\s|dan\s)*(?:fout|mis|raak)\b
    |\bdoe[tn]\s(?:het|'t|t)\b(?!\s*(?:ook\s)?(?:niet|nie))(?![^.!\n]*\?)|\bniet\swaar\b
    |\book\snee\b|\bzelfde\seuvel\b|\bgaat\shet\b(?=\W*$)|\bstromen?\sgewoon\b
    |\bmaakt\sniet\suit\b|\bschoot\s(?:\w+\s){0,3}niks\b|\bbaten\b|\bniet\sgebaat\b
    |\bgeen\slast\b(?![^.!\n]*\?)|\bnagekeken\b""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_OBSERVED = re.compile(r"\b(?:ik zie|zie ik|wij zien|zien we)\b(?![^.!\n]*\?)", re.IGNORECASE)
_TRIED_QUESTION = re.compile(
    r"""(?:^|[.,!:;]\s+|\b(?:en|ook|of|dan|maar)\s)(?:is|zijn|staat|staan|klopt|heeft
    |heb(?:t|ben|je)?|doet|doen|gebeurt|werkt|werken|komt|komen|geeft|gaat|lukt|ziet|zie|krijgt
    |krijg|speelt|kunt|kun|kan|kunnen|wilt|wil|zou|zoudt|blijft|was|waren|had|zit|zitten|loopt
    |ligt|verschijnt|draait|reageert|opent|alleen|zelfde|dezelfde|ook|wel|zonder|met
    |een\sandere?|op\s(?:alle|elke|een\sandere?)|bij\s(?:alle|iedereen|elke|een\sandere?)|al\b
    |test|probeer)\b[^.!?\n]*\?""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKED_FOR_FACTS = re.compile(
    r"""\b(?:welke?|wat|wanneer|hoeveel|hoe\s(?:lang|laat|vaak|veel|heet)|waar\w*|wie|sinds|waarom
    |versie|\w*nummers?|voorbeeld\w*|een\spaar|datum|van\sdienst|kenmerk|\w*foutmelding|foutcode
    |een\s(?:fout|melding)|iets|logboek|schermafdruk|screenshot|foto|stappen|haast|spoed|akkoord
    |bellen|sturen|mailen|doorgeven|delen|noemen|geven|bedoelt|bedoel|beschrijven|vertellen
    |uitleggen|overnemen|overtypen|opgelost|verder|mag|duidelijk|gelukt|tevreden|gevolgen
    |noteren|wachten|patroon|gaat\shet\som
    |is\s(?:dat|het)\s?(?:uw|je|de)?\s?(?:vraag|punt)?\W*\?|klopt\s(?:dat|het|dit)
    |(?:elke|iedere)\skeer|altijd)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKED_FOR_STEPS = re.compile(
    r"""\b(?:hoe\s(?:maak|maken|doe|doet|doen|gaat|start|opent|komt?\su)
    |welke\s(?:stappen|handelingen)|wat\s(?:doet|deed|doen|klikt)\s|(?:het|uw)\spad\b
    |stap\svoor\sstap|noteren\swat|nadoen|reproduceren|vlak\s(?:hier)?voor)[^.!\n]*\?""",
    re.IGNORECASE | re.VERBOSE,
)
_STEPS = re.compile(
    r"""(?s:\b1[.):]\s.{4,300}\b2[.):]\s)
    |^[ \t]*(?:stap\s\d|stappen\s?:|dus\sje\s|[-*•]\s*(?:open|klik|kies|ga)\b)
    |\b(?:als|wanneer|zodra|nadat|telkens\sals)\s(?:ik|k|wij|we|je|u|men|iemand
        |(?:een|de|mijn)\scollega)\s[^.?!\n]{0,120}\b(?:klik|kies|open|druk|voer|vul|sla
        |selecteer|wil|probeer|ga|log|start|zoek|maak|bekijk|verstuur|scan|print|opslaan|openen
        |afdrukken|invoeren|kiezen|klikken|selecteer)\w*
    |>\s[A-Z]\w+,\s\w+|\b\w{3,30}en,\s[^.]{3,60}\b\w{3,30}en,\s(?:dan|daarna|en)\b
    |\bop\s[A-Z]\w+(?:\s\w+)?\s(?:ge(?:drukt|klikt)|klikken|drukken)\b
    |\b(?:ge|in|op)\w+(?:d|t|en)\sen\s(?:\w+\s){0,4}ge(?:klikt|drukt|kozen)\b
    |\beerst\b[^?]{0,200}\b(?:dan|daarna|vervolgens)\b|(?:[^,.;>\n]{2,60}\b\w{1,30}en,\s){2}
    |\bik\s(?:klik|kies|open|ga\snaar|druk|voer|vul)\b[^?]{0,200}\b(?:en|dan|daarna
        |vervolgens)\b""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)


def questions(said: Sequence[Line]) -> Iterator[Found]:
    """What the requester told before the first answer, and what was brought up later.

    What only quotes, or tells what was tried, has a place of its own. Where nothing tells much,
    it is what tells most.
    """
    told, answered, invited = False, False, True
    for line in said:
        says = bare(line.body)
        if line.side is Side.CENTRE:
            answered = answered or (told and bool(says))
            invited = bool(_INVITES.search(line.body))
        elif _asks(says, invited) and (invited or not answered or _goes_on(says)):
            told, invited = True, False
            yield Found(FindingKind.QUESTION, says, line.seq)
    if not told:
        asked = [(says, line.seq) for line in said if (says := _said_by_requester(line))]
        best = sorted(asked, key=lambda one: weight(one[0]), reverse=True)[:1]
        yield from (Found(FindingKind.QUESTION, says, seq) for says, seq in best)


@lru_cache(REMEMBERED)
def _asks(text: str, first: bool) -> bool:
    """Whether it brings up something; after the first time, not what only quotes or was tried."""
    return any(
        weight(part) >= TELLING
        and (
            first
            or not (_TRIED.search(part) or _RULED_OUT.search(part) or _ONLY_QUOTES.search(part))
        )
        for part in sentences(text)
    )


def _goes_on(text: str) -> bool:
    return bool(_FURTHER.search(text)) or text.endswith("?")


def _said_by_requester(line: Line) -> str:
    return bare(line.body) if line.side is Side.REQUESTER else ""


def steps(said: Sequence[Line]) -> Iterator[Found]:
    """What one does to see it; also the answer to the question how."""
    asked = False
    for line in said:
        if line.side is Side.CENTRE:
            asked = bool(_ASKED_FOR_STEPS.search(line.body))
            continue
        told = asked and "?" not in line.body and len(line.body) >= SHORTEST_STEPS
        words = bare(line.body) if told else _matching((_STEPS,), line.body)
        if words:
            yield Found(FindingKind.STEP, words, line.seq)
        asked = False


def tried(said: Sequence[Line]) -> Iterator[Found]:
    """What was tried, seen or ruled out; also the answer to the question whether it was.

    In the opening words contrasts ("verzenden gaat nog wel") belong to the question.
    """
    asked, opened = "", False
    for line in said:
        centre = line.side is Side.CENTRE
        if centre and "?" in line.body:
            asked = line.body if _asks_to_rule_out(line.body) else ""
            continue
        patterns = (_TRIED, _OBSERVED) if centre else (_TRIED, _RULED_OUT) if opened else (_TRIED,)
        words = "" if _LOG_LINE.search(line.body) else _matching(patterns, line.body)
        if words:
            yield Found(FindingKind.TRIED, words, line.seq)
        elif asked and not centre and not _first(line.body).endswith("?"):
            yield Found(FindingKind.TRIED, f"{asked} {line.body}", line.seq)
        asked, opened = "", opened or centre or weight(line.body) >= BEGINNING


def _first(text: str) -> str:
    return next(iter(sentences(text)), "")


def _asks_to_rule_out(text: str) -> bool:
    """Whether it can be answered with yes or no, and by looking or trying."""
    asked = [part for part in sentences(text) if part.endswith("?")]
    return any(_TRIED_QUESTION.search(part) and not _ASKED_FOR_FACTS.search(part) for part in asked)


@lru_cache(4 * REMEMBERED)
def _matching(patterns: tuple[re.Pattern[str], ...], text: str) -> str:
    """The sentences that say it; the whole text when it takes more than one to say it."""
    if not any(pattern.search(text) for pattern in patterns):
        return ""
    telling = [part for part in sentences(text) if not is_aside(part)]
    found = [part for part in telling if any(one.search(part) for one in patterns)]
    return " ".join(found) or bare(text)
