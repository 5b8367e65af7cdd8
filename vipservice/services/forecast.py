"""The forecast of the desk as it is now, and what somebody can do about it with one click."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from vipservice.rules import forecast as rule
from vipservice.rules.chats import State
from vipservice.rules.forecast import Hand, Situation, Waiter
from vipservice.rules.routing import LEAST_HANDLED, Desk, Presence
from vipservice.rules.sla import Calendar, due, open_seconds
from vipservice.services.routing import HANDLING_SAMPLE, QUEUE_LENGTH, specialist_loads, teams_of
from vipservice.services.shapes import (
    Chance,
    ForecastShape,
    IdleChat,
    Named,
    SpecialistLoad,
)
from vipservice.services.sla.versions import book
from vipservice.store.queries import active_since, first_waiting, recent_handling, waiting_clocks
from vipservice.store.tables import Chat, Person
from vipservice.store.work import Store, Work


def forecast(store: Store, desk: Desk, idle_minutes: int) -> dict[str, Any]:
    """Chances of the waiting chats, one sentence's worth of figures, and the remedies.

    ``known`` is False with too few handled chats to say anything.
    """
    loads = specialist_loads(store, desk)
    with store.read() as work:
        calendar = book(work).calendar_at(work.now)[1]
        situation, numbers = _situation(work, desk, calendar, loads)
        known = len(situation.handling) >= LEAST_HANDLED
        found = rule.forecast(situation) if known else None
        join_by = found.join_by if found else None
        return ForecastShape(
            at=work.now,
            known=known,
            late=found.late if found else 0,
            join_by=None if join_by is None else due(calendar, work.now, int(join_by)).due_at,
            needed_now=found.needed_now if found else None,
            chances=tuple(
                Chance(chat_id=waiter.id, number=numbers[waiter.id], chance=round(chance, 2))
                for waiter, chance in zip(
                    situation.waiting, found.chances if found else (), strict=False
                )
            ),
            colleagues=tuple(
                Named(id=load.id, name=load.name)
                for load in loads
                if load.status is not Presence.AVAILABLE
            ),
            idle=_idle(work, calendar, idle_minutes),
        ).public()


def _situation(
    work: Work, desk: Desk, calendar: Calendar, loads: tuple[SpecialistLoad, ...]
) -> tuple[Situation, dict[str, str]]:
    """The desk in opening minutes from now, and the numbers of the chats."""
    rows = waiting_clocks(work.session, first_waiting(work.session, QUEUE_LENGTH))
    waiting = tuple(
        Waiter(chat.id, chat.team_id, open_seconds(calendar, work.now, clock.due_at) / 60)
        for chat, clock in rows
    )
    busy: dict[str, list[float]] = {}
    for person_id, since in active_since(work.session):
        busy.setdefault(person_id, []).append(open_seconds(calendar, since, work.now) / 60)
    teams = teams_of(work)
    hands = tuple(
        Hand(
            frozenset(team for team, members in teams.items() if load.id in members),
            max(0, desk.slots - load.active),
            tuple(busy.get(load.id, ())),
        )
        for load in loads
        if load.status is Presence.AVAILABLE
    )
    handling = tuple(recent_handling(work.session, HANDLING_SAMPLE))
    numbers = {chat.id: chat.number for chat, _ in rows}
    return Situation(waiting, hands, handling, desk.slots), numbers


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
