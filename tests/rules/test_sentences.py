"""What happened, in words: every template in both languages, the same in Python and on the pages.

``tests/data/sentences.json`` is the golden file; ``model/sentences.test.ts`` reads it too.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from vipservice.i18n import teller
from vipservice.rules.chats import SAID, EntryKind
from vipservice.rules.notices import letter
from vipservice.rules.sentences import TEMPLATES, Reader, Template, tell

Case = dict[str, Any]
CASES: list[Case] = json.loads((Path(__file__).parents[1] / "data" / "sentences.json").read_text())


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['reader']}")
def test_what_happened_is_told_in_the_readers_language(case: Case, language: str) -> None:
    told = tell(case["kind"], Reader(case["reader"]), case["facts"], teller(language))
    assert list(told) == case[language]


def test_the_golden_file_knows_every_template() -> None:
    told = [_template(case) for case in CASES]
    missing = [one for one in TEMPLATES.templates if one not in told]
    assert not missing
    assert all(one.tone == case["tone"] for one, case in zip(told, CASES, strict=True))


def test_every_kind_of_entry_that_is_no_words_has_a_sentence() -> None:
    assert {case["kind"] for case in CASES} >= set(EntryKind) - SAID


def test_a_mail_leaves_out_what_it_does_not_know() -> None:
    facts: dict[str, JsonValue] = {
        "kind": "alarm",
        "to": ["a@b.nl"],
        "count": 3,
        "since": "2026-11-25T09:30:00+00:00",
    }
    mail = letter(facts, "https://chat.example/", teller("en"))
    assert mail.to == ("a@b.nl",)
    assert mail.subject == "3 messages do not get out"
    assert mail.body == (
        "Since 25-11-2026 10:30 incidents or additions have not reached the ticketing system.\n\n"
        "Read it here: https://chat.example/undelivered\n"
    )


def _template(case: Case) -> Template:
    reader = Reader(case["reader"])
    fitting = (one for one in TEMPLATES.templates if one.fits(case["kind"], reader, case["facts"]))
    return next(fitting)


def test_of_what_has_no_sentence_nothing_is_said() -> None:
    assert tell("no such kind", Reader.CENTRE, {}, str) == ()


def test_a_gap_without_its_fact_is_empty_in_the_first_part_and_leaves_out_the_others() -> None:
    facts: dict[str, JsonValue] = {"move": "hand_over", "to": "active"}
    assert tell("moved", Reader.CENTRE, facts, str) == ("The conversation was handed over to .",)
    nameless = facts | {"assignee": {"id": "s"}}
    assert tell("moved", Reader.CENTRE, nameless, str) == tell("moved", Reader.CENTRE, facts, str)


def test_a_letter_is_for_one_or_for_several() -> None:
    for to, wanted in (("a@b.nl", ("a@b.nl",)), (["a@b.nl", "c@d.nl"], ("a@b.nl", "c@d.nl"))):
        known: dict[str, JsonValue] = {"kind": "alarm", "to": to, "count": 1, "since": ""}  # type: ignore[dict-item]
        assert letter(known, "https://chat.example/XX/", str).to == wanted
        assert (
            "https://chat.example/XX/undelivered"
            in letter(known, "https://chat.example/XX/", str).body
        )
