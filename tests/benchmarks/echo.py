"""What to compare with: Flask-SocketIO and eventlet with their defaults, no database."""

import eventlet

eventlet.monkey_patch()

import sys

from flask import Flask
from flask_socketio import SocketIO, emit, join_room

app = Flask(__name__)
socketio = SocketIO(app, async_mode="eventlet")


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
    """Passes a message on to both, and acknowledges it."""
    emit("entry", data, to=data["chatId"])
    return {"ok": True, "entry": data}


if __name__ == "__main__":
    socketio.run(app, "127.0.0.1", int(sys.argv[1]))
