"""What a text is about: the sentence that says it best.

Sentences are weighed by cue words, words of the subject and their place, after H. P. Edmundson,
"New Methods in Automatic Extracting", Journal of the ACM 16 (1969), 264-285.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from vipservice.rules.wording import (
    REMEMBERED,
    is_only_thanks,
    sentences,
    substance,
    without_preamble,
)

NEAR_THE_START = 3
TELLING, ENOUGH = 3, 2.4
SHORTEST_QUESTION = 5
MOST_WORDS, FEW_WORDS, MOST_SUBJECTS = 8, 4, 2
PER_WORD, PER_SUBJECT, A_PROBLEM, A_QUESTION, A_LITERAL = 0.4, 1.5, 2.0, 2.5, 1.0
ABOUT_THE_TALK = -4.0

_WORD = re.compile(r"[^\W\d_][\w'-]*")
_SUBJECT = re.compile(
    r"""aanbied|aangifte|aanslag|aanvra|account|adres|afdruk|afspra|afval|agenda|akte|ambtenaar|api
    |apostille|app\b|archie|authenti|autoris|bag\b|balie|barcode|batch|begroting|bericht|beschik
    |besluit|bestand|betaal|betaling|bewaar|bezwa|bgt\b|bijlage|bijstand|boek|brief|brieven
    |browser|brp|budget|burger|catalog|certifica|cli[eë]nt|container|contract|crediteur
    |dagafslui|dashboard|database|datum|debiteur|declarat|digid|document|dossier|eigenaar
    |erkenning|evenement|excel|export|factu|filter|formulier|foto|gba|geboor|gebruiker|gezag
    |graf|grav|griffie|handteken|herkenning|hond|huur|huwelij|identiteit|import|incass|indicat
    |inkomen|inlog|internet|jeugd|journaal|kaart|kadaster|kassa|kerkhof|kiez|kolom|koppel
    |kwijtschel|kwitantie|lade|legalis|leges|levering|licentie|lijst|log\b|logo|machtig|mail
    |melding|menu|metadata|module|mutatie|naam|nacht|nationali|netwerk|nota|notific|nummer
    |object|ontheffing|overlij|overzicht|paspoort|parkeer|pdf|perceel|persoon|plattegrond
    |portaal|post(?:code|en)|print|publicat|qr|raad|rapport|rechten|regel|reisdoc|release
    |rijbewij|rni|rol\b|rollen|saldo|salaris|scan|scherm|selectie|server|sessie|sjablo|sms
    |status|stem(?:pas|bureau|lok|pel)|straat|stuf|subsidie|tabblad|taak|taken|tarief|taxati
    |termijn|toeslag|toewijz|tolk|trouw|uitker|uittreksel|update|uren|veld|verblijf|vergunning
    |verhui|verklaring|verkiez|verlof|vernietig|verzoek|vinger|\bvog|vpn|wachtrij|wachtwoord
    |webservice|website|wmo|woonplaats|workflow|woz|zaak|zaken|zoek|zorg|zuil|knop|kenmerk""",
    re.IGNORECASE | re.VERBOSE,
)
_PROBLEM = re.compile(
    r"""\b(?:niet|geen|nooit|niets|niks|nergens|fout\w*|mis|mislukt\w*|lukt|weg|leeg|lege|blanco|wit
    |grijs|blijft|blijven|hangt|hangen|vast\w*|crasht\w*|klapt|eruit|weiger\w*|geweigerd
    |verdw\w+|ontbre\w+|verkeerd\w*|dubbel\w*|kapot|stuk|defect|tra\w?ge?r?|langzaam|storing
    |error|exception|stopt|valt|vallen|kwijt|faalt|afgekeurd|teruggestuurd|vergrendeld
    |geblokkeerd|blokkeert|bevriest|afwijk\w*|wijkt|te\s(?:weinig|veel|laat|vroeg)
    |in\splaats\svan|onbekend|ongeldig|verlopen|rood|oude|twee\skeer|terug|achter|eraf
    |onleesbaar|vervormd|gedraaid|afgekapt|problemen?|zwart|flikkert?|knippert|\w*springt
    |springen|verschil\w*|tegenhoudt)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKS = re.compile(
    r"""\b(?:hoe|waar|wat|welke?|wanneer|waarom|kan|kun|kunnen|mag|moet|moeten|klopt
    |is\shet\smogelijk)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGN_OFF = re.compile(
    r"^[^\w\n]{0,9}(?:(?:met\s)?(?:vriendelijke|hartelijke|beste)\sgroet\w*|mvg|groet(?:en|jes)?"
    r"|hoogachtend|gr)\b.*\Z",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_LITERAL = re.compile(r"[\"“„«][^\"”»]{4,}|\b[A-Z]{2,}[-_]?\d{2,}|\b[A-Z]\w+ > [A-Z]")
_ABOUT_THE_TALK = re.compile(
    r"""\b(?:(?:een|twee|drie|vier|paar|korte?|kleine?)\s(?:\w+\s){0,2}(?:vra\w+|fout|wens|zaken
    |dingen|puntjes|problemen|storingen|kwesties|onderwerpen)\b(?!\s(?:over|in|met|bij|op)\b)
    |verkeerde?\s(?:hokje|onderwerp|rubriek|knop\saangeklikt|loket|chat)|niet\szeker\sof\sik
    |hoort\s\w+\shier|zie\s(?:de\s|het\s|mijn\s)?(?:bijl\w+|plaatj\w+|foto\w*|scherm\w*
    |afbeeld\w*|screen\w*|onder\w*)|(?:in|als)\s(?:de\s)?bijlage|belooft|beloofde?|beloofd
    |maling|lekker\sdan|niet\ste\sgeloven|ongelo\w+|schand\w+|belachelijk|waardeloos
    |onacceptabel|klaar\smee|spuugzat|zat\sben|te\sgek\svoor|geduld|voel\sme|hoe\s(?:vaak
    |lang)\smoet|de\szoveelste|voor\sde\s\w+\s(?:keer|maal)|voor\sik\sweer|(?:wij|we
    |ik)\s(?:beheren|beheer|werk|werken|ben|zijn)\s(?:de\s|het\s|voor\s|van\s|bij\s|nieuw)
    |vaker\s(?:gezien|gehoord)|even\s(?:mee)?kijken|iemand\s(?:wakker|thuis)|sorry\sdat
    |met\salle\srespect|hierbij|kijk\smaar|stond\s(?:bovenaan|erbij)|aangevinkt|uw\saandacht
    |kastje\snaar|spreek\sik|lui[kd]je|jullie\snou|gelegen|luister|zeggen\smeer|^(?:fw|re|van
    |aan):|komt\sdat\sineens|in\smijn\sarm|(?:spreek|dicteer)\sdit|niet\swachten\stot
    |iets\s(?:geks|raars|vreemds)|gefeliciteerd|applaus|hartelijk|klachten\sover|graag\sgedaan
    |doei|tot\s(?:morgen|straks|ziens)|lach\w*|haha\w*|snap\sik\sniet\smeer|oplichter
    |gek\s(?:gemaakt|geworden))""",
    re.IGNORECASE | re.VERBOSE,
)
_POINTS_BACK = re.compile(
    r"^\W*(?:en\b|(?:\w+\s){0,3}(?:dat|dit|die|deze|hem|haar|hen|ze|zij|hij|hier|daar\w*|dan"
    r"|zo)\b)",
    re.IGNORECASE,
)
_FUNCTION_WORDS = frozenset(
    _WORD.findall(
        """de het een en of maar want dus als dan dat die dit deze is zijn was waren ben bent wordt
        worden werd heb hebt heeft hebben had ik u jij je jullie wij we ons onze mij me mijn uw jouw
        hij zij ze hem haar hun er hier daar wel ook nog al weer toch eens even maar heel erg zo te
        van voor met op in aan bij uit naar om door over onder tot sinds na tijdens zonder tegen
        kan kun kunt kunnen mag moet moeten wil wilt willen zou zullen zal gaat gaan doet doen komt
        niet geen hoe wat waar wie welke wanneer waarom nu net alleen zelf graag hallo dag beste"""
    )
)


def first_question(texts: Iterable[str]) -> str:
    """The sentence that says best what these texts are about; "" when nothing is asked or told."""
    told = [rest for text in texts for part in sentences(text) if (rest := substance(part))]
    kept = [rest for sentence in told if (rest := without_preamble(sentence))] or told
    telling = [sentence for sentence in kept if weight(sentence) >= ENOUGH]
    if telling and not _PROBLEM.search(telling[0]):
        telling[:NEAR_THE_START] = sorted(telling[:NEAR_THE_START], key=_stands_alone, reverse=True)
    best = max(kept, key=weight, default="")
    chosen = " ".join((telling or [best])[0].split())
    return chosen[:1].upper() + chosen[1:]


def is_aside(sentence: str) -> bool:
    """Whether a sentence is about the talk or a feeling, and tells little besides."""
    return bool(_ABOUT_THE_TALK.search(sentence)) and weight(sentence) < ENOUGH


@lru_cache(REMEMBERED)
def bare(text: str) -> str:
    """A text without greetings, run-up, thanks, asides and signature; "" when nothing remains."""
    kept = [
        rest
        for row in _SIGN_OFF.sub("", text).splitlines()
        if (rest := " ".join(filter(None, map(_substantive, sentences(row)))))
    ]
    return "" if is_only_thanks(text) else "\n".join(kept)


def _substantive(sentence: str) -> str:
    rest = without_preamble(substance(sentence))
    return "" if is_aside(rest) else rest


@lru_cache(10 * REMEMBERED)
def weight(sentence: str) -> float:
    """How well a sentence says what a text is about: below 2 hardly, above 4 well."""
    words = [word for word in _WORD.findall(sentence.lower()) if word not in _FUNCTION_WORDS]
    subjects = sum(bool(_SUBJECT.search(word)) for word in words)
    problem = bool(words and _PROBLEM.search(sentence))
    return (
        PER_WORD * min(len(words), MOST_WORDS if subjects or problem else FEW_WORDS)
        + PER_SUBJECT * min(subjects, MOST_SUBJECTS)
        + A_PROBLEM * problem
        + A_QUESTION * _stands_alone(sentence)
        + A_LITERAL * bool(_LITERAL.search(sentence))
        + ABOUT_THE_TALK * bool(_ABOUT_THE_TALK.search(sentence))
    )


def _stands_alone(sentence: str) -> bool:
    """Whether it is a question of some length that does not point back ("Is dat nieuw?")."""
    long_enough = len(sentence.split()) >= SHORTEST_QUESTION
    asks = sentence.endswith("?") and bool(_ASKS.search(sentence))
    return asks and long_enough and not _POINTS_BACK.search(sentence)
