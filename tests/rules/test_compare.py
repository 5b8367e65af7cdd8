"""What a ticketing system lost, cut or changed, a sentence each."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.rules.test_incidents import made
from vipservice.rules.incidents.compare import differences

DRAFT = replace(made(), title="De knop is grijs", description="Regel een\nRegel twee")
WHOLE = {"title": DRAFT.title, "text": DRAFT.description, "reference": DRAFT.reference}
SIZES = {"a.txt": 3, "b.txt": 4}


def told(changes: Mapping[str, str] = WHOLE, kept: Mapping[str, int] = SIZES) -> list[str]:
    """The sentences, each marked as translated."""
    given = {**WHOLE, **changes}
    return list(
        differences(
            DRAFT, given["title"], given["text"], given["reference"], SIZES,
            kept, "t:{}".format,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"title": " De  knop is\tgrijs "}, {"text": "\n Regel een  \r\nRegel twee\n\n"},
    ],
)  # fmt: skip
def test_white_space_is_no_difference(changes: dict[str, str]) -> None:
    assert told(changes) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reference": ""},
         "t:The reference was not kept: the incident can not be found again by it."),
        ({"title": "De knop is"}, "t:t:The title has 10 characters there, and 16 here."),
        ({"title": ""}, "t:t:The title was not kept at all."),
        ({"title": "De knop is groen"}, "t:t:The title was changed."),
        ({"text": ""}, "t:t:The description was not kept at all."),
        ({"text": "Regel een"}, "t:t:The description has 9 characters there, and 20 here."),
        ({"text": "Regel een\n  Regel twee"},
         "t:t:The description has 22 characters there, and 20 here."),
        ({"text": "Regel een\nRegel drie"}, "t:t:The description was changed."),
    ],
)  # fmt: skip
def test_what_was_changed_is_told(changes: dict[str, str], sentence: str) -> None:
    assert told(changes) == [sentence]


@pytest.mark.parametrize(
    ("kept", "sentences"),
    [
        ({"a.txt": -1, "b.txt": -1}, []),
        ({"a.txt": 3}, ["t:The file b.txt was not kept."]),
        ({"a.txt": 9, "b.txt": 4}, ["t:The file a.txt has 9 bytes there, and 3 here."]),
        ({"a.txt": 0, "b.txt": 4, "c.txt": 1},
         ["t:The file a.txt has 0 bytes there, and 3 here."]),
    ],
)  # fmt: skip
def test_files_that_are_gone_or_cut_are_told(kept: dict[str, int], sentences: list[str]) -> None:
    assert told(kept=kept) == sentences


def test_each_difference_is_told() -> None:
    assert len(told({"title": "x", "text": "y", "reference": "z"}, {})) == 5
