"""Fills an empty database by living the last weeks over again, through the services."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vipservice.adapters.drafts import make_draft
from vipservice.adapters.ticketing import one_system
from vipservice.adapters.ticketing.console import ConsoleTicketing
from vipservice.cli.demonstration.conversations import Talk, read_talks
from vipservice.clock import utc_now
from vipservice.config import Settings
from vipservice.rules.chats import ChatKind
from vipservice.rules.people import Actor
from vipservice.rules.routing import Capacity
from vipservice.rules.sla import is_open
from vipservice.services import setup
from vipservice.services.chats import messages, moves, reading, saying, timeline
from vipservice.services.demonstration import People, add_people, always_open
from vipservice.services.flags import flag_due
from vipservice.services.incidents import delivery, drafting, escalation
from vipservice.services.reports.folding import fold_all
from vipservice.services.routing import presence, serving
from vipservice.store.migrate import migrate
from vipservice.store.types import new_id
from vipservice.store.work import Store

DAYS = 32
CHATS_A_DAY = (2, 6)
ROOM = 99
"""Slots while the past is made: it must not depend on how it happens to overlap."""

ACCOUNTS = (
    ("administrator (Amersfoort)", "jeroen@amersfoort.example"),
    ("administrator (Rijssen)", "klarinda@rijssen-holten.example"),
    ("specialist", "specialist1@kenniscentrum.example"),
    ("manager", "manager@kenniscentrum.example"),
    ("operator", "operator@kenniscentrum.example"),
)

Step = tuple[datetime, int, Callable[[], object]]
EDITED = set(escalation.EditedDraft.model_fields)


def build(settings: Settings, url: str) -> None:
    """Migrates and fills the database of these settings; ``url`` is where it will be served."""
    clock = MovableClock(utc_now() - timedelta(days=DAYS + 1))
    store = Store(settings.database.url, clock)
    migrate(store.engine)
    setup.seed_versions(store, settings)
    store.systems = frozenset({ConsoleTicketing.name})
    folder = Path(settings.ticketing.folder)
    console = ConsoleTicketing(folder, f"{url}/console-incidents", say=lambda _line: None)
    Past(store, clock, settings, console, add_people(store), url).live(utc_now())
    store.close()


class MovableClock:
    """Time as the builder says it is."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Past:
    """Conversations planned as steps in time, then lived in order."""

    def __init__(
        self,
        store: Store,
        clock: MovableClock,
        settings: Settings,
        console: ConsoleTicketing,
        people: People,
        url: str,
    ) -> None:
        self.store = store
        self.clock = clock
        self.url = url
        self.calendar = settings.calendar.calendar()
        self.console = console
        self.people = people
        self.capacity = Capacity(ROOM, settings.routing.offline_seconds)
        self.random = random.Random(2026)
        self.steps: list[Step] = []

    def live(self, now: datetime) -> None:
        """Plans the past and the present, and lives them up to ``now``."""
        past = [talk for talk in read_talks() if talk.present is None]
        for at in self._moments(now):
            self._plan(self.random.choice(past), at, self.random.randint(1, 12))
        self.steps.append((now - timedelta(hours=3), 0, lambda: always_open(self.store)))
        for talk in read_talks():
            if talk.present is not None:
                self._plan(talk, now - timedelta(minutes=talk.present), 4)
        for at, _, act in sorted(self.steps, key=lambda step: step[:2]):
            if at <= now:
                self.clock.now = at
                act()
        self.clock.now = now
        presence.seen(self.store, {actor.id for actor in self.people.actors.values()})
        flag_due(self.store, self.capacity)
        fold_all(self.store, per_specialist=True)
        self.people.sign_out(self.store)

    def _moments(self, now: datetime) -> list[datetime]:
        """Office moments of the last weeks, a few each open day, up to four hours ago."""
        moments = []
        for back in range(DAYS, -1, -1):
            noon = (now - timedelta(days=back)).astimezone(UTC).replace(hour=8, minute=0)
            for _ in range(self.random.randint(*CHATS_A_DAY)):
                at = noon + timedelta(minutes=self.random.randint(0, 420))
                if at < now - timedelta(hours=4) and is_open(self.calendar, at):
                    moments.append(at)
        return moments

    def _plan(self, talk: Talk, at: datetime, pickup: int) -> None:
        """The steps of one conversation; now and then nobody is quick enough."""
        requester = self.people.requester(talk.requester, self.random)
        specialist = self.people.specialist(self.random)
        slow = talk.present is None and self.random.random() < 0.08
        teller = Teller(self, talk, requester, specialist)
        delay = timedelta(minutes=self.random.randint(32, 45) if slow else pickup)
        self._at(at, teller.open)
        if slow:
            self._at(
                at + timedelta(minutes=30, seconds=3), lambda: flag_due(self.store, self.capacity)
            )
        if talk.ending == "waiting":
            return
        self._at(at + delay, teller.pick_up)
        for index in range(1, len(talk.lines)):
            self._at(at + delay + timedelta(minutes=2 * index), teller.say(index))
        self._at(at + delay + timedelta(minutes=2 * len(talk.lines)), teller.end)
        self._at(at + delay + timedelta(minutes=2 * len(talk.lines) + 3), teller.settle)

    def _at(self, at: datetime, act: Callable[[], object]) -> None:
        self.steps.append((at, len(self.steps), act))


class Teller:
    """One conversation, told through the services."""

    def __init__(self, past: Past, talk: Talk, requester: Actor, specialist: Actor) -> None:
        self.past = past
        self.talk = talk
        self.requester = requester
        self.specialist = specialist
        self.chat_id = ""

    def open(self) -> None:
        """The question."""
        data = messages.NewChat(
            topic_id=self.past.people.topics[self.talk.topic],
            body=self.talk.lines[0][1],
            client_id=new_id(),
            kind=ChatKind.QUESTION,
        )
        self.chat_id = messages.open_chat(self.past.store, self.requester, data).id

    def pick_up(self) -> None:
        """A specialist takes it."""
        flag_due(self.past.store, self.past.capacity)
        serving.pick_up(self.past.store, self.specialist, self.chat_id, ROOM)

    def say(self, index: int) -> Callable[[], object]:
        """The line with that index."""
        who, body = self.talk.lines[index]

        def act() -> None:
            data = messages.NewMessage(body=body, client_id=new_id())
            store = self.past.store
            if who == "N":
                messages.add_note(store, self.specialist, self.chat_id, data)
                return
            sender = self.requester if who == "R" else self.specialist
            saying.send_message(store, sender, self.chat_id, data, self.past.capacity)
            self._read()

        return act

    def end(self) -> None:
        """How the talk ends for the specialist."""
        store = self.past.store
        if self.talk.ending in ("answered", "proposed"):
            moves.propose(store, self.specialist, self.chat_id)
        elif self.talk.ending == "parked":
            moves.park(store, self.specialist, self.chat_id)
        elif self.talk.ending == "incident":
            self._escalate()

    def settle(self) -> None:
        """What the requester does then."""
        if self.talk.ending == "answered":
            moves.confirm(self.past.store, self.requester, self.chat_id)

    def _escalate(self) -> None:
        store = self.past.store
        drafter = drafting.Drafter(make_draft, self.past.url)
        draft = drafting.get_draft(store, self.specialist, self.chat_id, drafter)
        edited = escalation.EditedDraft(**draft.model_dump(include=EDITED))
        escalation.escalate(
            store, self.specialist, self.chat_id, edited,
            system=self.past.console.name, drafter=drafter,
        )  # fmt: skip
        delivery.deliver_next(store, one_system(self.past.console), "demonstration")

    def _read(self) -> None:
        for reader in (self.requester, self.specialist):
            seq = timeline.read_timeline(self.past.store, reader, self.chat_id).last_seq
            reading.mark_read(self.past.store, reader, self.chat_id, seq)
