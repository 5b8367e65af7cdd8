"""A WebSocket that is read ahead, refuses what is too large, and writes what is told together.

Knows eventlet, and is the half of the transport that knows nothing of Engine.IO but its packets.
"""

import logging
from contextlib import suppress
from typing import Any

import eventlet
import eventlet.websocket
from engineio import packet
from eventlet.hubs import get_hub

from vipservice.rules.chats import FRAME_BYTES

log = logging.getLogger(__name__)

PIECES = 1_000
AT_ONCE = 65_536
"""Bytes of one read: a frame is read in one call of the system, where eventlet needs four; and of
what is kept to be written together."""
UNSENT = 16_000_000
"""Bytes that wait for who does not take them. Beyond it the line goes: the timeline catches up."""
TEXT, MASKED = 0x81, 0x80


class LimitedWebSocket(eventlet.websocket.RFC6455WebSocket):  # type: ignore[misc]
    """A WebSocket that refuses a message beyond the limit before it has buffered it.

    eventlet limits a frame; a message of many frames would still grow without end.
    """

    class Message(eventlet.websocket.RFC6455WebSocket.Message):  # type: ignore[misc]
        """Counts what it holds: bytes, and pieces, for empty frames cost memory too."""

        size = 0

        def push(self, data: bytes, final: bool = False) -> None:
            """Raises when the frames together pass the limit."""
            self.size += len(data)
            if self.size > FRAME_BYTES or len(self.data) > PIECES:
                raise eventlet.websocket.FailedConnectionError(1009, "message too large")
            super().push(data, final)

    @staticmethod
    def _apply_mask(data: bytes, mask: Any, length: int | None = None, offset: int = 0) -> bytes:
        """One exclusive or over the whole of it, where eventlet goes byte by byte."""
        size = len(data) if length is None else length
        turned = bytes(mask[offset % 4 :]) + bytes(mask[: offset % 4])
        key = (turned * (size // 4 + 1))[:size]
        return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


class Ahead:
    """A socket that is read ahead: what was read and not asked for yet is kept.

    The hub goes on looking at it between two reads, where eventlet has it look anew for each: two
    calls of the system and a fifth of the transport. It looks away from what nobody reads.
    """

    def __init__(self, green: Any) -> None:
        self.green = green
        self.kept = b""
        self._read_all = False
        self._listener: Any = None
        self._reader: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.green, name)

    def fill(self) -> bool:
        """Waits until there is something; False when the other side has hung up."""
        if not self.kept:
            try:
                self.kept = self._read()
            except OSError:
                self.kept = b""
        if not self.kept:
            self.look_away()
        return bool(self.kept)

    def _read(self) -> bytes:
        while True:
            if self._read_all:
                self._wait()
            try:
                found: bytes = self.green.fd.recv(AT_ONCE)
            except BlockingIOError:
                self._read_all = True
            else:
                self._read_all = len(found) < AT_ONCE
                if not self._read_all:
                    eventlet.sleep(0)  # who sends without end does not keep the others waiting
                return found

    def _wait(self) -> None:
        hub = get_hub()
        if self._listener is None:
            self._listener = hub.add(
                hub.READ, self.green.fileno(), self._ready, self._gone, self.green._mark_as_closed
            )
        self._reader = eventlet.getcurrent()
        try:
            hub.switch()
        finally:
            self._reader = None

    def _ready(self, _fileno: int) -> None:
        if self._reader:
            self._reader.switch()
        else:
            self.look_away()

    def _gone(self, problem: Exception) -> None:
        self._listener = None
        if self._reader:
            self._reader.throw(problem)

    def look_away(self) -> None:
        """Until it is read again, nobody is told of it."""
        listener, self._listener = self._listener, None
        if listener:
            with suppress(KeyError):
                get_hub().remove(listener)

    def leave(self) -> None:
        """Whoever reads finds the end; nobody is told of it who does not read."""
        if self._reader is None:
            self.look_away()

    def recv(self, size: int) -> bytes:
        """Up to so many bytes; none when the other side has hung up."""
        self.fill()
        data, self.kept = self.kept[:size], self.kept[size:]
        return data


class Together:
    """Lines that were told something: what each is told in one go leaves in one call of the system.

    Whoever says something is told the entry and then that it is stored: of three calls a message
    two are left, which is a thirtieth of what it costs.
    """

    def __init__(self) -> None:
        self._lines: list[Line] = []

    def add(self, line: "Line") -> None:
        """It has something to send."""
        self._lines.append(line)
        if len(self._lines) == 1:
            get_hub().schedule_call_global(0, self._soon)

    def _soon(self) -> None:
        """After those that were woken meanwhile, and have something to say too."""
        get_hub().schedule_call_global(0, self._send)

    def _send(self) -> None:
        lines, self._lines = self._lines, []
        for line in lines:
            try:
                line.flush()
            except Exception:
                log.exception("a line could not be written to")


class Line(LimitedWebSocket):
    """A WebSocket without a greenlet that writes, and with a short way for what is usual."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(Ahead(sock), *args, **kwargs)
        sock.settimeout(None)  # pings find out who is gone: a timer a message costs more
        self._told: list[bytes] = []
        self._size = 0
        self._unsent: bytearray | None = None

    def wait(self) -> str | bytes | None:
        """The next message; None when the connection is over."""
        if not self.socket.fill():
            return None
        usual = self._usual()
        return super().wait() if usual is None else usual

    def _usual(self) -> str | None:
        """A text in one frame that is there already; of all else eventlet takes care."""
        kept = self.socket.kept
        size, start = kept[1] & 0x7F if len(kept) > 1 else 0, 2
        if size == 126:
            size, start = int.from_bytes(kept[2:4], "big"), 4
        end = start + 4 + size
        if size == 127 or len(kept) < end or kept[0] != TEXT or not kept[1] & MASKED:
            return None
        if size > FRAME_BYTES:
            return None
        text = self._apply_mask(kept[start + 4 : end], kept[start : start + 4])
        try:
            usual = text.decode()
        except UnicodeDecodeError:
            return None
        self.socket.kept = kept[end:]
        return usual

    def tell(self, pkt: packet.Packet) -> None:
        """Sends a packet as a text, soon; its frame is made once for all who are told the same."""
        frame: bytes | None = getattr(pkt, "frame", None)
        if frame is None:
            frame = pkt.frame = _framed(pkt.encode().encode())
        self._told.append(frame)
        self._size += len(frame)
        if self._size > AT_ONCE:
            self.flush()
        elif len(self._told) == 1:
            TOGETHER.add(self)

    def flush(self) -> None:
        """Sends what it was told; who reads from it will find out that it is gone."""
        told, self._told, self._size = self._told, [], 0
        if told:
            with suppress(OSError):
                self._send(told[0] if len(told) == 1 else b"".join(told))

    def _send(self, frame: bytes) -> None:
        """Sends at once what is taken at once; the rest follows, in order. Never waits."""
        if self._unsent is None:
            try:
                sent = self.socket.fd.send(frame)
            except BlockingIOError:
                sent = 0
            if sent == len(frame):
                return
            self._unsent = bytearray(frame[sent:])
            eventlet.spawn(self._send_rest)
        elif len(self._unsent) + len(frame) <= UNSENT:
            self._unsent += frame
        else:
            self.close()

    def _send_rest(self) -> None:
        with suppress(OSError):
            while self._unsent:
                rest = bytes(self._unsent)
                self._unsent.clear()
                self.socket.sendall(rest)
        self._unsent = None

    def close(self, close_data: Any = None) -> None:
        """Hangs up; who reads from it finds its end. What was not taken yet is lost."""
        self.flush()
        if self._unsent is None:
            self._send_closing_frame(ignore_send_errors=True, close_data=close_data)
        with suppress(OSError):
            self.socket.shutdown(eventlet.websocket.socket.SHUT_RDWR)
        self.socket.leave()


TOGETHER = Together()


def _framed(text: bytes) -> bytes:
    """A text in one frame (RFC 6455, section 5.2); eventlet asks of each what it asked before."""
    if (size := len(text)) < 126:
        return bytes((TEXT, size)) + text
    told, width = (126, 2) if size < 65_536 else (127, 8)
    return bytes((TEXT, told)) + size.to_bytes(width, "big") + text
