"""kill -9, again and again, while people talk: acknowledged means stored, once, in order."""

import threading
from pathlib import Path
from typing import Any

import pytest
import socketio

from tests.support import sqlite
from tests.support.server import Server, running
from tests.support.sizes import size
from vipservice.services import routing
from vipservice.services.chats import timeline
from vipservice.store.types import new_id

PARTS, KILLS = size(8, 1), size(25, 3)
"""In parts, so that the proof is not longer than its longest."""
CLIENTS = 10
SENT_BETWEEN_KILLS = 4
TRIES = 100


class Talker:
    """Says numbered things, each until it is acknowledged, across any number of crashes."""

    def __init__(self, server: Server, chat_id: str) -> None:
        self.server = server
        self.chat_id = chat_id
        self.acknowledged: list[str] = []
        self.client: socketio.SimpleClient | None = None

    def say_some(self, count: int) -> None:
        """Says ``count`` more things, in order."""
        for _ in range(count):
            self._say(f"bericht {len(self.acknowledged)}", new_id())

    def _say(self, body: str, client_id: str) -> None:
        payload = {"chatId": self.chat_id, "clientId": client_id, "body": body}
        for _ in range(TRIES):
            try:
                self.client = self.client or self.server.connect("jeroen")
                answer = self.client.call("send", payload, timeout=5)
                assert answer["ok"], answer
                self.acknowledged.append(body)
                return
            except (socketio.exceptions.SocketIOError, OSError):
                self._drop()
        raise AssertionError(f"{body} was not acknowledged in {TRIES} tries")

    def _drop(self) -> None:
        if self.client:
            self.client.disconnect()
        self.client = None


class Listener:
    """The other side: reads on from its last number, by the contract."""

    def __init__(self, server: Server, chat_ids: list[str]) -> None:
        self.server = server
        self.last = dict.fromkeys(chat_ids, 0)
        self.received: dict[str, list[str]] = {chat_id: [] for chat_id in chat_ids}

    def read_on(self) -> None:
        """Subscribes to each chat after the last number it has."""
        client = self.server.connect("sanne")
        for chat_id in self.last:
            payload = {"chatId": chat_id, "after": self.last[chat_id]}
            answer = client.call("subscribe", payload, timeout=10)
            self._take(chat_id, answer)
        client.disconnect()

    def _take(self, chat_id: str, answer: dict[str, Any]) -> None:
        for entry in answer["entries"]:
            assert entry["seq"] == self.last[chat_id] + 1
            self.last[chat_id] = entry["seq"]
            if entry["kind"] == "message":
                self.received[chat_id].append(entry["body"])


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_kill_nine_loses_doubles_and_reorders_nothing(tmp_path: Path, part: int) -> None:
    del part
    with running(tmp_path, sqlite.database(tmp_path), "eventlet") as server:
        world = server.world
        chats = [world.ask("jeroen", "eerste vraag") for _ in range(CLIENTS)]
        for chat_id in chats:
            routing.pick_up(world.store, world.sanne, chat_id, CLIENTS)
        talkers = [Talker(server, chat_id) for chat_id in chats]
        listener = Listener(server, chats)
        for _ in range(KILLS):
            _talk_while_killed(server, talkers)
            listener.read_on()
        for talker in talkers:
            stored = _stored(server, talker.chat_id)
            assert [seq for seq, _ in stored] == list(range(1, len(stored) + 1))
            said = [body for _, body in stored if body.startswith("bericht")]
            assert said == talker.acknowledged
            assert len(said) == KILLS * SENT_BETWEEN_KILLS
            assert listener.received[talker.chat_id][1:] == said


def _talk_while_killed(server: Server, talkers: list[Talker]) -> None:
    """Kills the server when about half has been said, and starts it again."""
    half = sum(len(talker.acknowledged) for talker in talkers) + len(talkers) * 2
    threads = [threading.Thread(target=t.say_some, args=(SENT_BETWEEN_KILLS,)) for t in talkers]
    for thread in threads:
        thread.start()
    while sum(len(talker.acknowledged) for talker in talkers) < half:
        threads[0].join(0.005)
        assert any(thread.is_alive() for thread in threads)
    server.kill()
    server.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def _stored(server: Server, chat_id: str) -> list[tuple[int, str]]:
    read = timeline.read_timeline(server.world.store, server.world.sanne, chat_id)
    return [(entry.seq, entry.body) for entry in read.entries]
