"""What clients say often and nobody has to wait for: that they read, and that they type.

It costs no transaction of its own: how far they read is noted once a second for all together, and
whether somebody may type is asked once in a while.
"""

from datetime import datetime, timedelta

from vipservice.rules.people import Actor
from vipservice.services.chats.reading import Reading, mark_all_read
from vipservice.services.chats.timeline import may_type, require_readable
from vipservice.store.work import Store

ASKED_AGAIN = timedelta(seconds=30)
"""So long it is taken that who might type still may: nothing is kept of it."""
TOLD_AGAIN = timedelta(seconds=2)
"""Pages show for six seconds that somebody types."""


class Quiet:
    """How far the people on this process read, and who of them types."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._read: dict[tuple[str, str], Reading] = {}
        self._may_type: dict[tuple[str, str], datetime] = {}
        self._told: dict[tuple[str, str], tuple[bool, datetime]] = {}

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
        now, key = self.store.clock(), (sid, chat_id)
        if self._may_type.get(key, now) <= now:
            may_type(self.store, actor, chat_id)
            self._may_type[key] = now + ASKED_AGAIN
        was, at = self._told.get(key, (False, now - TOLD_AGAIN))
        if was is typing and (not typing or now - at < TOLD_AGAIN):
            return False
        self._told[key] = typing, now
        return True

    def changed(self, chat_id: str) -> None:
        """Who may type in a chat is asked again: it may be with somebody else."""
        for key in [key for key in self._may_type if key[1] == chat_id]:
            del self._may_type[key]

    def forget(self, sid: str) -> None:
        """A connection is gone."""
        for kept in (self._may_type, self._told):
            for key in [key for key in kept if key[0] == sid]:
                del kept[key]
