"""Chats' locks, and the moment that what is done under them has."""

from collections.abc import Collection

from vipservice.store.saying import locked_chats
from vipservice.store.tables import Chat
from vipservice.store.work import Work


def lock_chat(work: Work, chat_id: str) -> Chat | None:
    """The chat, once nobody else has it; None when it is not there."""
    return lock_chats(work, [chat_id]).get(chat_id)


def lock_chats(work: Work, chat_ids: Collection[str]) -> dict[str, Chat]:
    """Those of these chats that are there, by id, once nobody else has them.

    What was read of the clock before the wait may be earlier than what the others wrote: it is
    read again, and never goes back behind a chat's last entry.
    """
    chats = locked_chats(work.session, chat_ids)
    if chats:
        work.now = max(work.now, work.clock(), *(chat.last_at for chat in chats.values()))
    return chats
