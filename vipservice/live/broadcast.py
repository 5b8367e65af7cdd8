"""What was committed, to the rooms that may hear it. The only place that emits."""

from datetime import timedelta
from threading import Lock

from socketio import Server

from vipservice.i18n import translator
from vipservice.live import rooms
from vipservice.live.connections import Connections
from vipservice.live.packets import hang_up
from vipservice.rules.chats import State
from vipservice.rules.news import News, RightsEnded, Signal, merged
from vipservice.rules.people import Actor, Right, Side
from vipservice.rules.refusals import N_, Busy
from vipservice.rules.shape import Json
from vipservice.services import callbacks, presence, routing
from vipservice.services.chats.telling import Told, read_news
from vipservice.services.context import Service
from vipservice.services.forecast import forecast
from vipservice.services.people.rights import EndsSeen, rights_ended_since
from vipservice.services.reports.board import board
from vipservice.services.shapes.chats import Author, ChatShape
from vipservice.services.waits import availability


class Broadcast:
    """Tells what was committed over a python-socketio server, as a fresh read would give it.

    What is computed from many rows (queue, availability, board) is only marked as out of
    date here and sent by ``refresh``, so that a busy minute does not compute it each time.
    """

    def __init__(self, server: Server, service: Service, connections: Connections) -> None:
        self.server = server
        self.service = service
        self.connections = connections
        self._stale = False
        self._unforeseen = False
        self._news: list[News] = []
        self._turn = Lock()
        self._ends: EndsSeen | None = None

    def publish(self, news: News) -> None:
        """Tells what changed, each transaction after the one before it."""
        self._news.append(news)
        self._go_on()

    def _go_on(self) -> None:
        """One tells at a time; who comes meanwhile leaves it to that one."""
        while self._news and self._turn.acquire(blocking=False):
            waiting, self._news = self._news, []
            try:
                self._tell(merged(waiting))
            except Busy:
                self._news[:0] = waiting  # ``refresh`` tries again
                raise
            finally:
                self._turn.release()

    def _tell(self, news: News) -> None:
        """Everything that is there to tell, read at one moment."""
        self._stale = self._stale or news.queue
        for signal in news.signals:
            self._signal(signal)
        for person_id in news.specialists:
            self._presence(person_id, rooms.person(person_id))
        for told in read_news(self.service.store, news.chats):
            self._stale = self._stale or told.chat.state is State.WAITING
            self._chat(told)

    def _signal(self, signal: Signal) -> None:
        if isinstance(signal, RightsEnded):
            self.end_connections(signal)
        else:
            self.server.emit("come", {"by": signal.by}, room=rooms.person(signal.person_id))

    def _chat(self, told: Told) -> None:
        """The new entries first, then the summary, then how far somebody has read."""
        chat = told.chat
        for side in Side if told.public else (Side.CENTRE,):
            for entry in told.entries_for(side):
                self.server.emit("entry", entry.public(), room=rooms.chat(chat.id, side))
            self.server.emit("chat", chat.seen_from(side).public(), room=_list_room(chat, side))
        for side in told.read:
            self._read(told, side)

    def _read(self, told: Told, reader: Side) -> None:
        who, seq = told.reader(reader)
        if who:
            person = Author(id=who.id, name=who.name, side=reader).public()
            self._to_both(told.chat.id, "read", {"person": person, "seq": seq})

    def _to_both(self, chat_id: str, event: str, payload: Json, but: str = "") -> None:
        for side in Side:
            told = {"chatId": chat_id, **payload}
            self.server.emit(event, told, room=rooms.chat(chat_id, side), skip_sid=but or None)

    def _presence(self, person_id: str, room: str) -> None:
        """Whether somebody takes chats, on each of their screens."""
        told = presence.presence_of(self.service.store, person_id).public()
        self.server.emit("presence", told, room=room)

    def typing(self, actor: Actor, sid: str, chat_id: str, typing: bool) -> None:
        """Tells the others in a chat that somebody is typing, or stopped."""
        person = Author(id=actor.id, name=actor.name, side=actor.side).public()
        self._to_both(chat_id, "typing", {"person": person, "typing": typing}, but=sid)

    def welcome(self, sid: str, actor: Actor) -> None:
        """What a new connection must know at once."""
        if actor.may(Right.ASK):
            self.server.emit("availability", self._availability(), room=sid)
        elif actor.may(Right.ANSWER):
            self._presence(actor.id, sid)
            self.server.emit("queue", self._queue(), room=sid)
            self.server.emit("availability", self._availability(), room=sid)
        elif actor.may(Right.WATCH):
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

    def end_rights(self) -> None:
        """Ends the connections of whose rights ended since the last look, or are over.

        Also those that another process ended, such as the command line. The first look only
        finds out where to begin.
        """
        begins = self._ends is None
        fresh, self._ends = rights_ended_since(self.service.store, self._ends or EndsSeen())
        for ended in () if begins else fresh:
            self.end_connections(ended)
        self.end_expired()

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
        self._go_on()
        if not self._stale:
            return
        self._stale = False
        self._unforeseen = True
        self.server.emit("queue", self._queue(), room=rooms.SPECIALISTS)
        available = self._availability()
        self.server.emit("availability", available, room=rooms.REQUESTERS)
        self.server.emit("availability", available, room=rooms.SPECIALISTS)
        self.server.emit("board", self._board(), room=rooms.MANAGERS)

    def foresee(self) -> None:
        """Sends the forecast when the desk has changed; it costs too much to do each time."""
        if not self._unforeseen:
            return
        self._unforeseen = False
        self.server.emit("forecast", self._forecast(), room=rooms.MANAGERS)

    def _queue(self) -> Json:
        """The waiting chats and the callbacks that are due."""
        store = self.service.store
        return {
            "waiting": [chat.public() for chat in routing.queue(store)],
            "callbacks": [one.public() for one in callbacks.list_callbacks(store)],
        }

    def _forecast(self) -> Json:
        idle = self.service.settings.routing.idle_minutes
        foretell = self.service.foresight.foretell
        return forecast(self.service.store, self.service.capacity, idle, foretell).public()

    def _availability(self) -> Json:
        foretell = self.service.foresight.foretell
        return availability(self.service.store, self.service.capacity, foretell).public()

    def _board(self) -> Json:
        goal = self.service.settings.reports.goal_percent
        return board(self.service.store, self.service.capacity, goal).public()


def _list_room(chat: ChatShape, side: Side) -> str:
    """Who sees the chat in a list."""
    return rooms.CENTRE if side is Side.CENTRE else rooms.municipality(chat.municipality.id)
