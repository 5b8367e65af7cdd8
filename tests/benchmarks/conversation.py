"""Two people over raw Engine.IO frames: a client that costs as little as it can."""

import json
import threading
from urllib.parse import urlsplit

import websocket

from vipservice.store.types import new_id


class Wire:
    """One connection that can ask and wait for the acknowledgement."""

    def __init__(self, url: str, cookie: str) -> None:
        address = urlsplit(url)._replace(scheme="ws", path="/socket.io/").geturl()
        self.socket = websocket.create_connection(
            f"{address}?EIO=4&transport=websocket", cookie=cookie, timeout=60
        )
        self.number = 0
        self.entries = 0
        self.socket.recv()
        self.socket.send("40")
        while not self._receive().startswith("40"):
            pass

    def ask(self, event: str, payload: dict[str, object]) -> None:
        """Sends an event and waits until it is acknowledged."""
        self.number += 1
        self.socket.send(f"42{self.number}" + json.dumps([event, payload]))
        while not self._receive().startswith(f"43{self.number}["):
            pass

    def listen(self, entries: int) -> None:
        """Reads until so many entries have come in."""
        while self.entries < entries:
            self._receive()

    def _receive(self) -> str:
        text = str(self.socket.recv())
        if text == "2":
            self.socket.send("3")
        if text.startswith('42["entry"'):
            self.entries += 1
        return text


def talk(url: str, cookies: tuple[str, str], chat_id: str, messages: int) -> None:
    """One says things, each after the acknowledgement of the last; the other hears them."""
    speaker, hearer = (Wire(url, cookie) for cookie in cookies)
    for wire in (speaker, hearer):
        wire.ask("subscribe", {"chatId": chat_id})
    listening = threading.Thread(target=hearer.listen, args=(messages,))
    listening.start()
    for n in range(messages):
        body = f"Bericht {n}: hoe druk ik een uittreksel af voor een wachtende burger?"
        speaker.ask("send", {"chatId": chat_id, "clientId": new_id(), "body": body})
    listening.join()
    for wire in (speaker, hearer):
        wire.socket.close()
