"""A generated year of the whole country: how fast reports answer, and whether they are right.

``python -m tests.benchmarks.reports 1000000``. Every chat gets its timeline; ledger and figures
grow day by day as they do in the service (incremental), then everything is counted anew from the
timelines (rebuild), and the two must be equal to the last cell.
"""

import random
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count, product
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel, func, select

from vipservice.rules.chats import ChatKind, Move, Outcome, State, Visibility
from vipservice.rules.entries import AnyPayload, Flag, Message, Moved, Opened, dump
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.measures import MEASURES, REPEAT_DAYS
from vipservice.rules.notices import Level
from vipservice.rules.people import Role
from vipservice.rules.policy import Promise
from vipservice.rules.shape import Named
from vipservice.rules.sla import due
from vipservice.services.reports import tables
from vipservice.services.reports.folding import rebuild
from vipservice.services.reports.tables import Selection
from vipservice.services.sla.facts import fact
from vipservice.services.sla.ledger import replay
from vipservice.services.sla.repeats import repeat_count
from vipservice.services.sla.versions import Versions, all_versions
from vipservice.store.counting import add_facts
from vipservice.store.figures import HOURLY, IDS, OF, CellKind, Grain, figure, measure
from vipservice.store.migrate import migrate
from vipservice.store.tables import (
    Chat,
    Contact,
    Entry,
    Fact,
    Municipality,
    Person,
    SlaClock,
    Topic,
)
from vipservice.store.types import new_id
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World, make_world

MUNICIPALITIES, TOPICS, SPECIALISTS = 342, 6, 60
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
TIMES = 7


@dataclass
class Year:
    """Everybody there is, and what was closed lately by municipality and topic."""

    world: World
    book: Versions
    chance: random.Random
    towns: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    specialists: list[str] = field(default_factory=list)
    askers: dict[str, str] = field(default_factory=dict)
    lately: dict[tuple[str, str], deque[Contact]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    count: int = 0

    def people(self) -> None:
        """The country."""
        with self.world.store.work() as work:
            for n in range(MUNICIPALITIES):
                town = Municipality(name=f"Gemeente {n:03}", code=f"9{n:03}")
                work.session.add(town)
                work.session.flush()
                asker = Person(
                    email=f"b{n}@x.example", name=f"Beheerder {n}", role=Role.REQUESTER,
                    municipality_id=town.id,
                )  # fmt: skip
                work.session.add(asker)
                self.towns.append(town.id)
                self.askers[town.id] = asker.id
            topics = [
                Topic(name=f"Onderwerp {n}", team_id=self.world.team_id) for n in range(TOPICS)
            ]
            staff = [
                Person(email=f"s{n}@x.example", name=f"Specialist {n}", role=Role.SPECIALIST)
                for n in range(SPECIALISTS)
            ]
            work.session.add_all([*topics, *staff])
            self.topics = [topic.id for topic in topics]
            self.specialists = [person.id for person in staff]

    def day(self, day: date, chats: int) -> list[tuple[Chat, list[Entry]]]:
        """The chats of one day, in the order in which they were asked."""
        opening = datetime(day.year, day.month, day.day, 8, tzinfo=NETHERLANDS).astimezone(UTC)
        minutes = sorted(self.chance.uniform(0, 520) for _ in range(chats))
        return [self._chat(opening + timedelta(minutes=minute)) for minute in minutes]

    def _chat(self, at: datetime) -> tuple[Chat, list[Entry]]:
        self.count += 1
        town = self.chance.choice(self.towns)
        chat = Chat(
            number=f"VIP-2025-{self.count:08}", client_id=f"c{self.count:012}",
            kind=ChatKind.QUESTION,            municipality_id=town, requester_id=self.askers[town],
            topic_id=self.chance.choice(self.topics), team_id=self.world.team_id, title="Vraag",
            state=State.CLOSED, opened_at=at, updated_at=at, last_at=at, last_said_at=at,
            id=new_id(),
        )  # fmt: skip
        return chat, list(self._entries(chat, at))

    def _entries(self, chat: Chat, at: datetime) -> Iterator[Entry]:
        """Asked, flagged when it comes to that, picked up, answered, and its end."""
        who = self.chance.choice(self.specialists)
        calendar = self.book.calendar(1)
        waits = self.chance.lognormvariate(2.0, 0.8)
        told: list[tuple[datetime, str | None, AnyPayload]] = [
            (at, chat.requester_id, Opened(team=Named(id=chat.team_id, name="Team"))),
            (at, chat.requester_id, Message(body="Hoe werkt dit?")),
        ]
        for minutes, level in ((20, Level.WARNING), (30, Level.BREACH), (40, Level.MANAGER)):
            if waits >= minutes:
                reached = due(calendar, at, minutes).due_at
                told.append((reached, None, Flag(target=Promise.PICKUP, level=level)))
        picked = due(calendar, at, int(waits)).due_at + timedelta(seconds=20)
        ended = picked + timedelta(minutes=self.chance.lognormvariate(2.2, 0.6))
        incident = self.chance.random() < 0.15
        told.append((picked, who, self._moved(Move.PICK_UP, who)))
        if self.chance.random() < 0.1:
            who = self.chance.choice(self.specialists)
            told.append((picked, who, self._moved(Move.HAND_OVER, who)))
        told.append((ended, who, Message(body="Zo werkt dat.")))
        move = Move.ESCALATE if incident else Move.PROPOSE
        told.append((ended, who, self._moved(move, who)))
        if not incident:
            confirmed = ended + timedelta(minutes=self.chance.uniform(1, 30))
            told.append((confirmed, chat.requester_id, self._moved(Move.CONFIRM, who)))
        public = count(1)
        for seq, (moment, author, payload) in enumerate(told, 1):
            everyone = payload.visibility is Visibility.EVERYONE
            yield Entry(
                chat_id=chat.id, seq=seq, public_seq=next(public) if everyone else None,
                kind=payload.kind, visibility=payload.visibility,
                author_id=author, at=moment, body=payload.body, data=dump(payload),
            )  # fmt: skip

    def _moved(self, move: Move, who: str) -> Moved:
        origin, to, outcome = {
            Move.PICK_UP: (State.WAITING, State.ACTIVE, None),
            Move.HAND_OVER: (State.ACTIVE, State.ACTIVE, None),
            Move.PROPOSE: (State.ACTIVE, State.PROPOSED, None),
            Move.ESCALATE: (State.ACTIVE, State.CLOSED, Outcome.INCIDENT),
            Move.CONFIRM: (State.PROPOSED, State.CLOSED, Outcome.ANSWERED),
        }[move]
        assignee = Named(id=who, name="Wie") if to is State.ACTIVE else None
        return Moved(move=move, origin=origin, to=to, outcome=outcome, assignee=assignee)

    def live(self, told: list[tuple[Chat, list[Entry]]]) -> None:
        """Stores a day's chats with ledger and facts, as the service would have."""
        rows: dict[type[SQLModel], list[dict[str, Any]]] = defaultdict(list)
        facts: list[Fact] = []
        for chat, entries in told:
            ledger = replay(self.book, chat, chat.team_id, entries)
            chat.cycle, chat.last_seq = ledger.cycle, len(entries)
            facts += [fact(chat, *counted) for counted in ledger.counts.items()]
            rows[Chat].append(chat.model_dump())
            rows[Entry] += [entry.model_dump() for entry in entries]
            for row in ledger.made:
                if isinstance(row, Contact):
                    facts += self._followed(chat, row)
                else:
                    rows[type(row)].append(row.model_dump())
        self._let_go(told[0][0].opened_at, rows)
        self._store(rows, facts)

    def _followed(self, chat: Chat, contact: Contact) -> Iterator[Fact]:
        """Marks what this question repeats, and waits itself to be repeated."""
        lately = self.lately[contact.municipality_id, contact.topic_id]
        week = contact.started_at - timedelta(days=REPEAT_DAYS)
        for earlier in lately:
            closed = earlier.closed_at
            if earlier.followed_at is None and closed and week <= closed < contact.started_at:
                earlier.followed_at = contact.started_at
                yield fact(chat, *repeat_count(earlier))
        lately.append(contact)

    def _let_go(self, now: datetime, rows: dict[type[SQLModel], list[dict[str, Any]]]) -> None:
        """Contacts that nothing can follow any more are stored."""
        week = now - timedelta(days=REPEAT_DAYS + 1)
        for lately in self.lately.values():
            while lately and (lately[0].closed_at or now) < week:
                rows[Contact].append(lately.popleft().model_dump())

    def finish(self) -> None:
        """Stores the contacts that are left."""
        left = [contact.model_dump() for lately in self.lately.values() for contact in lately]
        self._store({Contact: left}, [])

    def _store(self, rows: dict[type[SQLModel], list[dict[str, Any]]], facts: list[Fact]) -> None:
        with self.world.store.work() as work:
            for table in (Chat, Entry, SlaClock, Contact):
                if rows.get(table):
                    work.session.execute(insert(table), rows[table])
            add_facts(work.session, facts, per_specialist=True)


def working_days(book_: Versions) -> list[date]:
    """The days of the year on which the desk is open."""
    calendar = book_.calendar(1)
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if calendar.blocks(day)]


def cells(store: Store) -> set[tuple[Any, ...]]:
    """Every row of the figures."""
    with store.read() as work:
        return {
            tuple(row)
            for table in (figure, measure)
            for row in work.session.execute(table.select())
        }


def milliseconds(act: Callable[[], object]) -> str:
    """The median of some calls, with the spread."""
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        spent.append(1000 * (time.perf_counter() - began))
    return f"{median(spent):>7.0f} ms ({min(spent):.0f}-{max(spent):.0f})"


def print_reports(store: Store, year: Year) -> None:
    """How fast each report over the year answers."""
    whole = Selection(FIRST, LAST)
    ragged = Selection(date(2025, 1, 15), date(2025, 12, 16))
    town, topic = year.towns[0], year.topics[0]
    asked: list[tuple[str, Callable[[], object]]] = [
        ("summary", lambda: tables.summary(store, whole)),
        ("days", lambda: tables.days(store, whole)),
        ("months", lambda: tables.months(store, whole)),
        ("municipalities", lambda: tables.by_municipality(store, whole)),
        ("municipalities, 15-1 to 16-12", lambda: tables.by_municipality(store, ragged)),
        ("municipalities, one topic",
         lambda: tables.by_municipality(store, Selection(FIRST, LAST, topic_id=topic))),
        ("topics", lambda: tables.by_topic(store, whole)),
        ("topics, one municipality",
         lambda: tables.by_topic(store, Selection(FIRST, LAST, municipality_id=town))),
        ("teams", lambda: tables.by_team(store, whole)),
        ("specialists", lambda: tables.by_specialist(store, whole)),
        ("hours", lambda: tables.heat(store, whole)),
        ("pick-up times", lambda: tables.pickup_times(store, whole)),
    ]  # fmt: skip
    for name, act in asked:
        print(f"  {name:<32}{milliseconds(act)}", flush=True)


def run(chats: int, url: str) -> None:
    """One size: fills, asks, rebuilds, compares."""
    clock = ManualClock("2026-01-02T10:00+01:00")
    store = Store(url, clock)
    migrate(store.engine)
    world = make_world(store, clock)
    with store.read() as work:
        year = Year(world, all_versions(work), random.Random(2025))
    year.people()
    days = working_days(year.book)
    began = time.perf_counter()
    for number, day in enumerate(days):
        share = chats * (number + 1) // len(days) - chats * number // len(days)
        year.live(year.day(day, share))
    year.finish()
    grown = time.perf_counter() - began
    with store.read() as work:
        count = work.session.execute(select(func.count()).select_from(figure)).scalar_one()
    print(f"{chats:,} chats: lived in {grown:.0f} s, {count:,} cells")
    print_reports(store, year)
    kept = cells(store)
    began = time.perf_counter()
    rebuild(store, per_specialist=True)
    spent = time.perf_counter() - began
    print(f"  rebuilt in {spent:.0f} s ({1e6 * spent / chats:.0f} µs a chat), "
          f"{'equal' if cells(store) == kept else 'DIFFERENT'}", flush=True)  # fmt: skip
    store.close()


def full_grid(url: str) -> None:
    """Every cell that there can be, as 17 million chats fill them: only for the times."""
    clock = ManualClock("2026-01-02T10:00+01:00")
    store = Store(url, clock)
    migrate(store.engine)
    with store.read() as work:
        year = Year(make_world(store, clock), all_versions(work), random.Random(2025))
    year.people()
    count = 0
    for day in working_days(year.book):
        rows = [_cell(year, key) for key in _keys_of(year, day)]
        count += len(rows)
        with store.work() as work:
            work.session.execute(insert(figure), rows)
    print(f"every cell of a year filled, {count:,} cells")
    print_reports(store, year)
    store.close()


def _keys_of(year: Year, day: date) -> Iterator[tuple[CellKind, Grain, str, dict[str, str]]]:
    """The cells that a day brings; the first of a month also brings those of the month."""
    periods = [(Grain.DAY, day.isoformat())]
    if day == min(one for one in working_days(year.book) if one.month == day.month):
        periods.append((Grain.MONTH, day.isoformat()[:7]))
    hours = [(Grain.HOUR, f"{day.isoformat()}T{hour:02}") for hour in range(8, 17)]
    ids = {
        "municipality_id": year.towns, "topic_id": year.topics, "team_id": [year.world.team_id],
        "specialist_id": year.specialists,
    }  # fmt: skip
    for kind, own in OF.items():
        for chosen in product(*(ids[name] for name in own)):
            for grain, period in periods + (hours if kind in HOURLY else []):
                yield kind, grain, period, dict(zip(own, chosen, strict=True))


def _cell(year: Year, key: tuple[CellKind, Grain, str, dict[str, str]]) -> dict[str, Any]:
    kind, grain, period, chosen = key
    ids = {name: chosen.get(name, "") for name in IDS}
    counts = {name: year.chance.randint(0, 200) for name in MEASURES}
    return {"kind": kind, "grain": grain, "period": period, **ids, **counts}


def main() -> None:
    """Each size that is named, 100,000 when none is; "grid" for every cell there can be."""
    for word in sys.argv[1:] or ["100000"]:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder)}/v.db"
            full_grid(url) if word == "grid" else run(int(word), url)


if __name__ == "__main__":
    main()
