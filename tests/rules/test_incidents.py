"""The draft of an incident, on whole conversations."""

from datetime import datetime

import pytest

from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.incidents import Conversation, Impact, Line, Urgency, draft
from vipservice.rules.people import Side
from vipservice.rules.wording import cut, environment_words, first_question, literal_quotes

AT = datetime(2026, 4, 24, 16, 45)  # noqa: DTZ001 - the draft gets local time to print


def talk(*lines: str) -> Conversation:
    """Lines start with R, S or N (an internal note)."""
    said = []
    for seq, line in enumerate(lines, 2):
        who, body = line[0], line[3:]
        note = who == "N"
        said.append(
            Line(
                seq, AT, EntryKind.NOTE if note else EntryKind.MESSAGE,
                Visibility.CENTRE if note else Visibility.EVERYONE,
                Side.REQUESTER if who == "R" else Side.CENTRE,
                "Jeroen de Boer" if who == "R" else "Sanne Vermeer", body,
            )
        )  # fmt: skip
    return Conversation(
        "VIP-2026-000012", "Titel", "BRP", "Amersfoort", "Jeroen de Boer",
        "jeroen@amersfoort.example", "", "https://chat.example/chats/VIP-2026-000012", tuple(said),
    )  # fmt: skip


BROKEN = talk(
    "R: Goedemorgen! Kunt u mij helpen?",
    'R: Sinds vannacht krijgen wij "Sjabloon niet gevonden (UIT-5031)" bij elk uittreksel. '
    "Versie 8.4.2, productieomgeving.",
    "S: Hebt u de afdrukservice herstart?",
    "R: Ja, twee keer. Niemand kan afdrukken en de balie ligt stil.",
    "N: Dit is vast weer dat sjabloon van maandag.",
)


def made(conversation: Conversation) -> str:
    return draft(conversation, "vip-1", str).description


def test_the_title_is_the_first_real_question_not_the_greeting() -> None:
    title = draft(BROKEN, "vip-1", str).title
    assert title.startswith('Sinds vannacht krijgen wij "Sjabloon niet gevonden')


def test_the_description_has_its_parts_in_order() -> None:
    heads = [line for line in made(BROKEN).splitlines() if line.isupper() and "-" not in line]
    assert heads == [
        "QUESTION",
        "SAID AND TRIED SO FAR",
        "ERROR MESSAGES AND VERSIONS",
        "ENVIRONMENT",
        "REPORTED BY",
        "CONVERSATION",
        "CHAT",
    ]


def test_errors_and_versions_stand_there_literally() -> None:
    text = made(BROKEN)
    assert "- Sjabloon niet gevonden (UIT-5031)" in text
    assert "- Versie 8.4.2" in text
    assert "productieomgeving" in text


def test_internal_notes_stay_inside() -> None:
    assert "maandag" not in made(BROKEN)


def test_impact_and_urgency_follow_from_words_that_are_named() -> None:
    found = draft(BROKEN, "vip-1", str)
    assert (found.impact, found.urgency) == (Impact.DEPARTMENT, Urgency.HIGH)
    assert found.because == ("Niemand", "ligt stil")


def test_a_calm_question_is_one_person_and_normal() -> None:
    found = draft(talk("R: Waar vind ik de lijst met vermissingen?"), "vip-1", str)
    assert (found.impact, found.urgency, found.because) == (Impact.PERSON, Urgency.NORMAL, ())


def test_the_same_conversation_gives_the_same_draft() -> None:
    assert draft(BROKEN, "vip-1", str) == draft(BROKEN, "vip-1", str)


def test_every_word_of_the_conversation_is_in_the_transcript() -> None:
    transcript = made(BROKEN).partition("CONVERSATION\n")[2]
    assert all(line.body in transcript for line in BROKEN.lines if line.kind != EntryKind.NOTE)


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
    ],
)
def test_first_question(text: str, title: str) -> None:
    assert first_question([text]) == title


def test_a_long_title_is_cut_at_a_word() -> None:
    assert cut("een twee drie vier", 12) == "een twee…"
    assert len(cut("x" * 500, 80)) == 80


def test_quotes_are_found_once_and_in_order() -> None:
    text = "FOUTMELDING: Device not ready\nORA-00060: deadlock\nen nog eens ORA-00060"
    assert literal_quotes(text) == ["Device not ready", "ORA-00060"]


def test_environment_words() -> None:
    assert environment_words("In Chrome op de testomgeving, niet in Edge") == [
        "Chrome",
        "testomgeving",
        "Edge",
    ]
