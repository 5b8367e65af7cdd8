"""The outbox: claimed with a lease, delivered outside any transaction, recorded after."""

import logging
import random
from dataclasses import dataclass
from datetime import timedelta

from vipservice.adapters.ticketing.base import (
    Ticket,
    Ticketing,
    TicketingRefused,
    TicketingUnavailable,
)
from vipservice.rules.incidents import Impact, IncidentDraft, IncidentState, Urgency
from vipservice.services.incidents.escalation import record
from vipservice.store.queries import claimable, locked_chat
from vipservice.store.tables import Incident, Outbox
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = 60.0, 600.0
"""Seconds. A create that timed out may still appear, so even the first wait is not short."""


@dataclass(frozen=True)
class Claim:
    """One delivery that this process has taken on."""

    outbox_id: str
    holder: str
    incident_id: str
    attempts: int
    draft: IncidentDraft


def deliver_next(store: Store, ticketing: Ticketing, holder: str) -> bool:
    """Delivers the incident that waits longest; False when none is due.

    Our reference is looked up before every create, the first too: an earlier attempt of a
    process that died may have come through.
    """
    claim = _claim(store, holder)
    if claim is None:
        return False
    try:
        ticket = _find_or_create(ticketing, claim.draft)
    except TicketingRefused as refusal:
        _record_refused(store, claim, str(refusal))
    except TicketingUnavailable as problem:
        _record_later(store, claim, problem)
    except Exception as mistake:  # an answer nobody foresaw must not become a silent none
        log.exception("delivery failed")
        _record_later(store, claim, TicketingUnavailable(f"{type(mistake).__name__}: {mistake}"))
    else:
        _record_created(store, claim, ticket)
    return True


def _find_or_create(ticketing: Ticketing, draft: IncidentDraft) -> Ticket:
    """The ticket under our reference. A refusal may mean that it was there after all."""
    found = ticketing.find(draft.reference)
    if found:
        return found
    try:
        return ticketing.create(draft)
    except TicketingRefused:
        found = ticketing.find(draft.reference)
        if found is None:
            raise
        return found


def _claim(store: Store, holder: str) -> Claim | None:
    with store.work() as work:
        row = claimable(work.session, work.now)
        if row is None:
            return None
        row.leased_by, row.leased_until = holder, work.now + LEASE
        row.attempts += 1
        incident = work.session.get_one(Incident, row.incident_id)
        return Claim(row.id, holder, incident.id, row.attempts, _draft(incident))


def _draft(incident: Incident) -> IncidentDraft:
    document = incident.draft | {
        "impact": Impact(incident.draft["impact"]),
        "urgency": Urgency(incident.draft["urgency"]),
        "because": tuple(incident.draft["because"]),
    }
    return IncidentDraft(**document)


def _record_created(store: Store, claim: Claim, ticket: Ticket) -> None:
    with store.work() as work:
        incident = _settle(work, claim)
        if incident and incident.state is not IncidentState.CREATED:
            incident.state = IncidentState.CREATED
            incident.number, incident.url = ticket.number, ticket.url
            _tell(work, incident)


def _record_refused(store: Store, claim: Claim, words: str) -> None:
    with store.work() as work:
        incident = _settle(work, claim)
        if incident:
            incident.state, incident.problem = IncidentState.REFUSED, words
            _tell(work, incident)


def _record_later(store: Store, claim: Claim, problem: TicketingUnavailable) -> None:
    """Waits twice as long each time, from FIRST_WAIT, spread so that many do not come at once."""
    doubled = min(FIRST_WAIT * 2 ** min(claim.attempts - 1, 20), LONGEST_WAIT)
    seconds = max(problem.retry_after or 0, doubled * random.uniform(1, 1.5))
    with store.work() as work:
        row = _still_ours(work, claim)
        if row is None:
            return
        row.next_attempt_at = work.now + timedelta(seconds=seconds)
        row.leased_by = row.leased_until = None
        row.last_problem = str(problem)
        incident = work.session.get_one(Incident, claim.incident_id)
        first, incident.problem = not incident.problem, str(problem)
        if first:
            _tell(work, incident)


def _settle(work: Work, claim: Claim) -> Incident | None:
    row = _still_ours(work, claim)
    if row is None:
        return None
    row.done_at, row.leased_until = work.now, None
    incident = work.session.get_one(Incident, claim.incident_id)
    incident.problem = ""
    return incident


def _still_ours(work: Work, claim: Claim) -> Outbox | None:
    """The outbox row, unless the lease ran out and somebody else went on with it."""
    row = work.session.get_one(Outbox, claim.outbox_id, with_for_update=True)
    return row if (row.leased_by, row.attempts) == (claim.holder, claim.attempts) else None


def _tell(work: Work, incident: Incident) -> None:
    incident.updated_at = work.now
    chat = locked_chat(work.session, incident.chat_id)
    assert chat is not None
    record(work, chat, incident)
