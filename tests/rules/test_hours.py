"""Opening hours as people write them and as they are kept."""

from datetime import date

import pytest

from vipservice.rules.hours import (
    WEEKDAYS,
    format_blocks,
    from_document,
    parse_blocks,
    read_blocks,
    to_document,
)  # fmt: skip
from vipservice.rules.sla import Block, Calendar

LENIENT = "Type hours such as 08:00-12:30, 13:00-17:00, or leave it empty."
IN_ORDER = "Each part starts before it ends, and the parts follow one another."


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        (" , ;", ()),
        ("8:00-17:00", ((480, 1020),)),
        ("08.15 tot 12.30", ((495, 750),)),
        ("8:00 - 12:30, 13:00–17:45", ((480, 750), (780, 1065))),
        ("8:00-12:30 en 12:30-17:00; 19:00-21:00", ((480, 750), (750, 1020), (1140, 1260))),
        ("0:00-24:00", ((0, 1440),)),
        ("23:59-24:00", ((1439, 1440),)),
        ("00:59-01:59", ((59, 119),)),
    ],
)
def test_hours_are_read_as_people_type_them(text: str, blocks: tuple[Block, ...]) -> None:
    assert read_blocks(text) == blocks
    assert parse_blocks(format_blocks(blocks)) == blocks


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("9-5", LENIENT),
        ("8:00-12:30, later", LENIENT),
        ("overdag", LENIENT),
        ("17:00-8:00", IN_ORDER),
        ("8:00-8:00", IN_ORDER),
        ("13:00-17:00, 8:00-12:00", IN_ORDER),
        ("8:00-12:00, 11:59-17:00", IN_ORDER),
        ("8:60-12:00", IN_ORDER),
        ("8:00-12:60", IN_ORDER),
        ("8:00-24:01", IN_ORDER),
    ],
)
def test_hours_that_are_none_are_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        read_blocks(text)


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["8:00-17:00"], "'8:00-17:00' is not a block such as 08:00-17:00"),
        (["08:00-07:00"],
         "the block '08:00-07:00' must start before it ends, within 00:00-24:00"),
        (["08:00-12:00", "11:00-13:00"], "opening blocks must be in order and must not overlap"),
    ],
)  # fmt: skip
def test_the_configuration_is_told_which_block_is_wrong(texts: list[str], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        parse_blocks(texts)


def test_a_calendar_is_kept_whole() -> None:
    weekly = tuple(((480 + n, 1020),) for n in range(len(WEEKDAYS)))
    special = {date(2026, 12, 24): ((480, 720),), date(2026, 12, 31): ()}
    for country in ("NL", ""):
        whole = Calendar(
            "Europe/Amsterdam", weekly, country, frozenset({date(2026, 5, 5)}), special
        )
        assert from_document(to_document(whole)) == whole
