"""What to compare with: Flask-SocketIO and eventlet, an echo without a database.

`python -m tests.benchmarks.echo PORT [tuned]`: with their defaults, or with the product's transport
under it. TCP_NODELAY in both: without it every message waits for a delayed acknowledgement.
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


@socketio.on("subscribe")
def subscribe(data: dict[str, str]) -> dict[str, bool]:
    """Joins a conversation."""
    join_room(data["chatId"])
    return {"ok": True}


@socketio.on("send")
def send(data: dict[str, str]) -> dict[str, object]:
    """Passes a message on to the other side, and acknowledges it."""
    emit("entry", data, to=data["chatId"], include_self=False)
    return {"ok": True}


if __name__ == "__main__":
    socketio.run(app, "127.0.0.1", int(sys.argv[1]))
