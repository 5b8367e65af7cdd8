"""Incidents on their way: claimed, delivered outside any transaction, recorded after each step.

Made first, then its files, then read back: a worker that dies anywhere leaves a claim that runs
out, and whoever goes on does only what is not there yet.
"""

import logging
from collections.abc import Callable, Sequence

from vipservice.adapters.base import Missing, Refused, Unavailable
from vipservice.adapters.ticketing import Systems
from vipservice.adapters.ticketing.base import File, Record, Ticket, Ticketing
from vipservice.i18n import DEFAULT, translator
from vipservice.rules.incidents.compare import differences
from vipservice.rules.incidents.model import IncidentDraft, IncidentState, Step
from vipservice.rules.notices import Channel
from vipservice.rules.refusals import N_
from vipservice.services import outbox
from vipservice.services.incidents.bringing import (
    NOT_INTERNAL,
    TEXT,
    bring_files,
    deliver_addition,
    files_of,
    is_gone,
    require_claim,
    require_ready,
    say_once,
)
from vipservice.services.incidents.stored import draft_from, ticket_of
from vipservice.services.incidents.telling import mark_gone, tell, tell_of_addition
from vipservice.services.outbox import Claim
from vipservice.store.tables import Incident
from vipservice.store.work import Store

log = logging.getLogger(__name__)
Act = Callable[[Store, Ticketing, Claim], None]


def deliver_next(store: Store, systems: Systems, holder: str) -> bool:
    """Delivers the incident that waits longest; False when none is due."""
    return _next(store, Channel.INCIDENT, systems, holder, _deliver)


def add_next(store: Store, systems: Systems, holder: str, public_url: str) -> bool:
    """Delivers the addition that waits longest; False when none is due."""

    def add(store: Store, ticketing: Ticketing, claim: Claim) -> None:
        deliver_addition(store, ticketing, claim, public_url)

    return _next(store, Channel.ADDITION, systems, holder, add)


def _next(store: Store, channel: Channel, systems: Systems, holder: str, act: Act) -> bool:
    claim = outbox.claim(store, channel, holder)
    if claim is None:
        return False
    ticketing = systems.by_name[claim.system]
    try:
        act(store, ticketing, claim)
    except Refused as refusal:
        _record_refused(store, claim, str(refusal))
    except Missing as missing:
        _record_missing(store, ticketing, claim, missing)
    except Unavailable as problem:
        _record_later(store, claim, problem)
    except Exception as mistake:  # an answer nobody foresaw must not become a silent none
        log.exception("delivery failed")
        _record_later(store, claim, Unavailable(f"{type(mistake).__name__}: {mistake}"))
    return True


def _deliver(store: Store, ticketing: Ticketing, claim: Claim) -> None:
    """Finds or makes the ticket, with its files, and tells what the system did not keep."""
    with store.read() as work:
        incident = work.session.get_one(Incident, claim.incident_id)
        files = files_of(work, incident.files)
        internal = files_of(work, incident.internal_files)
    draft = draft_from(incident)
    files.append(File(draft.transcript_name, TEXT, draft.transcript.encode()))
    ticket = ticket_of(incident)
    if ticket is None:
        ticket = _find_or_create(store, claim, ticketing, draft, files)
        if not _record_created(store, claim, ticket):
            return
    kept, refused = bring_files(store, claim, ticketing, ticket, files)
    noted = _note(store, claim, ticketing, ticket, draft.note, internal)
    sizes = {file.name: len(file.content) for file in files}
    told = differences(
        draft, kept.title, kept.text, kept.reference, sizes, kept.files, translator(DEFAULT)
    )
    _record_kept(store, claim, [*told, *refused, *noted], kept)


def _find_or_create(
    store: Store, claim: Claim, ticketing: Ticketing, draft: IncidentDraft, files: Sequence[File]
) -> Ticket:
    """The ticket under our reference. A refusal may mean that it was there after all.

    Our reference is looked up before every create, the first too: an earlier attempt of a
    process that died may have come through. Nothing is made in a system that is not set up as it
    must be: what can not be looked up is made twice. What is refused with files may be taken
    without them.
    """
    require_ready(ticketing)
    require_claim(store, claim)
    found = ticketing.find(draft.reference)
    if found:
        return found
    try:
        return ticketing.create(draft, files)
    except Refused:
        require_claim(store, claim)
        found = ticketing.find(draft.reference)
    return found or ticketing.create(draft)


def _note(
    store: Store,
    claim: Claim,
    ticketing: Ticketing,
    ticket: Ticket,
    text: str,
    files: Sequence[File],
) -> list[str]:
    """Brings the chosen internal notes to the engineers alone; what could not be brought."""
    say = translator(DEFAULT)
    if not text:
        return []
    if not ticketing.has_notes:
        return [say(N_("The internal notes were not sent: everybody reads what is there."))]
    try:
        say_once(store, claim, ticketing, ticket, text, (), internal=True)
    except Refused as refusal:
        return [say(N_("The internal notes were refused: %(words)s")) % {"words": refusal}]
    if not ticketing.has_internal_files:
        return [f"{file.name}: {say(NOT_INTERNAL)}" for file in files]
    return bring_files(store, claim, ticketing, ticket, files, internal=True)[1]


def _record_created(store: Store, claim: Claim, ticket: Ticket) -> bool:
    """Stores number and address at once, whatever becomes of the files; False: not ours now."""
    with store.work() as work:
        if not outbox.renew(work, claim):
            return False
        incident = work.session.get_one(Incident, claim.incident_id)
        incident.state, incident.problem = IncidentState.CREATED, ""
        incident.number, incident.url, incident.external_id = ticket.number, ticket.url, ticket.id
        incident.next_poll_at = work.now
        tell(work, incident)
        return True


def _record_kept(store: Store, claim: Claim, dropped: list[str], kept: Record) -> None:
    """Closes the row; what was not kept is told to the centre."""
    with store.work() as work:
        if not outbox.finish(work, claim):
            return
        incident = work.session.get_one(Incident, claim.incident_id)
        incident.problem, incident.dropped = "", dropped
        incident.progress = incident.progress or kept.status.progress
        incident.status_words = incident.status_words or kept.status.words
        if dropped:
            tell(work, incident, Step.DROPPED)


def _record_missing(store: Store, ticketing: Ticketing, claim: Claim, missing: Missing) -> None:
    """What is not there in a system that is well is an answer, and no failure of the system."""
    with store.read() as work:
        incident = work.session.get_one(Incident, claim.incident_id)
    ticket = ticket_of(incident)
    if ticket is None or not is_gone(ticketing, ticket, incident.reference):
        _record_later(store, claim, missing)
        return
    with store.work() as work:
        if outbox.finish(work, claim, str(missing)):
            mark_gone(work, work.session.get_one(Incident, claim.incident_id), str(missing))
            if claim.channel is Channel.ADDITION:
                tell_of_addition(work, claim, str(missing))


def _record_refused(store: Store, claim: Claim, words: str) -> None:
    with store.work() as work:
        if not outbox.finish(work, claim, words):
            return
        if claim.channel is Channel.ADDITION:
            tell_of_addition(work, claim, words)
            return
        incident = work.session.get_one(Incident, claim.incident_id)
        if incident.state is IncidentState.PENDING:
            incident.state = IncidentState.REFUSED
        incident.problem = words
        tell(work, incident)


def _record_later(store: Store, claim: Claim, problem: Unavailable) -> None:
    with store.work() as work:
        if not outbox.later(work, claim, str(problem), problem.retry_after):
            return
        if claim.channel is Channel.ADDITION:
            return
        incident = work.session.get_one(Incident, claim.incident_id)
        first, incident.problem = not incident.problem, str(problem)
        if first:
            tell(work, incident)
