"""The outbox: work for the outside, claimed with a lease, done outside any transaction."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from vipservice.rules.notices import Channel
from vipservice.services import breakers
from vipservice.store.claiming import add_if_new
from vipservice.store.outgoing import claimable, has_due
from vipservice.store.tables import Incident, Outbox
from vipservice.store.work import Store, Work

LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = 60.0, 600.0
"""Seconds. A create that timed out may still appear, so even the first wait is not short."""
TO_SYSTEM = frozenset({Channel.INCIDENT, Channel.ADDITION})
"""These go to the ticketing system of their incident."""


@dataclass(frozen=True)
class Claim:
    """One delivery that this process has taken on."""

    outbox_id: str
    channel: Channel
    system: str
    holder: str
    attempts: int
    key: str
    payload: dict[str, Any]
    incident_id: str

    @property
    def breaker(self) -> str:
        """The breaker of the system that it goes to."""
        return breakers.name_of(self.channel, self.system)


def put(
    work: Work,
    channel: Channel,
    key: str,
    payload: dict[str, Any],
    at: datetime | None = None,
    incident: Incident | None = None,
) -> None:
    """Work to do from ``at`` on (None: now), for the system of ``incident`` if there is one.

    The same key is put once.
    """
    row = Outbox(
        key=key, channel=channel, payload=payload,
        incident_id=incident.id if incident else None,
        system=incident.system if incident else "",
        created_at=work.now, next_attempt_at=at or work.now,
    )  # fmt: skip
    add_if_new(work.session, row)


def again(work: Work, key: str) -> Outbox:
    """Opens a row that was refused, as if it were new."""
    row = work.session.exec(select(Outbox).where(Outbox.key == key).with_for_update()).one()
    row.done_at, row.last_problem, row.attempts = None, "", 0
    row.created_at = row.next_attempt_at = work.now
    row.leased_by = row.leased_until = None
    return row


def claim(store: Store, channel: Channel, holder: str) -> Claim | None:
    """Takes the row of a channel that is due longest; None when there is none.

    Nor is there one for a system that rests after failures, or that is not configured any more.
    """
    with store.read() as look:
        if not _is_due(look, channel):
            return None
    with store.work() as work:
        row = claimable(work.session, work.now, channel, _awake(work, channel))
        if row is None or not breakers.claim_try(work, breakers.name_of(channel, row.system)):
            return None
        return _leased(work, row, holder)


def _is_due(look: Work, channel: Channel) -> bool:
    """Mostly nothing is, and then nobody has to know which systems rest."""
    return all(
        has_due(look.session, look.now, channel, systems(look, channel))
        for systems in (_systems, _awake)
    )


def _systems(work: Work, channel: Channel) -> Collection[str]:
    return work.systems if channel in TO_SYSTEM else ("",)


def _awake(work: Work, channel: Channel) -> Collection[str]:
    """The systems that may be called now."""
    known = _systems(work, channel)
    return [one for one in known if not breakers.rests(work, breakers.name_of(channel, one))]


def _leased(work: Work, row: Outbox, holder: str) -> Claim:
    row.leased_by, row.leased_until = holder, work.now + LEASE
    row.attempts += 1
    return Claim(
        row.id, row.channel, row.system, holder, row.attempts, row.key, row.payload,
        row.incident_id or "",
    )  # fmt: skip


def renew(work: Work, claimed: Claim) -> bool:
    """Keeps a claim for a next step; False when the lease ran out and somebody else went on."""
    row = _still_ours(work, claimed)
    if row:
        row.leased_until = work.now + LEASE
    return row is not None


def finish(work: Work, claimed: Claim, problem: str = "") -> bool:
    """Closes the row, as refused when there is a problem.

    False when the lease ran out and somebody else went on with it.
    """
    row = _still_ours(work, claimed)
    breakers.answered(work, claimed.breaker)
    if row:
        row.done_at, row.leased_until, row.last_problem = work.now, None, problem
    return row is not None


def later(work: Work, claimed: Claim, problem: str, retry_after: float | None) -> bool:
    """Waits twice as long each time, spread so that many do not come at once.

    False when the lease ran out and somebody else went on with it.
    """
    doubled = min(FIRST_WAIT * 2 ** min(claimed.attempts - 1, 20), LONGEST_WAIT)
    row = _still_ours(work, claimed)
    breakers.failed(work, claimed.breaker, problem, retry_after)
    if row:
        seconds = max(retry_after or 0, doubled * random.uniform(1, 1.5))
        row.next_attempt_at = work.now + timedelta(seconds=seconds)
        row.leased_by = row.leased_until = None
        row.last_problem = problem
    return row is not None


def _still_ours(work: Work, claimed: Claim) -> Outbox | None:
    row = work.session.get_one(Outbox, claimed.outbox_id, with_for_update=True)
    return row if (row.leased_by, row.attempts) == (claimed.holder, claimed.attempts) else None
