"""What may come over the wire: text packets that can be read. All else hangs up."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from wsgiref.types import WSGIEnvironment

import orjson
from engineio.packet import MESSAGE, Packet
from socketio import Server, packet

from vipservice.live.connections import Connections
from vipservice.rules.shape import Json

log = logging.getLogger(__name__)
OnEvent = Callable[..., Json]
EVENT, ACK = str(packet.EVENT), str(packet.ACK)
NUMBER = 24
"""Characters within which the number of an event ends, and what it says begins."""


class TextPacket(packet.Packet):  # type: ignore[misc]
    """A packet without binary attachments: python-socketio would buffer any number of them."""

    uses_binary_events = False  # nor is any looked for in what is sent

    def decode(self, encoded_packet: str) -> int | None:
        """Raises ValueError for a binary packet."""
        if encoded_packet[:1] in (str(packet.BINARY_EVENT), str(packet.BINARY_ACK)):
            raise ValueError("binary packets are not part of the contract")
        return super().decode(encoded_packet)  # type: ignore[no-any-return]


def hang_up(server: Server, line: str) -> None:
    """Closes a line at once: what it did not take yet is not waited for, which may be for ever."""
    found = server.eio.sockets.get(line)
    if found:
        found.close(wait=False, abort=True)
        server.eio.sockets.pop(line, None)


def note_lines(server: Server, connections: Connections, clock: Callable[[], datetime]) -> None:
    """Has the connections know of every line, also of one on which nobody signs in."""
    connect, disconnect = server.eio.handlers["connect"], server.eio.handlers["disconnect"]

    def arrived(line: str, environ: WSGIEnvironment) -> object:
        connections.arrived(line, clock())
        return connect(line, environ)

    def hung_up(line: str, *more: object) -> object:
        answer = disconnect(line, *more)
        connections.hung_up(line)
        return answer

    server.eio.on("connect", arrived)
    server.eio.on("disconnect", hung_up)


class ShortWay:
    """An event to its handler and back: what python-socketio does between costs twice as much."""

    def __init__(self, server: Server, handlers: Mapping[str, OnEvent]) -> None:
        self.server = server
        self.handlers = handlers

    def take(self, line: str, packet: object) -> bool:
        """Whether it was one, of somebody who may speak; all else goes the long way."""
        if not isinstance(packet, str) or packet[:1] != EVENT:
            return False
        number, bracket, _ = packet[1:NUMBER].partition("[")
        sid = self.server.manager.sid_from_eio_sid(line, "/")
        if not bracket or sid is None or not _is_number(number):
            return False
        said = orjson.loads(packet[1 + len(number) :])
        handle = self.handlers.get(said[0])
        if handle is None or not self.server.manager.is_connected(sid, "/"):
            return False
        answer = handle(sid, *said[1:])
        if number:
            told = orjson.dumps([answer]).decode()
            self.server.eio.send_packet(line, Packet(MESSAGE, f"{ACK}{number}{told}"))
        return True


def _is_number(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit())


def hang_up_on_nonsense(server: Server, short: ShortWay) -> None:
    """Closes a connection at its first packet that can not be read, with one line in the log."""
    handle: Callable[[str, object], None] = server.eio.handlers["message"]

    def guarded(eio_sid: str, data: object) -> None:
        try:
            if not short.take(eio_sid, data):
                handle(eio_sid, data)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            log.warning("unreadable packet, hanging up: %s", type(error).__name__)
            hang_up(server, eio_sid)
        except Exception:
            log.exception("connection failed, hanging up")
            hang_up(server, eio_sid)

    server.eio.on("message", guarded)
