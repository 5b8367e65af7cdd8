"""Targets: what holds for whom, and how they are kept."""

import pytest

from vipservice.rules.policy import (
    Agreement,
    Policy,
    Promise,
    Target,
    from_document,
    to_document,
)  # fmt: skip

GENERAL, REPLY, CALLBACK = Target(30, 20), Target(60, 45), Target(240, 180)
TOWN, TOPIC, BOTH = Target(15, 10), Target(20, 12), Target(25, 14)
POLICY = Policy(
    GENERAL, REPLY, CALLBACK, 10,
    (Agreement(TOPIC, None, "brp"), Agreement(TOWN, "zeist", None), Agreement(BOTH, "ede", "brp"),
     Agreement(Target(5, 1), "ede", None)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("promise", "town", "topic", "wanted"),
    [
        (Promise.PICKUP, "urk", "kassa", GENERAL),
        (Promise.PICKUP, "urk", "brp", TOPIC),
        (Promise.PICKUP, "zeist", "kassa", TOWN),
        (Promise.PICKUP, "zeist", "brp", TOWN),
        (Promise.PICKUP, "ede", "brp", BOTH),
        (Promise.PICKUP, "ede", "kassa", Target(5, 1)),
        (Promise.REPLY, "zeist", "brp", REPLY),
        (Promise.CALLBACK, "zeist", "brp", CALLBACK),
    ],
)
def test_the_most_precise_agreement_holds_for_the_pick_up_alone(
    promise: Promise, town: str, topic: str, wanted: Target
) -> None:
    assert POLICY.target(promise, town, topic) == wanted


def test_a_policy_survives_being_stored() -> None:
    stored = to_document(POLICY)
    assert from_document(stored) == POLICY
    assert stored["agreements"][1] == {
        "target": {"minutes": 15, "warn": 10}, "municipality_id": "zeist", "topic_id": None,
    }  # fmt: skip


@pytest.mark.parametrize(("minutes", "warn"), [(30, 30), (30, 31), (30, 0), (30, -1), (0, 0)])
def test_a_warning_comes_after_the_start_and_before_the_due_time(minutes: int, warn: int) -> None:
    with pytest.raises(ValueError, match=r"^the warning comes after .* before the due time$"):
        Target(minutes, warn)


def test_the_shortest_warning() -> None:
    assert Target(2, 1).warn == 1


def test_the_longest_that_a_clock_looks_ahead() -> None:
    assert POLICY.longest == 250
