"""Incidents on their way: claimed, delivered outside any transaction, recorded after."""

import logging

from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.ticketing.base import Ticket, Ticketing
from vipservice.rules.incidents import Impact, IncidentDraft, IncidentState, Urgency
from vipservice.rules.notices import Channel
from vipservice.services import outbox
from vipservice.services.incidents.escalation import record
from vipservice.services.outbox import Claim
from vipservice.store.queries import locked_chat
from vipservice.store.tables import Incident
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)


def deliver_next(store: Store, ticketing: Ticketing, holder: str) -> bool:
    """Delivers the incident that waits longest; False when none is due.

    Our reference is looked up before every create, the first too: an earlier attempt of a
    process that died may have come through.
    """
    claim = outbox.claim(store, Channel.INCIDENT, holder)
    if claim is None:
        return False
    try:
        ticket = _find_or_create(ticketing, _draft(store, claim.incident_id))
    except Refused as refusal:
        _record_refused(store, claim, str(refusal))
    except Unavailable as problem:
        _record_later(store, claim, problem)
    except Exception as mistake:  # an answer nobody foresaw must not become a silent none
        log.exception("delivery failed")
        _record_later(store, claim, Unavailable(f"{type(mistake).__name__}: {mistake}"))
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
    except Refused:
        found = ticketing.find(draft.reference)
        if found is None:
            raise
        return found


def _draft(store: Store, incident_id: str) -> IncidentDraft:
    with store.read() as work:
        stored = work.session.get_one(Incident, incident_id).draft
    document = stored | {
        "impact": Impact(stored["impact"]),
        "urgency": Urgency(stored["urgency"]),
        "because": tuple(stored["because"]),
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


def _record_later(store: Store, claim: Claim, problem: Unavailable) -> None:
    with store.work() as work:
        if not outbox.later(work, claim, str(problem), problem.retry_after):
            return
        incident = work.session.get_one(Incident, claim.incident_id)
        first, incident.problem = not incident.problem, str(problem)
        if first:
            _tell(work, incident)


def _settle(work: Work, claim: Claim) -> Incident | None:
    """The incident of a claim that still is ours; without its problem."""
    if not outbox.finish(work, claim):
        return None
    incident = work.session.get_one(Incident, claim.incident_id)
    incident.problem = ""
    return incident


def _tell(work: Work, incident: Incident) -> None:
    incident.updated_at = work.now
    chat = locked_chat(work.session, incident.chat_id)
    assert chat is not None
    record(work, chat, incident)
