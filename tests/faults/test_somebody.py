"""Random days of a desk: a chat always has somebody (promise 11), and nobody is overloaded."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, integers, sampled_from
from sqlmodel import col, select

from tests.faults.test_histories import clear
from tests.support.locks import watched
from tests.support.sizes import WHOLE, size
from vipservice.rules.chats import IN_HAND, State
from vipservice.rules.entries import Moved, Passed
from vipservice.rules.people import HOLDERS, Actor, Right
from vipservice.rules.policy import Promise
from vipservice.rules.refusals import Refusal
from vipservice.rules.routing import Capacity, Patience, Presence
from vipservice.services.chats import moves, passing
from vipservice.services.flags import flag_due
from vipservice.services.people import accounts
from vipservice.services.people.sessions import actor_of
from vipservice.services.routing import keeping, leaving, presence, serving
from vipservice.services.sla.replay import verify
from vipservice.store.ledger import running_clocks
from vipservice.store.queries import active_chats
from vipservice.store.tables import Chat, ChatPlan, Entry, Person, SpecialistPresence
from vipservice.store.work import Store, Work
from vipservice.testing.world import World, signed_in

ASKERS, SPECIALISTS = ("jeroen", "samira", "klarinda"), ("sanne", "ilias", "marieke")
PATIENCE = Patience(timedelta(minutes=10), timedelta(hours=24), timedelta(hours=72))
ROOM = Capacity(2, 120)
STEPS = 50
PARTS, DAYS = size(4, 1), size(500, 40)
"""100,000 steps a database in all, 2,000 in the suite."""
ANY = integers(0, 99)
WORDS = ("En hoe dan?", "Dank u wel!", "Het lukt niet.")


class Desk(RuleBasedStateMachine):
    """People who come and go, chats that nobody looks at, and the jobs that see to them."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        clear(self.world)
        for name in (*ASKERS, *SPECIALISTS):
            self.enable(name)
        self.lines: set[str] = set()

    # What administrators do

    @rule(who=sampled_from(ASKERS))
    def ask(self, who: str) -> None:
        with suppress(Refusal):
            self.world.ask(who)

    @rule(at=ANY, body=sampled_from(WORDS))
    def reply(self, at: int, body: str) -> None:
        self._on(at, lambda chat: self.world.say(self._asker(chat), chat.id, body))

    @rule(at=ANY, act=sampled_from(("confirm", "reject", "withdraw", "reopen")))
    def decide(self, at: int, act: str) -> None:
        more = {"reject": (ROOM,), "reopen": (ROOM, 14)}.get(act, ())
        step = getattr(moves, act)
        self._on(at, lambda one: step(self._store, self._actor(self._asker(one)), one.id, *more))

    @rule(at=ANY, who=sampled_from(ASKERS), by_centre=booleans())
    def go_on(self, at: int, who: str, by_centre: bool) -> None:
        data = passing.NewRequester(person_id=self._actor(who).id)
        by = self.world.annet if by_centre else self._actor(who)
        self._on(at, lambda chat: passing.set_requester(self._store, by, chat.id, data))

    # What specialists do

    @rule(who=sampled_from(SPECIALISTS), status=sampled_from(Presence))
    def come_or_go(self, who: str, status: Presence) -> None:
        self.lines.add(who)
        with suppress(Refusal):
            data = presence.NewPresence(status=status)
            presence.set_presence(self._store, self._actor(who), data)

    @rule(who=sampled_from(SPECIALISTS))
    def lose_the_line(self, who: str) -> None:
        self.lines.discard(who)

    @rule(at=ANY, who=sampled_from(SPECIALISTS))
    def pick_up(self, at: int, who: str) -> None:
        self.lines.add(who)
        self._on(at, lambda one: serving.pick_up(self._store, self._actor(who), one.id, 2))

    @rule(at=ANY, who=sampled_from(SPECIALISTS))
    def take_over(self, at: int, who: str) -> None:
        self.lines.add(who)
        why = serving.TakeOver(reason="Weet er meer van")
        self._on(at, lambda one: serving.take_over(self._store, self._actor(who), one.id, why, 2))

    @rule(at=ANY)
    def answer(self, at: int) -> None:
        self._on(at, lambda chat: self.world.say(self._holder(chat), chat.id, "Dat gaat zo."))

    @rule(at=ANY)
    def give_back(self, at: int) -> None:
        self._held(at, lambda who, chat_id: serving.give_back(self._store, who, chat_id))

    @rule(at=ANY, minutes=sampled_from((0, 30, 1500)))
    def park(self, at: int, minutes: int) -> None:
        until = self.world.clock.now + timedelta(minutes=minutes) if minutes else None
        data = moves.Parking(until=until)
        self._held(at, lambda who, chat_id: moves.park(self._store, who, chat_id, data))

    @rule(at=ANY)
    def propose(self, at: int) -> None:
        self._held(at, lambda who, chat_id: moves.propose(self._store, who, chat_id))

    @rule(at=ANY)
    def resume(self, at: int) -> None:
        self._held(at, lambda who, chat_id: moves.resume(self._store, who, chat_id, 2))

    @rule(at=ANY, to=sampled_from((None, *SPECIALISTS)))
    def hand_over(self, at: int, to: str | None) -> None:
        data = serving.HandOver(
            team_id=None if to else self.world.team_id,
            specialist_id=self._actor(to).id if to else None,
        )
        self._on(
            at, lambda one: serving.hand_over(self._store, self.world.annet, one.id, data, ROOM)
        )

    # What operators and time do

    @rule(who=sampled_from((*ASKERS, *SPECIALISTS)))
    def disable(self, who: str) -> None:
        accounts.disable_person(self._store, self.world.peter, self._actor(who).id)

    @rule(who=sampled_from((*ASKERS, *SPECIALISTS)))
    def enable(self, who: str) -> None:
        accounts.enable_person(self._store, self.world.peter, self._actor(who).id)
        found = actor_of(self._store, signed_in(self._store, who))
        assert found
        self.world.actors[who] = found

    @rule(minutes=sampled_from((0.3, 1, 3, 11, 90, 900, 1500, 4400)))
    def later(self, minutes: float) -> None:
        self.world.clock.forward(minutes=minutes)

    @invariant()
    def somebody_has_each(self) -> None:
        """Within five seconds of whatever happened."""
        self.world.clock.forward(minutes=5 / 60)
        presence.seen(self._store, {self._actor(who).id for who in self.lines})
        presence.sweep_offline(self._store, ROOM)
        leaving.visit_left(self._store)
        waiting = self._waits_for_us()
        keeping.keep_moving(self._store, ROOM, PATIENCE)
        flag_due(self._store, ROOM)
        with self._store.read() as work:
            self._check(work, waiting)

    def _check(self, work: Work, waited: set[str]) -> None:
        chats = work.session.exec(select(Chat)).all()
        closed = {chat.id for chat in chats if chat.state is State.CLOSED}
        assert not closed & waited, "closed while the customer waited"
        clocks = running_clocks(work.session, [chat.id for chat in chats])
        for chat in chats:
            targets = {clock.target for clock in clocks.get(chat.id, ())}
            if chat.state is State.WAITING:
                assert Promise.PICKUP in targets, "nobody would be alarmed"
            if chat.state in IN_HAND:
                self._check_held(work, chat, waits=Promise.REPLY in targets)
        for who in SPECIALISTS:
            assert active_chats(work.session, self._actor(who).id) <= ROOM.max_chats
        left = select(SpecialistPresence).where(col(SpecialistPresence.left_at).is_not(None))
        assert not work.session.exec(left).all()

    def _check_held(self, work: Work, chat: Chat, *, waits: bool) -> None:
        owner = work.session.get_one(Person, chat.assignee_id)
        row = work.session.get(SpecialistPresence, owner.id)
        answers = owner.role in HOLDERS[Right.ANSWER] and not owner.disabled_at
        there = answers and row is not None and row.status is not Presence.OFFLINE
        assert there or not waits, "the customer waits for somebody who left"
        assert there or chat.state is not State.ACTIVE, "it takes the slot of somebody who left"
        planned = work.session.get(ChatPlan, chat.id)
        assert planned or answers, "nothing would ever become of it"
        assert planned or chat.state is not State.PROPOSED

    def teardown(self) -> None:
        """Each timeline tells again what is stored."""
        assert not list(verify(self._store))
        with self._store.read() as work:
            for chat in work.session.exec(select(Chat)).all():
                assert _replayed(work, chat) == (chat.state, chat.assignee_id, chat.requester_id)

    def _waits_for_us(self) -> set[str]:
        with self._store.read() as work:
            open_ = work.session.exec(select(Chat.id).where(Chat.state != State.CLOSED)).all()
            return {
                chat_id for chat_id, clocks in running_clocks(work.session, open_).items() if clocks
            }

    @property
    def _store(self) -> Store:
        return self.world.store

    def _actor(self, name: str) -> Actor:
        return self.world.actors[name]

    def _name(self, person_id: str | None) -> str:
        for name, actor in self.world.actors.items():
            if actor.id == person_id:
                return name
        raise Refusal("nobody has it")

    def _asker(self, chat: Chat) -> str:
        return self._name(chat.requester_id)

    def _holder(self, chat: Chat) -> str:
        return self._name(chat.assignee_id)

    def _held(self, at: int, act: Callable[[Actor, str], object]) -> None:
        def by_holder(chat: Chat) -> None:
            self.lines.add(self._holder(chat))
            act(self._actor(self._holder(chat)), chat.id)

        self._on(at, by_holder)

    def _on(self, at: int, act: Callable[[Chat], object]) -> None:
        with self._store.read() as work:
            query = select(Chat).order_by(col(Chat.id).desc()).limit(8)
            found = work.session.exec(query).all()
            work.session.expunge_all()
        if found:
            with suppress(Refusal):
                act(found[at % len(found)])


def _replayed(work: Work, chat: Chat) -> tuple[State, str | None, str]:
    """State, holder and requester as the timeline tells them."""
    entries = work.session.exec(
        select(Entry).where(Entry.chat_id == chat.id).order_by(col(Entry.seq))
    ).all()
    state, holder, asker = State.WAITING, None, str(entries[0].author_id)
    for entry in entries:
        match entry.payload:
            case Moved() as moved:
                state = moved.to
                holder = moved.assignee.id if moved.assignee else holder
                holder = None if state is State.WAITING else holder
            case Passed() as passed:
                asker = passed.requester.id
    return state, holder, asker


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_a_chat_always_has_somebody_and_nobody_is_overloaded(world: World, part: int) -> None:
    """And whatever happens takes its locks in one order."""
    del part

    class Here(Desk):
        """On this database."""

    Here.world = world
    with watched(world.store.engine) as locks:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=DAYS, stateful_step_count=STEPS, deadline=None, database=None,
                derandomize=not WHOLE, phases=(Phase.explicit, Phase.generate),
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    assert not locks.wrong
