"""Masking what may not leave, or be kept: citizen service numbers (BSN)."""

import re

from stdnum.nl import bsn

from vipservice.rules.refusals import N_

MASK = N_("[BSN removed]")

_SEPARATED = r"\d(?:[ .-]?\d)"
_NINE = re.compile(rf"(?<![\w.-]){_SEPARATED}{{8}}(?![\w-])")
_EIGHT = re.compile(
    rf"\b((?:bsn|burgerservicenummer|sofi(?:nummer)?)\W{{0,3}}(?:is|van|nr|nummer)?\W{{0,3}})"
    rf"({_SEPARATED}{{7}})(?![\w-])",
    re.IGNORECASE,
)


def mask_bsn(text: str, mask: str) -> str:
    """``text`` with ``mask`` for every number that passes the 11-test of a BSN.

    Nine digits anywhere, eight only after a word such as "bsn": the chamber of commerce's
    numbers have eight too (Besluit BSN; the test: logisch ontwerp BSN, 9a+8b+…+2h-i = 0 mod 11).
    """

    def hidden(match: re.Match[str]) -> str:
        return mask if bsn.is_valid(match.group(0)) else match.group(0)

    def hidden_eight(match: re.Match[str]) -> str:
        digits = "0" + re.sub(r"\D", "", match.group(2))
        return match.group(1) + mask if bsn.is_valid(digits) else match.group(0)

    return _EIGHT.sub(hidden_eight, _NINE.sub(hidden, text))
