"""Clients that talk as quickly as they are answered, over any number of broken lines.

Each keeps its own `History`. When its line breaks it dials again, asks for what came after its
last number, and sends again what was not answered, under the same keys and in the same order.
"""

import asyncio
from collections import deque
from functools import partial
from typing import Any

import orjson

from tests.support.histories import History, Told
from tests.support.wire import Line

AGAIN = 0.05
"""Seconds after which is tried again what may go better then."""
WORDS = " woord" * 30
Answer = dict[str, Any]


class Ear(Line):
    """A talker's line."""

    def __init__(self, talker: "Talker") -> None:
        super().__init__(talker.url, talker.cookie, talker.origin)
        self.talker = talker

    def heard(self, text: bytes) -> None:
        """Gives what is about the chat to the talker."""
        if text.startswith((b"42", b"43")):
            if self.talker.line is self:
                self._told(text)
        elif text.startswith(b"40"):
            self.talker.signed_in(self)
        elif text.startswith(b"44"):
            self.talker.turned_away(orjson.loads(text[2:]))
        elif text.startswith(b"41"):
            self.hang_up()
        else:
            super().heard(text)

    def _told(self, text: bytes) -> None:
        head, bracket, rest = text.partition(b"[")
        told = orjson.loads(bracket + rest)
        if head.startswith(b"43"):
            self.talker.answered(int(head[2:]), told[0])
        elif told[0] == "entry":
            self.talker.entry(told[1])

    def connection_lost(self, reason: Exception | None) -> None:
        self.talker.broke = reason is not None
        self.talker.lost(self)


class Talker:
    """One client in one chat. ``window``: so many messages wait for their answer at most."""

    def __init__(
        self, url: str, chat: str, cookie: str, name: str, window: int = 1, origin: str = ""
    ) -> None:
        self.url, self.chat, self.cookie, self.window = url, chat, cookie, window
        self.origin = origin or url
        self.history = History(name)
        self.talking = self.catching_up = self.away = self.broke = False
        self.answers = self.gaps = 0
        self.line: Ear | None = None
        self._waiting: dict[str, str] = {}
        self._asked: dict[int, str | None] = {}
        self._held: deque[Answer] = deque()
        self._dialled: Ear | None = None
        self._dialling: asyncio.Task[None] | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is under way."""
        return bool(self.line and not self.catching_up and not self._waiting)

    @property
    def is_answered(self) -> bool:
        """Whether nothing that it said waits for an answer."""
        return not self._waiting

    def come(self) -> None:
        """Dials, until somebody answers."""
        self.away = False
        self._dialling = asyncio.get_running_loop().create_task(self._dial())

    async def _dial(self, again: float = 0) -> None:
        await asyncio.sleep(again)
        while not self.away:
            self._dialled = ear = Ear(self)
            try:
                await ear.dial()
                return
            except OSError:
                await asyncio.sleep(AGAIN)

    def go(self) -> None:
        """Hangs up, and does not come back by itself; what was not answered stays so."""
        self.away = True
        if self._dialling:
            self._dialling.cancel()
        if self._dialled:
            self._dialled.hang_up()
        self._forget_line()

    def lost(self, line: Ear) -> None:
        """A line is gone: if it was the last that it dialled, it dials again."""
        if line is not self._dialled:
            return
        self._forget_line()
        if not self.away:
            self._dialling = asyncio.get_running_loop().create_task(self._dial(AGAIN))

    def _forget_line(self) -> None:
        self.line = None
        self._asked.clear()
        self._held.clear()

    def signed_in(self, line: Ear) -> None:
        """A line is there: first what was missed."""
        if line is not self._dialled or self.away:
            line.hang_up()
            return
        self.line = line
        self._catch_up()

    def turned_away(self, told: Answer) -> None:
        """It may not come in; with a session that is over it waits until it is told to come."""
        problem = told.get("data", {})
        self.history.errors.append(problem.get("detail") or told["message"])
        if problem.get("status") == 401:
            self.go()

    def _catch_up(self) -> None:
        self.catching_up = True
        if self.line:
            wanted = {"chatId": self.chat, "after": self.history.last}
            self._asked[self.line.ask("subscribe", dict(wanted))] = None

    def answered(self, number: int, answer: Answer) -> None:
        """An answer to something; the second one to the same is left alone."""
        if number not in self._asked:
            return
        key = self._asked.pop(number)
        if not answer["ok"]:
            self._refused(key, answer["problem"])
        elif key is None:
            self._caught_up(answer)
        else:
            self._acknowledged(key, answer["entry"])

    def _caught_up(self, answer: Answer) -> None:
        for entry in answer["entries"]:
            self._hear(entry)
        if answer["chat"]["lastSeq"] > self.history.last and answer["entries"]:
            self._catch_up()
            return
        self.catching_up = False
        while self._held and not self.catching_up:
            self.entry(self._held.popleft())
        if not self.catching_up:
            for key in list(self._waiting):
                self._send(key)
            self.say_more()

    def entry(self, entry: Answer) -> None:
        """Somebody said something: what comes too early is asked for with what is before it."""
        if self.catching_up:
            self._held.append(entry)
        elif entry["seq"] <= self.history.last + 1:
            self._hear(entry)
        else:
            self.gaps += 1
            self._held.append(entry)
            self._catch_up()

    def _hear(self, entry: Answer) -> None:
        told, heard = told_of(entry), self.history.heard
        if told.seq == len(heard) + 1:
            heard.append(told)
        elif not 0 < told.seq <= len(heard):
            self.history.odd.append(f"{told.seq} came after {len(heard)}")
        elif heard[told.seq - 1] != told:
            self.history.odd.append(f"{told} was {heard[told.seq - 1]} before")

    def say_more(self) -> None:
        """Says as much as may be under way, while it talks."""
        while self.talking and self.line and len(self._waiting) < self.window:
            self.say()

    def say(self) -> None:
        """Says one thing more."""
        history = self.history
        key = f"{history.name}-{len(history.sent) + 1:06}"
        history.sent[key] = self._waiting[key] = key + WORDS
        self._send(key)

    def _send(self, key: str) -> None:
        if self.line and key in self._waiting and key not in self._asked.values():
            wanted = {"chatId": self.chat, "clientId": key, "body": self._waiting[key]}
            self._asked[self.line.ask("send", dict(wanted))] = key

    def _acknowledged(self, key: str, entry: Answer) -> None:
        told = told_of(entry)
        before = self.history.acknowledged.setdefault(key, told)
        if before != told:
            self.history.odd.append(f"{key}: {told} was acknowledged as {before} before")
        self.answers += 1
        self._waiting.pop(key, None)
        self.say_more()

    def _refused(self, key: str | None, problem: Answer) -> None:
        sentence = problem["detail"]
        if problem["status"] == 401:
            self.history.errors.append(sentence)
            self.go()
        elif problem["status"] in (429, 500, 503):
            self.history.errors.append(sentence)
            again = self._catch_up if key is None else partial(self._send, key)
            asyncio.get_running_loop().call_later(AGAIN, again)
        elif key:
            self.history.refused[key] = sentence
            self._waiting.pop(key, None)
            self.say_more()
        else:
            self.history.odd.append(f"may not follow the chat: {sentence}")


def told_of(entry: Answer) -> Told:
    """An entry, as far as histories are about it."""
    return Told(entry["seq"], entry["clientId"], entry["body"] or "")
