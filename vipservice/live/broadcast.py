"""What was committed, to the rooms that may hear it. The only place that emits."""

from datetime import timedelta
from functools import lru_cache
from threading import Lock

from socketio import Server

from vipservice.i18n import translator
from vipservice.live import rooms
from vipservice.live.connections import Connections
from vipservice.live.events import EVENTS, Come, Goodbye, HasRead, IsTyping, Taken
from vipservice.live.packets import hang_up
from vipservice.live.quiet import Quiet
from vipservice.live.watching import Watching
from vipservice.rules.news import News, RightsEnded, Signal, TakenOver, merged
from vipservice.rules.people import Actor, Right, Side
from vipservice.rules.refusals import N_, Busy
from vipservice.rules.shape import Json, Shape
from vipservice.services.chats.telling import Told, read_news
from vipservice.services.context import Service
from vipservice.services.incidents.telling import incidents_told
from vipservice.services.incidents.undelivered import how_late
from vipservice.services.people.rights import EndsSeen, rights_ended_since
from vipservice.services.routing import presence
from vipservice.services.shapes.chats import Author, EntryShape
from vipservice.services.shapes.incidents import UndeliveredAlarm


class Broadcast:
    """Tells what was committed over a python-socketio server, as a fresh read would give it.

    Who has a chat open is told at once; who has a list or figures on screen within a second
    (`watching`).
    """

    def __init__(self, server: Server, service: Service, connections: Connections) -> None:
        self.server = server
        self.service = service
        self.connections = connections
        self.watching = Watching(service, connections, self._send)
        self.quiet = Quiet(service.store, connections.has)
        self._news: list[News] = []
        self._turn = Lock()
        self._ends: EndsSeen | None = None
        self._undelivered: UndeliveredAlarm | None = None

    def publish(self, news: News) -> None:
        """Tells what changed, each transaction after the one before it."""
        self._news.append(news)
        self._go_on()

    def _go_on(self) -> None:
        """One tells at a time; who comes meanwhile leaves it to that one."""
        while self._news and self._turn.acquire(blocking=False):
            waiting, self._news = self._news, []
            try:
                self._tell(waiting[0] if len(waiting) == 1 else merged(waiting))
            except Busy:
                self._news[:0] = waiting  # ``refresh`` tries again
                raise
            finally:
                self._turn.release()

    def _tell(self, news: News) -> None:
        """Everything that is there to tell, once for all that waited."""
        for signal in news.signals:
            self._signal(signal)
        here = presence.presences_of(self.service.store, news.specialists)
        for person_id, status in here.items():
            self._send(status, rooms.person(person_id))
        for chat_id in (chat_id for chat_id, one in news.chats.items() if one.changed):
            self.quiet.changed(chat_id)
        for told in read_news(self.service.store, news.chats):
            self._chat(told)
        for incidents, side in incidents_told(self.service.store, news):
            self._send(incidents, rooms.chat(incidents.chat_id, side))
        self.watching.take(news)

    def _signal(self, signal: Signal) -> None:
        if isinstance(signal, RightsEnded):
            self.end_connections(signal)
        elif isinstance(signal, TakenOver):
            taken = Taken(by=signal.by, number=signal.number, reason=signal.reason)
            self._send(taken, rooms.person(signal.person_id))
        else:
            self._send(Come(by=signal.by), rooms.person(signal.person_id))

    def _chat(self, told: Told) -> None:
        """The new entries first, then the summary, then how far somebody has read."""
        for entry in told.entries:
            self._entry(entry)
        if told.chat:
            for side in Side if told.public else (Side.CENTRE,):
                self._send(told.chat.seen_from(side), rooms.chat(told.chat_id, side))
        for read in told.read:
            person = Author(id=read.who.id, name=read.who.name, side=read.side)
            has_read = HasRead(chat_id=told.chat_id, person=person, seq=read.seq)
            self._send(has_read, rooms.both(told.chat_id))

    def _entry(self, entry: EntryShape) -> None:
        """Written once for both sides while their numbers are the same."""
        own, theirs = both = rooms.both(entry.chat_id)
        if entry.seq == entry.public_seq:
            self._send(entry, both)
            return
        self._send(entry, own)
        if entry.public_seq:
            self._send(entry.seen_from(Side.REQUESTER), theirs)

    def _send(self, told: Shape, room: str | list[str]) -> None:
        self.server.emit(EVENTS[type(told)], told.public(), room=room)

    def typing(self, actor: Actor, chat_id: str, typing: bool) -> None:
        """Tells the others in a chat that somebody is typing, or stopped."""
        self.server.emit(
            EVENTS[IsTyping],
            _is_typing(actor.id, actor.name, actor.side, chat_id, typing),
            room=rooms.both(chat_id),
            skip_sid=self.connections.all_of(actor.id),
        )

    def welcome(self, sid: str, actor: Actor) -> None:
        """What a new connection must know at once; a specialist is seen."""
        if actor.may(Right.CENTRE):
            self._send(self._undelivered or self._look_outside(), sid)
        if actor.may(Right.ANSWER):
            self._send(presence.connected(self.service.store, actor, self.service.capacity), sid)

    def end_connections(self, ended: RightsEnded) -> None:
        """Says goodbye to a session's connections, or a person's, and closes them."""
        for sid in self.connections.of(ended.person_id, ended.session_id):
            actor = self.connections.actor(sid)
            self.connections.drop(sid, self.service.store.clock())
            reason = translator(actor.language if actor else "nl")(ended.reason)
            self._send(Goodbye(reason=reason), sid)
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
        """Has figures told anew, because time itself changes them."""
        self.watching.mark_stale()

    def foresee(self) -> None:
        """Tells managers the forecast, when the desk has changed."""
        self.watching.foresee()

    def refresh(self) -> None:
        """Tells who looks what has changed since the last time."""
        self._go_on()
        self.watching.refresh()
        self.quiet.note()

    def look_outside(self) -> None:
        """Tells the centre what does not get out, when that has changed."""
        before, now = self._undelivered, self._look_outside()
        if now != before:
            self._send(now, rooms.CENTRE)

    def _look_outside(self) -> UndeliveredAlarm:
        minutes = self.service.settings.ticketing.alarm_minutes
        self._undelivered = how_late(self.service.store, minutes)
        return self._undelivered


@lru_cache(maxsize=4096)
def _is_typing(person_id: str, name: str, side: Side, chat_id: str, typing: bool) -> Json:
    """Kept, because who types says the same again and again."""
    person = Author(id=person_id, name=name, side=side)
    return IsTyping(chat_id=chat_id, person=person, typing=typing).public()
