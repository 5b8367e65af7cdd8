"""Text from outside: composed, without what nobody sees, in the order of a Dutch reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vipservice.rules.text import file_name, lines, one_line, plain_file_name, sort_key

UNSEEN = [
    "\u200b",
    "\u2060\ufeff",
    "\u3164",
    "\u115f\u1160",
    "\u2800",
    "\u034f",
    "\ufe0f",
    "\u00ad",
]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Jan\r\nBcc: x@y", "Jan Bcc: x@y"),
        ("Jan\u2028de\u0085Boer", "Jan de Boer"),
        ("Jan\x00\x07\x1b[0m", "Jan[0m"),
        ("gnp\u202egpj.exe", "gnpgpj.exe"),
        ("Jan\u200b\ufeffBoer", "JanBoer"),
        ("Ren\u0065\u0301", "René"),
        ("  Jan   de  Boer ", "Jan de Boer"),
        ("half \ud83d mens", "half mens"),
        ("漢字 отчёт 😀", "漢字 отчёт 😀"),
    ],
)
def test_a_name_is_one_line_of_what_can_be_seen(given: str, kept: str) -> None:
    assert one_line(given) == kept
    assert one_line(kept) == kept


@pytest.mark.parametrize("given", ["", " \n\t ", *UNSEEN, "\u200b \u3164\n\u2800"])
def test_a_text_in_which_nothing_can_be_seen_is_empty(given: str) -> None:
    assert one_line(given) == lines(given) == ""


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("    if x:\n        y()\n", "    if x:\n        y()"),
        ("\n\n  \n\tSELECT 1\r\nFROM t\r\n\n", "\tSELECT 1\nFROM t"),
        ("een\u2028twee\u0085drie", "een\ntwee\ndrie"),
        ("rood \u202edoor", "rood door"),
        ("gezin 👨\u200d👩\u200d👧 en ❤\ufe0f", "gezin 👨\u200d👩\u200d👧 en ❤\ufe0f"),
        ("nul\x00 en \ud800", "nul en"),
    ],
)
def test_what_somebody_says_keeps_its_lines_and_the_indent_of_the_first(
    given: str, kept: str
) -> None:
    assert lines(given) == kept
    assert lines(kept) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\map\\scherm.png", "scherm.png"),
        ("../../etc/passwd", "passwd"),
        ("отчёт.pdf", "отчёт.pdf"),
        ("foto\n.png", "foto .png"),
        ("x" * 100 + "-einde.tar.gz", "x" * 28 + "…inde.tar.gz"),
        ("x" * 100, "x" * 31 + "…" + "x" * 8),
        ("a." + "b" * 100, "a.b"),
    ],
)
def test_a_long_file_name_is_cut_in_the_middle(given: str, kept: str) -> None:
    found = file_name(given, 40)
    assert len(found) <= 40
    assert found == kept or (given.startswith("a.") and found.endswith("b"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("één rapport (2).pdf", "één-rapport-2.pdf"),
        ("漢字.txt", "漢字.txt"),
        ("😀.png", "bestand.png"),
        ("", "bestand"),
        (".bashrc", "bestand.bashrc"),
        ("naam zonder", "naam-zonder"),
        ("x" * 200 + ".docx", None),
    ],
)
def test_a_name_for_another_system_keeps_letters_of_any_script(
    given: str, kept: str | None
) -> None:
    found = plain_file_name(given, 60)
    assert kept is None or found == kept
    assert len(found) <= 60
    assert kept or found.endswith(".docx")


def test_names_stand_where_a_dutch_reader_looks() -> None:
    names = [
        "Zwolle", "'s-Hertogenbosch", "Haarlem", "Hilversum", "’s-Gravenhage", "Goirle", "Gouda",
        "Éénrum", "eemsdelta", "Eersel", "'t Zandt", "IJsselstein", "Súdwest-Fryslân", "Sudderen",
    ]  # fmt: skip
    assert sorted(names, key=sort_key) == [
        "eemsdelta", "Éénrum", "Eersel", "Goirle", "Gouda", "’s-Gravenhage", "Haarlem",
        "'s-Hertogenbosch", "Hilversum", "IJsselstein", "Sudderen", "Súdwest-Fryslân", "'t Zandt",
        "Zwolle",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("length", "kept"),
    [
        (20, "rapport-versie-2.png"),
        (19, "rapport-…rsie-2.png"),
        (16, "rapport…ie-2.png"),
    ],
)
def test_a_name_that_just_does_not_fit_is_cut(length: int, kept: str) -> None:
    assert file_name("rapport-versie-2.png", length) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a_b.c-d.txt", "a_b.c-d.txt"),
        ("X X.png", "X-X.png"),
        ("X", "X"),
        (".X", "bestand.X"),
        ("X.", "X"),
        ("№1.png", "1.png"),
        ("½ok.png", "½ok.png"),
        ("a😀😀b.png", "a-b.png"),
        ("-.-.png", "bestand.png"),
    ],
)
def test_only_letters_digits_dots_and_dashes_leave(given: str, kept: str) -> None:
    assert plain_file_name(given, 60) == kept


def test_a_long_name_for_another_system_has_a_dash_where_it_was_cut() -> None:
    assert plain_file_name("x" * 100 + "-einde.png", 40) == "x" * 27 + "-xx-einde.png"


def test_the_letters_x_count() -> None:
    assert lines("X\x00X") == "XX"
    assert sort_key("Éx")[0] == "ex"


@given(words=st.text())
def test_what_is_plain_is_kept_as_what_is_not(words: str) -> None:
    """Both ways give the same: one unseen letter at the end, which goes, takes the longer one."""
    assert lines(words + "\x00") == lines(words)
    assert one_line(words + "\x00") == one_line(words)
