"""Each chat in a transaction of its own: one that goes wrong keeps none of the others waiting."""

import logging
from collections.abc import Callable, Sequence

from vipservice.services.chats.locking import lock_chat
from vipservice.store.tables import Chat
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)


def each_alone(
    store: Store, chat_ids: Sequence[str], step: Callable[[Work, Chat], bool]
) -> list[bool | None]:
    """What the step says of each locked chat; None where it failed."""
    return [_try(store, chat_id, step) for chat_id in chat_ids]


def _try(store: Store, chat_id: str, step: Callable[[Work, Chat], bool]) -> bool | None:
    try:
        with store.work() as work:
            chat = lock_chat(work, chat_id)
            return chat is not None and step(work, chat)
    except Exception:
        log.exception("chat %s could not be moved by itself", chat_id)
        return None
