"""Every socket event × everybody, on real servers."""

from typing import Any

import pytest
import socketio
import websocket

from tests.support.server import Server
from vipservice.live.handlers import Handlers
from vipservice.rules.people import CONSOLE
from vipservice.services.people import accounts, sessions
from vipservice.services.people.accounts import disable_person
from vipservice.services.people.guessing import Origin
from vipservice.services.routing import serving
from vipservice.store.types import new_id
from vipservice.testing.world import PASSWORD, address

PEOPLE = ("jeroen", "samira", "klarinda", "sanne", "ilias", "annet", "peter")
READERS = {"jeroen", "samira", "sanne", "ilias", "annet"}

TABLE = {
    "subscribe": READERS,
    "unsubscribe": set(PEOPLE),
    "send": {"jeroen", "sanne"},
    "typing": {"jeroen", "sanne"},
    "read": READERS,
    "presence": {"sanne", "ilias"},
    "watch": {"sanne", "ilias"},
    "unwatch": {"sanne", "ilias"},
}


NO_CHAT = ("presence", "watch", "unwatch")


def payload(event: str, chat_id: str) -> dict[str, Any]:
    payloads: dict[str, dict[str, Any]] = {
        "subscribe": {"chatId": chat_id, "after": 0},
        "unsubscribe": {"chatId": chat_id},
        "send": {"chatId": chat_id, "clientId": new_id(), "body": "hallo"},
        "typing": {"chatId": chat_id, "typing": True},
        "read": {"chatId": chat_id, "seq": 1},
        "presence": {"status": "available"},
        "watch": {"lists": ["queue", "mine"]},
        "unwatch": {"lists": ["queue", "mine"]},
    }
    return payloads[event]


def handled_chat(server: Server) -> str:
    chat_id = server.world.ask("jeroen")
    serving.pick_up(server.world.store, server.world.sanne, chat_id, 10_000)
    return chat_id


def test_every_event_is_in_the_table() -> None:
    names = [name for name, *_ in Handlers.events(Handlers.__new__(Handlers))]
    assert set(names) == set(TABLE)


@pytest.mark.parametrize("event", sorted(TABLE))
def test_the_acknowledgement_is_what_the_table_says(server: Server, event: str) -> None:
    chat_id = handled_chat(server)
    for who in PEOPLE:
        answer = server.line(who).call(event, payload(event, chat_id), timeout=10)
        if who in TABLE[event]:
            assert answer["ok"], (event, who, answer)
        else:
            wanted = 404 if who in ("klarinda", "peter") and event not in NO_CHAT else 403
            assert answer["problem"]["status"] == wanted, (event, who, answer)


@pytest.mark.parametrize("event", sorted(TABLE))
def test_a_strange_chat_answers_as_one_that_is_not_there(server: Server, event: str) -> None:
    chat_id = handled_chat(server)
    client = server.line("klarinda")
    answers = [client.call(event, payload(event, one), timeout=10) for one in (chat_id, new_id())]
    assert answers[0] == answers[1]


def test_signed_out_there_is_no_connection(server: Server) -> None:
    for headers in ({}, {"Cookie": "vipservice_session=made-up"}):
        client = socketio.SimpleClient(reconnection=False)
        with pytest.raises(socketio.exceptions.ConnectionError):
            client.connect(server.url, headers=headers, transports=["websocket"])


def test_another_origin_is_refused(server: Server) -> None:
    address = f"{server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
    cookie = f"vipservice_session={server.world.tokens['jeroen']}"
    websocket.create_connection(address, cookie=cookie, origin=server.url, timeout=5).close()
    with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
        websocket.create_connection(address, cookie=cookie, origin="https://evil.example")


@pytest.mark.parametrize(
    "bad", [None, [], "x", 7, {}, {"chatId": 7}, {"chatId": "x", "after": 2**63, "seq": 2**63}]
)
def test_bad_payloads_get_a_sentence(server: Server, bad: Any) -> None:
    client = server.line("jeroen")
    for event in sorted(TABLE):
        answer = client.call(event, bad, timeout=10)
        assert answer["problem"]["status"] in (400, 403, 404), (event, answer)
        assert answer["problem"]["detail"]


def heard_until_own_entry(server: Server, stranger: socketio.SimpleClient) -> list[Any]:
    """Everything that Klarinda heard up to an entry in a chat of her own."""
    own = server.world.ask("klarinda", "eigen vraag")
    assert stranger.call("subscribe", payload("subscribe", own), timeout=10)["ok"]
    stranger.call("send", payload("send", own), timeout=10)
    heard: list[Any] = []
    while not heard or heard[-1][0] != "entry":
        heard.append(stranger.receive(timeout=10))
    return heard


def test_nobody_hears_another_municipality(server: Server) -> None:
    chat_id = handled_chat(server)
    stranger, holder = server.connect("klarinda"), server.connect("sanne")
    stranger.call("subscribe", payload("subscribe", chat_id), timeout=10)
    holder.call("send", payload("send", chat_id), timeout=10)
    assert chat_id not in str(heard_until_own_entry(server, stranger))
    for client in (stranger, holder):
        client.disconnect()


def test_a_stranger_who_keeps_subscribing_overhears_nothing(server: Server) -> None:
    chat_id = handled_chat(server)
    stranger, holder = server.connect("klarinda"), server.connect("sanne")
    for n in range(20):
        for room in (chat_id, f"{chat_id}:centre", f"notes:{chat_id}"):
            stranger.emit("subscribe", {"chatId": room, "after": 0})
        assert holder.call("send", payload("send", chat_id), timeout=10)["ok"], n
    assert chat_id not in str(heard_until_own_entry(server, stranger))
    for client in (stranger, holder):
        client.disconnect()


def test_binary_attachments_hang_up(server: Server) -> None:
    client = server.connect("jeroen")
    client.emit("send", {"chatId": b"binary"})
    with pytest.raises(socketio.exceptions.SocketIOError):
        client.call("send", payload("send", new_id()), timeout=5)
    client.disconnect()


@pytest.mark.parametrize("cookie", ['a={"x":1}; ', "foo; ", "x[]=1; "])
def test_odd_cookies_of_other_sites_do_no_harm(server: Server, cookie: str) -> None:
    client = socketio.SimpleClient(reconnection=False)
    headers = {"Cookie": f"{cookie}vipservice_session={server.world.tokens['jeroen']}"}
    client.connect(server.url, headers=headers, transports=["websocket"])
    client.disconnect()


def test_a_changed_language_keeps_the_connection(server: Server) -> None:
    chat_id = handled_chat(server)
    client = server.connect("jeroen")
    for language in ("en", "nl"):
        accounts.set_language(server.world.store, server.world.jeroen, language)
        assert client.call("send", payload("send", chat_id), timeout=10)["ok"]
    client.disconnect()


def test_reading_ahead_of_the_timeline_marks_only_what_is_there(server: Server) -> None:
    chat_id = handled_chat(server)
    holder, reader = server.connect("sanne"), server.connect("jeroen")
    last = holder.call("subscribe", payload("subscribe", chat_id), timeout=10)["lastSeq"]
    reader.call("read", {"chatId": chat_id, "seq": 2**31 - 1}, timeout=10)
    event: list[Any] = []
    while not event or event[0] != "read":
        event = holder.receive(timeout=10)
    assert event[1]["seq"] == last
    for client in (holder, reader):
        client.disconnect()


@pytest.mark.parametrize("how", ["sign out", "disabled"])
def test_rights_end_at_once(server: Server, how: str) -> None:
    """Ended by another process: the connection closes within a second."""
    world = server.world
    origin = Origin("test")
    name = "marieke" if how == "disabled" else "samira"
    token = sessions.sign_in(world.store, address(name), PASSWORD, origin, 1)
    actor = sessions.actor_of(world.store, token)
    assert actor
    client = socketio.SimpleClient(reconnection=False)
    client.connect(
        server.url, headers={"Cookie": f"vipservice_session={token}"}, transports=["websocket"]
    )
    if how == "sign out":
        sessions.sign_out(world.store, actor)
    else:
        disable_person(world.store, CONSOLE, actor.id)
    event: list[Any] = []
    while not event or event[0] != "goodbye":
        event = client.receive(timeout=2)
    assert event[1]["reason"]
    client.disconnect()
