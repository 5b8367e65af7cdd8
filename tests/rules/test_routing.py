"""The expected wait."""

import pytest

from vipservice.rules.routing import LEAST_HANDLED, Load, expected_wait_minutes

ENOUGH = (10.0,) * LEAST_HANDLED


@pytest.mark.parametrize(
    ("load", "minutes"),
    [
        (Load(0, 2, 2, ENOUGH), 0),
        (Load(4, 2, 2, ENOUGH), 10),
        (Load(5, 2, 2, ENOUGH), 13),
        (Load(5, 0, 2, ENOUGH), None),
        (Load(5, 2, 2, ENOUGH[1:]), None),
    ],
)
def test_expected_wait(load: Load, minutes: int | None) -> None:
    assert expected_wait_minutes(load) == minutes
