"""Words that were corrected, withdrawn or erased after they were said.

The entry keeps its number and its place; what it says is what the last entry about it says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vipservice.rules.entries import (
    Amendment,
    AnyPayload,
    Corrected,
    Erased,
    Message,
    Note,
    Withdrawn,
)


class Words(StrEnum):
    """What became of what was said."""

    AS_SAID = "as_said"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


NOW = {Corrected: Words.CORRECTED, Withdrawn: Words.WITHDRAWN, Erased: Words.ERASED}
Place = tuple[bool, int]
"""Of what words: whether it is a note, and its number: the public one, of a note the centre's."""


@dataclass(frozen=True)
class Said:
    """What an entry says now, and what became of its words."""

    payload: AnyPayload
    words: Words = Words.AS_SAID


def place_of(payload: AnyPayload, seq: int, public_seq: int | None) -> Place:
    """Which words an entry holds: of an amendment those that it is about."""
    if isinstance(payload, Amendment):
        return payload.note, payload.of
    return public_seq is None, public_seq or seq


def latest(amendments: Iterable[AnyPayload]) -> dict[Place, Amendment]:
    """The last amendment of each place; they come in order."""
    return {(one.note, one.of): one for one in amendments if isinstance(one, Amendment)}


def said_now(payload: AnyPayload, amendment: Amendment | None) -> Said:
    """What an entry says after an amendment of its words. Its file goes with withdrawn words."""
    if amendment is None:
        return Said(payload)
    changed: dict[str, object] = {"body": amendment.body}
    if isinstance(payload, Message | Note) and not isinstance(amendment, Corrected):
        changed["file"] = None
    return Said(payload.model_copy(update=changed), NOW[type(amendment)])
