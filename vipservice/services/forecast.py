"""The forecast of the desk as it is now, and what somebody can do about it with one click."""

from datetime import timedelta

from sqlmodel import col, select

from vipservice.rules import forecast as rule
from vipservice.rules.chats import State
from vipservice.rules.routing import Capacity, Presence
from vipservice.rules.shape import Named
from vipservice.rules.sla import Calendar, open_seconds
from vipservice.services.shapes.watching import Chance, ForecastShape, IdleChat
from vipservice.services.waits import Foretell, desk_now
from vipservice.store.tables import Chat, Person
from vipservice.store.work import Store, Work


def forecast(
    store: Store, capacity: Capacity, idle_minutes: int, foretell: Foretell = rule.forecast
) -> ForecastShape:
    """Chances of the waiting chats, one sentence's worth of figures, and the remedies.

    ``known`` is False when nothing can be said. What is overdue is so whatever is known.
    """
    now = desk_now(store, capacity)
    waiting = now.situation.waiting
    found = foretell(now.situation) if now.known else None
    chances = found.outlook.chances if found else ()
    with store.read() as work:
        idle = _idle(work, now.calendar, idle_minutes)
    return ForecastShape(
        at=now.at,
        open=now.open,
        known=found is not None,
        overdue=sum(waiter.minutes_left <= 0 for waiter in waiting),
        late=found.late if found else 0,
        join_by=now.instant(found.join_by) if found and found.join_by is not None else None,
        needed_now=found.needed_now if found else None,
        chances=tuple(
            Chance(chat_id=waiter.id, number=now.numbers[waiter.id], chance=round(chance, 2))
            for waiter, chance in zip(waiting, chances, strict=False)
        ),
        colleagues=tuple(
            Named(id=load.id, name=load.name)
            for load in now.loads
            if load.status is not Presence.AVAILABLE
        ),
        idle=idle,
    )


def _idle(work: Work, calendar: Calendar, minutes: int) -> tuple[IdleChat, ...]:
    """Active chats in which the customer has said nothing since the answer, for so long."""
    query = (
        select(Chat, Person)
        .join(Person, col(Person.id) == Chat.assignee_id)
        .where(Chat.state == State.ACTIVE, Chat.last_side == "centre")
        .where(Chat.last_said_at <= work.now - timedelta(minutes=minutes))
        .order_by(col(Chat.last_said_at))
    )
    return tuple(
        IdleChat(
            chat_id=chat.id, number=chat.number, specialist=person.name,
            minutes=open_seconds(calendar, chat.last_said_at, work.now) // 60,
        )
        for chat, person in work.session.exec(query)
    )  # fmt: skip
