"""Percentages, classes of pick-up times and quantiles, at their edges."""

from datetime import date

import pytest

from vipservice.rules.measures import BINS, EDGES, month_end, percent, pickup_bin, quantile


@pytest.mark.parametrize(
    ("part", "whole", "wanted"),
    [(0, 0, None), (0, 4, 0.0), (1, 3, 33.3), (2, 3, 66.7), (7, 9, 77.8), (5, 5, 100.0)],
)
def test_a_percentage_has_one_decimal_and_is_none_of_nothing(
    part: int, whole: int, wanted: float | None
) -> None:
    assert percent(part, whole) == wanted


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [
        (0, "pickup_1"), (60, "pickup_1"), (61, "pickup_2"), (1800, "pickup_30"),
        (1801, "pickup_35"), (28_800, "pickup_480"), (28_801, "pickup_more"),
    ],
)  # fmt: skip
def test_a_time_belongs_to_the_first_class_that_it_does_not_pass(seconds: int, wanted: str) -> None:
    assert pickup_bin(seconds) == wanted


def spread(**counts: int) -> dict[str, int]:
    return dict.fromkeys(BINS, 0) | counts


@pytest.mark.parametrize(
    ("counts", "share", "wanted"),
    [
        (spread(), 0.5, None),
        (spread(pickup_3=1), 0.5, 3),
        (spread(pickup_1=1, pickup_9=1), 0.5, 1),
        (spread(pickup_1=1, pickup_9=2), 0.5, 9),
        (spread(pickup_1=8, pickup_9=1, pickup_40=1), 0.9, 9),
        (spread(pickup_1=8, pickup_40=2), 0.9, 40),
        (spread(pickup_480=1), 0.9, 480),
        (spread(pickup_1=1, pickup_more=9), 0.9, None),
        (spread(pickup_2=1), 0.0, 2),
    ],
)
def test_a_quantile_is_the_edge_within_which_that_share_was_picked_up(
    counts: dict[str, int], share: float, wanted: int | None
) -> None:
    assert quantile(counts, share) == wanted


def test_each_class_has_an_edge_but_the_last() -> None:
    assert len(BINS) == len(EDGES) + 1


@pytest.mark.parametrize(
    ("day", "wanted"),
    [((2026, 2, 3), 28), ((2028, 2, 29), 29), ((2026, 12, 31), 31), ((2026, 4, 1), 30)],
)
def test_the_last_day_of_a_month(day: tuple[int, int, int], wanted: int) -> None:
    assert month_end(date(*day)) == date(*day).replace(day=wanted)
