"""Idempotency-Key: the same POST again gets the same answer, and is not done again.

The work itself is safe against repetition too (client ids, the state machine); this gives a
client that lost the answer the answer back.
"""

import hashlib
from typing import Any

from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, FieldError, Invalid, NotFound, Refusal
from vipservice.services.chats.access import access_chat
from vipservice.store.tables import RememberedAnswer
from vipservice.store.work import Store

LONGEST_KEY = 200


def digest(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(f"{method} {path}\n".encode() + body).hexdigest()


def recall(store: Store, actor: Actor, key: str, request: str) -> tuple[dict[str, Any], int] | None:
    """The answer given before, with its status.

    Raises Refusal when the key was used for another request, Invalid for a key too long, and
    NotFound when this person has other rights now, or may not read the chat that it tells of.
    """
    if len(key) > LONGEST_KEY:
        raise Invalid([FieldError("Idempotency-Key", N_("This does not have the right form."))])
    with store.read() as work:
        row = work.session.get(RememberedAnswer, (actor.id, key))
        if row is None:
            return None
        if row.rights != _rights(actor):
            raise NotFound
        if row.chat_id:
            access_chat(work, actor, row.chat_id)
    if row.request != request:
        raise Refusal(N_("This Idempotency-Key was used for another request. Use a new one."))
    return row.body, row.status


def remember(
    store: Store,
    actor: Actor,
    key: str,
    request: str,
    body: dict[str, Any],
    status: int,
    chat_id: str,
) -> None:
    """Keeps the answer for when the request comes again; ``chat_id``: of the chat it tells of."""
    with store.work() as work:
        work.session.merge(
            RememberedAnswer(
                person_id=actor.id, key=key, request=request, status=status, body=body,
                chat_id=chat_id, rights=_rights(actor), at=work.now,
            )
        )  # fmt: skip


def _rights(actor: Actor) -> str:
    return f"{actor.role} {actor.municipality_id or ''}"
