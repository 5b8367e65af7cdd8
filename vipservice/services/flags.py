"""Flags: clocks past their warning, their due time or the manager's patience."""

import logging
from datetime import datetime

from vipservice.rules.forecast import forecast
from vipservice.rules.routing import Capacity
from vipservice.services.chats.appending import flag_overdue
from vipservice.services.chats.locking import lock_chat
from vipservice.services.waits import Foretell, expected_pickups
from vipservice.store.ledger import flaggable
from vipservice.store.work import Store

log = logging.getLogger(__name__)
FLAGS_AT_ONCE = 500
CHATS_A_TRANSACTION = 25
"""Many enough to share the cost of a commit, few enough to keep nobody waiting."""


def flag_due(store: Store, capacity: Capacity, foretell: Foretell = forecast) -> int:
    """Flags every clock past one of its moments; how many flags it raised.

    One indexed query for the chats, then each under its lock: what its clocks have reached is
    read again there, so that running it twice, or on two machines, flags once.
    """
    with store.read() as work:
        found = flaggable(work.session, work.now, FLAGS_AT_ONCE)
    expected = expected_pickups(store, capacity, foretell) if found else {}
    batches = [
        sorted(found[start : start + CHATS_A_TRANSACTION])
        for start in range(0, len(found), CHATS_A_TRANSACTION)
    ]
    return sum(_try(store, batch, expected) for batch in batches)


def _try(store: Store, chat_ids: list[str], expected: dict[str, datetime]) -> int:
    """What goes wrong with some chats must not keep the others from being flagged."""
    try:
        return _flag(store, chat_ids, expected)
    except Exception:
        log.exception("flagging failed")
        return 0


def _flag(store: Store, chat_ids: list[str], expected: dict[str, datetime]) -> int:
    """In the order of their ids, so that two who flag the same chats can not block each other."""
    with store.work() as work:
        chats = [chat for chat_id in chat_ids if (chat := lock_chat(work, chat_id))]
        return flag_overdue(work, chats, expected)
