"""Clients that only listen, in one process with the live edge: what they hold then."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.service import service_of
from tests.support.shapes import plain
from vipservice.live.broadcast import Broadcast
from vipservice.live.connections import Connections
from vipservice.live.handlers import Handlers
from vipservice.problems import SESSION_COOKIE
from vipservice.rules.chats import AMENDMENTS
from vipservice.rules.people import Role
from vipservice.rules.refusals import NotFound
from vipservice.services import callbacks
from vipservice.services.chats import access
from vipservice.services.chats.counts import shortened
from vipservice.services.conversations import follow
from vipservice.services.incidents.undelivered import how_late
from vipservice.services.lists import ChatList, list_now
from vipservice.services.routing import presence
from vipservice.store.types import new_id
from vipservice.testing.world import World

LISTS = {
    Role.REQUESTER: ["mine", "municipality", "availability"],
    Role.SPECIALIST: ["queue", "mine", "availability"],
    Role.MANAGER: ["board", "forecast"],
}
LATE = 5
"""Minutes, after which what does not get out is told."""


def as_sent(value: Any) -> Any:
    """As it comes over a line."""
    return json.loads(json.dumps(value, default=plain))


class Hall:
    """Stands where the python-socketio server stands: who is in which room hears it."""

    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}
        self.rooms: dict[str, set[str]] = defaultdict(set)
        self.lines: dict[str, Listener] = {}
        self.manager = self

    def on(self, name: str, handler: Any) -> None:
        self.handlers[name] = handler

    def eio_sid_from_sid(self, sid: str, _namespace: str) -> str:
        return sid

    def enter_room(self, sid: str, room: str) -> None:
        self.rooms[room].add(sid)

    def leave_room(self, sid: str, room: str) -> None:
        self.rooms[room].discard(sid)

    def emit(
        self, event: str, payload: Any, room: str | list[str], skip_sid: Sequence[str] = ()
    ) -> None:
        wanted = [room] if isinstance(room, str) else room
        for sid in set(wanted).union(*(self.rooms.get(one, set()) for one in wanted)):
            if sid in self.lines and sid not in skip_sid:
                self.lines[sid].hear(event, as_sent(payload))

    def disconnect(self, sid: str) -> None:
        self.lines.pop(sid, None)
        for inside in self.rooms.values():
            inside.discard(sid)


class Edge:
    """The live edge of a world, in a hall."""

    def __init__(self, world: World) -> None:
        self.world, self.hall = world, Hall()
        service, connections = service_of(world.store), Connections()
        self.broadcast = Broadcast(self.hall, service, connections)
        self.handlers = Handlers(self.hall, service, connections, self.broadcast)
        world.store.publish = self.broadcast.publish


@dataclass
class Listener:
    """Somebody's client: it follows every chat that it hears of, and asks only when it must.

    It has all its lists on screen, and every chat open.
    """

    edge: Edge
    name: str
    sid: str = ""
    chats: dict[str, Any] = field(default_factory=dict)
    entries: dict[str, list[Any]] = field(default_factory=dict)
    incidents: dict[str, list[Any]] = field(default_factory=dict)
    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    queue: Any = None
    undelivered: Any = None
    presence: Any = None
    heard: list[Any] = field(default_factory=list)
    fetches: int = 0

    def connect(self) -> None:
        """The line is there (again): what the client follows it reads on."""
        self.sid = new_id()
        self.edge.hall.lines[self.sid] = self
        cookie = f"{SESSION_COOKIE}={self.edge.world.tokens[self.name]}"
        self.edge.handlers.connect(self.sid, {"HTTP_COOKIE": cookie, "REMOTE_ADDR": "127.0.0.1"})
        for digest in self.ask("watch", {"lists": LISTS[self.actor.role]})["digests"]:
            self.lists[digest["list"]] = {}
            self._digest(digest)
        for chat_id in self.entries:
            self.follow(chat_id)
        self.look()

    def cut(self) -> None:
        """The line is gone."""
        self.edge.hall.disconnect(self.sid)
        self.edge.handlers.disconnect(self.sid)
        self.sid = ""

    def look(self) -> None:
        """Opens every chat that it does not have open yet."""
        for chat_id in self._readable() if self.sid else ():
            if chat_id not in self.entries:
                self.follow(chat_id)

    def follow(self, chat_id: str) -> None:
        """Joins, and reads what came after what is known."""
        known = self.entries.setdefault(chat_id, [])
        after = known[-1]["seq"] if known else 0
        read = self.ask("subscribe", {"chatId": chat_id, "after": after})
        self.chats[chat_id] = read["chat"]
        self.incidents[chat_id] = read["incidents"]
        self._hold(chat_id, read["entries"])
        self.fetches += 1

    def hear(self, event: str, payload: Any) -> None:
        self.heard.append([event, payload])
        take = {
            "chat": lambda chat: self.chats.update({chat["id"]: chat}),
            "incidents": lambda told: self.incidents.update({told["chatId"]: told["items"]}),
            "entry": self._take,
            "read": self._read,
            "digest": self._digest,
        }.get(event)
        if take:
            take(payload)
        elif event in ("queue", "undelivered", "presence"):
            setattr(self, event, payload)

    def differences(self, only: set[str] | None = None) -> list[str]:
        """Where it holds something else than a fresh fetch gives; of ``only`` these chats."""
        if not self.sid:
            return []
        store, found = self.edge.world.store, list[str]()
        for chat_id in self._readable() if only is None else only:
            found += self._compared(chat_id)
        for name, held in self.lists.items():
            now = as_sent(list_now(store, self.actor, ChatList(name)))
            found += _compared(name, held, {one["id"]: one for one in now})
        if self.actor.role is Role.SPECIALIST:
            called = as_sent(callbacks.list_callbacks(store))
            found += _compared("callbacks", self.queue["callbacks"], called)
            fresh = as_sent(presence.presences_of(store, [self.actor.id])[self.actor.id])
            found += _compared("presence", self.presence, fresh)
            self.edge.broadcast.look_outside()
            found += _compared("undelivered", self.undelivered, as_sent(how_late(store, LATE)))
        return found

    def _readable(self) -> list[str]:
        return [one.id for one in access.list_chats(self.edge.world.store, self.actor)]

    def _compared(self, chat_id: str) -> list[str]:
        try:
            read = as_sent(follow(self.edge.world.store, self.actor, chat_id))
        except NotFound:
            return _compared("strange", chat_id in self.chats or chat_id in self.entries, False)
        held = {"chat": self.chats, "entries": self.entries, "incidents": self.incidents}
        return [
            found
            for what, by_chat in held.items()
            for found in _compared(what, by_chat.get(chat_id), read[what])
        ]

    @property
    def actor(self) -> Any:
        """Who listens."""
        return self.edge.world.actors[self.name]

    def _take(self, entry: Any) -> None:
        known = self.entries.setdefault(entry["chatId"], [])
        last = known[-1]["seq"] if known else 0
        if entry["seq"] == last + 1:
            self._hold(entry["chatId"], [entry])
            self._follows(self.chats[entry["chatId"]], entry)
        elif entry["seq"] > last:
            self.follow(entry["chatId"])

    def _hold(self, chat_id: str, fresh: list[Any]) -> None:
        """What is new, and what it says of words from before."""
        known = self.entries[chat_id]
        known += fresh
        for by in (one for one in fresh if one["kind"] in AMENDMENTS):
            for entry in (one for one in known if _place(one) == _place(by)):
                entry["body"], entry["words"] = by["body"], by["words"]
                if by["words"] != "corrected" and "file" in entry["data"]:
                    entry["data"]["file"] = None

    def _follows(self, chat: Any, entry: Any) -> None:
        """What of the summary follows from an entry: who has the chat open is not told it."""
        chat["lastSeq"] = entry["seq"]
        if entry["publicSeq"]:
            chat["updatedAt"] = entry["at"]
        if entry["kind"] == "message":
            asked = entry["author"]["id"] == chat["requester"]["id"]
            chat["lastSide"] = "requester" if asked else "centre"
            chat["lastWords"] = shortened(entry["body"])
        self._count(chat)

    def _read(self, read: Any) -> None:
        chat = self.chats[read["chatId"]]
        field_ = "requesterReadSeq" if read["person"]["side"] == "requester" else "centreReadSeq"
        chat[field_] = read["seq"]
        self._count(chat)

    def _count(self, chat: Any) -> None:
        """What each side has not read yet."""
        for side, seq in (("Requester", "requesterReadSeq"), ("Centre", "centreReadSeq")):
            chat[f"unread{side}"] = sum(
                one["kind"] == "message"
                and one["publicSeq"] > chat[seq]
                and (one["author"]["id"] == chat["requester"]["id"]) is (side == "Centre")
                for one in self.entries[chat["id"]]
            )
        own = "unreadRequester" if self.actor.role is Role.REQUESTER else "unreadCentre"
        chat["unread"] = chat[own]

    def _digest(self, digest: Any) -> None:
        held = self.lists[digest["list"]]
        for chat in digest["changed"]:
            held[chat["id"]] = chat
        for chat_id in digest["removed"]:
            held.pop(chat_id, None)

    def ask(self, event: str, data: dict[str, Any]) -> Any:
        """Sends an event; its acknowledgement."""
        answer = self.edge.hall.handlers[event](self.sid, data)
        assert answer["ok"], answer
        return as_sent(answer)


def _place(entry: Any) -> tuple[bool, int]:
    if entry["kind"] in AMENDMENTS:
        return entry["data"]["note"], entry["data"]["of"]
    return entry["publicSeq"] is None, entry["publicSeq"] or entry["seq"]


def _compared(what: str, held: Any, fresh: Any) -> list[str]:
    return [] if held == fresh else [f"{what}: holds {held}, is {fresh}"]
