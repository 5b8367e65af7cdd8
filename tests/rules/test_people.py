"""Grants: on which day, for which topic."""

from datetime import date

import pytest

from vipservice.rules.people import GrantPeriod, why_not_open

DAY = date(2026, 4, 24)
ALWAYS = GrantPeriod(None, date(2020, 1, 1), None)


@pytest.mark.parametrize(
    ("may_create", "grants", "word"),
    [
        (True, [ALWAYS], None),
        (False, [ALWAYS], "incidents"),
        (True, [], "no authorisation"),
        (True, [GrantPeriod(None, date(2026, 4, 25), None)], "today"),
        (True, [GrantPeriod(None, date(2020, 1, 1), date(2026, 4, 23))], "today"),
        (True, [GrantPeriod(None, DAY, DAY)], None),
        (True, [GrantPeriod("other", date(2020, 1, 1), None)], "topic"),
        (True, [GrantPeriod("topic", date(2020, 1, 1), None)], None),
    ],
)
def test_why_not_open(may_create: bool, grants: list[GrantPeriod], word: str | None) -> None:
    reason = why_not_open(can_create_incidents=may_create, grants=grants, topic_id="topic", on=DAY)
    assert (word in reason) if (word and reason) else reason is word
