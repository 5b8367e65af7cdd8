"""The board: what waits now, and how today goes."""

from datetime import date
from typing import Any

from sqlmodel import col, select

from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.measures import percent
from vipservice.rules.routing import Capacity
from vipservice.rules.text import sort_key
from vipservice.services.routing.presence import specialist_loads
from vipservice.services.shapes.watching import Board, BoardLine
from vipservice.store.figures import CellKind, Counts, Scope, sums
from vipservice.store.ledger import running_pickups
from vipservice.store.queries import waiting_by
from vipservice.store.tables import Chat, Municipality, Topic
from vipservice.store.work import Store, Work

LINES = (
    (CellKind.TOPIC, "topic_id", Topic),
    (CellKind.MUNICIPALITY, "municipality_id", Municipality),
)


def board(store: Store, capacity: Capacity, goal_percent: int) -> Board:
    """The board as it is now; "today" is the local day, the goal is for it."""
    loads = specialist_loads(store, capacity)
    with store.read() as work:
        today = work.now.astimezone(NETHERLANDS).date()
        waiting = waiting_by(work.session, col(Chat.topic_id))
        since, warned, late = running_pickups(work.session)
        counts = sums(work.session, Scope(CellKind.ALL, today, today)).get("", {})
        topics, municipalities = (_lines(work, today, *line) for line in LINES)
        now = work.now
    offered, within = counts.get("offered", 0), counts.get("within", 0)
    return Board(
        at=now,
        waiting=sum(waiting.values()),
        longest_wait_since=since,
        warned=warned,
        late=late,
        breached_today=counts.get("late", 0),
        offered_today=offered,
        within_today=within,
        percent_within=percent(within, offered),
        goal_percent=goal_percent,
        active=sum(load.active for load in loads),
        topics=topics,
        municipalities=municipalities,
        specialists=loads,
    )


def _lines(work: Work, today: date, kind: CellKind, name: str, table: Any) -> tuple[BoardLine, ...]:
    """A line for each topic or municipality that waits or was seen today, by name."""
    waiting = waiting_by(work.session, getattr(Chat, name))
    counts = sums(work.session, Scope(kind, today, today), by=name)
    names = dict(
        work.session.execute(
            select(table.id, table.name).where(table.id.in_({*waiting, *counts}))
        ).all()
    )
    return tuple(
        _line(names[id_], waiting.get(id_, 0), counts.get(id_, {}))
        for id_ in sorted(names, key=lambda id_: sort_key(names[id_]))
    )


def _line(name: str, waiting: int, counts: Counts) -> BoardLine:
    return BoardLine(
        name=name,
        waiting=waiting,
        breached_today=counts.get("late", 0),
        offered_today=counts.get("offered", 0),
        within_today=counts.get("within", 0),
    )
