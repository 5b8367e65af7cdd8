"""Incidents on their way: claimed, delivered outside any transaction, recorded after each step.

Made first, then its files, then read back: a worker that dies anywhere leaves a claim that runs
out, and whoever goes on does only what is not there yet.
"""

import logging
from collections.abc import Callable, Sequence

from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.ticketing.base import File, Record, Ticket, Ticketing
from vipservice.i18n import DEFAULT, translator
from vipservice.rules.incidents.compare import differences
from vipservice.rules.incidents.model import IncidentDraft, IncidentState, Step
from vipservice.rules.notices import Channel
from vipservice.services import outbox
from vipservice.services.chats.additions import sent_name
from vipservice.services.incidents.escalation import record
from vipservice.services.incidents.stored import draft_from, ticket_of
from vipservice.services.outbox import Claim
from vipservice.store.queries import chats_of, locked_chat
from vipservice.store.tables import Attachment, Chat, Incident
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)
TEXT = "text/plain"


def deliver_next(store: Store, ticketing: Ticketing, holder: str) -> bool:
    """Delivers the incident that waits longest; False when none is due."""
    return _next(store, Channel.INCIDENT, holder, lambda claim: _deliver(store, ticketing, claim))


def add_next(store: Store, ticketing: Ticketing, holder: str) -> bool:
    """Delivers the addition that waits longest; False when none is due."""
    return _next(store, Channel.ADDITION, holder, lambda claim: _add(store, ticketing, claim))


def _next(store: Store, channel: Channel, holder: str, act: Callable[[Claim], None]) -> bool:
    claim = outbox.claim(store, channel, holder)
    if claim is None:
        return False
    try:
        act(claim)
    except Refused as refusal:
        _record_refused(store, claim, str(refusal))
    except Unavailable as problem:
        _record_later(store, claim, problem)
    except Exception as mistake:  # an answer nobody foresaw must not become a silent none
        log.exception("delivery failed")
        _record_later(store, claim, Unavailable(f"{type(mistake).__name__}: {mistake}"))
    return True


def _deliver(store: Store, ticketing: Ticketing, claim: Claim) -> None:
    """Finds or makes the ticket, brings its files, and tells what the system did not keep."""
    with store.read() as work:
        incident = work.session.get_one(Incident, claim.incident_id)
        files = _files(work, incident.files)
    draft = draft_from(incident)
    files.append(File(draft.transcript_name, TEXT, draft.transcript.encode()))
    ticket = ticket_of(incident)
    if ticket is None:
        ticket = _find_or_create(ticketing, draft)
        if not _record_created(store, claim, ticket):
            return
    kept, refused = _with_files(store, claim, ticketing, ticket, files)
    sizes = {file.name: len(file.content) for file in files}
    told = differences(
        draft, kept.title, kept.text, kept.reference, sizes, kept.files, translator(DEFAULT)
    )
    _record_kept(store, claim, [*told, *refused], kept)


def _find_or_create(ticketing: Ticketing, draft: IncidentDraft) -> Ticket:
    """The ticket under our reference. A refusal may mean that it was there after all.

    Our reference is looked up before every create, the first too: an earlier attempt of a
    process that died may have come through.
    """
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


def _with_files(
    store: Store, claim: Claim, ticketing: Ticketing, ticket: Ticket, files: Sequence[File]
) -> tuple[Record, list[str]]:
    """What the system has after the files that it lacked were sent, and its refusals of files."""
    kept, refused = ticketing.read(ticket), []
    missing = [file for file in files if file.name not in kept.files and file.content]
    for file in missing:
        _require_claim(store, claim)
        try:
            ticketing.attach(ticket, [file])
        except Refused as refusal:
            refused.append(f"{file.name}: {refusal}")
    return (ticketing.read(ticket) if missing else kept), refused


def _require_claim(store: Store, claim: Claim) -> None:
    """Each file may take as long as a lease. Raises Unavailable when somebody else went on."""
    with store.work() as work:
        if not outbox.renew(work, claim):
            raise Unavailable("the lease ran out")


def _add(store: Store, ticketing: Ticketing, claim: Claim) -> None:
    """Adds a text and files to a ticket that is there, unless they came through before."""
    with store.read() as work:
        incident = work.session.get_one(Incident, claim.incident_id)
        files = _files(work, claim.payload["files"])
    ticket = ticket_of(incident)
    if ticket is None:
        raise Unavailable("the incident itself is not there yet")
    if name_and_text := claim.payload["transcript"]:
        files.append(File(name_and_text[0], TEXT, name_and_text[1].encode()))
    text = claim.payload["text"]
    mark = text.splitlines()[-1]
    if not any(mark in said for said in ticketing.read(ticket).comments):
        ticketing.comment(ticket, text)
    _, refused = _with_files(store, claim, ticketing, ticket, files)
    with store.work() as work:
        if outbox.finish(work, claim) and refused:
            _tell_of_addition(work, claim, "; ".join(refused))


def _files(work: Work, ids: Sequence[str]) -> list[File]:
    kept = [work.session.get_one(Attachment, one) for one in ids]
    return [
        File(sent_name(work.session.get_one(Chat, one.chat_id), one), one.media_type, one.content)
        for one in kept
    ]


def _record_created(store: Store, claim: Claim, ticket: Ticket) -> bool:
    """Stores number and address at once, whatever becomes of the files; False: not ours now."""
    with store.work() as work:
        if not outbox.renew(work, claim):
            return False
        incident = work.session.get_one(Incident, claim.incident_id)
        incident.state, incident.problem = IncidentState.CREATED, ""
        incident.number, incident.url, incident.external_id = ticket.number, ticket.url, ticket.id
        incident.next_poll_at = work.now
        _tell(work, incident)
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
            _tell(work, incident, Step.DROPPED)


def _record_refused(store: Store, claim: Claim, words: str) -> None:
    with store.work() as work:
        if not outbox.finish(work, claim, words):
            return
        if claim.channel is Channel.ADDITION:
            _tell_of_addition(work, claim, words)
            return
        incident = work.session.get_one(Incident, claim.incident_id)
        if incident.state is IncidentState.PENDING:
            incident.state = IncidentState.REFUSED
        incident.problem = words
        _tell(work, incident)


def _record_later(store: Store, claim: Claim, problem: Unavailable) -> None:
    with store.work() as work:
        if not outbox.later(work, claim, str(problem), problem.retry_after):
            return
        if claim.channel is Channel.ADDITION:
            return
        incident = work.session.get_one(Incident, claim.incident_id)
        first, incident.problem = not incident.problem, str(problem)
        if first:
            _tell(work, incident)


def _tell(work: Work, incident: Incident, step: Step = Step.STATE) -> None:
    """Tells every chat of the incident how far it is."""
    incident.updated_at = work.now
    for chat_id in chats_of(work.session, incident):
        chat = locked_chat(work.session, chat_id)
        assert chat is not None
        record(work, chat, incident, step, incident.problem)


def _tell_of_addition(work: Work, claim: Claim, words: str) -> None:
    """An addition, or a file of it, was refused: the centre has to bring it another way."""
    incident = work.session.get_one(Incident, claim.incident_id)
    chat = locked_chat(work.session, claim.payload["chatId"])
    assert chat is not None
    record(work, chat, incident, Step.ADDITION_REFUSED, words)
