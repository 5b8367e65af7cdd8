"""Connections that only stand there: they are closed, and keep nobody else out."""

import json
import os
import re
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.faults.test_frames import HANDSHAKE
from tests.support import sqlite
from tests.support.server import Server, running
from tests.support.sizes import size

PATIENCE = 30
"""Seconds in which the server must have hung up, however busy the machine is."""
LIMITS = "[limits]\nconnections = 40\nsign_in_seconds = 1\nrequest_seconds = 2\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("door")
    with running(folder, sqlite.database(folder), "eventlet", extra=LIMITS) as found:
        yield found


def caller(server: Server, said: bytes = b"") -> socket.socket:
    address = urlsplit(server.url)
    opened = socket.create_connection((address.hostname or "", address.port or 0), PATIENCE)
    opened.sendall(said)
    return opened


def until_closed(opened: socket.socket) -> bytes:
    """All that the server says before it hangs up; fails when it does not within PATIENCE."""
    heard = bytearray()
    try:
        while part := opened.recv(65_536):
            heard += part
    except ConnectionResetError:
        pass
    return bytes(heard)


def is_well(server: Server) -> bool:
    return requests.get(f"{server.url}/healthz", timeout=PATIENCE).ok


MODERN = HANDSHAKE.encode() + b"Sec-WebSocket-Version: 13\r\n\r\n"
POST = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
STANDING = {
    "nothing": b"",
    "half a line": b"GET /login HTT",
    "half a head": b"GET /login HTTP/1.1\r\nHost: x\r\nX-More:",
    "half a body": POST + b"\r\nemail=",
    "half a body that upgrades": POST + b"Upgrade: websocket\r\n\r\nemail=",
    "a silent line": MODERN,
    "a refused one": MODERN + b"\x81\x82\0\0\0\x0040",
}


@pytest.mark.parametrize("said", STANDING.values(), ids=[*STANDING])
def test_who_only_stands_there_is_shown_out(desk: Server, said: bytes) -> None:
    with caller(desk, said) as opened:
        until_closed(opened)
    assert is_well(desk)


SKIPPED = re.compile(r"interval\[0:00:0[1-9].*skipped")
"""A job of seconds that waits for itself; flags are looked for ten times a second here, and may."""


def polling(server: Server) -> str:
    """The address of a line by long-polling, on which nobody signs in."""
    path = f"{server.url}/socket.io/?EIO=4&transport=polling"
    opened = requests.get(path, timeout=PATIENCE).text
    return f"{path}&sid={json.loads(opened[1:])['sid']}"


@pytest.mark.parametrize("turn", range(3))
def test_a_stranger_who_polls_is_shown_out_and_so_is_the_next(desk: Server, turn: int) -> None:
    before, path = len(desk.log()), polling(desk)
    requests.get(path, timeout=PATIENCE)  # until the line is closed
    assert requests.get(path, timeout=PATIENCE).status_code == 400
    assert not [one for one in desk.log()[before:].splitlines() if SKIPPED.search(one)], turn


def test_nonsense_by_polling_keeps_nothing_open(desk: Server) -> None:
    path = polling(desk)
    requests.post(path, data="4zzz", timeout=PATIENCE)
    assert requests.get(path, timeout=PATIENCE).status_code == 400


def test_an_answered_request_may_be_followed_by_another(desk: Server) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with caller(desk, request) as opened:
        assert opened.recv(65_536).startswith(b"HTTP/1.1 200")
        opened.sendall(request)
        assert until_closed(opened).startswith(b"HTTP/1.1 200")


def test_one_network_has_so_many_connections_and_a_sentence(desk: Server) -> None:
    with ExitStack() as stack:
        many = [stack.enter_context(caller(desk)) for _ in range(60)]
        heard = [until_closed(one) for one in many]
    turned_away = [words for words in heard if words]
    assert 20 <= len(turned_away) < 60
    assert all(b"503" in words for words in turned_away)
    assert "te veel verbindingen" in turned_away[0].decode()
    assert is_well(desk)


def test_a_line_whose_person_signed_in_stays(desk: Server) -> None:
    client = desk.connect("sanne")
    with caller(desk) as stranger:
        until_closed(stranger)
    with caller(desk) as stranger:
        until_closed(stranger)
    assert client.call("presence", {"status": "away"})["ok"]
    client.disconnect()


@pytest.mark.prove
def test_without_a_descriptor_the_server_waits_and_says_so_once(tmp_path: Path) -> None:
    limits = LIMITS.replace("connections = 40", "connections = 0")
    with running(tmp_path, sqlite.database(tmp_path), "eventlet", extra=limits) as server:
        assert server.process
        held = len(os.listdir(f"/proc/{server.process.pid}/fd"))
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (held + 20, held + 20))
        with ExitStack() as stack:
            for _ in range(size(200, 45)):
                stack.enter_context(caller(server))
            assert is_well(server)
        assert server.process.poll() is None
        assert server.log().count("turned away") == 1
