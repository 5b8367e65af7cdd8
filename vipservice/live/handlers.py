"""The events of the live connection: each is parsed, one service call, an acknowledgement.

They are registered on the python-socketio server itself: Flask's request context would
cost more than the message. Every service call authorises the caller against the store.
"""

import logging
from collections.abc import Callable
from wsgiref.types import WSGIEnvironment

from pydantic import ValidationError
from socketio import Server
from socketio.exceptions import ConnectionRefusedError as Refused
from werkzeug.http import parse_cookie

from vipservice.live import rooms
from vipservice.live.broadcast import Broadcast
from vipservice.live.connections import Connections
from vipservice.live.events import TAKEN, Watched
from vipservice.live.inputs import Read, Send, Subscribe, Typing, Unsubscribe, Watch
from vipservice.problems import SESSION_COOKIE, invalid, problem
from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, NotSignedIn, Refusal, SomebodyElse
from vipservice.rules.shape import Json
from vipservice.services.chats import saying, timeline
from vipservice.services.context import Service
from vipservice.services.conversations import follow
from vipservice.services.inputs import Input
from vipservice.services.people import sessions
from vipservice.services.routing import presence
from vipservice.services.shares import Asker, Sort

log = logging.getLogger(__name__)


OnEvent = Callable[[str, object], Json]


class Handlers:
    """Every event of CONTRACT, on one server."""

    def __init__(
        self, server: Server, service: Service, connections: Connections, broadcast: Broadcast
    ) -> None:
        self.server = server
        self.service = service
        self.connections = connections
        self.broadcast = broadcast
        self.quiet = broadcast.quiet
        server.on("connect", self.connect)
        server.on("disconnect", self.disconnect)
        self.by_name = {
            name: self._event(model, handle, sort) for name, model, handle, sort in self.events()
        }
        for name, handle in self.by_name.items():
            server.on(name, handle)

    def events(self) -> list[tuple[str, type[Input], Callable[..., Json | None], Sort]]:
        """Name, payload, handler and share of each client event."""
        handled: list[tuple[str, Callable[..., Json | None], Sort]] = [
            ("subscribe", self.subscribe, Sort.REQUESTS),
            ("unsubscribe", self.unsubscribe, Sort.REQUESTS),
            ("send", self.send, Sort.MESSAGES),
            ("typing", self.typing, Sort.TYPING),
            ("read", self.read, Sort.REQUESTS),
            ("presence", self.presence, Sort.REQUESTS),
            ("watch", self.watch, Sort.REQUESTS),
            ("unwatch", self.unwatch, Sort.REQUESTS),
        ]
        return [(name, TAKEN[name][0], handle, sort) for name, handle, sort in handled]

    def connect(self, sid: str, environ: WSGIEnvironment, auth: object = None) -> None:
        """Only a session that holds may connect."""
        try:
            actor = self._who(environ, auth)
            line = self.server.manager.eio_sid_from_sid(sid, "/")
            self.connections.add(sid, actor, environ.get("REMOTE_ADDR", ""), line)
            for room in rooms.of(actor):
                self.server.enter_room(sid, room)
            self.broadcast.welcome(sid, actor)
        except Refusal as refusal:
            self.connections.drop(sid, self.service.store.clock())
            told = problem(refusal, _language(environ))
            raise Refused(told["detail"], told) from None

    def _who(self, environ: WSGIEnvironment, auth: object) -> Actor:
        """Whose connection it is. Raises the refusal when it may not be."""
        actor = sessions.actor_of(self.service.store, _token(environ, auth))
        asker = Asker(actor, environ.get("REMOTE_ADDR", ""))
        self.service.shares.take(Sort.REQUESTS, asker)
        if actor is None:
            raise NotSignedIn
        if _person(auth) not in ("", actor.id):
            raise SomebodyElse
        most = self.service.settings.limits.lines
        if most and len(self.connections.all_of(actor.id)) >= most:
            raise Refusal(N_("You have this open too often. Close some pages."))
        return actor

    def disconnect(self, sid: str, _reason: str = "") -> None:
        """The connection is gone; presence runs out by itself."""
        self.connections.drop(sid, self.service.store.clock())
        self.quiet.forget(sid)

    def subscribe(self, sid: str, actor: Actor, data: Subscribe) -> Json:
        """Authorises, joins, then reads: nothing can fall in between, nor be overheard."""
        timeline.require_readable(self.service.store, actor, data.chat_id)
        self.server.enter_room(sid, rooms.chat(data.chat_id, actor.side))
        self.connections.follow(sid, data.chat_id)
        try:
            return follow(self.service.store, actor, data.chat_id, data.after).public()
        except Exception:
            self.unsubscribe(sid, actor, data)
            raise

    def unsubscribe(self, sid: str, actor: Actor, data: Unsubscribe) -> None:
        """Leaves the chat's room."""
        self.server.leave_room(sid, rooms.chat(data.chat_id, actor.side))
        self.connections.unfollow(sid, data.chat_id)

    def send(self, sid: str, actor: Actor, data: Send) -> Json:
        """Says something; acknowledged after the commit."""
        store, capacity = self.service.store, self.service.capacity
        entry = saying.send_message(store, actor, data.chat_id, data, capacity)
        self.quiet.said(sid, data.chat_id)
        return {"entry": entry.public()}

    def typing(self, sid: str, actor: Actor, data: Typing) -> None:
        """Passes on that somebody types; nothing is stored."""
        if self.quiet.is_news(sid, actor, data.chat_id, data.typing):
            self.broadcast.typing(actor, data.chat_id, data.typing)

    def read(self, sid: str, actor: Actor, data: Read) -> None:
        """Takes note of how far somebody has read; it is stored within a second."""
        follows = self.connections.follows(sid, data.chat_id)
        self.quiet.read(actor, data.chat_id, data.seq, follows=follows)

    def watch(self, sid: str, actor: Actor, data: Watch) -> Json:
        """Joins first and reads then, as in a chat."""
        watching = self.broadcast.watching
        joined = watching.rooms_of(actor, data.lists)
        sessions.require_signed_in(self.service.store, actor)
        for room in joined:
            self.server.enter_room(sid, room)
        self.connections.watch(sid, joined)
        try:
            return Watched(digests=tuple(watching.now(actor, data.lists, sid))).public()
        except Exception:
            self.unwatch(sid, actor, data)
            raise

    def unwatch(self, sid: str, actor: Actor, data: Watch) -> None:
        """Leaves what is no longer on screen."""
        left = self.broadcast.watching.rooms_of(actor, data.lists)
        for room in left:
            self.server.leave_room(sid, room)
        self.connections.unwatch(sid, left)

    def presence(self, _sid: str, actor: Actor, data: presence.NewPresence) -> Json:
        """A specialist takes chats, or not."""
        return presence.set_presence(self.service.store, actor, data).public()

    def _event(self, model: type[Input], handle: Callable[..., Json | None], sort: Sort) -> OnEvent:
        def on_event(sid: str, data: object = None) -> Json:
            actor = self.connections.actor(sid)
            language = actor.language if actor else "nl"
            try:
                if actor is None:
                    raise NotSignedIn
                self.service.shares.take(sort, self.connections.asker(sid))
                return {"ok": True, **(handle(sid, actor, model.model_validate(data)) or {})}
            except ValidationError as error:
                return {"ok": False, "problem": problem(invalid(error), language)}
            except Refusal as refusal:
                return {"ok": False, "problem": problem(refusal, language)}
            except Exception:
                log.exception("event failed")
                return {"ok": False, "problem": problem(None, language)}

        return on_event


def _token(environ: WSGIEnvironment, auth: object) -> str:
    given = auth.get("token") if isinstance(auth, dict) else None
    if isinstance(given, str):
        return given
    return parse_cookie(environ).get(SESSION_COOKIE, "")


def _person(auth: object) -> str:
    """Whose page it is that connects, where it says so."""
    return str(auth.get("person") or "") if isinstance(auth, dict) else ""


def _language(environ: WSGIEnvironment) -> str:
    return "en" if environ.get("HTTP_ACCEPT_LANGUAGE", "").startswith("en") else "nl"
