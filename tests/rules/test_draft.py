"""One draft, whole: every part of it, with each text marked as translated."""

from collections.abc import Sequence
from dataclasses import replace

from tests.rules.test_incidents import AT, BROKEN, made, talk
from vipservice.i18n import translator
from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.incidents.draft import Choice, draft, file_label, told_after
from vipservice.rules.incidents.model import FindingKind, Found, Impact, Line, Urgency
from vipservice.rules.incidents.reading import MOST_LETTERS, MOST_LINES, Reading, read, read_within

URL = "https://chat.example/chats/VIP-2026-000012"
END = f"<CHAT>\nVIP-2026-000012 {URL}\n"
REPORTED = "<REPORTED BY>\nJeroen de Boer, Amersfoort, jeroen@amersfoort.example{}, M-77"
NIGHT = (
    'Sinds vannacht krijgen wij "Sjabloon niet gevonden (UIT-5031)" bij elk uittreksel. '
    "Versie 8.4.2, productieomgeving."
)


def marked(text: str) -> str:
    return f"<{text}>"


def drafted_as(reading: Reading | None, choice: Choice | None = None) -> str:
    return draft(BROKEN, "vip-1", marked, lambda _: reading, choice).description


def test_every_field_of_a_draft() -> None:
    found = made(choice=Choice(notes=(6,)))
    assert found.title == NIGHT.partition(" Versie")[0]
    assert (found.category, found.impact, found.urgency) == ("BRP", Impact.DEPARTMENT, Urgency.HIGH)
    assert found.because == ("Niemand", "de balie ligt", "ligt stil")
    assert (found.requester, found.municipality) == ("Jeroen de Boer", "Amersfoort")
    assert (found.email, found.phone) == ("jeroen@amersfoort.example", "033-4691234")
    assert (found.reference, found.chat_url) == ("vip-1", URL)
    assert found.transcript_name == "gesprek-VIP-2026-000012.txt"
    assert {one.kind for one in found.found} >= {FindingKind.ERROR, FindingKind.VERSION}
    assert found.note == (
        "[n6] 24-04-2026 16:45 Sanne Vermeer (internal note): "
        "Dit is vast weer dat sjabloon van maandag."
    )


def test_the_whole_description() -> None:
    assert draft(BROKEN, "vip-1", marked, read).description == "\n\n".join(
        [
            f"<QUESTION>\n- {NIGHT} [3]",
            "<TRIED AND RULED OUT>\n- Hebt u de afdrukservice herstart? Ja, twee keer. Niemand kan "
            "afdrukken en de balie ligt stil. Bel 033-4691234. [5]",
            "<ERROR MESSAGES>\n- Sjabloon niet gevonden (UIT-5031) [3]",
            "<VERSIONS>\n- 8.4.2 [3]",
            "<ENVIRONMENT>\n- productieomgeving [3]",
            "<WHO IS HIT, AND HOW BADLY>\n- Niemand [5]\n- de balie ligt [5]\n- ligt stil [5]",
            REPORTED.format(", 033-4691234"),
            "<ABOUT THE MUNICIPALITY>\nVersie: 8.4.2",
            f"{END}<A number in brackets is the message it came from. The whole conversation: "
            "gesprek-VIP-2026-000012.txt.>",
        ]
    )


def test_the_headings_are_in_the_readers_language() -> None:
    text = draft(BROKEN, "vip-1", translator("nl"), read).description
    assert [part.partition("\n")[0] for part in text.split("\n\n")] == [
        "VRAAG", "GEPROBEERD EN UITGESLOTEN", "FOUTMELDINGEN", "VERSIES", "OMGEVING",
        "WIE ER LAST VAN HEEFT, EN HOE ERG", "GEMELD DOOR", "OVER DE GEMEENTE", "GESPREK",
    ]  # fmt: skip


def test_what_could_not_be_read_says_so() -> None:
    facts = "<ABOUT THE MUNICIPALITY>\nVersie: 8.4.2"
    assert drafted_as(None) == (
        f"{REPORTED.format('')}\n\n{facts}\n\n{END}<This conversation could not be read in time. "
        "What was said is in gesprek-VIP-2026-000012.txt.>"
    )
    part = Reading((Found(FindingKind.SCREEN, "Uitreiken", 3),), whole=False)
    assert drafted_as(part) == (
        f"<SCREENS>\n- Uitreiken [3]\n\n{REPORTED.format('')}\n\n{facts}\n\n{END}"
        "<A number in brackets is the message it came from. The whole conversation: "
        "gesprek-VIP-2026-000012.txt.>\n"
        "<The conversation is long: only its beginning and its end were read for this.>"
    )


def test_several_facts_stand_below_each_other() -> None:
    text = made(talk("R: Hoe werkt dit?", facts=("Versie: 8", "Server: eigen"))).description
    assert "ABOUT THE MUNICIPALITY\nVersie: 8\nServer: eigen\n" in text


def test_the_whole_transcript() -> None:
    happened = Line(
        8, AT, EntryKind.MOVED, Visibility.EVERYONE, BROKEN.lines[2].side, "Sanne Vermeer",
        "Sanne Vermeer heeft het gesprek opgepakt.", pick=8,
    )  # fmt: skip
    text = made(replace(BROKEN, lines=(*BROKEN.lines[:3], happened, BROKEN.lines[5]))).transcript
    assert text == (
        f"VIP-2026-000012 · BRP · Amersfoort\n{URL}\n\n"
        "[2] 24-04-2026 16:45 Jeroen de Boer: Goedemorgen! Kunt u mij helpen?\n"
        f"[3] 24-04-2026 16:45 Jeroen de Boer: {NIGHT}\n"
        "[4] 24-04-2026 16:45 Sanne Vermeer: Hebt u de afdrukservice herstart?\n"
        "[8] 24-04-2026 16:45 · Sanne Vermeer heeft het gesprek opgepakt.\n"
        "[7] 24-04-2026 16:45 Jeroen de Boer: VIP-2026-000012-007-scherm-één.png\n"
    )


def test_what_is_said_afterwards_has_the_lines_of_the_transcript() -> None:
    later = talk("R: Bsn 111222333 ook.", "N: intern", "S: Dank u.", "F: scherm.png")
    assert told_after(later, marked, Choice()) == (
        "[2] 24-04-2026 16:45 Jeroen de Boer: Bsn <[BSN removed]> ook.\n"
        "[4] 24-04-2026 16:45 Sanne Vermeer: Dank u.\n"
        "[5] 24-04-2026 16:45 Jeroen de Boer: VIP-2026-000012-005-scherm.png\n"
    )
    assert told_after(later, str, Choice(entries=())) == ""
    assert told_after(later, str, Choice(entries=(2,))) == ""


def test_a_citizen_service_number_is_masked_in_the_readers_language() -> None:
    one = talk("R: De aanvraag van 111222333 blijft hangen.", "N: het is 123456782")
    found = draft(one, "vip-1", marked, read, Choice(notes=(3,)))
    assert found.title == "De aanvraag van <[BSN removed]> blijft hangen."
    assert found.note.endswith("het is <[BSN removed]>")
    assert draft(one, "vip-1", marked, lambda _: None).title == "Titel"
    assert draft(replace(one, title="111222333"), "vip-1", marked, lambda _: None).title == (
        "<[BSN removed]>"
    )


def test_a_file_is_named_by_the_public_number_where_there_is_one() -> None:
    assert (file_label(12, 7), file_label(12, None)) == ("007", "n012")


def test_without_a_title_it_is_what_the_specialist_read_in_the_picture() -> None:
    assert made(talk("R: Zie de bijlage.", "S: De scanner geeft niets. Klopt dat?")).title == (
        "De scanner geeft niets."
    )


def clock_of(*moments: float) -> object:
    return iter(moments).__next__


def seen(lines: Sequence[str], *moments: float, seconds: float = 1.0) -> tuple[set[int], bool]:
    """Which lines had something to find, and whether all were read."""
    said = [line for line in talk(*lines).lines if line.body]
    found = read_within(said, clock_of(*moments), seconds)  # type: ignore[arg-type]
    return {one.seq for one in found.found if one.kind is FindingKind.ERROR}, found.whole


ERRORS = [f'R: Wij krijgen "Sjabloon niet gevonden (UIT-503{n})".' for n in range(5)]


def test_the_opening_question_goes_first_then_the_latest() -> None:
    assert seen(ERRORS, 0, 0, 0, 0, 0, 0) == ({2, 3, 4, 5, 6}, True)
    assert seen(ERRORS, 0, 0, 0, 2) == ({2, 5, 6}, False)
    assert seen(ERRORS, 0, 2) == ({2}, False)
    assert seen(ERRORS, 0, 1, 1, 1, 1) == ({2, 3, 4, 5, 6}, True), "the last moment is in time"
    assert seen([], 0) == (set(), True)


def test_no_more_is_read_than_was_agreed() -> None:
    long = [f"R: {'x ' * (MOST_LETTERS // 8)}" for _ in range(4)]
    found = seen([ERRORS[0], *long, ERRORS[1]], *[0.0] * 9)
    assert found == ({2, 7}, False)
    assert seen([*long[:3], ERRORS[1]], *[0.0] * 9) == ({5}, True)
    many = ["R: Ja."] * (MOST_LINES + 5)
    assert seen([ERRORS[0], *many, ERRORS[1]], *[0.0] * 999) == ({2, MOST_LINES + 8}, False)
    assert seen(["R: Ja."] * MOST_LINES, *[0.0] * 999) == (set(), True)
