"""Frames beyond the largest are refused before they are buffered, before log-in too."""

import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.server import Server

HUNDRED_MEGABYTES = 100 * 1024 * 1024
PIECE = b"\0" * 65_536
ALLOWED_GROWTH = 1024 * 1024

HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


def memory_of(server: Server) -> int:
    """Resident bytes of the server, from the kernel."""
    assert server.process
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def connected(server: Server, headers: str) -> socket.socket:
    address = urlsplit(server.url)
    opened = socket.create_connection((address.hostname or "", address.port or 0), timeout=10)
    opened.sendall((HANDSHAKE + headers + "\r\n").encode())
    assert opened.recv(4096)  # frames sent before the answer would be read as part of the request
    return opened


def pour(opened: socket.socket, pieces: Iterator[bytes]) -> int:
    """Sends until the server hangs up; how many bytes it let us send."""
    sent = 0
    try:
        for piece in pieces:
            opened.sendall(piece)
            sent += len(piece)
    except OSError:
        pass
    finally:
        opened.close()
    return sent


def one_frame() -> Iterator[bytes]:
    yield struct.pack("!BBQ4s", 0x81, 0xFF, HUNDRED_MEGABYTES, b"\0\0\0\0")
    for _ in range(HUNDRED_MEGABYTES // len(PIECE)):
        yield PIECE


def many_frames() -> Iterator[bytes]:
    yield struct.pack("!BBH4s", 0x01, 0xFE, 65_000, b"\0\0\0\0") + PIECE[:65_000]
    for _ in range(HUNDRED_MEGABYTES // 65_000):
        yield struct.pack("!BBH4s", 0x00, 0xFE, 65_000, b"\0\0\0\0") + PIECE[:65_000]


MODERN = "Sec-WebSocket-Version: 13\r\n"
DEFLATE = MODERN + "Sec-WebSocket-Extensions: permessage-deflate\r\n"
OLD_DRAFT = "Sec-WebSocket-Key1: 1 1\r\nSec-WebSocket-Key2: 1 1\r\n"


@pytest.mark.parametrize("headers", [MODERN, DEFLATE, OLD_DRAFT], ids=["13", "deflate", "hixie"])
@pytest.mark.parametrize("frames", [one_frame, many_frames], ids=["one", "many"])
def test_a_hundred_megabytes_before_log_in_cost_nothing(
    eventlet_server: Server, headers: str, frames: object
) -> None:
    server = eventlet_server
    pour(connected(server, headers), frames())  # type: ignore[operator]
    before = memory_of(server)
    sent = pour(connected(server, headers), frames())  # type: ignore[operator]
    assert sent < HUNDRED_MEGABYTES
    assert memory_of(server) - before < ALLOWED_GROWTH


def test_a_large_post_to_the_polling_transport_is_refused(eventlet_server: Server) -> None:
    answer = eventlet_server.http(None).post(
        f"{eventlet_server.url}/socket.io/?EIO=4&transport=polling", data=b"x" * 200_000, timeout=10
    )
    assert answer.status_code >= 400


def test_a_message_in_countless_crumbs_is_refused(eventlet_server: Server) -> None:
    first = struct.pack("!BB4sc", 0x01, 0x81, b"\0\0\0\0", b"x")
    more = struct.pack("!BB4sc", 0x00, 0x81, b"\0\0\0\0", b"x")
    with connected(eventlet_server, MODERN) as opened:
        opened.sendall(first + more * 2000)
        while opened.recv(4096):  # until it hangs up; else the socket's time-out fails this
            pass
    assert eventlet_server.http(None).get(f"{eventlet_server.url}/healthz", timeout=2).ok
