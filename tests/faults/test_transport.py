"""The tuned transport: frames in any pieces, answers that nobody takes, clients that poll."""

import json
import socket
import struct
from collections.abc import Iterator
from itertools import chain, repeat

import pytest

from tests.faults.test_frames import MODERN, connected, memory_of, pour
from tests.support.server import Server
from vipservice.problems import SESSION_COOKIE
from vipservice.testing.world import World

MASK = b"\x01\x02\x03\x04"
TEXT, MORE, LAST, PING = 0x81, 0x01, 0x80, 0x89
MANY = 1_000_000
ANSWER = b'[{"ok":false'


def frame(first: int, words: bytes) -> bytes:
    """A frame as a client sends it: masked."""
    size = struct.pack("!BH", 0xFE, len(words)) if len(words) > 125 else bytes((0x80 | len(words),))
    masked = bytes(byte ^ MASK[at % 4] for at, byte in enumerate(words))
    return bytes((first,)) + size + MASK + masked


def asks(number: int, more: str = "") -> bytes:
    """An event that is always answered, under its number: a chat that is none."""
    return f"42{number}{json.dumps(['unsubscribe', {'chatId': 7, 'more': more}])}".encode()


@pytest.fixture
def opened(eventlet_server: Server) -> Iterator[socket.socket]:
    """A line of somebody who has signed in."""
    token = eventlet_server.world.tokens["sanne"]
    cookie = f"Cookie: {SESSION_COOKIE}={token}\r\nOrigin: {eventlet_server.url}\r\n"
    with connected(eventlet_server, MODERN + cookie) as line:
        line.sendall(frame(TEXT, b"40"))
        until(line, b"40{")
        yield line


def until(line: socket.socket, words: bytes, times: int = 1) -> bytes:
    """All that comes until these words have come so often."""
    got = b""
    while got.count(words) < times:
        piece = line.recv(65_536)
        assert piece, "the server hung up"
        got += piece
    return got


def test_a_frame_may_come_byte_by_byte(opened: socket.socket) -> None:
    for byte in frame(TEXT, asks(1, "x" * 300)):
        opened.sendall(bytes((byte,)))
    assert b"431" + ANSWER in until(opened, ANSWER)


def test_many_frames_in_one_piece_are_answered_in_order(opened: socket.socket) -> None:
    opened.sendall(b"".join(frame(TEXT, asks(number)) for number in range(50)))
    got = until(opened, ANSWER, 50)
    places = [got.index(b"43%d[" % number) for number in range(50)]
    assert places == sorted(places)


def test_a_message_in_frames_with_a_ping_between_them(opened: socket.socket) -> None:
    words = asks(1)
    pieces = frame(MORE, words[:9]), frame(PING, b"you?"), frame(LAST, words[9:])
    opened.sendall(b"".join(chain(pieces, [frame(TEXT, asks(2))])))
    got = until(opened, ANSWER, 2)
    assert b"\x8a\x04you?" in got
    assert got.index(b"431[") < got.index(b"432[")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (frame(TEXT, b"42\xff\xfe"), 1011),
        (b"\x81\x02hi", 1002),
        (frame(0xC1, b"2"), 1002),
        (frame(0x83, b"2"), 1002),
        (struct.pack("!BBQ", TEXT, 0xFF, 10**9) + MASK, 1009),
    ],
    ids=["utf-8", "unmasked", "reserved", "unknown", "too large"],
)
def test_what_no_client_may_send_ends_the_line(
    opened: socket.socket, wrong: bytes, status: int
) -> None:
    opened.sendall(wrong)
    got = b""
    while piece := opened.recv(65_536):
        got += piece
    assert b"\x88" in got
    assert struct.pack("!H", status) in got


def long_chat(world: World) -> str:
    """A chat with a megabyte in it."""
    chat_id = world.ask("jeroen")
    for _ in range(120):
        world.say("jeroen", chat_id, "woord " * 1_300)
    return chat_id


def test_who_takes_nothing_is_hung_up_on_and_hears_it_all_later(
    eventlet_server: Server, opened: socket.socket
) -> None:
    """The server keeps little for who does not read; the timeline has it."""
    chat_id = long_chat(eventlet_server.world)
    before = memory_of(eventlet_server)
    wanted = json.dumps(["subscribe", {"chatId": chat_id, "after": 0}]).encode()
    asked, more = [frame(TEXT, b"420" + wanted)] * 60, repeat(frame(PING, b"?" * 125), MANY)
    assert pour(opened, chain(asked, more)) < MANY * 125
    assert memory_of(eventlet_server) - before < 50_000_000
    again = eventlet_server.line("sanne").call("subscribe", {"chatId": chat_id, "after": 0})
    assert again["ok"]
    assert again["lastSeq"] == len(again["entries"])


def test_a_client_that_polls_is_served(eventlet_server: Server) -> None:
    http = eventlet_server.http("sanne")
    address = f"{eventlet_server.url}/socket.io/?EIO=4&transport=polling"
    own = {"Origin": eventlet_server.url}
    sid = json.loads(http.get(address, headers=own, timeout=5).text[1:])["sid"]
    session = f"{address}&sid={sid}"
    assert http.post(session, data="40", headers=own, timeout=5).ok
    assert http.post(session, data=asks(1), headers=own, timeout=5).ok
    got = ""
    while ANSWER.decode() not in got:
        got += http.get(session, headers=own, timeout=5).text
    assert got.index("40{") < got.index("431[")
