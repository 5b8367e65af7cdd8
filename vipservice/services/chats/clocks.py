"""The clocks of a chat, each with the opening intervals that its due time was counted from."""

from vipservice.rules.people import Actor, Side
from vipservice.rules.sla import open_between
from vipservice.services.chats.access import access_chat
from vipservice.services.shapes.clocks import ClockShape, Counted
from vipservice.services.sla.promises import clocks_of, derivation
from vipservice.store.tables import Chat, SlaClock
from vipservice.store.work import Store, Work


def list_clocks(store: Store, actor: Actor, chat_id: str) -> list[ClockShape]:
    """Every clock of a chat that this person may read, in order.

    The customer's side sees what was promised to the customer.
    """
    with store.read() as work:
        chat = access_chat(work, actor, chat_id)
        return [
            _shape(work, chat, clock)
            for clock in clocks_of(work, chat_id)
            if actor.side is Side.CENTRE or clock.target.to_customer
        ]


def _shape(work: Work, chat: Chat, clock: SlaClock) -> ClockShape:
    calendar, due = derivation(work, chat, clock)
    until = clock.met_at or clock.ended_at or work.now
    spent = open_between(calendar, clock.started_at, until)
    return ClockShape(
        **clock.model_dump(include=set(ClockShape.model_fields)),
        minutes=due.minutes,
        timezone=calendar.zone,
        counted=tuple(Counted(start=start, end=end) for start, end in due.counted),
        spent=tuple(Counted(start=start, end=end) for start, end in spent),
        spent_seconds=round(sum((end - start).total_seconds() for start, end in spent)),
    )
