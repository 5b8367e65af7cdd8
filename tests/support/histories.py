"""What each client of a chat knows for itself, held against what is stored.

A client keeps what it sent, what was acknowledged or refused, and what it heard. `faults` says
what of that does not agree with the store; nothing, when every promise was kept.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple


class Told(NamedTuple):
    """An entry as a client's side sees it: its number there, its key and its words."""

    seq: int
    client_id: str | None
    body: str


@dataclass
class History:
    """Of one client in one chat; ``sent`` is in the order in which it was sent first.

    ``refused`` holds what was refused for good, with the sentence; ``errors`` the sentences of what
    could be tried again; ``odd`` what was wrong at the moment itself, such as a second answer that
    differed from the first.
    """

    name: str
    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, Told] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    heard: list[Told] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The last number that it has; 0 before the first."""
        return self.heard[-1].seq if self.heard else 0


Kept = Sequence[Told]
"""The entries of a chat that a side may read, as they are stored, in their order."""


def faults(told: Sequence[tuple[History, Kept]]) -> list[str]:
    """Everything that is wrong: ``kind: client: what``. Each history comes with its side's store.

    Kinds: lost, twice, order, gap, false (acknowledgement), denied (refused and yet stored),
    changed, unheard, unanswered, odd.
    """
    checks = (_lost, _twice, _order, _gap, _false, _denied, _changed, _unheard, _unanswered, _odd)
    return [
        f"{check.__name__[1:]}: {history.name}: {what}"
        for history, kept in told
        for check in checks
        for what in check(history, kept)
    ]


def _own(history: History, kept: Kept) -> list[Told]:
    return [one for one in kept if one.client_id in history.sent]


def _by_key(kept: Kept) -> Mapping[str | None, Told]:
    return {one.client_id: one for one in kept if one.client_id}


def _lost(history: History, kept: Kept) -> Iterator[str]:
    """An acknowledged message must be stored."""
    yield from history.acknowledged.keys() - _by_key(kept).keys()


def _twice(history: History, kept: Kept) -> Iterator[str]:
    """A key once, and words once: all that is sent differs."""
    for name in ("client_id", "body"):
        counted = Counter(getattr(one, name) for one in _own(history, kept))
        yield from (f"{name} {what[:60]}" for what, times in counted.items() if times > 1)


def _order(history: History, kept: Kept) -> Iterator[str]:
    """What one client says is stored in the order in which it said it."""
    places = {key: place for place, key in enumerate(history.sent)}
    for before, after in pairwise(_own(history, kept)):
        if places[before.client_id or ""] > places[after.client_id or ""]:
            yield f"{after.client_id} after {before.client_id}"


def _gap(history: History, kept: Kept) -> Iterator[str]:
    """Numbers are 1, 2, 3 and so on."""
    for expected, one in enumerate(kept, 1):
        if one.seq != expected:
            yield f"{one.seq} where {expected} belongs"
            return


def _false(history: History, kept: Kept) -> Iterator[str]:
    """What was acknowledged is what is stored, and was acknowledged under its own key."""
    stored = _by_key(kept)
    for key, answer in history.acknowledged.items():
        if answer.client_id != key or stored.get(key, answer) != answer:
            yield f"{answer} of {key}, stored is {stored.get(key)}"


def _denied(history: History, kept: Kept) -> Iterator[str]:
    """What was refused for good is not there."""
    yield from history.refused.keys() & _by_key(kept).keys()


def _changed(history: History, kept: Kept) -> Iterator[str]:
    """Each has the words with which it was sent."""
    for one in _own(history, kept):
        if one.body != history.sent[one.client_id or ""]:
            yield f"{one.client_id} is {one.body[:60]!r}"


def _unheard(history: History, kept: Kept) -> Iterator[str]:
    """What a client heard, all together, is the store."""
    if history.heard == list(kept):
        return
    pairs = zip(history.heard, kept, strict=False)
    at = next((n for n, (heard, one) in enumerate(pairs) if heard != one), None)
    at = min(len(history.heard), len(kept)) if at is None else at
    yield f"{len(history.heard)} of {len(kept)}; at {at}: {history.heard[at : at + 1]}"


def _unanswered(history: History, kept: Kept) -> Iterator[str]:
    """In the end each has its yes or its definite no."""
    yield from history.sent.keys() - history.acknowledged.keys() - history.refused.keys()


def _odd(history: History, kept: Kept) -> Iterator[str]:
    yield from history.odd
