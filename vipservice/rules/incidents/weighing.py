"""Who is hit and how badly, by the words that say so.

The levels are in the order of weight; the words were made with the conversations in
tests/rules/corpus, all but the last part.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from vipservice.rules.incidents.model import FindingKind, Found, Impact, Line, Urgency
from vipservice.rules.people import Side
from vipservice.rules.wording import REMEMBERED

JUST_BEFORE = 40

Level = TypeVar("Level", bound=StrEnum)


def _any(*words: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", flags)


_MANY = (
    r"(?:\d+|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig|dertig|veertig"
    r"|vijftig"
    r"|tientallen|honderden|meerdere|verschillende|diverse|alle|beide|elke|iedere|geen enkele"
    r"|de meeste|enkele|een paar|een stuk of \w+|zo'n \w+|al onze|onze|de andere|mijn|de)"
)
_NAMES = r"(?-i:[A-Z])[a-zà-ÿ]{1,20}(?:, (?-i:[A-Z])[a-zà-ÿ]{1,20}){0,6},? en (?-i:[A-Z])[a-zà-ÿ]+"
_WHOLE = r"(?:heel|(?:de |het |onze |ons )?(?:hele|gehele)|het volledige)"
_IMPACTS = {
    Impact.ORGANISATION: _any(
        rf"{_WHOLE} (?:de |het )?(?:gemeente|organisatie|stadhuis|gemeentehuis|huis|burgerzaken"
        rf"|stad)",
        rf"(?!(?:onze|de|mijn|het) ){_MANY} (?:de )?(?:\w+ )?(?:locaties?|afdelingen|gemeenten"
        rf"|stadsdelen"
        r"|vestigingen|stembureaus|kernen|buitenlocaties|domeinen|teams|afnemers?)",
        rf"\w*balies? (?:van|in) {_NAMES}|gemeenten {_NAMES}|(?:[iI]n|[vV]oor) {_NAMES}(?= (?:kan"
        rf"|kunnen|ligt))",
        r"(?:overal|gemeentebreed|organisatiebreed)|op elke locatie|(?:iedereen|niemand) in (?:het"
        r"|de|ons)"
        r" (?:stadhuis|gemeentehuis|gemeente|organisatie|huis|pand|gebouw)",
        r"al(?:le)? (?:onze )?(?:inwoners|burgers|klanten)|\d{3,} (?:man|stuks|medewerkers"
        r"|ambtenaren|gebruikers)",
        r"(?:elke|iedere) ambtenaar|(?:in|voor) heel (?-i:[A-Z])\w+|(?:het|ons) enige (?:loket"
        r"|balie|station)",
    ),
    Impact.DEPARTMENT: _any(
        r"niemand(?=.{0,25}?\b(?:kan|kon|krijgt|komt|lukt|meer)\b)|(?:kan|krijgt|komt"
        r"|lukt) (?:\w+ ){0,3}niemand",
        r"iedereen|(?:wij|we|ons|er) allemaal|wij allen|bij ons allemaal|met z(?:'|ij)n (?:twee"
        r"|drie|vier|vijf|allen)\w*n",
        rf"{_MANY} (?:andere )?collega'?s|(?:mijn|een|de|onze) collega (?:[\w-]+ ){{0,6}}(?:ook"
        rf"|hetzelfde|reprod\w+)",
        r"(?:collega )?\w+ (?:heeft|ziet|krijgt|had|hebben) (?:het|t|dit|'t|m"
        r"|hetzelfde) (?:\w+ ){0,4}ook|collega \w+ (?:heeft|ziet) hetzelfde",
        r"(?:het|ons|mijn|heel) team|hele? team|\w+ administrateurs|alle \w+ \(\d+ man\)",
        rf"{_WHOLE} (?:de |het )?(?:afdeling|balie|team|backoffice|publiekshal|hal|etage|KCC"
        rf"|loket)",
        rf"(?!(?:mijn|de) ){_MANY} (?:\w+ ){{0,2}}(?:\w*balies?|\w*balie?medewerkers"
        rf"|\w*medewerkers?|gebruikers?"
        r"|werkplekken|werkplek|pc's|computers|loket(?:ten)?|mensen|consulenten|accounts|printers"
        r"|behandelaars"
        r"|ambtenaren|klantmanagers|juristen|personen|man|stations|laptops|burgers|inwoners)",
        r"(?:aan )?(?:de|onze) (?:balies?|loketten|publieksbalie) (?:ligt|staat|kan|kunnen|liggen"
        r"|staan)",
        r"(?:balies?|loketten|werkplekken|kassa's) \d+(?:, \d+)*,? en \d+",
        rf"{_NAMES} (?:hebben|krijgen|zien|kunnen|ook)|(?:gebruikers|medewerkers|collega's"
        rf"|burgers) (?:kunnen|krijgen|zien|hebben)",
        r"(?:thuiswerkers|collega's|anderen|de rest|het team|mijn team|ons team"
        r"|wij hier) (?:\w+ ){0,3}ook|alle \d+",
        r"(?:hal|wachtkamer|publiekshal) (?:\w+ ){0,2}\w*vol",
    ),
}
_SOON = (
    r"(?:vandaag|vanmiddag|vanavond|vanochtend|vannacht|morgen\w*|overmorgen|aanstaande \w+dag"
    r"|straks"
    r"|(?:om|voor|vóór) (?:\d{1,2}|een|twee|drie|vier|vijf|negen|tien|elf"
    r"|twaalf)(?:[.:]\d\d)? ?(?:uur|u\b)"
    r"|(?:om|vóór) \d{1,2}[.:]\d\d)"
)
_DUTY = (
    r"(?:moet|moeten|dien(?:t|en)|sluit|zitting|ceremonie|uitvaart|begrafenis|crematie|raad"
    r"|verkiezing\w*"
    r"|instructie\w*|deur uit|mee moeten|trouwen|huwelijk|bruidspaar|salaris\w*|uitbetal\w*"
    r"|levering|inspectie"
    r"|klaar zijn|verloopt|verstrijkt|drukker|langs te brengen|uitreik\w*|op de lijst)"
)
_URGENCIES = {
    Urgency.NORMAL: _any(
        r"(?:we|wij|ik) kunnen? (?:wel |gewoon |verder )?(?:door|verder)(?!\s*niet)|red(?:t"
        r"|den) (?:me|ons)",
    ),
    Urgency.HIGH: _any(
        r"(?:ligt?|liggen|lag|staat|staan) (?:\w+ ){0,3}(?:stil|plat|eruit|down|op (?:zijn"
        r"|z'n) gat)",
        r"(?:met|grote|hoge|heeft|veel|is er?|dus) spoed|spoed(?=\s*[!.:])|dringend|urgent|(?:hoge"
        r"|hoogste) prioriteit",
        r"prio ?1|asap|z\.?s\.?m|zo (?:snel|spoedig) mogelijk|per direct|calamiteit|kritiek|brandt"
        r"|alarm",
        r"(?:moet|moeten) (?:\w+ ){0,6}(?:vandaag|vanmiddag|vanavond|vannacht|morgen\w*|(?:voor"
        r"|vóór) \d+)(?: nog)?",
        rf"{_SOON}\b[^.!?\n]{{0,80}}?\b{_DUTY}|{_DUTY}\b[^.!?\n]{{0,80}}?\b{_SOON}",
        r"graag (?:ff |even |zo )?snel|elk moment|per omgaande|uiterlijk (?:\w+ )?(?:vandaag"
        r"|morgen|vanmiddag)\w*",
        r"kan '?t snel|wie kan (?:nu|direct|meteen)|(?:nu|direct|meteen) (?:hulp|iemand|oplossen"
        r"|bellen)",
        r"voor (?:mijn|m'n|onze) neus|rij staat|lopen (?:\w+ ){0,2}(?:weg|boos)"
        r"|om \d\d[:.]\d\d sluit",
        r"vandaag nog|nog vandaag|(?:vóór|voor) (?:vanmiddag|vanavond|morgen\w*)",
        r"(?:kunnen|kan|konden) (?:\w+ ){0,4}(?:niets|niks|niet)(?: meer)? (?:verder|werken|helpen"
        r"|uitgeven|afgeven|doen|bedienen|uitreiken)",
        r"(?:kunnen|kan|konden) (?:\w+ ){0,4}(?:niets|niks|niet) meer",
        r"(?:wachten(?:de)?|rij(?:en)?) (?:\w+ ){0,2}(?:burgers?|klanten|inwoners?|mensen)",
        r"(?:burgers?|klanten|inwoners?|mensen|mevrouw|meneer|ouders?|stel|\w*echtpaar|bruidspaar"
        r"|gezin|\w*onderneem\w+)"
        r" (?:\w+ ){0,5}(?:wacht(?:en|te?)?|aan (?:de|het|mijn) (?:balie|loket)|naar huis"
        r"|op schiphol)",
        r"(?:staat|staan|zit|zitten) (?:\w+ ){0,5}(?:te wachten|op schiphol|in de (?:rij|hal"
        r"|wachtkamer))",
        r"wacht(?:en|t|te)? (?:\w+ ){0,2}al (?:\w+ ){0,3}(?:uur|uren|kwartier|minuten|min|halfuur)",
        r"vliegt(?! \w{0,3} ?(?:ie |hij |er ?)*eruit)|vlucht (?:gaat|vertrekt)|noodpaspoort"
        r"|uitvaart\w*|verlof tot begraven|begrafenis",
        r"(?:wettelijke )?termijn (?:verloopt|loopt af|verstrijkt)(?! pas)|deadline|dwangsom|boete",
        r"anders (?:\w+ ){0,6}(?:te laat|de termijn|wettelijke termijn|niet (?:trouwen|begraven"
        r"|reizen|stemmen))",
        r"(?:\w+ )?balies plat|stampvol|bomvol|zitten \d+ (?:\w+ )?te wachten",
        r"(?:volle|overvolle) (?:wachtkamer|hal)|(?:hal|wachtkamer|wachtruimte) (?:zit |is "
        r"|staat )?vol",
    ),
    Urgency.LOW: _any(
        r"geen (?:haast|spoed|prioriteit|nood|ramp|halszaak)|haast (?:is er|heeft het|heb ik) niet",
        r"niet (?:heel |zo |erg |echt )?(?:dringend|urgent|tijdkritisch|acuut)|op (?:uw|je"
        r"|jullie) gemak",
        r"(?:als|wanneer) (?:u|je|jullie) (?:een keer |eens |even |toch )?(?:tijd|gelegenheid|zin)",
        r"(?:kan|mag|hoeft) (?:\w+ ){0,5}(?:wachten|later|niet vandaag|niet nu|duren)"
        r"|hoeft (?:\w+ ){0,3}niet",
        r"van de week hoeft|vroeg genoeg|ruim (?:de )?tijd|kan even duren|rustig (?:aan|een|wat"
        r"|de tijd)",
        r"kijk maar wanneer|(?:wanneer|als) het (?:\w+ )?(?:uitkomt|past|schikt)|scheelt weinig",
        r"desnoods|te overzien|ruim op tijd|blijven liggen|hebben we (?:nog )?even|(?:mag"
        r"|kan) gerust|eerstvolgende reguliere",
        r"(?:in|met) (?:een |de )?(?:volgende|toekomstige) (?:versie|release|update)|ooit eens"
        r"|op termijn",
        r"pas (?:weer )?(?:in|over|volgend\w*) \w+|volgende (?:week|maand) (?:is|mag|kan|volstaat)",
    ),
}
_NEGATED = re.compile(
    r"\b(?:(?:geen|niet|zonder|nog niet)\s*(?:\w+\s)?|(?:beste|geachte|hallo|hoi|dag|lieve)\s*)$",
    re.IGNORECASE,
)


def weigh_impact(said: Sequence[Line]) -> tuple[Impact, list[Found]]:
    """Who is hit, with the words that led to it."""
    return _weigh(said, FindingKind.IMPACT, _IMPACTS, Impact.PERSON)


def weigh_urgency(said: Sequence[Line]) -> tuple[Urgency, list[Found]]:
    """How much it presses, with the words that led to it."""
    return _weigh(said, FindingKind.URGENCY, _URGENCIES, Urgency.NORMAL)


def _weigh(
    said: Sequence[Line],
    kind: FindingKind,
    levels: Mapping[Level, re.Pattern[str]],
    otherwise: Level,
) -> tuple[Level, list[Found]]:
    """The heaviest level of which the requester used words that were not denied, with the words."""
    asked = [line for line in said if line.side is Side.REQUESTER]
    for level, pattern in levels.items():
        finds = [
            Found(kind, words, line.seq) for line in asked for words in _said(pattern, line.body)
        ]
        if finds:
            return level, finds
    return otherwise, []


@lru_cache(6 * REMEMBERED)
def _said(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    """The words that were not denied just before."""
    return tuple(
        match.group(0)
        for match in pattern.finditer(text)
        if not _NEGATED.search(text[max(0, match.start() - JUST_BEFORE) : match.start()])
    )
