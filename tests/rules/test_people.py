"""Grants: on which day, for which topic."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from vipservice.rules.people import (
    HOLDERS,
    REFUSALS,
    Actor,
    GrantPeriod,
    Right,
    Role,
    Side,
    side_of,
    why_not_open,
)
from vipservice.rules.refusals import NotAllowed

NOT_AT_ALL = "You are not authorised to create incidents. The chat is for those who are."
NOT_TODAY = "Your authorisation for the chat is not valid today."

DAY = date(2026, 4, 24)
ALWAYS = GrantPeriod(None, date(2020, 1, 1), None)


@pytest.mark.parametrize(
    ("may_create", "grants", "sentence"),
    [
        (True, [ALWAYS], None),
        (False, [ALWAYS], NOT_AT_ALL),
        (True, [], "You have no authorisation for the chat."),
        (True, [GrantPeriod(None, date(2026, 4, 25), None)], NOT_TODAY),
        (True, [GrantPeriod(None, date(2020, 1, 1), date(2026, 4, 23))], NOT_TODAY),
        (True, [GrantPeriod(None, DAY, DAY)], None),
        (
            True,
            [GrantPeriod("other", date(2020, 1, 1), None)],
            "You are not authorised for this topic.",
        ),
        (True, [GrantPeriod("topic", date(2020, 1, 1), None)], None),
    ],
)
def test_why_not_open(may_create: bool, grants: list[GrantPeriod], sentence: str | None) -> None:
    reason = why_not_open(can_create_incidents=may_create, grants=grants, topic_id="topic", on=DAY)
    assert reason == sentence


ACTOR = Actor("p", "Peter", Role.OPERATOR, None, "nl", "s", datetime(2026, 5, 1, tzinfo=UTC))


def test_each_right_is_held_by_its_roles_and_refused_with_its_sentence() -> None:
    for right, role in product(Right, Role):
        actor = replace(ACTOR, role=role)
        assert actor.may(right) == (role in HOLDERS[right])
        if actor.may(right):
            actor.require(right)
            continue
        with pytest.raises(NotAllowed) as refusal:
            actor.require(right)
        assert refusal.value.detail == REFUSALS[right]


def test_the_side_of_each_role_and_of_what_nobody_did() -> None:
    sides = {role: side_of(role) for role in (*Role, None)}
    assert {role for role, side in sides.items() if side is Side.REQUESTER} == {Role.REQUESTER}
    assert ACTOR.side is Side.CENTRE
