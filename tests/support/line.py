"""A network between a browser and the server: it can be cut, frozen, and know no WebSocket."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.support.server import Server, listening, port_of

REFUSED = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Line:
    """Copies bytes both ways. ``upgrades``: whether it lets a WebSocket through."""

    listener: socket.socket = field(default_factory=listening)
    target: int = 0
    upgrades: bool = True
    _moves: threading.Event = field(default_factory=threading.Event)
    _there: bool = True
    _open: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._moves.set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the browser goes."""
        return f"http://127.0.0.1:{port_of(self.listener)}"

    def cut(self) -> None:
        """Every connection breaks; the next is as good as before."""
        while self._open:
            with suppress(OSError, IndexError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def take_away(self) -> None:
        """Nobody gets through until ``bring_back``."""
        self._there = False
        self.cut()

    def freeze(self) -> None:
        """Nothing moves and nothing breaks until ``bring_back``."""
        self._moves.clear()

    def bring_back(self) -> None:
        """As it was; what was on its way arrives."""
        self._there = True
        self._moves.set()

    def close(self) -> None:
        """The end."""
        self.bring_back()
        self.listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self.listener.accept()[0]
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            first = client.recv(65_536) if self._there else b""
            if not first:
                return
            if not self.upgrades and b"upgrade: websocket" in first.lower():
                client.sendall(REFUSED)
                return
            with socket.create_connection(("127.0.0.1", self.target)) as server:
                self._open += [client, server]
                server.sendall(first)
                back = threading.Thread(target=self._copy, args=(server, client), daemon=True)
                back.start()
                self._copy(client, server)
                back.join()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65_536):
                self._moves.wait()
                sink.sendall(part)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@dataclass
class Through(Server):
    """The same server, as it is reached over a line."""

    address: str = ""

    @property
    def url(self) -> str:
        """Where the line begins."""
        return self.address


@contextmanager
def through(server: Server, line: Line) -> Iterator[Through]:
    """The server behind this line, which must be its public address."""
    line.target = port_of(server.listener)
    try:
        yield Through(
            server.folder, server.listener, server.database, server.mode, server.world,
            address=line.url,
        )  # fmt: skip
    finally:
        line.close()
