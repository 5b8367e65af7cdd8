"""A line as thin as can be: a WebSocket with Engine.IO and Socket.IO on it, for loads of many."""

import asyncio
import json
from urllib.parse import urlsplit

HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: {origin}\r\nCookie: {cookie}\r\n\r\n"
)


class Line(asyncio.Protocol):
    """One connection; whoever uses it says what becomes of what is heard."""

    def __init__(self, url: str, cookie: str, origin: str = "") -> None:
        """``origin``: of the pages, where that is not the address itself."""
        self.url, self.cookie, self.origin = url, cookie, origin or url
        self.transport: asyncio.WriteTransport | None = None
        self.numbers = 0
        self._buffer = b""
        self._open = False

    async def dial(self) -> None:
        """Connects; what is said there comes by itself. Raises OSError when nobody is there."""
        address = urlsplit(self.url)
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, address.hostname or "", address.port or 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        host = urlsplit(self.url).netloc
        asked = HANDSHAKE.format(host=host, origin=self.origin, cookie=self.cookie)
        transport.write(asked.encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            self._open, self._buffer = True, rest
            assert b" 101 " in head[:20], head
        while (frame := self._frame()) is not None:
            self.heard(frame)

    def heard(self, text: bytes) -> None:
        """A text came; here it is only about the line itself."""
        if text == b"2":
            self.say(b"3")
        elif text.startswith(b"0"):
            self.say(b"40")

    def say(self, text: bytes) -> None:
        """Sends a text, masked with a key that changes nothing."""
        size = len(text)
        head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
        assert self.transport
        self.transport.write(head + b"\0\0\0\0" + text)

    def hang_up(self) -> None:
        """Without a word."""
        if self.transport:
            self.transport.abort()

    def ask(self, event: str, payload: dict[str, object]) -> int:
        """Sends an event that is acknowledged; its number."""
        self.numbers += 1
        self.say(f"42{self.numbers}{json.dumps([event, payload])}".encode())
        return self.numbers

    def tell(self, event: str, payload: dict[str, object]) -> None:
        """Sends an event that nobody acknowledges."""
        self.say(f"42{json.dumps([event, payload])}".encode())

    def _frame(self) -> bytes | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1], 2
        if size > 125:
            start = 4 if size == 126 else 10
            size = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < start + size:
            return None
        self._buffer = buffer[start + size :]
        return buffer[start : start + size] if buffer[0] == 0x81 else b""
