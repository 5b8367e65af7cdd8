"""How Dutch administrators and specialists tell things: the patterns that a draft is read with.

Every list is in the order of weight. They were made with three parts of the conversations in
tests/rules/corpus; the fourth, "blind", nobody looked at who wrote them.
"""

import re

from vipservice.rules.incidents.model import Impact, Kind, Urgency


def _any(*words: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", flags)


IMPACTS = {
    Impact.ORGANISATION: _any(
        r"(?:de |onze )?(?:hele|gehele) (?:gemeente|organisatie|stadhuis|gemeentehuis)",
        r"alle (?:\w+ )?(?:locaties|afdelingen|gemeenten|stadsdelen|vestigingen|stembureaus)",
        r"(?:beide|drie|vier|meerdere|verschillende) (?:gemeenten|locaties|vestigingen|stadsdelen)",
        r"heel (?:burgerzaken|de gemeente|de organisatie)|geen enkele (?:afnemer|gemeente|locatie)",
        r"overal|gemeentebreed|organisatiebreed|op elke locatie",
    ),
    Impact.DEPARTMENT: _any(
        r"niemand|iedereen|(?:wij|we|ons|er) allemaal|wij allen",
        r"(?:mijn |de |onze |andere |alle |twee |drie |vier |vijf |\d+ )*collega'?s",
        r"(?:de |onze )?(?:hele|gehele) (?:afdeling|balie|team|backoffice|publiekshal)",
        r"(?:meerdere|verschillende|alle|beide|twee|drie|vier|vijf|zes|\d+) (?:\w+ ){0,2}"
        r"(?:balies|baliemedewerkers|medewerkers|gebruikers|werkplekken|pc's|computers|loketten"
        r"|mensen|consulenten|accounts)",
        r"(?:aan )?(?:de|onze) (?:balie|loketten|publieksbalie) (?:ligt|staat|kan|kunnen)",
        r"(?:balies?|loketten|werkplekken) \d+(?:, \d+)*,? en \d+",
        r"\d+ (?:werkplekken|balies|gebruikers)",
        r"collega \w+ heeft (?:het|t|dit|'t) ook|de hele (?:publiekshal|hal|etage)",
        r"(?:mijn|een|onze) collega (?:\w+ ){0,4}(?:ook|hetzelfde)|alle \d+",
        r"(?:elke|iedere) (?:balie|medewerker|werkplek|gebruiker|collega)",
    ),
}
URGENCIES = {
    Urgency.HIGH: _any(
        r"(?:ligt?|liggen|staat|staan) (?:\w+ ){0,3}(?:stil|plat|eruit|op zijn gat)",
        r"(?:met |grote |hoge )?spoed|dringend|urgent|hoge prioriteit|prio ?1|asap|z\.?s\.?m",
        r"(?:moet|moeten) (?:\w+ ){0,5}(?:vandaag|vanmiddag|morgen|(?:voor|vóór) \d+)(?: nog)?",
        r"vandaag (?:\w+ ){0,2}(?:\d\d:\d\d )?verloopt|uiterlijk (?:vandaag|morgen)\w*",
        r"kan '?t snel",
        r"voor (?:mijn|onze) neus|rij staat|lopen (?:\w+ ){0,2}(?:weg|boos)|om \d\d:\d\d sluit",
        r"vandaag nog|nog vandaag|vóór (?:vanmiddag|morgen)",
        r"(?:kunnen|kan) (?:\w+ ){0,3}(?:niets meer|niet meer|niet (?:verder|werken|helpen))",
        r"(?:wachten(?:de)?|rij(?:en)?) (?:\w+ ){0,2}(?:burgers?|klanten|inwoners?|mensen)",
        r"(?:burgers?|klanten|inwoners?|mensen|mevrouw|meneer) (?:\w+ ){0,4}(?:wacht(?:en|te?)?"
        r"|aan (?:de|het) (?:balie|loket)|naar huis)",
        r"(?:wettelijke )?termijn (?:verloopt|loopt af)|deadline",
        r"(?:\w+ )?balies plat|stampvol|bomvol|zitten \d+ (?:\w+ )?te wachten",
        r"volle (?:wachtkamer|hal)|wachtkamer (?:zit|is|staat) vol",
    ),
    Urgency.LOW: _any(
        r"geen (?:haast|spoed)|niet (?:dringend|urgent)|(?:als|wanneer) (?:u|je|jullie) tijd",
        r"(?:kan|mag|hoeft) (?:\w+ ){0,4}(?:wachten|later|niet vandaag)",
        r"vroeg genoeg|ruim (?:de )?tijd|kan even duren|hoeft niet vandaag",
        r"op (?:uw|je|jullie) gemak|geen prioriteit",
    ),
}
ASKED_FOR_ERROR = re.compile(
    r"\b(?:\w*melding|foutcode|fout|error|console|logboek|log|tekst|beeld|verschijnt|HTTP-status)\b"
    r"[^.!\n]*\?|\bwat\s(?:ziet|staat)\b[^.!\n]*\?",
    re.IGNORECASE,
)
NO_ERROR = re.compile(r"^\W*(?:nee|neen|geen|niets|niks|weet|dat weet|ik|ja\b|nog)", re.IGNORECASE)
SIGN_OFF = re.compile(
    r"^\W*(?:(?:met\s)?(?:vriendelijke|hartelijke|beste)\sgroet\w*|mvg|groet(?:en|jes)?|hoogachtend|gr)\b.*\Z",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
FURTHER = re.compile(
    r"^\W*(?:en\s(?:dan\s)?(?:nog\s|de\s|het\s|ook\s)|los\sdaarvan|daarnaast|verder\s|o\sja|oja\b|vraag\s\d|\d[.)]\s)"
    r"|\blos\sdaarvan\b|\biets\sanders\b",
    re.IGNORECASE,
)
ONLY_QUOTES = re.compile(
    r"^\W*(?:uit\sde\slog|at\s|[\w.]+(?:Exception|Error)|<|\{|Traceback|[A-Z]{3,6}-?\d{3,})"
    r"|:\s*$|^\W*(?:versie|order|gevolg|uitgevoerd|kopie|bestand|zaak|haar|zijn)\b|^[\w\s>]+>\s\w",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(?:(?:geen|niet|zonder|nog niet)\s*(?:\w+\s)?|(?:beste|geachte|hallo|hoi|dag|lieve)\s*)$",
    re.IGNORECASE,
)

_DONE = (
    r"herstart|opgestart|geprobeerd|gecontroleerd|nagekeken|gecheckt|nagelopen|getest|geleegd"
    r"|gewist|verwijderd|aangemeld|ingelogd|uitgelogd|afgemeld|bijgewerkt|geïnstalleerd|vervangen"
    r"|gewisseld|ververst|uitgezet|aangezet|uitgesloten|gebeld|gereset|geschoond|opgeschoond"
    r"|gekeken|bekeken|ingesteld|omgezet|aangesloten|losgekoppeld|herladen|vergeleken|nagevraagd"
    r"|doorgelopen|afgesloten|geopend|teruggezet|hersteld|opgevraagd|gezien|gedaan|gedraaid"
    r"|toegekend|leeggegooid|nagemaakt|nagebootst|gebeld|gemeten|leeggemaakt|geverifieerd|bijgeplaatst"
    r"|ontgrendeld|aangeboden|doorgenomen|teruggedraaid|gebruikt|losgehaald"
)
TRIED = re.compile(
    rf"""\b(?:heb(?:ben|t)?|heeft|is|zijn|hadden|had|ben)\b[^.?!\n]{{0,80}}\b(?:{_DONE})\b(?![^.!\n]*\?)
    |\b(?:al|opnieuw|net|zojuist|zelf|ook)\s(?:\w+\s){{0,3}}(?:{_DONE})\b(?![^.!\n]*\?)
    |\b(?:helpt|hielp|werkt|werkte|baat)(?:\s\w+){{0,3}}\s(?:niet|niets|niks|ook\sniet)\s*[.!,]*$
    |\b(?:maakt|gaf|geeft|scheelt)\s(?:\w+\s)?(?:geen\sverschil|niets|niks|hetzelfde)\b
    |\bzonder\s(?:resultaat|succes|effect|verschil)\b|\bniet\sgeholpen\b|\bgeen\seffect\b
    |\b(?:ligt|lag)\s(?:het\s)?(?:\w+\s)?niet\saan\b|\bsluit(?:en)?\s(?:\w+\s){{0,4}}uit\b
    |\b(?:ook|zelfde|wel|niet)\s(?:\w+\s){{0,3}}(?:in|op|met|via|onder)\s(?:een\s)?(?:andere?|nieuwe)\b
    |\b(?:andere?)\s(?:pc|computer|browser|werkplek|gebruiker|account|printer|scanner|laptop)\b
    |\b(?:werkt|gaat|lukt|doet|doen|gaan|werken|loopt|kan|kunnen|komt|lukte|werkte|ging)\s(?:\w+\s){{0,3}}wel\b
    (?![^.!\n]*\?)
    |\b(?:werkt|gaat|gaan|doet|draait|ging|opent|is|via)\b[^.!?\n]{{0,40}}
    \b(?:prima|gewoon\sgoed|wel\sgoed|geen\sprobleem|in\sorde|is\sgoed|zonder\sproblemen)\b
    |\bgeen\sverschil\b|\b(?:is|zijn)\s(?:het|dat|hij)\s(?:dus\s)?niet\b|\bnog\ssteeds\b|\buit\sen\s(?:weer\s)?aan\b
    |\b(?:kreeg|krijg|heb)\sik\s(?:het|t|'t)\szelfde\b|\bprecies\seender\b|^\W*uitgevoerd\s?:
    |\b(?:is|zijn|klopt|kloppen)\s(?:dus\s|gewoon\s|wel\s)*(?:oké|ok|compleet|gewoon)\b
    |\bidem\b|\bverandert\s(?:er\s)?(?:niks|niets)\b|\b(?:reproduceren|nabootsen)\b
    |\b(?:precies|exact)\shetzelfde\b
    |\b(?:de)?zelfde\s(?:fout|resultaat|melding|probleem|verhaal|aantal|uitkomst)\b
    |[,;]\s(?:zelfde|niks|niets|geen\s(?:resultaat|verandering|verbetering))\s*[.!]*$
    |\bgeen\slast\b(?![^.!\n]*\?)
    |\b(?:al|opnieuw|zojuist|inmiddels|reeds|handmatig)\s(?:\w+\s){{0,3}}\w*ge\w{{3,}}(?:d|t|en)\b
    (?![^.!\n]*\?)
    |\bgeprobeerd\b(?![^.!\n]*\?)""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
TRIED_QUESTION = re.compile(
    rf"""\b(?:heb(?:t|ben|je)?|heeft|is|zijn|hebben)\b[^.?!\n]{{0,100}}
    \b(?:{_DONE}|(?!gezien|gevonden|gekozen|gekregen|gelukt|geweest)\w{{0,9}}ge\w{{2,}}(?:d|t|en))\b
    [^.!\n]*\?
    |\b(?:kunt|kun|wilt|wil|zou|zoudt|kan|kunnen)\b[^.?!\n]{{0,120}}
    \b(?:proberen|testen|controleren|nakijken|checken|herstarten|leegmaken|legen|inloggen|opstarten
    |verversen|doen|uitvoeren|draaien)\b[^.!\n]*\?
    |\btest\seens\b[^.!\n]*\?
    |\b(?:gebeurt|speelt|werkt|geeft|krijgt)\b[^.?!\n]{{0,60}}\b(?:ook|andere?)\b[^.!\n]*\?""",
    re.IGNORECASE | re.VERBOSE,
)
STEPS = re.compile(
    r"""^\s*1[.)]\s.*\n\s*2[.)]\s|^\s*(?:stap\s\d|stappen\s?:|dus\sje\s|[-*•]\s*(?:open|klik|kies|ga)\b)
    |\b(?:als|wanneer|zodra|nadat|telkens\sals)\s(?:ik|wij|we|je|u|men|iemand|(?:een|de|mijn)\scollega)
    \s[^.?!\n]{0,120}\b(?:klik|kies|open|druk|voer|vul|sla|selecteer|wil|probeer|ga|log|start|zoek
    |maak|verstuur|scan|print|opslaan|openen|afdrukken|invoeren|kiezen|klikken|selecteer)\w*
    |>\s[A-Z]\w+,\s\w+|\w{3,}en,\s[^.]{3,60}\w{3,}en,\s(?:dan|daarna|en)\b
    |\bop\s[A-Z]\w+(?:\s\w+)?\s(?:ge(?:drukt|klikt)|klikken|drukken)\b
    |\b(?:ge|in|op)\w+(?:d|t|en)\sen\s(?:\w+\s){0,4}ge(?:klikt|drukt|kozen)\b
    |\beerst\b[^?]{0,200}\b(?:en\sdan|daarna|vervolgens)\b
    |\bik\s(?:klik|kies|open|ga\snaar|druk|voer|vul)\b[^?]{0,200}\b(?:en|dan|daarna|vervolgens)\b""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)

_NAME = (
    r"[A-ZÀ-Ý][\w/&'-]*(?:\s(?:[A-ZÀ-Ý][\w/&'-]*|(?:en|van|per)(?=\s[A-ZÀ-Ý])"
    r"|[a-z]{4,}(?:ingen|aten|en|ing)(?=\s(?:is|zijn|staat|niet)|[,.;)\n]|$)))*"
)
_TO = r"(?:>|→|-->|->|»)"
_WRONG = (
    r"(?:\d|\bniet\b|\bfout|mislukt|ongeldig|onbekend|reeds|ontbree?k|geweiger|verlopen|onvoldoende"
    r"|time-?out|beschadigd|\bgeen\b|failed|error|vergrendeld|afgebroken|wacht op|voor eerdere)"
)
_CODE = r"(?<![\w-])[A-Z][A-Za-z]{2,6}(?:-\d{2,6}|\d{3,6})(?![\w-])"
LITERALS = {
    Kind.ERROR: (
        re.compile(
            rf"[\"“”„«](?=[^\"“”„«»\n]*{_WRONG})([^\"“”„«»\n]{{3,300}})[\"“”»]", re.IGNORECASE
        ),
        re.compile(rf"(?<!\w)'(?=[^'\n]*{_WRONG})([^'\n]{{6,200}})'(?!\w)", re.IGNORECASE),
        re.compile(r"<faultstring>([^<\n]+)"),
        re.compile(r"\bzegt (?:ie|hij|het systeem)\s([A-Z][^\n.,]{5,80})"),
        re.compile(rf"([A-Z][^\n.:;()\"“”„']{{5,80}}\s\({_CODE}\))"),
        re.compile(r"\b(?:code|fout|foutcode|melding)\s(?:is\s)?([A-Z]{2}-\d{2,6})\b"),
        re.compile(
            r"(?:(?:fout|error)\s?(?:melding|code|bericht|tekst)?|melding|exception|foutmelding\w*)"
            r"(?:\s(?:is|luidt|zegt|staat|op|in|het|scherm|beeld)){0,3}\s*[:=]\s*([^\n.!?]{3,300}\S*)",
            re.IGNORECASE,
        ),
        re.compile(r"\b((?:HTTP[ -/]?(?:\d\.\d )?)[45]\d\d(?: [A-Z][\w ]+)?)"),
        re.compile(
            r"(?:\b(?:zegt|meldt|geeft|verschijnt|toont|staat|krijg\w*|log|logboek|eventlog|console)"
            r"(?:\s(?:hij|het|er|ie|dan|ik|bij|allemaal|in|systeem)){0,3}\s?:)"
            r"\s*([^\n.!?]{3,200}\S*)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?:^|:\s|\bstaat\s)({_CODE}:?\s(?:[^\n.!?]|[.](?=\S)){{3,120}})", re.MULTILINE
        ),
        re.compile(rf"({_CODE}(?::(?:[^\n.!?]|[.](?=\S)){{3,200}})?)"),
        re.compile(
            r"((?:[A-Z]\w+\s){1,4}?(?:\w+\s){0,3}(?:failed|denied|refused|not found|timed out"
            r"|unavailable|is invalid|expired)\b(?:\s?\([^)\n]*\))?)"
        ),
        re.compile(r"\b((?:foutcode|error|fout|code)\s\d{2,6})\b", re.IGNORECASE),
        re.compile(r"\b(0x[0-9A-Fa-f]{4,})\b"),
        re.compile(r"^\s*(at\s[\w.$<>]+\(.*)$", re.MULTILINE),
        re.compile(
            r"^\s*((?:Traceback|Caused by:|File\s\"|[\w.]+(?:Exception|Error|Fault)\b).*)$",
            re.MULTILINE,
        ),
        re.compile(r"\b([\w.]*\w(?:Exception|Error|Fault))\b"),
    ),
    Kind.VERSION: (
        re.compile(
            r"\b(?:versie|version|release|build|patch|v|update|oracle|java|suite|applicatie|driver|tool|NVDA|LO|standaard)"
            r"\.?\s?:?\s?(\d+(?:[._-]\w*\d+)*\w*(?: hotfix \d+)?)",
            re.IGNORECASE,
        ),
        re.compile(r"(?<![\w.-])(?<!Rubriek )(\d{1,4}\.\d{1,3}\.\d{1,4}(?:\.\d+)?)(?![\w-])"),
        re.compile(r"\b(?:sinds|naar|op)\s(\d{1,4}\.\d{1,2})(?![\w:]|\s?uur|\.\d)"),
    ),
    Kind.SCREEN: (
        re.compile(rf"\b({_NAME}(?:\s?{_TO}\s?{_NAME})+)"),
        re.compile(
            r"\b(?i:scherm|schermpje|tabblad|tab|menu|menuoptie|knop|module|venster|veld|pagina"
            r"|functie|overzicht|rubriek|optie|\w*rapportage|kolom|ga naar|kies"
            r"|(?:klik|druk)(?:ken|t)?(?: \w+)? op)\s[\"'‘“]?"
            rf"({_NAME})",
        ),
        re.compile(r"\b([A-Z][a-z]+(?:module|scherm|register))\b"),
        re.compile(r"^.*(?:[Kk]ies|[Kk]lik op|[Oo]pen)\s([A-Z][^\n.,;>]{2,40})$", re.MULTILINE),
        re.compile(r"[\"'‘“]([^\"'’”\n]{2,40})[\"'’”]-?(?:scherm|tabblad|knop|menu|venster|veld)"),
    ),
    Kind.NUMBER: (
        re.compile(
            r"\b(?:zaak|zaaknummer|zaaknr|zaak-?id|dossier|dossiernummer|akte|aktenummer|document\w*"
            r"|order\w*|bestelling|ticket\w*|melding(?:snummer)?|rapport|kenmerk|transactie\w*|batch\w*"
            r"|\w*(?:nummer|nr)|aanvraag\w*|bericht\w*|referentie\w*|afnemer)"
            r"\.?(?:\s(?:van\s(?:\w+\s){1,2})?is)?\s?:?\s?#?"
            r"((?=[\w./-]*\d)[A-Z0-9][\w/-]*(?:\.\d+)*)",
            re.IGNORECASE,
        ),
        re.compile(r"(?<![\w-])([A-Z]{1,4}-?(?:19|20)\d{2}[-/]\d{2,8})\b"),
        re.compile(r"(?<![\w-])((?:19|20)\d{2}-\d{4,8})\b"),
        re.compile(
            r"(?<![\w-])([A-Z]\d{6,}(?:-\d+)?|[A-Z]-\d{2,8}|[A-Z]{1,4}-[A-Z]{1,4}-\d{2,6})(?![\w-])"
        ),
    ),
}
ENVIRONMENT = re.compile(
    r"\b((?:productie|acceptatie|test|oefen)(?:-?omgeving)?|citrix|vmware|edge|chrome|firefox|safari"
    r"|windows\s?\d*|werkplek\w*|thuiswerk\w*|laptop|vpn)\b",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<![\w.-])(?:\+31|0031|0)[ -]?\(?0?\)?[1-9](?:[ -]?\d){8}(?!\d)")
