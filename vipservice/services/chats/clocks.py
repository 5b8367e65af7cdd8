"""The clocks of a chat, each with the opening intervals that its due time was counted from."""

from typing import Any

from vipservice.rules.people import Actor
from vipservice.services.chats.access import access_chat
from vipservice.services.shapes import ClockShape, Counted
from vipservice.services.sla import clocks_of, derivation
from vipservice.store.tables import SlaClock
from vipservice.store.work import Store, Work


def list_clocks(store: Store, actor: Actor, chat_id: str) -> list[dict[str, Any]]:
    """Every clock of a chat that this person may read, in order."""
    with store.read() as work:
        access_chat(work, actor, chat_id)
        return [_shape(work, clock) for clock in clocks_of(work, chat_id)]


def _shape(work: Work, clock: SlaClock) -> dict[str, Any]:
    calendar, due = derivation(work, clock)
    return ClockShape(
        **clock.model_dump(exclude={"chat_id"}),
        minutes=due.minutes,
        timezone=calendar.zone,
        counted=tuple(Counted(start=start, end=end) for start, end in due.counted),
    ).public()
