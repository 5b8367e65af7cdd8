"""Two processes on one database, with Redis between them."""

from pathlib import Path
from typing import Any

import pytest
from redis import Redis, RedisError

from tests.conftest import absent
from tests.support import postgres
from tests.support.server import Server, running
from vipservice.services.flags import flag_due
from vipservice.services.routing import serving
from vipservice.store.types import new_id

REDIS = "redis://127.0.0.1:6379/0"
CHANNEL = f"vipservice-{new_id()}"  # another checkout may test on the same Redis


def redis_is_there() -> bool:
    try:
        return bool(Redis.from_url(REDIS, socket_timeout=2).ping())
    except RedisError:
        return False


@pytest.fixture
def twin(tmp_path: Path) -> Any:
    """One world, two servers."""
    if not postgres.is_there():
        absent("PostgreSQL")
    if not redis_is_there():
        absent("Redis")
    queue = f'message_queue = "{REDIS}"\nmessage_channel = "{CHANNEL}"'
    with postgres.database() as url, running(tmp_path / "a", url, "eventlet", queue) as first:
        second = first.twin(tmp_path / "b")
        second.start()
        try:
            yield first, second
        finally:
            second.kill()


def test_what_is_said_in_one_is_heard_in_the_other(twin: tuple[Server, Server]) -> None:
    first, second = twin
    world = first.world
    chat_id = world.ask("jeroen")
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    speaker, hearer = first.connect("jeroen"), second.connect("sanne")
    for client in (speaker, hearer):
        assert client.call("subscribe", {"chatId": chat_id, "after": 0}, timeout=10)["ok"]
    said = {"chatId": chat_id, "clientId": new_id(), "body": "hoort u mij?"}
    assert speaker.call("send", said, timeout=10)["ok"]
    event: list[Any] = []
    while not event or event[0] != "entry":
        event = hearer.receive(timeout=10)
    assert event[1]["body"] == "hoort u mij?"
    for client in (speaker, hearer):
        client.disconnect()


def test_an_installation_speaks_on_its_own_channel(twin: tuple[Server, Server]) -> None:
    redis: Any = Redis.from_url(REDIS, socket_timeout=10)
    with redis.pubsub() as everything:
        everything.psubscribe("*")
        everything.get_message(timeout=10)
        chat_id = twin[0].world.ask("jeroen")
        client = twin[0].connect("jeroen")
        said = {"chatId": chat_id, "clientId": new_id(), "body": "alleen hier"}
        assert client.call("send", said, timeout=10)["ok"]
        assert _channel_of(everything, chat_id) == CHANNEL
        client.disconnect()


def _channel_of(everything: Any, chat_id: str) -> str:
    """The channel of the first message that speaks of this chat."""
    while message := everything.get_message(timeout=10):
        if chat_id.encode() in message["data"]:
            return str(message["channel"].decode())
    raise AssertionError("nothing was said in Redis")


def test_two_schedulers_flag_once(twin: tuple[Server, Server]) -> None:
    first, second = twin
    world = first.world
    chat_id = world.ask("jeroen")
    watcher = second.connect("annet")
    watcher.call("subscribe", {"chatId": chat_id, "after": 0}, timeout=10)
    for server in twin:
        server.shift_clock(40 * 60)
    flags: list[str] = []
    while "breach" not in flags:
        name, payload = watcher.receive(timeout=15)
        if name == "entry" and payload["kind"] == "flag":
            flags.append(payload["data"]["level"])
    world.clock.forward(minutes=45)
    assert flag_due(world.store, world.capacity) == 0
    assert flags == ["warning", "breach"]
    watcher.disconnect()
