"""The draft of an incident: on labelled conversations, and rule by rule."""

import re
from datetime import datetime
from time import perf_counter

import pytest

from tests.support.corpus import PARTS, conversations, drafted, measured, read_all
from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.gist import first_question
from vipservice.rules.incidents.draft import Choice, draft, file_name
from vipservice.rules.incidents.model import (
    Conversation,
    FindingKind,
    Impact,
    IncidentDraft,
    Line,
    Urgency,
)
from vipservice.rules.people import Side
from vipservice.rules.privacy import mask_bsn
from vipservice.rules.wording import cut

AT = datetime(2026, 4, 24, 16, 45)  # noqa: DTZ001 - the draft gets local time to print
LEAST = {
    "develop": {
        "question": 0.9, "tried": 0.75, "steps": 0.3, "hit": 0.55, "errors": 0.85,
        "versions": 0.95, "screens": 0.75, "numbers": 0.9, "title": 0.95, "impact": 0.95,
        "urgency": 0.95,
    },
    "held_out": {
        "question": 0.85, "tried": 0.8, "steps": 0.65, "hit": 0.45, "errors": 0.85,
        "versions": 0.95, "screens": 0.95, "numbers": 0.95, "title": 0.95, "impact": 0.95,
        "urgency": 0.95,
    },
    "second": {
        "question": 0.85, "tried": 0.8, "steps": 0.45, "hit": 0.6, "errors": 0.8,
        "versions": 0.95, "screens": 0.7, "numbers": 0.85, "title": 0.9, "impact": 0.8,
        "urgency": 0.95,
    },
    "third": {
        "question": 0.75, "tried": 0.85, "steps": 0.75, "hit": 0.65, "errors": 0.9,
        "versions": 0.95, "screens": 0.9, "numbers": 0.95, "title": 0.95, "impact": 0.95,
        "urgency": 0.95,
    },
    "fourth": {
        "question": 0.75, "tried": 0.7, "steps": 0.55, "hit": 0.65, "errors": 0.75,
        "versions": 0.8, "screens": 0.7, "numbers": 0.8, "title": 0.9, "impact": 0.85,
        "urgency": 0.9,
    },
    "last": {
        "question": 0.65, "tried": 0.5, "steps": 0.55, "hit": 0.25, "errors": 0.3,
        "versions": 0.7, "screens": 0.45, "numbers": 0.8, "title": 0.7, "impact": 0.65,
        "urgency": 0.5,
    },
}  # fmt: skip
"""Below this neither precision nor recall of a field may fall: a little under what was measured.

All parts but "last" were learned from; "last" was written and labelled by somebody who did not
know the patterns, nobody tuned anything with it, and it tells what a new conversation gets.
"""


@pytest.mark.parametrize("part", PARTS)
def test_drafts_hold_what_they_must(part: str) -> None:
    scores = measured(conversations(part))
    assert set(scores) == {*LEAST[part], "left out"}
    fallen = [
        (name, round(scores[name].precision, 2), round(scores[name].recall, 2))
        for name, least in LEAST[part].items()
        if min(scores[name].precision, scores[name].recall) < least
    ]
    assert fallen == []


@pytest.mark.parametrize("part", PARTS)
def test_no_note_and_no_citizen_service_number_leaves(part: str) -> None:
    for one in conversations(part):
        made_ = drafted(one)
        text = made_.title + made_.description + made_.transcript
        notes = [words for who, words in one["lines"] if who == "N"]
        numbers = [words for words in one["not_in"] if len(re.sub(r"\D", "", words)) in (8, 9)]
        assert [words for words in [*notes, *numbers] if words in text] == []


def test_the_corpus_is_of_every_kind() -> None:
    all_ = [one for part in PARTS for one in conversations(part)]
    kinds = {one["kind"] for one in all_}
    assert len(all_) > 190
    assert len({one["name"] for one in all_}) == len(all_)
    assert kinds == {
        "short", "long", "messy", "two problems", "screenshot", "anger", "wrong topic", "official",
    }  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_every_find_stands_literally_in_the_entry_that_it_names(part: str) -> None:
    """An answer to a question is told with its question; all else is the entry's own words."""
    for one in conversations(part):
        for found in drafted(one).found:
            said = one["lines"][found.seq - 1][1]
            own = found.text.rpartition("? ")[2] if found.kind is FindingKind.TRIED else found.text
            words = own.replace("[BSN removed]", "").split()
            assert [word for word in words if word not in said] == [], found


def test_the_same_conversation_gives_the_same_draft() -> None:
    one = conversations("develop")[0]
    assert drafted(one) == drafted(one)


def talk(*lines: str, phone: str = "", facts: tuple[str, ...] = ()) -> Conversation:
    """Lines start with R, S, N (an internal note) or F (a file)."""
    said = []
    for seq, line in enumerate(lines, 2):
        who, body = line[0], line[3:]
        note = who == "N"
        said.append(
            Line(
                seq, AT, EntryKind.NOTE if note else EntryKind.MESSAGE,
                Visibility.CENTRE if note else Visibility.EVERYONE,
                Side.CENTRE if who in "SN" else Side.REQUESTER,
                "Sanne Vermeer" if who in "SN" else "Jeroen de Boer",
                "" if who == "F" else body, body if who == "F" else "", f"{seq:03}", seq,
            )
        )  # fmt: skip
    return Conversation(
        "VIP-2026-000012", "Titel", "BRP", "Amersfoort", "Jeroen de Boer",
        "jeroen@amersfoort.example", phone, "https://chat.example/chats/VIP-2026-000012",
        tuple(said), "M-77", facts,
    )  # fmt: skip


BROKEN = talk(
    "R: Goedemorgen! Kunt u mij helpen?",
    'R: Sinds vannacht krijgen wij "Sjabloon niet gevonden (UIT-5031)" bij elk uittreksel. '
    "Versie 8.4.2, productieomgeving.",
    "S: Hebt u de afdrukservice herstart?",
    "R: Ja, twee keer. Niemand kan afdrukken en de balie ligt stil. Bel 033-4691234.",
    "N: Dit is vast weer dat sjabloon van maandag.",
    "F: scherm één.png",
    facts=("Versie: 8.4.2",),
)


def made(conversation: Conversation = BROKEN, choice: Choice | None = None) -> IncidentDraft:
    return draft(conversation, "vip-1", str, read_all, choice)


def test_the_description_has_its_parts_in_order() -> None:
    heads = [line for line in made().description.splitlines() if line.isupper() and "-" not in line]
    assert heads == [
        "QUESTION", "TRIED AND RULED OUT", "ERROR MESSAGES", "VERSIONS", "ENVIRONMENT",
        "WHO IS HIT, AND HOW BADLY", "REPORTED BY", "ABOUT THE MUNICIPALITY", "CHAT",
    ]  # fmt: skip


def test_each_line_names_the_entry_it_came_from() -> None:
    text = made().description
    assert "- Sjabloon niet gevonden (UIT-5031) [3]" in text
    assert "- 8.4.2 [3]" in text
    assert "- Niemand [5]" in text
    assert "gesprek-VIP-2026-000012.txt" in text


def test_who_where_and_which_number_to_call() -> None:
    found = made()
    assert found.phone == "033-4691234"
    assert "Jeroen de Boer, Amersfoort, jeroen@amersfoort.example, 033-4691234, M-77" in (
        found.description
    )
    assert made(talk("R: Hoe werkt dit?", phone="06 12345678")).phone == "06 12345678"


def test_impact_and_urgency_follow_from_words_that_are_named() -> None:
    found = made()
    assert (found.impact, found.urgency) == (Impact.DEPARTMENT, Urgency.HIGH)
    assert {"Niemand", "ligt stil"} <= set(found.because)


@pytest.mark.parametrize("text", ["Geen spoed hoor.", "Het is niet dringend.", "Beste collega's,"])
def test_words_that_are_denied_or_greet_weigh_nothing(text: str) -> None:
    found = made(talk(f"R: {text} Waar staat de lijst met vermissingen?"))
    assert found.urgency is not Urgency.HIGH
    assert found.impact is Impact.PERSON


def test_internal_notes_stay_inside_unless_they_are_chosen() -> None:
    for text in (made().description, made().transcript):
        assert "maandag" not in text
    chosen = made(choice=Choice(notes=(6,)))
    for text in (chosen.title, chosen.description, chosen.transcript):
        assert "maandag" not in text, "who the ticket is for reads this"
    assert "maandag" in chosen.note
    assert "(internal note)" in chosen.note
    assert made().note == ""


def test_only_the_chosen_entries_go_along() -> None:
    chosen = made(choice=Choice(entries=(5,)))
    assert "UIT-5031" not in chosen.description + chosen.transcript + chosen.title
    assert "Niemand" in chosen.transcript


def test_every_word_of_the_conversation_is_in_the_transcript() -> None:
    transcript = made().transcript
    assert all(line.body in transcript for line in BROKEN.lines if line.kind != EntryKind.NOTE)
    assert "[7] 24-04-2026 16:45 Jeroen de Boer: VIP-2026-000012-007-scherm-één.png" in transcript


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("bsn 111222333", "bsn [X]"),
        ("111.222.333", "[X]"),
        ("111 222 333 en 123456782", "[X] en [X]"),
        ("BSN: 12345672", "BSN: [X]"),
        ("KvK 12345672", "KvK 12345672"),
        ("zaak 111222334", "zaak 111222334"),
        ("a111222333", "a111222333"),
        ("06-11122233", "06-11122233"),
        ("000000000", "000000000"),
        ("bsn 1234.56.72", "bsn [X]"),
        ("sofinummer is 12345672.", "sofinummer is [X]."),
        ("bsn 12345673", "bsn 12345673"),
        ("bsn nr 1234 5673, zie de lijst", "bsn nr 1234 5673, zie de lijst"),
    ],
)
def test_citizen_service_numbers_are_masked(text: str, kept: str) -> None:
    assert mask_bsn(text, "[X]") == kept


def test_no_citizen_service_number_leaves() -> None:
    found = made(talk("R: Burger 111222333 staat dubbel, zie 111.222.333", "S: bsn 123456782?"))
    for text in (found.title, found.description, found.transcript):
        assert "111222333" not in text.replace(".", "")
        assert "123456782" not in text
    assert "[BSN removed]" in found.title


def test_file_names_pass_everywhere() -> None:
    assert file_name("VIP-1", "007", "Ünïcode näme (1).PNG") == "VIP-1-007-Ünïcode-näme-1.PNG"
    assert file_name("VIP-1", "007", "漢字") == "VIP-1-007-漢字"
    assert file_name("VIP-1", "007", "отчёт.pdf") == "VIP-1-007-отчёт.pdf"
    assert file_name("VIP-1", "007", "😀.png") == "VIP-1-007-bestand.png"
    long = file_name("VIP-1", "007", "x" * 500 + "-einde.png")
    assert len(long) < 100
    assert long.endswith("-einde.png")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Goedemorgen, hoe druk ik een akte af?", "Hoe druk ik een akte af?"),
        ("Hallo! Ik heb een vraag. Waar staat de knop Uitreiken?", "Waar staat de knop Uitreiken?"),
        ("De knop is grijs. Klopt dat?", "De knop is grijs."),
        (
            "Beste collega's,\nDe scanner geeft niets.\nMet vriendelijke groet",
            "De scanner geeft niets.",
        ),
        ("Goedemorgen", ""),
        ("Versie 8.4.2 start niet meer op.", "Versie 8.4.2 start niet meer op."),
        ("Ik wist het onderwerp niet. De scanner piept hard.", "Ik wist het onderwerp niet."),
    ],
)
def test_first_question(text: str, title: str) -> None:
    assert first_question([text]) == title


def test_a_long_title_is_cut_at_a_word() -> None:
    assert cut("een twee drie vier", 12) == "een twee…"
    assert len(cut("x" * 500, 80)) == 80


def _seconds(body: str) -> float:
    lines = [["R", "De kassa is stuk."], ["S", "Hebt u herstart? Welke fout?"], ["R", body]]
    best = float("inf")
    for _ in range(2):
        started = perf_counter()
        drafted({"name": "", "topic": "Kassa", "lines": lines})
        best = min(best, perf_counter() - started)
    return best


@pytest.mark.parametrize(
    "piece", ["a", "ge", "1", "A-", "0.", "Aa ", "A > ", "ABC-1 ", "A1/", "\n"]
)
def test_no_message_keeps_the_server_busy(piece: str) -> None:
    """The longest message, made of what patterns can get lost in, against ordinary words."""
    ordinary = " ".join(words for one in conversations("second") for _, words in one["lines"])
    assert _seconds((piece * 8000)[:8000]) < 8 * _seconds(ordinary[:8000])
