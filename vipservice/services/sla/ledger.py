"""The ledger: clocks and contacts, brought on entry by entry.

The running service and the replay of a timeline use the same one, so that a timeline tells again
what was stored.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from vipservice.rules.chats import EntryKind, Move, Outcome, State
from vipservice.rules.entries import AnyPayload, Called, Flag, Moved, Opened, Passed, Recalculated
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.ledger import effects
from vipservice.rules.measures import pickup_bin
from vipservice.rules.notices import Level
from vipservice.rules.people import Side
from vipservice.rules.policy import Promise, Target
from vipservice.rules.shape import Named
from vipservice.rules.sla import open_seconds
from vipservice.services.sla.facts import CountKey
from vipservice.services.sla.versions import Versions
from vipservice.store.plain import fresh, instance
from vipservice.store.tables import Chat, Contact, Entry, SlaClock

REACHED = {
    Level.WARNING: ("warn_at", "warned_at"),
    Level.BREACH: ("due_at", "breached_at"),
    Level.MANAGER: ("manager_at", "manager_told_at"),
}
"""For each level when it is reached, and where the fact is kept."""


@dataclass
class Ledger:
    """The clocks that run and the contact of one chat, and what became of them.

    ``turns``: so many times an answer was waited for in this cycle. A message needs no contact.
    ``picked``: the clock of the pick-up, which can still be undone.
    """

    book: Versions
    chat: Chat
    team_id: str
    specialist_id: str | None = None
    requester_id: str | None = None
    cycle: int = 0
    turns: int = 0
    contact: Contact | None = None
    running: dict[Promise, SlaClock] = field(default_factory=dict)
    picked: SlaClock | None = None
    made: list[SlaClock | Contact] = field(default_factory=list)
    counts: dict[CountKey, dict[str, int]] = field(default_factory=dict)

    def take(self, entry: Entry, payload: AnyPayload) -> None:
        """Brings everything up to date with the next entry of the timeline, and what it says."""
        match payload:
            case Flag() as flag:
                self._flag(flag)
            case Recalculated() as recalculated:
                self._recalculate_under(recalculated)
            case Passed() as passed:
                self.requester_id = passed.requester.id
            case Opened() as opened:
                self.requester_id = entry.author_id
                self._note_people(opened.team, None)
                self._run(entry, opened)
            case Moved() as moved:
                self._move(entry, moved)
            case _:
                self._run(entry, payload)

    def handed_over(self) -> tuple[list[SlaClock | Contact], dict[CountKey, dict[str, int]]]:
        """What was made and counted since the last time, to be stored."""
        made, counts = self.made, self.counts
        self.made, self.counts = [], {}
        return made, counts

    def _move(self, entry: Entry, moved: Moved) -> None:
        self._spend(moved.origin, entry.at)
        if moved.move in (Move.HAND_OVER, Move.TAKE_OVER):
            self._count_transfer(entry.at, moved)
        if moved.to is State.WAITING:
            self.specialist_id = None
        if moved.origin is moved.to is State.WAITING and moved.team:
            self._goes_to(moved.team.id)
        self._note_people(moved.team, moved.assignee)
        self._run(entry, moved)

    def _goes_to(self, team_id: str) -> None:
        """Another team picks it up: the contact and its clock are theirs from the start."""
        contact = self.contact
        assert contact is not None
        first = {"chats": 1} if contact.cycle == 1 else {}
        counted = first | {"contacts": 1}
        undone = {name: -count for name, count in counted.items()}
        self._count(contact.started_at, contact.team_id, undone)
        self._count(contact.started_at, team_id, counted)
        contact.team_id = team_id
        for clock in self.running.values():
            clock.team_id = team_id

    def _count_transfer(self, at: datetime, moved: Moved) -> None:
        """For who had the chat, whoever handed it over; to the same one it stays where it is."""
        had, taker = self.contact, moved.assignee.id if moved.assignee else None
        if had and taker != had.specialist_id:
            self._count(at, had.team_id, {"transfers": 1}, had.specialist_id)

    def _run(self, entry: Entry, payload: AnyPayload) -> None:
        """Stops, closes and starts what the entry says."""
        asks = entry.author_id == self.requester_id
        side = Side.REQUESTER if asks else Side.CENTRE
        found = effects(payload, side, waiting=Promise.PICKUP in self.running)
        by = payload.caller.id if isinstance(payload, Called) and payload.caller else None
        for promise, kept in found.stops:
            self._stop(promise, entry.at, (by or self.specialist_id) if kept else None, kept=kept)
        if isinstance(payload, Moved) and payload.outcome:
            self._close(payload.outcome, entry.at)
        if found.new_cycle:
            self._new_cycle(entry, asked=_asks_anew(payload))
        for promise in found.starts:
            self._start(promise, entry.at)
        if found.resumes:
            self._resume()

    def _note_people(self, team: Named | None, assignee: Named | None) -> None:
        self.team_id = team.id if team else self.team_id
        self.specialist_id = assignee.id if assignee else self.specialist_id
        if self.contact and self.specialist_id:
            self.contact.specialist_id = self.specialist_id

    def _new_cycle(self, entry: Entry, *, asked: bool) -> None:
        self.cycle, self.turns = self.cycle + 1, 0
        self.contact = fresh(
            Contact, chat_id=self.chat.id, cycle=self.cycle,
            municipality_id=self.chat.municipality_id, topic_id=self.chat.topic_id,
            team_id=self.team_id, specialist_id=self.specialist_id, started_at=entry.at,
            since=entry.at, asked=asked,
        )  # fmt: skip
        self.made.append(self.contact)
        first = {"chats": 1} if entry.kind is EntryKind.OPENED else {}
        self._count(entry.at, self.team_id, first | {"contacts": 1})

    def _spend(self, state: State, at: datetime) -> None:
        """Adds the opening time in the state that is left to the contact."""
        contact = self.contact
        if contact is None or state is State.CLOSED:
            return
        if state in (State.ACTIVE, State.PARKED):
            calendar = self.book.calendar_at(at, contact.team_id)[1]
            spent = open_seconds(calendar, contact.since, at)
            name = "handling_seconds" if state is State.ACTIVE else "parked_seconds"
            setattr(contact, name, getattr(contact, name) + spent)
            self._count(at, contact.team_id, {name: spent}, contact.specialist_id)
        contact.since = at

    def _close(self, outcome: Outcome, at: datetime) -> None:
        contact = self.contact
        assert contact is not None
        contact.closed_at, contact.outcome = at, outcome
        self._count(at, contact.team_id, {"closed": 1, outcome.value: 1}, contact.specialist_id)

    def _start(self, promise: Promise, at: datetime) -> None:
        if promise in self.running or not self.cycle:
            return
        if promise is Promise.REPLY:
            self.turns += 1
        clock = fresh(
            SlaClock, chat_id=self.chat.id, cycle=self.cycle, target=promise, started_at=at,
            turn=self.turns if promise is Promise.REPLY else 1, team_id=self.team_id,
            calendar_version=self.book.calendar_at(at, self.team_id)[0],
            policy_version=self.book.policy_at(at)[0],
        )  # fmt: skip
        self.recalculate(clock)
        self.running[promise] = clock
        self.made.append(clock)

    def recalculate(self, clock: SlaClock) -> None:
        """Every moment of a clock, from its start and its versions."""
        calendar = self.book.calendar(clock.calendar_version)
        target = self.target_of(clock)

        def after(minutes: int) -> datetime:
            return calendar.due_at(clock.started_at, minutes)

        clock.warn_at, clock.due_at = after(target.warn), after(target.minutes)
        later = self.book.policy(clock.policy_version).manager_minutes
        told = clock.target.to_customer
        clock.manager_at = after(target.minutes + later) if told else None
        clock.next_at = next_of(clock)

    def target_of(self, clock: SlaClock) -> Target:
        """The target that a clock runs for."""
        policy = self.book.policy(clock.policy_version)
        return policy.target(clock.target, self.chat.municipality_id, self.chat.topic_id)

    def _stop(self, promise: Promise, at: datetime, by: str | None, *, kept: bool) -> None:
        clock = self.running.pop(promise, None)
        if clock is None:
            return
        clock.ended_at, clock.next_at = at, None
        if kept:
            clock.met_at, clock.met_by = at, by
            self.picked = clock if promise is Promise.PICKUP else self.picked
        self._count(clock.started_at, clock.team_id, self._verdict(clock), by)

    def _resume(self) -> None:
        """A pick-up that was undone was none: its clock runs on, and what it added is taken off."""
        clock = self.picked
        assert clock is not None
        undone = {name: -count for name, count in self._verdict(clock).items()}
        self._count(clock.started_at, clock.team_id, undone, clock.met_by)
        clock.ended_at = clock.met_at = clock.met_by = None
        clock.next_at = next_of(clock)
        self.running[clock.target], self.picked = clock, None
        if self.contact:
            self.contact.specialist_id = None

    def _verdict(self, clock: SlaClock) -> dict[str, int]:
        """What the end of a clock adds; a breach was counted when it happened."""
        judged = {"offered": 1, "within": 1} if clock.met_at and not clock.breached_at else {}
        if clock.target is not Promise.PICKUP:
            return {f"{clock.target}_{name}": count for name, count in judged.items()}
        if clock.met_at is None:
            return {} if clock.breached_at else {"left_in_time": 1}
        seconds = took_seconds(self.book, clock)
        return judged | {"picked": 1, "pickup_seconds": seconds, pickup_bin(seconds): 1}

    def _flag(self, flag: Flag) -> None:
        """The clock has reached a level: the fact is the moment that was foreseen."""
        clock = self.running.get(flag.target)
        if clock is None:
            return
        foreseen, kept = REACHED[flag.level]
        setattr(clock, kept, getattr(clock, foreseen))
        clock.next_at = next_of(clock)
        if flag.level is Level.BREACH:
            self._count_breach(clock)

    def _count_breach(self, clock: SlaClock) -> None:
        if clock.target is not Promise.PICKUP:
            self._count(clock.started_at, clock.team_id, {f"{clock.target}_offered": 1})
            return
        self._count(clock.started_at, clock.team_id, {"offered": 1, "breached": 1})
        self._count(clock.due_at, clock.team_id, {"late": 1})

    def _recalculate_under(self, recalculated: Recalculated) -> None:
        """The operator chose other versions for a running clock; what it reached stays."""
        clock = self.running.get(recalculated.target)
        if clock:
            clock.calendar_version = recalculated.calendar
            clock.policy_version = recalculated.policy
            self.recalculate(clock)

    def _count(
        self, at: datetime, team_id: str, measures: dict[str, int], specialist_id: str | None = ""
    ) -> None:
        local = at.astimezone(NETHERLANDS)
        key = (local.date(), local.hour, team_id, specialist_id or "")
        counts = self.counts.setdefault(key, {})
        for name, count in measures.items():
            counts[name] = counts.get(name, 0) + count


def reached(clock: SlaClock, now: datetime) -> Iterator[Level]:
    """The levels that a clock has reached by now and that nobody flagged."""
    if clock.next_at and clock.next_at <= now:
        yield from (level for level, at in _unreached(clock) if at <= now)


def next_of(clock: SlaClock) -> datetime | None:
    """The first moment of a clock that runs that it has not reached; None when none is left."""
    return min((at for _, at in _unreached(clock)), default=None)


def _unreached(clock: SlaClock) -> Iterator[tuple[Level, datetime]]:
    for level, (foreseen, kept) in REACHED.items():
        at: datetime | None = getattr(clock, foreseen)
        if at is not None and getattr(clock, kept) is None:
            yield level, at


def _asks_anew(payload: AnyPayload) -> bool:
    """Whether a cycle begins with a question, not with a return to the queue."""
    return not (isinstance(payload, Moved) and payload.move is not Move.REOPEN)


def took_seconds(book: Versions, clock: SlaClock) -> int:
    """The opening time from the start of a clock until its promise was kept, in seconds."""
    calendar = book.calendar(clock.calendar_version)
    return open_seconds(calendar, clock.started_at, clock.met_at or clock.started_at)


def replay(book: Versions, chat: Chat, team_id: str, entries: Iterable[Entry]) -> Ledger:
    """The ledger that a timeline tells; ``team_id`` holds where the entries do not name one."""
    ledger = Ledger(book, chat, team_id)
    for entry in entries:
        ledger.take(entry, entry.payload)
    ledger.made = list(map(instance, ledger.made))
    return ledger
