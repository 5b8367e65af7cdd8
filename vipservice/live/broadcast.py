"""Committed events, to the rooms that may hear them. The only place that emits."""

from datetime import timedelta
from typing import Any

from vipservice.i18n import translator
from vipservice.live import rooms
from vipservice.live.connections import Connections
from vipservice.live.packets import hang_up
from vipservice.rules.chats import Visibility
from vipservice.rules.events import (
    AskedToCome,
    ChatChanged,
    DeskChanged,
    EntryAdded,
    Event,
    PresenceChanged,
    ReadUpTo,
    RightsEnded,
)
from vipservice.rules.people import Actor, Role
from vipservice.rules.refusals import N_
from vipservice.services import callbacks, routing
from vipservice.services.context import Service
from vipservice.services.forecast import forecast
from vipservice.services.reports.board import board
from vipservice.services.waits import availability


class Broadcast:
    """Sends what was committed over a python-socketio server.

    What is computed from many rows (queue, availability, board) is only marked as out of
    date here and sent by ``refresh``, so that a busy minute does not compute it each time.
    """

    def __init__(self, server: Any, service: Service, connections: Connections) -> None:
        self.server = server
        self.service = service
        self.connections = connections
        self._stale = False
        self._unforeseen = False

    def publish(self, events: list[Event]) -> None:
        """Sends the events of one transaction, in their order."""
        for event in events:
            match event:
                case EntryAdded(entry):
                    self.server.emit("entry", entry, room=_entry_room(entry))
                case ChatChanged():
                    self._chat(event)
                    self._stale = self._stale or event.queue_changed
                case ReadUpTo(chat_id, person, seq):
                    read = {"chatId": chat_id, "person": person, "seq": seq}
                    self.server.emit("read", read, room=rooms.chat(chat_id))
                case RightsEnded():
                    self.end_connections(event)
                case DeskChanged():
                    self._stale = True
                case AskedToCome() | PresenceChanged():
                    self._specialist(event)

    def typing(self, actor: Actor, sid: str, chat_id: str, typing: bool) -> None:
        """Tells the others in a chat that somebody is typing, or stopped."""
        person = {"id": actor.id, "name": actor.name, "side": actor.side}
        said = {"chatId": chat_id, "person": person, "typing": typing}
        self.server.emit("typing", said, room=rooms.chat(chat_id), skip_sid=sid)

    def welcome(self, sid: str, actor: Actor) -> None:
        """What a new connection must know at once."""
        if actor.role is Role.REQUESTER:
            self.server.emit("availability", self._availability(), room=sid)
        elif actor.role is Role.SPECIALIST:
            self.server.emit("queue", self._queue(), room=sid)
            self.server.emit("availability", self._availability(), room=sid)
        elif actor.role is Role.MANAGER:
            self.server.emit("board", self._board(), room=sid)
            self.server.emit("forecast", self._forecast(), room=sid)

    def end_connections(self, ended: RightsEnded) -> None:
        """Says goodbye to a session's connections, or a person's, and closes them."""
        for sid in self.connections.of(ended.person_id, ended.session_id):
            actor = self.connections.actor(sid)
            self.connections.drop(sid, self.service.store.clock())
            reason = translator(actor.language if actor else "nl")(ended.reason)
            self.server.emit("goodbye", {"reason": reason}, room=sid)
            self.server.disconnect(sid)

    def end_expired(self) -> None:
        """Closes the connections of sessions that are over by the clock."""
        for actor in self.connections.expired(self.service.store.clock()):
            over = N_("Your session is over. Sign in again.")
            self.end_connections(RightsEnded(actor.id, actor.session_id, over))

    def close_strangers(self) -> None:
        """Closes the lines on which nobody has signed in for too long."""
        seconds = self.service.settings.limits.sign_in_seconds
        before = self.service.store.clock() - timedelta(seconds=seconds)
        for line in self.connections.strangers(before) if seconds else ():
            self.connections.hung_up(line)
            hang_up(self.server, line)

    def specialists(self) -> set[str]:
        """The specialists with a connection to this process."""
        return self.connections.specialists()

    def mark_stale(self) -> None:
        """Has the next ``refresh`` send everything, because time itself changes it."""
        self._stale = True

    def refresh(self) -> None:
        """Sends queue, availability and board when they are out of date."""
        if not self._stale:
            return
        self._stale = False
        self._unforeseen = True
        self.server.emit("queue", self._queue(), room=rooms.SPECIALISTS)
        available = self._availability()
        self.server.emit("availability", available, room=rooms.REQUESTERS)
        self.server.emit("availability", available, room=rooms.SPECIALISTS)
        self.server.emit("board", self._board(), room=rooms.MANAGERS)

    def _specialist(self, event: AskedToCome | PresenceChanged) -> None:
        """What is for one specialist, on each of their screens."""
        room = rooms.person(event.person_id)
        if isinstance(event, AskedToCome):
            self.server.emit("come", {"by": event.by}, room=room)
            return
        told = {"status": event.status, "reason": event.reason}
        self.server.emit("presence", told, room=room)

    def _chat(self, changed: ChatChanged) -> None:
        municipality = rooms.municipality(changed.for_centre["municipality"]["id"])
        self.server.emit("chat", changed.for_requester, room=municipality)
        self.server.emit("chat", changed.for_centre, room=rooms.CENTRE)

    def foresee(self) -> None:
        """Sends the forecast when the desk has changed; it costs too much to do each time."""
        if not self._unforeseen:
            return
        self._unforeseen = False
        self.server.emit("forecast", self._forecast(), room=rooms.MANAGERS)

    def _queue(self) -> dict[str, Any]:
        """The waiting chats and the callbacks that are due."""
        store = self.service.store
        return {"waiting": routing.queue(store), "callbacks": callbacks.list_callbacks(store)}

    def _forecast(self) -> dict[str, Any]:
        idle = self.service.settings.routing.idle_minutes
        foretell = self.service.foresight.foretell
        return forecast(self.service.store, self.service.desk, idle, foretell)

    def _availability(self) -> dict[str, Any]:
        foretell = self.service.foresight.foretell
        return availability(self.service.store, self.service.desk, foretell)

    def _board(self) -> dict[str, Any]:
        goal = self.service.settings.reports.goal_percent
        return board(self.service.store, self.service.desk, goal)


def _entry_room(entry: dict[str, Any]) -> str:
    internal = entry["visibility"] == Visibility.CENTRE
    return (rooms.chat_centre if internal else rooms.chat)(entry["chatId"])
