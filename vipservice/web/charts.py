"""What the charts of the pages show: the service level over time, and the pick-up times."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from vipservice.services.reports import tables
from vipservice.services.reports.tables import Selection
from vipservice.web.access import service
from vipservice.web.rendering import language

DAYS_IN_CHART = 62
MOST_LABELS = 6
SLOWEST_SHOWN = 120


@dataclass(frozen=True)
class Bar:
    """One day or month: the share picked up in time in percent, None of nothing.

    Only some bars are ``marked``: labels of all would run into each other.
    """

    label: str
    offered: int
    percent: float | None
    marked: bool


@dataclass(frozen=True)
class PickupTimes:
    """One class of pick-up times: up to so many minutes of opening time; the last has no end."""

    minutes: int | None
    picked: int
    percent: int


def trend(question: Selection) -> list[Bar]:
    """Service level by day, or by month over a long period."""
    store = service().store
    if (question.until - question.since).days < DAYS_IN_CHART:
        found, pattern = tables.days(store, question), "d MMM"
    else:
        found, pattern = tables.months(store, question), "MMM yy"
    step = -(-len(found) // MOST_LABELS)
    return [
        Bar(
            format_date(date.fromisoformat(f"{row.id}-01"[:10]), pattern, language()),
            row.offered, row.percent_within, marked=place % step == step // 2,
        )
        for place, row in enumerate(found)
    ]  # fmt: skip


def times(question: Selection) -> list[PickupTimes]:
    """Pick-up times in classes that a reader can take in."""
    counts: dict[int | None, int] = {}
    for one in tables.pickup_times(service().store, question):
        counts[_edge(one.minutes)] = counts.get(_edge(one.minutes), 0) + one.picked
    total = sum(counts.values())
    return [
        PickupTimes(edge, count, round(100 * count / total) if total else 0)
        for edge, count in counts.items()
    ]


def _edge(minutes: int | None) -> int | None:
    """Five minutes each up to half an hour; then half an hour, an hour, two hours, and more."""
    if minutes is None or minutes > SLOWEST_SHOWN:
        return None
    if minutes <= 30:
        return -(-minutes // 5) * 5
    return 60 if minutes <= 60 else 120
