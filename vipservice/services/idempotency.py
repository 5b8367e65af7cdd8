"""Idempotency-Key: the same POST again gets the same answer, and is not done again.

A key is claimed before anything is done: of many at once one acts, and the others are told that
it is being done (IETF draft-ietf-httpapi-idempotency-key-header, section 2.6). The work itself is
safe against repetition too (client ids, the state machine).
"""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import select

from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, BeingDone, FieldError, Invalid, NotFound, Refusal
from vipservice.rules.shape import Json
from vipservice.services.chats.access import access_chat
from vipservice.store.claiming import add_if_new
from vipservice.store.tables import RememberedAnswer
from vipservice.store.work import Store, Work

LONGEST_KEY = 200
CLAIM_LASTS = timedelta(minutes=2)
"""Longer than any request: whoever claimed it died with it then, perhaps after it was done."""
_CLAIMED = 0
_UNKNOWN = N_("It is not known whether this was done. Look first; then do it again if it was not.")
_OTHER = N_("This Idempotency-Key was used for another request. Use a new one.")


@dataclass(frozen=True)
class Asked:
    """A request under a key: who, and the digest of all that it says."""

    actor: Actor
    key: str
    request: str


def digest(parts: Iterable[bytes]) -> str:
    """What makes two requests the same: the same parts, in order, of the same lengths."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + hashlib.sha256(part).digest())
    return whole.hexdigest()


def once(
    store: Store,
    asked: Asked,
    act: Callable[[], Json],
    status: int,
    chat_of: Callable[[Json], str],
) -> tuple[Json, int]:
    """What ``act`` answers, with its status; or what it answered when this was asked before.

    ``chat_of`` names the chat that an answer tells of: it is given again to who may still read
    it. Raises Refusal when the key was used for another request, Invalid for a key too long,
    BeingDone while somebody acts, and NotFound when this person has other rights now. What is
    refused is not remembered. Of what was never answered nobody knows whether it was done: it is
    not done again (promise: said once), and a Refusal says so.
    """
    known = _claim(store, asked)
    if known:
        return known
    try:
        answer = act()
    except BaseException:
        with suppress(Refusal):
            _release(store, asked)
        raise
    with store.work() as work:
        row = _row(work, asked)
        if row:
            row.status, row.body, row.chat_id, row.at = status, answer, chat_of(answer), work.now
    return answer, status


def _claim(store: Store, asked: Asked) -> tuple[Json, int] | None:
    """The answer that was given before; None when it is ours to act."""
    if len(asked.key) > LONGEST_KEY:
        raise Invalid([FieldError("Idempotency-Key", N_("This does not have the right form."))])
    with store.work() as work:
        fresh = RememberedAnswer(
            person_id=asked.actor.id, key=asked.key, request=asked.request, status=_CLAIMED,
            body={}, rights=_rights(asked.actor), at=work.now,
        )  # fmt: skip
        if add_if_new(work.session, fresh):
            return None
        row = _row(work, asked)
        if row is None:
            raise BeingDone  # it was refused just now: the next try has the key
        if row.status == _CLAIMED and row.request == asked.request:
            raise BeingDone if work.now - row.at < CLAIM_LASTS else Refusal(_UNKNOWN)
        return _again(work, asked, row)


def _again(work: Work, asked: Asked, row: RememberedAnswer) -> tuple[Json, int]:
    if row.rights != _rights(asked.actor):
        raise NotFound
    if row.chat_id:
        access_chat(work, asked.actor, row.chat_id)
    if row.request != asked.request:
        raise Refusal(_OTHER)
    return row.body, row.status


def _release(store: Store, asked: Asked) -> None:
    with store.work() as work:
        row = _row(work, asked)
        if row:
            work.session.delete(row)


def _row(work: Work, asked: Asked) -> RememberedAnswer | None:
    mine = RememberedAnswer.person_id == asked.actor.id, RememberedAnswer.key == asked.key
    query = select(RememberedAnswer).where(*mine).with_for_update()
    return work.session.exec(query.execution_options(populate_existing=True)).one_or_none()


def _rights(actor: Actor) -> str:
    return f"{actor.role} {actor.municipality_id or ''}"
