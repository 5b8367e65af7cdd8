"""Every pattern has a bound: the longest message made of what a pattern can get lost in."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from itertools import product
from types import ModuleType
from typing import Any

import pytest

import vipservice
from tests.support.sizes import size
from vipservice.rules.chats import BODY_LENGTH

SECONDS = 0.3
"""Of processor time for one pattern and one text; the dearest takes a tenth of it."""
PIECES = (
    *" aA1\n'\"«(>.-_?/:<é",
    *(": A", "A ", "a b ", "1 ", "A > ", "A-1", "1.1", "'A", '"A1', "(A", "ge", "heb ik ge", "A1 "),
    *("als ik ", "de ", "een ", "scherm A ", "zaak: ", "fout is ", "melding: A", "a.b", "om 1 "),
    *(
        "morgen ",
        "moet ",
        "niemand ",
        "Jan, ",
        "en Jan ",
        "collega ",
        "at a(",
        "1. ",
        "06 ",
        "AB12 ",
    ),
    *("wat ", "geeft: A", "kan ", "balie ", "hoi ", "nummer ", "regel ", "0x", "HTTP ", "AB12 "),
)
ENDS = ("", "?", "!", " niet")


def patterns() -> list[Any]:
    """Every pattern of the product, with its place."""
    found: dict[tuple[str, int], tuple[str, Any]] = {
        (pattern.pattern, pattern.flags): (f"{module.__name__}.{name}", pattern)
        for module in _modules()
        for name, value in vars(module).items()
        for pattern in _held(value)
    }
    return [pytest.param(pattern, id=place) for place, pattern in found.values()]


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(vipservice.__path__, "vipservice."):
        apart = info.name.endswith(("server", "lines", "transport", "__main__", "env"))
        if not apart and ".versions." not in info.name:
            yield importlib.import_module(info.name)


def _held(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        yield from _held(tuple(value.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _held(one)


@pytest.mark.parametrize("pattern", patterns())
def test_no_pattern_gets_lost(pattern: re.Pattern[str]) -> None:
    for piece, end in product(PIECES, ENDS[: size(4, 1)]):
        text = (piece * BODY_LENGTH)[: BODY_LENGTH - len(end)] + end
        before = time.process_time()
        for _ in pattern.finditer(text):
            pass
        assert time.process_time() - before < SECONDS, (piece, end)


def test_the_patterns_are_found() -> None:
    assert len(patterns()) > 90
