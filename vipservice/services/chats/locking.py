"""A chat's lock, and the moment that what is done under it has."""

from vipservice.store.queries import locked_chat
from vipservice.store.tables import Chat
from vipservice.store.work import Work


def lock_chat(work: Work, chat_id: str) -> Chat | None:
    """The chat, once nobody else has it; None when it is not there.

    What was read of the clock before the wait may be earlier than what the others wrote: it is
    read again, and never goes back behind the last entry.
    """
    chat = locked_chat(work.session, chat_id)
    if chat:
        work.now = max(work.now, work.clock(), chat.last_at)
    return chat
