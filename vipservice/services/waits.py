"""How long it takes: one simulation of the desk, for who asks, who waits and who manages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import col, select

from vipservice.rules.forecast import (
    Agent,
    Forecast,
    Outlook,
    Situation,
    Wait,
    WaitingChat,
    forecast,
)
from vipservice.rules.people import Actor
from vipservice.rules.routing import LEAST_HANDLED, Capacity, Presence
from vipservice.rules.shape import Named
from vipservice.rules.sla import Calendar, NeverOpens, due, next_opening, open_seconds
from vipservice.rules.text import sort_key
from vipservice.services.chats.access import access_chat
from vipservice.services.routing.presence import loads_of, teams_of
from vipservice.services.routing.serving import QUEUE_LENGTH
from vipservice.services.shapes.clocks import ExpectedPickup
from vipservice.services.shapes.desk import (
    Availability,
    DeskShape,
    ExpectedWait,
    SpecialistLoad,
    TopicAvailability,
)
from vipservice.services.sla.versions import all_versions
from vipservice.store.ledger import active_since, in_queue, recent_handling
from vipservice.store.queries import waiting_by_topic
from vipservice.store.tables import Topic
from vipservice.store.work import Store, Work

HANDLING_SAMPLE = 100
Foretell = Callable[[Situation], Forecast | None]
"""Plays a situation many times, at once or beside the server; None when that took too long."""


@dataclass(frozen=True)
class DeskNow:
    """The desk as it is: in opening minutes from ``at``, by the hours of ``calendar``.

    ``ahead`` is how many wait, by topic; ``teams`` who is in which.
    """

    at: datetime
    calendar: Calendar
    loads: tuple[SpecialistLoad, ...]
    situation: Situation
    numbers: dict[str, str]
    topics: tuple[Topic, ...]
    ahead: dict[str, int]
    teams: dict[str, set[str]]

    @property
    def known(self) -> bool:
        """Whether anything can be said: enough chats were handled, and somebody may come.

        Who will be there when it opens, nobody has told.
        """
        enough = len(self.situation.handling) >= LEAST_HANDLED
        return enough and (self.open or bool(self.situation.hands))

    @property
    def open(self) -> bool:
        """Whether it is opening time."""
        found = self.opening
        return found is not None and found == self.at

    @property
    def opening(self) -> datetime | None:
        """When it is opening time again, which may be now; None when it never will be."""
        try:
            return next_opening(self.calendar, self.at)
        except NeverOpens:
            return None

    def instant(self, minutes: float) -> datetime:
        """So many opening minutes from now. Raises NeverOpens."""
        return due(self.calendar, self.at, int(minutes)).due_at


def desk_now(store: Store, capacity: Capacity) -> DeskNow:
    """Who waits, who is there and with what, and how long chats lately took."""
    with store.read() as work:
        loads, teams = loads_of(work, capacity), teams_of(work)
        calendar = all_versions(work).calendar_at(work.now)[1]
        rows = in_queue(work.session, QUEUE_LENGTH)
        waiting = tuple(
            WaitingChat(chat.id, chat.team_id, _left(calendar, work.now, clock.due_at))
            for chat, clock in rows
        )
        situation = Situation(
            waiting,
            _hands(work, calendar, loads, teams),
            tuple(recent_handling(work.session, HANDLING_SAMPLE)),
            capacity.max_chats,
        )
        numbers = {chat.id: chat.number for chat, _ in rows}
        return DeskNow(
            work.now, calendar, loads, situation, numbers, _topics(work),
            waiting_by_topic(work.session), teams,
        )  # fmt: skip


def _topics(work: Work) -> tuple[Topic, ...]:
    found = work.session.exec(select(Topic).where(col(Topic.ended_at).is_(None))).all()
    return tuple(sorted(found, key=lambda topic: sort_key(topic.name)))


def availability(store: Store, capacity: Capacity, foretell: Foretell = forecast) -> DeskShape:
    """Open, staffed, waiting, expected wait and next opening: for the centre and each topic."""
    return availability_of(desk := desk_now(store, capacity), outlook_of(desk, foretell))


def availability_of(now: DeskNow, outlook: Outlook | None) -> DeskShape:
    """The same of a desk that was read, with what lies ahead."""
    present = {load.id for load in now.loads if load.status is Presence.AVAILABLE}

    def facts(ahead: int, staff: int, wait: Wait | None) -> Availability:
        return Availability(
            open=now.open,
            next_opening=None if now.open or not now.opening else now.opening.astimezone(UTC),
            staffed=staff > 0,
            waiting=ahead,
            expected_wait_minutes=round(wait.middle) if wait else None,
            expected_wait=_expected(now, wait),
        )

    by_topic = {
        topic.id: outlook.newcomer(topic.team_id) if outlook else None for topic in now.topics
    }
    known = [wait for wait in by_topic.values() if wait]
    longest = max(known, key=lambda one: one.middle, default=None)
    return DeskShape(
        **dict(facts(sum(now.ahead.values()), len(present), longest)),
        topics=tuple(
            TopicAvailability(
                topic=Named(id=topic.id, name=topic.name),
                **dict(
                    facts(
                        now.ahead.get(topic.id, 0),
                        len(present & now.teams.get(topic.team_id, set())),
                        by_topic[topic.id],
                    )
                ),
            )
            for topic in now.topics
        ),
    )


def expected_pickup(
    store: Store, actor: Actor, chat_id: str, capacity: Capacity, foretell: Foretell = forecast
) -> ExpectedPickup:
    """When a waiting chat that this person may read is likely to be picked up. Raises NotFound."""
    with store.read() as work:
        access_chat(work, actor, chat_id)
    at = expected_pickups(store, capacity, foretell).get(chat_id)
    return ExpectedPickup(chat_id=chat_id, expected_at=at)


def expected_pickups(store: Store, capacity: Capacity, foretell: Foretell) -> dict[str, datetime]:
    """When each waiting chat is likely to be picked up, by its id; without what nobody knows."""
    return expected_of(desk := desk_now(store, capacity), outlook_of(desk, foretell))


def expected_of(now: DeskNow, outlook: Outlook | None) -> dict[str, datetime]:
    """The same of a desk that was read, with what lies ahead."""
    if outlook is None:
        return {}
    pairs = zip(now.situation.waiting, outlook.waits, strict=True)
    return {waiter.id: now.instant(max(1, round(wait.middle))) for waiter, wait in pairs if wait}


def outlook_of(now: DeskNow, foretell: Foretell) -> Outlook | None:
    """What lies ahead; None when too little is known to say."""
    found = foretell(now.situation) if now.known else None
    return found.outlook if found else None


def _hands(
    work: Work, calendar: Calendar, loads: tuple[SpecialistLoad, ...], teams: dict[str, set[str]]
) -> tuple[Agent, ...]:
    """Who takes chats now, with those in hand."""
    busy: dict[str, list[float]] = {}
    for person_id, since in active_since(work.session):
        busy.setdefault(person_id, []).append(_minutes(calendar, since, work.now))
    return tuple(
        Agent(
            frozenset(team for team, members in teams.items() if load.id in members),
            max(0, load.max_chats - load.active),
            tuple(busy.get(load.id, ())),
        )
        for load in loads
        if load.status is Presence.AVAILABLE
    )


def _left(calendar: Calendar, now: datetime, due_at: datetime) -> float:
    """Nothing once it is due, and something until then."""
    return max(0.1, _minutes(calendar, now, due_at)) if due_at > now else 0.0


def _minutes(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Opening minutes, to a tenth: so that the same situation is known again for some seconds."""
    return round(open_seconds(calendar, start, end) / 60, 1)


def _expected(now: DeskNow, wait: Wait | None) -> ExpectedWait | None:
    if wait is None:
        return None
    try:
        found = [now.instant(round(part)) for part in (wait.least, wait.middle, wait.most)]
    except NeverOpens:
        return None
    return ExpectedWait(from_=found[0], at=found[1], until=found[2])
