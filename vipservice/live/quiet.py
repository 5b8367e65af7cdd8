"""What clients say often and nobody has to wait for: that they read, and that they type.

It costs no transaction of its own: how far they read is noted once a second for all together, and
whether somebody may type is asked once in a while.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from vipservice.rules.people import Actor
from vipservice.services.chats.reading import Reading, mark_all_read
from vipservice.services.chats.timeline import may_type, require_readable
from vipservice.store.work import Store

ASKED_AGAIN = timedelta(seconds=30)
"""So long it is taken that who might type still may: nothing is kept of it."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)
TOLD_AGAIN = timedelta(seconds=4)
"""Pages tell every eight seconds that somebody types, and show it for ten."""


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
        if self._may_type.get(chat_id, {}).get(sid, now) <= now:
            may_type(self.store, actor, chat_id)
            self.may_type(sid, chat_id)
        told = self._told.get(sid)
        if told is None:  # gone meanwhile
            return False
        was, at = told[chat_id]
        if was is typing and (not typing or now - at < TOLD_AGAIN):
            return False
        told[chat_id] = typing, now
        return True

    def may_type(self, sid: str, chat_id: str) -> None:
        """Somebody may type in a chat: it is not asked for a while."""
        if self._is_there(sid):
            told = self._told.setdefault(sid, {})
            told.setdefault(chat_id, (False, LONG_AGO))
            self._may_type.setdefault(chat_id, {})[sid] = self.store.clock() + ASKED_AGAIN

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
