"""What an entry says after its words were corrected, withdrawn or erased."""

import pytest

from vipservice.rules.entries import (
    AnyPayload,
    Called,
    CallStep,
    Corrected,
    Erased,
    Message,
    Note,
    SentFile,
    Withdrawn,
    without_words,
)  # fmt: skip
from vipservice.rules.shape import Named
from vipservice.rules.words import Said, Words, latest, place_of, said_now

FILE = SentFile(id="f", name="scherm.png", size=3)
MESSAGE = Message(body="Bel 06-12345678", file=FILE)


def test_words_that_nothing_was_said_about_are_as_said() -> None:
    assert said_now(MESSAGE, None) == Said(MESSAGE, Words.AS_SAID)


@pytest.mark.parametrize(
    ("amendment", "wanted"),
    [
        (
            Corrected(of=2, body="Bel mij"),
            Said(Message(body="Bel mij", file=FILE), Words.CORRECTED),
        ),
        (Withdrawn(of=2), Said(Message(body=""), Words.WITHDRAWN)),
        (Erased(of=2), Said(Message(body=""), Words.ERASED)),
    ],
)
def test_a_file_stays_with_corrected_words_alone(
    amendment: Corrected | Withdrawn | Erased, wanted: Said
) -> None:
    assert said_now(MESSAGE, amendment) == wanted
    assert said_now(Note(body="x", file=FILE), Erased(of=2)) == Said(Note(body=""), Words.ERASED)


@pytest.mark.parametrize(
    ("payload", "seq", "public_seq", "place"),
    [
        (MESSAGE, 7, 4, (False, 4)),
        (Note(body="x"), 7, None, (True, 7)),
        (Erased(of=3), 9, 5, (False, 3)),
        (Erased(of=6, note=True), 9, None, (True, 6)),
    ],
)
def test_which_words_an_entry_holds(
    payload: AnyPayload, seq: int, public_seq: int | None, place: tuple[bool, int]
) -> None:
    assert place_of(payload, seq, public_seq) == place


def test_the_last_amendment_counts() -> None:
    first, last, other = Corrected(of=2, body="a"), Withdrawn(of=2), Corrected(of=2, note=True)
    found = latest([first, MESSAGE, last, other])
    assert found == {(False, 2): last, (True, 2): other}


def test_nothing_of_a_person_is_left_of_erased_words() -> None:
    assert without_words(MESSAGE) == Message(body="")
    said = Called(
        step=CallStep.MISSED, phone="06-12345678", window="vanmiddag", note="klonk boos",
        caller=Named(id="s", name="Sanne"), body="x",
    )  # fmt: skip
    assert without_words(said) == Called(step=CallStep.MISSED)
