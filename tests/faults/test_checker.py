"""The checker of histories: it is silent where all is well, and sees each thing that is not."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from tests.support.histories import History, Told, faults

Kept = list[Told]
Tamper = Callable[[History, Kept], object]
OPENED = Told(1, None, "")
FIRST, SECOND, OTHERS, THIRD = (
    Told(seq, key, f"{key} woorden")
    for seq, key in ((2, "mine-1"), (3, "mine-2"), (4, "theirs-1"), (5, "mine-3"))
)
KEPT = [OPENED, FIRST, SECOND, OTHERS, THIRD]


def history() -> History:
    """A client that sent three things, and another one that it was told not to send."""
    mine = {one.client_id or "": one for one in (FIRST, SECOND, THIRD)}
    sent = {key: one.body for key, one in mine.items()}
    return History(
        "mine", sent | {"mine-4": "te laat"}, mine, {"mine-4": "Deze chat is gesloten."},
        ["Het is erg druk."], list(KEPT),
    )  # fmt: skip


def swap(kept: Kept) -> None:
    """The second message is stored before the first."""
    kept[1], kept[2] = SECOND._replace(seq=2), FIRST._replace(seq=3)


def unanswered(mine: History, _kept: Kept) -> None:
    mine.sent["mine-5"] = "en toen?"


TAMPERED: list[tuple[str, Tamper]] = [
    ("lost", lambda _mine, kept: kept.remove(SECOND)),
    ("lost", lambda mine, _kept: mine.acknowledged.update({"mine-9": FIRST})),
    ("twice", lambda _mine, kept: kept.append(FIRST._replace(seq=6))),
    ("twice", lambda _mine, kept: kept.append(Told(6, "mine-4", FIRST.body))),
    ("order", lambda _mine, kept: swap(kept)),
    ("gap", lambda _mine, kept: kept.remove(OTHERS)),
    ("gap", lambda _mine, kept: kept.append(Told(5, "theirs-2", "nog eens vijf"))),
    ("gap", lambda _mine, kept: kept.append(Told(7, "theirs-2", "een te ver"))),
    ("false", lambda mine, _kept: mine.acknowledged.update({"mine-1": FIRST._replace(seq=9)})),
    ("false", lambda mine, _kept: mine.acknowledged.update({"mine-1": SECOND})),
    ("false", lambda mine, _kept: mine.acknowledged.update({"mine-1": FIRST._replace(body="x")})),
    ("denied", lambda _mine, kept: kept.append(Told(6, "mine-4", "te laat"))),
    ("changed", lambda _mine, kept: kept.__setitem__(1, FIRST._replace(body="anders"))),
    ("unheard", lambda mine, _kept: mine.heard.pop()),
    ("unheard", lambda mine, _kept: mine.heard.remove(OTHERS)),
    ("unheard", lambda mine, _kept: mine.heard.append(Told(6, "theirs-9", "nooit opgeslagen"))),
    ("unheard", lambda mine, _kept: mine.heard.reverse()),
    ("unanswered", unanswered),
    ("odd", lambda mine, _kept: mine.odd.append("twee antwoorden")),
]


def kinds(mine: History, kept: Kept) -> set[str]:
    return {one.partition(":")[0] for one in faults([(mine, kept)])}


def test_where_all_is_well_nothing_is_said() -> None:
    assert faults([(history(), KEPT)]) == []


@pytest.mark.parametrize(("kind", "tamper"), TAMPERED)
def test_each_fault_is_seen(kind: str, tamper: Tamper) -> None:
    mine, kept = history(), deepcopy(KEPT)
    tamper(mine, kept)
    assert kind in kinds(mine, kept)


def test_each_kind_is_tried() -> None:
    mine, kept = history(), deepcopy(KEPT)
    for _, tamper in TAMPERED[1:5] + TAMPERED[7:]:
        tamper(mine, kept)
    assert kinds(mine, kept) == {kind for kind, _ in TAMPERED}
