"""What clients say often and nobody has to wait for: that they read, and that they type.

It costs no transaction of its own: how far they read is noted once a second for all together, and
whether somebody may type is asked once in a while.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from vipservice.rules.people import Actor
from vipservice.services.chats.reading import Reading, mark_all_read
from vipservice.services.chats.timeline import may_type, require_readable
from vipservice.store.work import Store

ASKED_AGAIN = timedelta(seconds=30)
"""So long it is taken that who might type still may: nothing is kept of it."""
TOLD_AGAIN = timedelta(seconds=1)
"""Pages tell every eight seconds that somebody types, and show it for ten; others may not know."""


class Quiet:
    """How far the people on this process read, and who of them types."""

    def __init__(self, store: Store, is_there: Callable[[str], bool]) -> None:
        """``is_there``: whether a connection is still open."""
        self.store = store
        self._is_there = is_there
        self._read: dict[tuple[str, str], Reading] = {}
        self._may_type: dict[str, dict[str, datetime]] = {}
        """By chat and connection, until when that is taken."""
        self._told: dict[str, dict[str, tuple[bool, datetime]]] = {}
        """By connection and chat, what was told last and when."""

    def read(self, actor: Actor, chat_id: str, seq: int, *, follows: bool) -> None:
        """Somebody has read so far; who ``follows`` the chat may read it.

        Raises NotFound when they may not.
        """
        if not follows:
            require_readable(self.store, actor, chat_id)
        before = self._read.get((actor.id, chat_id))
        if before is None or before.seq <= seq:
            self._read[actor.id, chat_id] = Reading(actor, chat_id, seq)

    def note(self) -> None:
        """Notes how far everybody has read since the last time."""
        readings, self._read = self._read, {}
        try:
            mark_all_read(self.store, list(readings.values()))
        except Exception:
            for key, one in readings.items():
                later = self._read.get(key)
                if later is None or later.seq < one.seq:
                    self._read[key] = one
            raise

    def is_news(self, sid: str, actor: Actor, chat_id: str, typing: bool) -> bool:
        """Whether the others are to be told that somebody types, or stopped.

        Raises NotFound or NotAllowed when they have no say in the chat.
        """
        now = self.store.clock()
        if not self._has_leave(sid, chat_id, now):
            may_type(self.store, actor, chat_id)
            if not self._is_there(sid):  # it went meanwhile
                return False
            self._may_type.setdefault(chat_id, {})[sid] = now + ASKED_AGAIN
        told = self._told.setdefault(sid, {})
        was, at = told.get(chat_id, (False, now))
        if was is typing and (not typing or now - at < TOLD_AGAIN):
            return False
        told[chat_id] = typing, now
        return True

    def said(self, sid: str, chat_id: str) -> None:
        """Somebody said something: they stopped typing, and who might may for a while.

        Who has lost the chat since has no leave that could last longer.
        """
        now = self.store.clock()
        if self._has_leave(sid, chat_id, now):
            self._may_type[chat_id][sid] = now + ASKED_AGAIN
            self._told[sid][chat_id] = (False, now)

    def _has_leave(self, sid: str, chat_id: str, now: datetime) -> bool:
        return self._may_type.get(chat_id, {}).get(sid, now) > now

    def changed(self, chat_id: str) -> None:
        """Who may type in a chat is asked again: it may be with somebody else."""
        self._may_type.pop(chat_id, None)

    def forget(self, sid: str) -> None:
        """A connection is gone."""
        for chat_id in self._told.pop(sid, ()):
            may_type = self._may_type.get(chat_id, {})
            may_type.pop(sid, None)
            if not may_type:
                self._may_type.pop(chat_id, None)
