"""One's share: beyond it a sentence with when to try again, for the others nothing changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.conftest import absent
from tests.live.test_rooms import RecordingServer
from tests.live.test_two_processes import REDIS, redis_is_there
from tests.support.client import Client
from tests.support.service import service_of
from vipservice.config.limits import LimitsSettings
from vipservice.live.broadcast import Broadcast
from vipservice.live.connections import Connections
from vipservice.live.handlers import Handlers
from vipservice.services.shares import Asker, Shares, Sort, TooMuch
from vipservice.store.types import new_id
from vipservice.testing.world import World, address
from vipservice.web import create_web

MOST = 3
SMALL = {sort.value: {"person": MOST} for sort in Sort if sort is not Sort.REQUESTS}
SMALL["log_ins"] = {"address": MOST}


@pytest.fixture(autouse=True)
def _one_minute() -> Iterator[None]:
    """Shares are counted by the machine's own minutes: none of them ends within a test."""
    with time_machine.travel(datetime(2026, 4, 24, 8, 0, 30, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def app(world: World) -> Flask:
    return create_web(service_of(world.store, limits=SMALL))


def send(client: Client, sort: Sort, chat_id: str, topic_id: str) -> Any:
    key = new_id()
    said = {"body": "Hallo", "clientId": key}
    if sort is Sort.QUESTIONS:
        return client.post("/api/v1/chats", said | {"topicId": topic_id})
    if sort is Sort.MESSAGES:
        return client.post(f"/api/v1/chats/{chat_id}/messages", said)
    if sort in (Sort.FILES, Sort.MEGABYTES):
        form = {"clientId": key, "file": (BytesIO(b"x" * 100), "a.txt")}
        return client.post(f"/api/v1/chats/{chat_id}/attachments", form=form)
    if sort is Sort.LOG_INS:
        return client.post("/login", form={"email": address("jeroen"), "password": "x"})
    path = {
        Sort.SEARCHES: "/api/v1/chats?q=hallo",
        Sort.DRAFTS: f"/api/v1/chats/{chat_id}/incident-draft",
        Sort.EXPORTS: "/api/v1/reports/topics?from=2026-04-01&until=2026-04-24&format=csv",
    }[sort]
    return client.get(path)


SENT = tuple(sort for sort in Sort if sort not in (Sort.REQUESTS, Sort.TYPING))
WHO = {Sort.DRAFTS: ("sanne", "ilias"), Sort.EXPORTS: ("annet", "annet")}


@pytest.mark.parametrize(
    "sort", [sort for sort in Sort if sort not in (Sort.REQUESTS, Sort.TYPING)]
)
def test_beyond_ones_share_is_a_sentence(app: Flask, world: World, sort: Sort) -> None:
    chat_id = world.ask()
    first, other = WHO.get(sort, ("jeroen", "samira"))
    client = Client(app, None if sort is Sort.LOG_INS else world.tokens[first])
    answers = [send(client, sort, chat_id, world.topic_id) for _ in range(MOST + 1)]
    assert all(one.status_code != 429 for one in answers[:-1])
    last = answers[-1]
    assert last.status_code == 429
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    if sort is Sort.LOG_INS:
        assert "van uw netwerk" in last.text
        return
    assert "te vaak achter elkaar" in last.json["detail"]
    if sort is not Sort.EXPORTS:
        another = Client(app, world.tokens[other])
        assert send(another, sort, chat_id, world.topic_id).status_code != 429


def test_a_refusal_takes_its_time(world: World) -> None:
    waited: list[float] = []
    limits = LimitsSettings.model_validate({"searches": {"person": 1}, "refusal_seconds": 0.7})
    shares, asker = Shares(limits, pause=waited.append), Asker(world.jeroen, "192.0.2.1")
    shares.take(Sort.SEARCHES, asker)
    assert waited == []
    with pytest.raises(TooMuch):
        shares.take(Sort.SEARCHES, asker)
    assert waited == [0.7]


def test_everything_together_has_a_share_too(world: World) -> None:
    app = create_web(service_of(world.store, limits={"requests": {"person": 4}}))
    client = Client(app, world.tokens["jeroen"])  # which asks for a page with its forwarding
    assert {client.get("/api/v1/me").status_code for _ in range(4)} == {200, 429}
    page = client.get("/chats")
    assert page.status_code == 429
    assert "te vaak achter elkaar" in page.text
    assert Client(app, world.tokens["samira"]).get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    ("event", "data"), [("send", {"body": "Hallo"}), ("typing", {"typing": True})]
)
def test_beyond_ones_share_on_a_live_line(world: World, event: str, data: dict[str, Any]) -> None:
    service = service_of(world.store, limits=SMALL)
    server, connections = RecordingServer(), Connections()
    Handlers(server, service, connections, Broadcast(server, service, connections))
    connections.add("sid", world.jeroen, "192.0.2.1")
    chat_id = world.ask()
    told = [
        server.events[event]("sid", data | {"chatId": chat_id} | _own(event))
        for _ in range(MOST + 1)
    ]
    assert [one["ok"] for one in told] == [True] * MOST + [False]
    assert told[-1]["problem"]["status"] == 429
    assert told[-1]["problem"]["retryAfter"] >= 1


def _own(event: str) -> dict[str, str]:
    return {"clientId": new_id()} if event == "send" else {}


def refused(shares: Shares, asker: Asker) -> str:
    """Whose share was taken; "" when it was free."""
    try:
        shares.take(Sort.MESSAGES, asker)
    except TooMuch as refusal:
        return refusal.detail
    return ""


def test_person_municipality_and_network_each_have_theirs(world: World) -> None:
    share = {"person": 2, "municipality": 3, "address": 4}
    shares = Shares(LimitsSettings.model_validate({"messages": share}))
    jeroen, samira = Asker(world.jeroen, "192.0.2.1"), Asker(world.samira, "192.0.2.2")
    assert [bool(refused(shares, jeroen)) for _ in range(3)] == [False, False, True]
    assert refused(shares, samira) == ""
    assert "municipality" in refused(shares, samira)
    klarinda, sanne = Asker(world.klarinda, "192.0.2.1"), Asker(world.sanne, "192.0.2.1")
    assert [refused(shares, one) for one in (klarinda, sanne)] == ["", ""]
    assert "network" in refused(shares, Asker(world.ilias, "192.0.2.1"))


def test_much_at_once_takes_more_of_a_share(world: World) -> None:
    shares = Shares(LimitsSettings.model_validate({"megabytes": {"person": 10}}))
    shares.take(Sort.MEGABYTES, Asker(world.jeroen, ""), 8)
    with pytest.raises(TooMuch):
        shares.take(Sort.MEGABYTES, Asker(world.jeroen, ""), 3)
    shares.take(Sort.MEGABYTES, Asker(world.jeroen, ""), 2)


def test_one_person_has_so_many_lines(world: World) -> None:
    connections = Connections()
    for number in range(3):
        connections.add(f"sid {number}", world.jeroen)
    connections.drop("sid 0", world.clock())
    connections.drop("sid 0", world.clock())
    assert len(connections.all_of(world.jeroen.id)) == 2
    assert connections.all_of(world.samira.id) == []


def test_who_signed_in_does_not_share_with_strangers_of_the_network(world: World) -> None:
    shares = Shares(LimitsSettings.model_validate({"messages": {"address": 2}}))
    stranger, jeroen = Asker(None, "192.0.2.1"), Asker(world.jeroen, "192.0.2.1")
    assert [bool(refused(shares, stranger)) for _ in range(3)] == [False, False, True]
    assert refused(shares, jeroen) == ""


def test_nought_is_without_end(world: World) -> None:
    shares = Shares(LimitsSettings.model_validate({"messages": {"person": 0}}))
    assert {refused(shares, Asker(world.jeroen, "")) for _ in range(500)} == {""}


def test_processes_share_through_redis(world: World) -> None:
    if not redis_is_there():
        absent("Redis")
    settings = LimitsSettings.model_validate({"messages": {"person": 2}})
    one, other = Shares(settings, REDIS), Shares(settings, REDIS)
    somebody = Asker(replace(world.jeroen, id=new_id()), "")
    assert [bool(refused(shares, somebody)) for shares in (one, other, one, other)] == [
        False, False, True, True,
    ]  # fmt: skip


def test_without_redis_a_process_counts_by_itself(world: World) -> None:
    settings = LimitsSettings.model_validate({"messages": {"person": 2}})
    away = Shares(settings, "redis://127.0.0.1:1")
    assert [bool(refused(away, Asker(world.jeroen, ""))) for _ in range(3)] == [False, False, True]
