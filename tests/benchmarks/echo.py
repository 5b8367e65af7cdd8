"""What to compare with: Flask-SocketIO and eventlet, an echo without a database.

`python -m tests.benchmarks.echo PORT [tuned]`: with their defaults, or on the product's transport
and without Flask around each event. TCP_NODELAY in both: without it every message waits for a
delayed acknowledgement.
"""

import eventlet

eventlet.monkey_patch()

import socket
import sys
from typing import Any

from flask import Flask
from flask_socketio import SocketIO, emit, join_room

TUNED = sys.argv[2:] == ["tuned"]
if TUNED:
    from vipservice.app import Json
    from vipservice.live import transport

    transport.tune()

_listen = eventlet.listen


def listen(*args: object, **more: object) -> socket.socket:
    """A listening socket whose connections send at once."""
    listener: socket.socket = _listen(*args, **more)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


eventlet.listen = listen
app = Flask(__name__)
more: Any = {"json": Json, "async_handlers": False, "manage_session": False} if TUNED else {}
socketio = SocketIO(app, async_mode="eventlet", cors_allowed_origins="*", **more)


@app.get("/readyz")
def ready() -> str:
    """The process answers."""
    return "ready"


def as_usual() -> None:
    """As Flask-SocketIO's own documentation has it."""

    @socketio.on("subscribe")
    def subscribe(data: dict[str, str]) -> dict[str, bool]:
        join_room(data["chatId"])
        return {"ok": True}

    @socketio.on("send")
    def send(data: dict[str, str]) -> dict[str, bool]:
        emit("entry", data, to=data["chatId"], include_self=False)
        return {"ok": True}


def without_flask(server: Any) -> None:
    """The same, on the server below it."""

    @server.on("subscribe")  # type: ignore[untyped-decorator]
    def subscribe(sid: str, data: dict[str, str]) -> dict[str, bool]:
        server.enter_room(sid, data["chatId"])
        return {"ok": True}

    @server.on("send")  # type: ignore[untyped-decorator]
    def send(sid: str, data: dict[str, str]) -> dict[str, bool]:
        server.emit("entry", data, to=data["chatId"], skip_sid=sid)
        return {"ok": True}


if __name__ == "__main__":
    if TUNED:
        without_flask(socketio.server)  # type: ignore[attr-defined]
    else:
        as_usual()
    socketio.run(app, "127.0.0.1", int(sys.argv[1]))
