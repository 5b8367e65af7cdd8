"""Facts: what must be added to the figures, for whom, and at which local hour."""

from datetime import date

from vipservice.store.plain import fresh
from vipservice.store.tables import Chat, Fact

CountKey = tuple[date, int, str, str]
"""Local day and hour, team, and specialist or ""."""


def fact(chat: Chat, key: CountKey, measures: dict[str, int]) -> Fact:
    """Counts of one chat, to be added to the figures."""
    day, hour, team_id, specialist_id = key
    return fresh(
        Fact, day=day, hour=hour, municipality_id=chat.municipality_id, topic_id=chat.topic_id,
        team_id=team_id, specialist_id=specialist_id, measures=measures,
    )  # fmt: skip
