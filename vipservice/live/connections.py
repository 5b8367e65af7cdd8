"""Who is on which connection. Looked up once at connect, dropped when rights end."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from vipservice.rules.people import Actor, Right
from vipservice.services.shares import Asker


class Connections:
    """The signed-in connections of this process."""

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}
        self._askers: dict[str, Asker] = {}
        self._lines: dict[str, str] = {}
        self._strangers: dict[str, datetime] = {}
        self._of: dict[str, set[str]] = defaultdict(set)
        self._watched: dict[str, set[str]] = {}
        self._followed: dict[str, set[str]] = {}

    def arrived(self, line: str, at: datetime) -> None:
        """A line is open; nobody has signed in on it yet."""
        self._strangers[line] = at

    def hung_up(self, line: str) -> None:
        """A line is closed."""
        self._strangers.pop(line, None)

    def strangers(self, before: datetime) -> list[str]:
        """The lines on which nobody has been signed in since then."""
        return [line for line, at in list(self._strangers.items()) if at <= before]

    def add(self, sid: str, actor: Actor, address: str = "", line: str = "") -> None:
        """A connection that may speak, from this address, over this line."""
        self._actors[sid], self._lines[sid] = actor, line
        self._askers[sid] = Asker(actor, address)
        self._of[actor.id].add(sid)
        self._strangers.pop(line, None)

    def all_of(self, person_id: str) -> list[str]:
        """Every connection of a person."""
        return list(self._of.get(person_id, ()))

    def drop(self, sid: str, at: datetime) -> None:
        """From now on every event of this connection is refused; its line has a stranger."""
        actor = self._actors.pop(sid, None)
        if actor:
            self._of[actor.id].discard(sid)
            if not self._of[actor.id]:
                del self._of[actor.id]
        self._askers.pop(sid, None)
        self._watched.pop(sid, None)
        self._followed.pop(sid, None)
        line = self._lines.pop(sid, "")
        if line:
            self.arrived(line, at)

    def follow(self, sid: str, chat_id: str) -> None:
        """A connection was let into a chat."""
        self._followed.setdefault(sid, set()).add(chat_id)

    def unfollow(self, sid: str, chat_id: str) -> None:
        """A connection left a chat."""
        self._followed.get(sid, set()).discard(chat_id)

    def follows(self, sid: str, chat_id: str) -> bool:
        """Whether a connection is in a chat, so that it may read it: else it would be closed."""
        return chat_id in self._followed.get(sid, ())

    def watch(self, sid: str, rooms: Iterable[str]) -> None:
        """A connection has these on screen."""
        self._watched.setdefault(sid, set()).update(rooms)

    def unwatch(self, sid: str, rooms: Iterable[str]) -> None:
        """A connection has these no longer on screen."""
        self._watched.get(sid, set()).difference_update(rooms)

    def is_watched(self, room: str) -> bool:
        """Whether any connection of this process has it on screen."""
        return any(room in rooms for rooms in self._watched.values())

    def watches_any(self) -> bool:
        """Whether any connection of this process has anything on screen that is watched."""
        return any(self._watched.values())

    def has(self, sid: str) -> bool:
        """Whether a connection is open."""
        return sid in self._actors

    def actor(self, sid: str) -> Actor | None:
        """Who it is; None when the connection was dropped."""
        return self._actors.get(sid)

    def asker(self, sid: str) -> Asker:
        """Whose shares count for what comes over this connection."""
        return self._askers.get(sid) or Asker(None, "")

    def of(self, person_id: str, session_id: str | None) -> list[str]:
        """The connections of a session, or all of a person."""
        return [
            sid
            for sid in self.all_of(person_id)
            if session_id in (None, self._actors[sid].session_id)
        ]

    def expired(self, now: datetime) -> list[Actor]:
        """Whose session is over by the clock."""
        return [actor for actor in list(self._actors.values()) if actor.expires_at <= now]

    def specialists(self) -> set[str]:
        """The specialists who are connected."""
        return {a.id for a in list(self._actors.values()) if a.may(Right.ANSWER)}
