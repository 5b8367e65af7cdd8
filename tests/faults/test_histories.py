"""Random histories: who only listened holds what a fresh fetch gives, whatever happened."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers, sampled_from
from sqlmodel import SQLModel, delete

from tests.support.listening import Edge, Listener
from tests.support.locks import watched
from tests.support.recording import add_next, deliver_next, escalate, poll_next
from tests.support.sizes import WHOLE, size
from vipservice.adapters.base import Missing, Refused, Unavailable
from vipservice.adapters.ticketing.base import Status
from vipservice.rules.chats import Visibility
from vipservice.rules.incidents.model import Progress
from vipservice.rules.refusals import Refusal
from vipservice.rules.routing import Capacity, Presence
from vipservice.services import callbacks
from vipservice.services.chats import (
    access,
    amending,
    messages,
    moves,
    reading,
    references,
    timeline,
)
from vipservice.services.chats.attachments import KeptFile, add_file
from vipservice.services.flags import flag_due
from vipservice.services.incidents import escalation
from vipservice.services.routing import presence, serving
from vipservice.store.types import new_id
from vipservice.testing.ticketing import DRAFTER, Recording
from vipservice.testing.world import World

REQUESTERS, SPECIALISTS = ("jeroen", "klarinda"), ("sanne", "ilias")
LISTENERS = ("jeroen", "samira", "klarinda", "sanne", "ilias", "annet")
STAYS = {
    "municipality", "team", "topic", "person", "chat_grant", "membership", "login_session",
    "calendar_version", "policy_version",
}  # fmt: skip
SLOTS = 9
ROOM = Capacity(SLOTS, 120)
START = "2026-04-22T10:00+02:00"
PARTS, HISTORIES = size(4, 1), size(250, 30)
ANY = integers(0, 99)
CHANGES = ("correct", "withdraw", "erase")
PROBLEMS: list[Callable[[], BaseException]] = [
    lambda: Refused("422 veld"), lambda: Unavailable("time-out"), lambda: Missing("404 weg"),
]  # fmt: skip


def clear(world: World) -> None:
    """Takes away all that happened."""
    with world.store.work() as work:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name not in STAYS:
                work.session.execute(delete(table))
    world.clock.set(START)


class Histories(RuleBasedStateMachine):
    """Everything that people and jobs do, in any order, and lines that come and go."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        clear(self.world)
        self.touched: set[str] = set()
        self.system, self.edge = Recording(), Edge(self.world)
        self.lines = [Listener(self.edge, name) for name in LISTENERS]
        for line in self.lines:
            line.connect()

    # What requesters do

    @rule(who=sampled_from(REQUESTERS))
    def ask(self, who: str) -> None:
        self.touched.add(self.world.ask(who, "Fout UIT-5031 bij afdrukken?"))

    @rule(at=ANY, body=sampled_from(("En hoe dan?", "Dank u wel!", "Versie 8.4.2.")))
    def reply(self, at: int, body: str) -> None:
        self._as_requester(at, lambda who, chat_id: self.world.say(who, chat_id, body))

    @rule(at=ANY, act=sampled_from(("confirm", "reject", "withdraw", "reopen")))
    def decide(self, at: int, act: str) -> None:
        more = {"reject": (self.world.capacity,), "reopen": (self.world.capacity, 14)}.get(act, ())
        self._as_requester(
            at,
            lambda who, chat_id: getattr(moves, act)(
                self.world.store, self.world.actors[who], chat_id, *more
            ),
        )

    @rule(at=ANY, number=sampled_from(("", "M-1", "M-2")))
    def number(self, at: int, number: str) -> None:
        data = references.CustomerReference(number=number)
        self._as_requester(
            at,
            lambda who, chat_id: references.set_reference(
                self.world.store, self.world.actors[who], chat_id, data
            ),
        )

    @rule(at=ANY)
    def want_a_call(self, at: int) -> None:
        data = callbacks.NewCallback(phone="033 123 45 67", note="Graag snel")
        self._as_requester(
            at,
            lambda who, chat_id: callbacks.call_back(
                self.world.store, self.world.actors[who], chat_id, data
            ),
        )

    # What the centre does

    @rule(at=ANY, who=sampled_from(SPECIALISTS))
    def pick_up(self, at: int, who: str) -> None:
        self._on(at, lambda chat: serving.pick_up(self.world.store, self._actor(who), chat, SLOTS))

    @rule(at=ANY)
    def answer(self, at: int) -> None:
        self._as_holder(at, lambda who, chat_id: self.world.say(who, chat_id, "Dat gaat zo."))

    @rule(at=ANY, act=sampled_from(("park", "propose", "resume")))
    def handle(self, at: int, act: str) -> None:
        more = (SLOTS,) if act == "resume" else ()
        self._as_holder(
            at,
            lambda who, chat_id: getattr(moves, act)(
                self.world.store, self._actor(who), chat_id, *more
            ),
        )

    @rule(at=ANY, to=sampled_from((None, *SPECIALISTS)))
    def hand_over(self, at: int, to: str | None) -> None:
        if to:
            self.world.come(to)
        target: dict[str, Any] = (
            {"specialist_id": self._actor(to).id} if to else {"team_id": self.world.team_id}
        )
        data = serving.HandOver(reason="Weet er meer van", **target)
        self._on(
            at,
            lambda chat: serving.hand_over(self.world.store, self.world.annet, chat, data, ROOM),
        )

    @rule(at=ANY, who=sampled_from((*SPECIALISTS, "annet")))
    def note(self, at: int, who: str) -> None:
        data = messages.NewMessage(body="Alleen voor ons.", client_id=new_id())
        self._on(at, lambda chat: messages.add_note(self.world.store, self._actor(who), chat, data))

    @rule(at=ANY, note=booleans())
    def file(self, at: int, note: bool) -> None:
        file = KeptFile("scherm.png", "image/png", b"png")
        readers = Visibility.CENTRE if note else Visibility.EVERYONE
        self._as_holder(
            at,
            lambda who, chat_id: add_file(
                self.world.store, self._actor(who), chat_id, file, new_id(), self.world.capacity,
                readers,
            ),
        )  # fmt: skip

    @rule(at=ANY, keep_open=booleans())
    def escalate(self, at: int, keep_open: bool) -> None:
        self._as_holder(
            at, lambda who, chat_id: escalate(self.world, who, chat_id, keep_open=keep_open)
        )

    @rule(who=sampled_from(REQUESTERS))
    def report(self, who: str) -> None:
        """A question that becomes an incident at once: by chance that takes four steps in a row."""
        chat_id = self.world.ask(who, "Fout UIT-5031 bij afdrukken?")
        self.touched.add(chat_id)
        escalate(self.world, "sanne", chat_id)
        deliver_next(self.world, self.system)

    @rule(at=ANY, other=ANY)
    def add_to(self, at: int, other: int) -> None:
        def add(who: str, chat_id: str) -> None:
            found = escalation.list_incidents(self.world.store, self._actor(who), self._chat(other))
            if found:
                data = escalation.ChatToAdd(chat_id=chat_id, text="Hier ook.")
                escalation.add_to_incident(
                    self.world.store, self._actor(who), found[0].id, data, drafter=DRAFTER
                )

        self._as_holder(at, add)

    @rule(at=ANY)
    def offer_a_call(self, at: int) -> None:
        self._on(at, lambda chat: callbacks.offer(self.world.store, self.world.annet, chat))

    @rule(who=sampled_from(SPECIALISTS), reached=booleans())
    def call(self, who: str, reached: bool) -> None:
        data = callbacks.Attempt(reached=reached, note="Gebeld")
        for one in callbacks.list_callbacks(self.world.store)[:1]:
            callbacks.attempt(self.world.store, self._actor(who), one.id, data)

    @rule(who=sampled_from(SPECIALISTS), status=sampled_from(Presence))
    def presence(self, who: str, status: Presence) -> None:
        data = presence.NewPresence(status=status, reason="Even weg" if status == "away" else "")
        presence.set_presence(self.world.store, self._actor(who), data)

    @rule(
        at=ANY,
        of=integers(1, 12),
        act=sampled_from(("correct", "withdraw", "erase")),
        note=booleans(),
    )
    def amend(self, at: int, of: int, act: str, note: bool) -> None:
        """Also of what is not there, and of somebody else's."""
        target = amending.Target(of=of, note=note)
        correction = amending.Correction(of=of, note=note, body=f"Beter {at}.")

        def change(chat_id: str) -> None:
            if act == "erase":
                amending.erase(self.world.store, chat_id, target)
                return
            entry = self._entry(chat_id, of, note)
            if act == "correct":
                amending.correct(self.world.store, self._said_by(entry), chat_id, correction)
            else:
                amending.withdraw(self.world.store, self._said_by(entry), chat_id, target)

        self._on(at, change)

    # What time and the outside do

    @rule(minutes=sampled_from((1, 7, 25, 90, 900)))
    def later(self, minutes: int) -> None:
        self.world.clock.forward(minutes=minutes)
        presence.sweep_offline(self.world.store, self.world.capacity)
        flag_due(self.world.store, self.world.capacity)

    @rule(problem=sampled_from((None, *PROBLEMS)))
    def deliver(self, problem: Callable[[], BaseException] | None) -> None:
        if problem:
            self.system.before.append(problem())
        deliver_next(self.world, self.system)
        add_next(self.world, self.system)
        self.system.before.clear()

    @rule(progress=sampled_from(Progress), gone=booleans())
    def progress(self, progress: Progress, gone: bool) -> None:
        self.system.now = Status(progress, progress.value)
        if gone:
            self.system.gone |= dict.fromkeys(self.system.tickets, Missing("404 weg"))
        self.world.clock.forward(minutes=6)
        poll_next(self.world, self.system)
        self.system.gone.clear()

    # What lines do

    @rule(at=ANY, who=sampled_from(LISTENERS), back=integers(0, 3))
    def read(self, at: int, who: str, back: int) -> None:
        def mark(chat_id: str) -> None:
            seq = access.get_chat(self.world.store, self._actor(who), chat_id).last_seq - back
            reading.mark_read(self.world.store, self._actor(who), chat_id, max(0, seq))

        self._on(at, mark)

    @rule(at=integers(0, len(LISTENERS) - 1))
    def cut_or_come_back(self, at: int) -> None:
        line = self.lines[at]
        if line.sid:
            line.cut()
        else:
            line.connect()

    @invariant()
    def who_listened_knows(self) -> None:
        """Of the chats that were touched; of all in the end."""
        self.compare(self.touched)
        self.touched.clear()

    def compare(self, only: set[str] | None = None) -> None:
        self.edge.broadcast.refresh()
        for line in self.lines:
            line.look()
            assert not line.differences(only), line.name

    def teardown(self) -> None:
        self.compare()

    def _entry(self, chat_id: str, of: int, note: bool) -> Any:
        read = timeline.read_timeline(self.world.store, self.world.annet, chat_id).entries
        name = "seq" if note else "public_seq"
        found = [one for one in read if getattr(one, name) == of and one.author]
        if not found:
            raise Refusal("nobody said that")
        return found[0]

    def _said_by(self, entry: Any) -> Any:
        return next(one for one in self.world.actors.values() if one.id == entry.author.id)

    def _actor(self, name: str) -> Any:
        return self.world.actors[name]

    def _chat(self, at: int) -> str:
        found = access.list_chats(self.world.store, self.world.annet)
        if not found:
            raise Refusal("there is no chat yet")
        chat_id = str(found[at % len(found)].id)
        self.touched.add(chat_id)
        return chat_id

    def _on(self, at: int, act: Callable[[str], object]) -> None:
        with suppress(Refusal):
            act(self._chat(at))

    def _as(self, role: str, at: int, act: Callable[[str, str], object]) -> None:
        with suppress(Refusal):
            chat = access.get_chat(self.world.store, self.world.annet, self._chat(at))
            names = {actor.id: name for name, actor in self.world.actors.items()}
            person = getattr(chat, role)
            if person:
                act(names[person.id], chat.id)

    def _as_requester(self, at: int, act: Callable[[str, str], object]) -> None:
        self._as("requester", at, act)

    def _as_holder(self, at: int, act: Callable[[str, str], object]) -> None:
        self._as("assignee", at, act)


def test_erased_words_leave_the_callbacks_of_the_queue(world: World) -> None:
    line = Listener(Edge(world), "sanne")
    line.connect()
    chat_id = world.ask("jeroen", "Wat is het nummer van mevrouw De Wit?")
    line.look()
    data = callbacks.NewCallback(phone="033 123 45 67")
    callbacks.call_back(world.store, world.jeroen, chat_id, data)
    line.edge.broadcast.refresh()
    amending.erase(world.store, chat_id, amending.Target(of=2))
    line.edge.broadcast.refresh()
    assert not line.differences()


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_who_only_listened_holds_what_a_fresh_fetch_gives(world: World, part: int) -> None:
    """And whatever happens takes its locks in one order; SQLite has one lock for all.

    Each part is a proof of its own, with histories that nobody has seen before.
    """
    del part

    class Here(Histories):
        """On this database."""

    Here.world = world
    with watched(world.store.engine) as locks:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=HISTORIES, stateful_step_count=30, deadline=None, database=None,
                derandomize=not WHOLE, suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    assert not locks.wrong
    if world.store.engine.dialect.name == "postgresql":
        assert locks.seen >= {"outbox", "incident", "chat", "person", "municipality"}
