"""A client of XMPP as thin as can be: for the load, beside Socket.IO.

RFC 6120 (streams, SASL PLAIN, binding), RFC 6121 (messages) and XEP-0198 (a stanza is acknowledged
when the server has handled it, the archive included).
"""

import asyncio
from base64 import b64encode
from collections.abc import Iterator

from tests.benchmarks.load import WORDS, Side

DOMAIN = "localhost"
PASSWORD = "p"
STREAM = (
    f"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
    f"to='{DOMAIN}' version='1.0'>"
)
MANAGEMENT = "urn:xmpp:sm:3"
ASKS = f"<r xmlns='{MANAGEMENT}'/>"


class Stanzas(Side):
    """One connection of a conversation; the seats' cookies are the names of the two."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        own, other = (self.talk.seat.cookies[n] for n in (self.which, 1 - self.which))
        self._other, self._handled = f"{other}@{DOMAIN}", 1  # its own presence
        self._steps = self._signing_in(own)
        next(self._steps)

    def _signing_in(self, name: str) -> Iterator[None]:
        """Each step waits for what it names; the last is done when the server counts stanzas."""
        secret = b64encode(f"\0{name}\0{PASSWORD}".encode()).decode()
        sasl, bind = (f"urn:ietf:params:xml:ns:xmpp-{one}" for one in ("sasl", "bind"))
        for said, awaited in (
            (STREAM, b"</stream:features>"),
            (f"<auth xmlns='{sasl}' mechanism='PLAIN'>{secret}</auth>", b"<success"),
            (STREAM, b"</stream:features>"),
            (f"<iq type='set' id='b'><bind xmlns='{bind}'/></iq>", b"</iq>"),
            (f"<enable xmlns='{MANAGEMENT}'/>", b"<enabled"),
            ("<presence/>", b"<presence"),
        ):
            self._write(said)
            while awaited not in self._buffer:
                yield
            self._buffer = self._buffer.partition(awaited)[2].partition(b">")[2]
        self.ready.set_result(None)
        self._take(self._buffer)
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.ready.done():
            next(self._steps, None)
            return
        end = self._buffer.rfind(b">") + 1
        whole, self._buffer = self._buffer[:end], self._buffer[end:]
        self._take(whole)

    def _take(self, text: bytes) -> None:
        """Only looks for what counts."""
        self._handled += text.count(b"<message ")
        if b"<r " in text:
            self._write(f"<a xmlns='{MANAGEMENT}' h='{self._handled}'/>")
        if b"<message " in text:
            self.talk.entry(self, text)
        if b"<a " in text:
            self.talk.acknowledged(self)
        if b"<stream:error" in text or b"type='error'" in text:
            self.talk.counted.refused.append(text.decode())
            self.talk.counted.idle.set()

    def message(self, key: str) -> None:
        """Says something, and asks whether it is there."""
        self._write(
            f"<message type='chat' id='{key}' to='{self._other}'><body>{key} {WORDS}</body>"
            f"</message>{ASKS}"
        )

    def _write(self, text: str) -> None:
        assert self.transport
        self.transport.write(text.encode())
