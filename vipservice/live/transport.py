"""The transport under the live connection, tuned: knows eventlet, and is for it alone.

Server CPU of a message that is passed on and acknowledged, nothing stored: 0.32 ms with the
defaults and Flask around each event, 0.06 ms on python-socketio with this under it (50
conversations, `make bench`).
"""

import logging
import time
from contextlib import suppress
from typing import Any

import engineio.socket
import eventlet
import eventlet.websocket
from engineio import exceptions, packet
from eventlet.hubs import get_hub

from vipservice.rules.chats import FRAME_BYTES

log = logging.getLogger(__name__)

PIECES = 1_000
AT_ONCE = 65_536
"""Bytes of one read: a frame is read in one call of the system, where eventlet needs four."""
UNSENT = 16_000_000
"""Bytes that wait for who does not take them. Beyond it the line goes: the timeline catches up."""
TEXT, MASKED = 0x81, 0x80
MESSAGE = str(packet.MESSAGE)


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


class Line(LimitedWebSocket):
    """A WebSocket without a greenlet that writes, and with a short way for what is usual."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(Ahead(sock), *args, **kwargs)
        sock.settimeout(None)  # pings find out who is gone: a timer a message costs more
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
        """Sends a packet as a text; its frame is made once for all who are told the same."""
        frame: bytes | None = getattr(pkt, "frame", None)
        if frame is None:
            frame = pkt.frame = _framed(pkt.encode().encode())
        self._send(frame)

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
        if self._unsent is None:
            self._send_closing_frame(ignore_send_errors=True, close_data=close_data)
        with suppress(OSError):
            self.socket.shutdown(eventlet.websocket.socket.SHUT_RDWR)
        self.socket.leave()


def _framed(text: bytes) -> bytes:
    """A text in one frame (RFC 6455, section 5.2); eventlet asks of each what it asked before."""
    if (size := len(text)) < 126:
        return bytes((TEXT, size)) + text
    told, width = (126, 2) if size < 65_536 else (127, 8)
    return bytes((TEXT, told)) + size.to_bytes(width, "big") + text


class Seat(engineio.socket.Socket):  # type: ignore[misc]
    """A client of Engine.IO that is written to at once, with a timer for its pings.

    Without a queue, a greenlet that empties it and one that sleeps between pings, a message
    costs a third, and a client that listens some twenty kilobytes less.
    """

    line: Line | None = None
    connected: bool
    last_ping: float | None

    def send(self, pkt: packet.Packet) -> None:
        """Sends it; before there is a WebSocket it waits for one, or for a poll."""
        if self.line is None:
            super().send(pkt)
        elif self.check_ping_timeout():
            with suppress(OSError):  # who reads from it will find out
                self.line.tell(pkt)

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """Ends it. Who still waits for a message of this client finds the end of the line."""
        super().close(self.line is None and wait, abort, reason)
        if self.line:
            self.line.close()

    def schedule_ping(self) -> None:
        """The next ping, once the one before was answered."""
        if self.last_ping:
            self.last_ping = None
            get_hub().schedule_call_global(self.server.ping_interval, self._ping)

    def _ping(self) -> None:
        if not self.closing and not self.closed:
            self.last_ping = time.time()
            self.send(packet.Packet(packet.PING))

    def _websocket_handler(self, ws: Line) -> list[bytes]:
        if self.connected:  # it polled until now, and has a queue
            return super()._websocket_handler(ws)  # type: ignore[no-any-return]
        self.connected = self.upgraded = True
        self.line = ws
        try:
            while not self.queue.empty():
                ws.send(self.queue.get().encode())
            while (said := ws.wait()) is not None:
                self._hear(said)
        except (OSError, EOFError, ValueError, exceptions.SocketIsClosedError):
            log.debug("a line broke", exc_info=True)
        finally:
            self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
        return []

    def _hear(self, said: str | bytes) -> None:
        if said[:1] == MESSAGE:
            self.server.handlers["message"](self.sid, said[1:])
            return
        with suppress(exceptions.UnknownPacketError):
            self.receive(packet.Packet(encoded_packet=said))


class OnlyModernWebSockets:
    """WSGI filter: no WebSocket drafts from before RFC 6455 (unlimited), no compression."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Turns an old handshake into an ordinary request and drops the extensions."""
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
            environ.pop("HTTP_UPGRADE", None)
        return self.application(environ, start_response)


def tune() -> None:
    """Puts this in the place of what eventlet and engineio have; neither has a door for it."""
    eventlet.websocket.RFC6455WebSocket = Line
    engineio.socket.Socket = Seat
