"""Busy days: people do whatever the moment allows, at random, through the services."""

import random
from contextlib import suppress

from tests.support.recording import escalate
from tests.support.shapes import plain
from vipservice.rules.people import Actor
from vipservice.rules.refusals import Refusal
from vipservice.rules.routing import Capacity
from vipservice.services import callbacks
from vipservice.services.chats import access, moves
from vipservice.services.flags import flag_due
from vipservice.services.incidents import drafting, escalation
from vipservice.services.routing import serving
from vipservice.testing.ticketing import DRAFTER
from vipservice.testing.world import World

SPECIALISTS = ("sanne", "ilias", "marieke")
REQUESTERS = ("jeroen", "samira", "klarinda")
WORDS = ("En hoe dan?", "Dank u wel!", "Het werkt niet.", "ok", "Waar vind ik dat?")
SLOTS = 3
ROOM = Capacity(SLOTS, 120)


class Busy:
    """Some days at the desk; the scheduler looks now and then, sometimes much too late."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)

    def live(self, steps: int) -> None:
        """So many things happen, each some minutes after the one before."""
        acts = (
            self.ask, self.pick_up, self.pick_up, self.answer, self.answer, self.reply,
            self.reply, self.park, self.propose, self.confirm, self.reject, self.hand_over,
            self.hand_over_to_team, self.withdraw, self.reopen, self.resume, self.escalate,
            self.add_to_incident,
            self.flag, self.call_back, self.attempt, self.attempt,
        )  # fmt: skip
        for _ in range(steps):
            self.world.clock.forward(seconds=self.chance.randint(5, 900))
            with suppress(Refusal):
                self.chance.choice(acts)()
        self.world.clock.forward(hours=self.chance.randint(0, 30))
        self.flag()

    def flag(self) -> None:
        flag_due(self.world.store, self.world.capacity)

    def ask(self) -> None:
        self.world.ask(self.chance.choice(REQUESTERS))

    def pick_up(self) -> None:
        who = self.world.actors[self.chance.choice(SPECIALISTS)]
        serving.pick_up(self.world.store, who, self._chat("waiting"), SLOTS)

    def answer(self) -> None:
        chat = self._held()
        self.world.say(chat[1], chat[0], "Dat gaat zo.")

    def reply(self) -> None:
        chat_id = self._chat("active", "parked", "proposed", "waiting", "closed")
        self.world.say(self._requester(chat_id), chat_id, self.chance.choice(WORDS))

    def park(self) -> None:
        chat_id, who = self._held()
        moves.park(self.world.store, self.world.actors[who], chat_id)

    def propose(self) -> None:
        chat_id, who = self._held()
        moves.propose(self.world.store, self.world.actors[who], chat_id)

    def resume(self) -> None:
        chat_id, who = self._held()
        moves.resume(self.world.store, self.world.actors[who], chat_id, SLOTS)

    def hand_over(self) -> None:
        chat_id, who = self._held()
        taker = self.chance.choice(SPECIALISTS)
        self.world.come(taker)
        data = serving.HandOver(specialist_id=self.world.actors[taker].id)
        serving.hand_over(self.world.store, self.world.actors[who], chat_id, data, ROOM)

    def hand_over_to_team(self) -> None:
        chat_id, who = self._held()
        data = serving.HandOver(team_id=self.world.team_id)
        serving.hand_over(self.world.store, self.world.actors[who], chat_id, data, ROOM)

    def confirm(self) -> None:
        chat_id = self._chat("proposed")
        moves.confirm(self.world.store, self._owner(chat_id), chat_id)

    def reject(self) -> None:
        chat_id = self._chat("proposed")
        moves.reject(self.world.store, self._owner(chat_id), chat_id, self.world.capacity)

    def withdraw(self) -> None:
        chat_id = self._chat("waiting")
        moves.withdraw(self.world.store, self._owner(chat_id), chat_id)

    def reopen(self) -> None:
        chat_id = self._chat("closed")
        moves.reopen(self.world.store, self._owner(chat_id), chat_id, self.world.capacity, 14)

    def escalate(self) -> None:
        chat_id, who = self._held()
        escalate(self.world, who, chat_id, keep_open=self.chance.random() < 0.3)

    def add_to_incident(self) -> None:
        chat_id, who = self._held()
        actor, store = self.world.actors[who], self.world.store
        found = drafting.list_similar(store, actor, chat_id, "", DRAFTER)
        if found:
            data = escalation.ChatToAdd(chat_id=chat_id, text="Hier ook.")
            escalation.add_to_incident(store, actor, found[0].id, data, drafter=DRAFTER)

    def call_back(self) -> None:
        chat_id = self._chat("waiting", "active")
        data = callbacks.NewCallback(phone="033 123 45 67")
        callbacks.call_back(self.world.store, self._owner(chat_id), chat_id, data)

    def attempt(self) -> None:
        found = callbacks.list_callbacks(self.world.store)
        who = self.world.actors[self.chance.choice(SPECIALISTS)]
        if found:
            data = callbacks.Attempt(reached=self.chance.random() < 0.5)
            callbacks.attempt(self.world.store, who, found[0].id, data)

    def _chat(self, *states: str) -> str:
        found = [
            str(chat.id)
            for chat in access.list_chats(self.world.store, self.world.sanne)
            if chat.state in states
        ]
        if not found:
            raise Refusal("nothing to do")
        return self.chance.choice(found)

    def _held(self) -> tuple[str, str]:
        """A chat that a specialist has, and who."""
        chat_id = self._chat("active", "parked", "proposed")
        holder = access.get_chat(self.world.store, self.world.sanne, chat_id).assignee
        return chat_id, next(
            name for name in SPECIALISTS if holder and self.world.actors[name].id == holder.id
        )

    def _requester(self, chat_id: str) -> str:
        asked = plain(access.get_chat(self.world.store, self.world.sanne, chat_id))["requester"][
            "id"
        ]
        return next(name for name in REQUESTERS if self.world.actors[name].id == asked)

    def _owner(self, chat_id: str) -> Actor:
        return self.world.actors[self._requester(chat_id)]
