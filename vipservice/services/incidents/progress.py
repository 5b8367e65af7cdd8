"""How far the engineers are: asked of the system, or hinted at by its webhook; told in the chat."""

import logging
from collections.abc import Collection
from datetime import timedelta

from sqlmodel import col, select

from vipservice.adapters.base import Missing, OutsideError, Refused, Unavailable
from vipservice.adapters.ticketing import Systems
from vipservice.adapters.ticketing.base import Status, Ticketing
from vipservice.rules.incidents.model import DONE, Progress, Step
from vipservice.rules.notices import Channel
from vipservice.services import breakers
from vipservice.services.chats.locking import lock_chat
from vipservice.services.incidents.bringing import is_gone, require_ours
from vipservice.services.incidents.escalation import record
from vipservice.services.incidents.stored import ticket_of
from vipservice.services.incidents.telling import mark_gone
from vipservice.services.notices import queue_solved
from vipservice.store.locking import KEY_SHARE
from vipservice.store.outgoing import chats_of, pollable, polled_first
from vipservice.store.tables import Incident
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)
AFTER_DONE = timedelta(days=30)
"""How long an incident that is done is still asked after: it may be opened again there."""
SLOWER = 8
"""What was done a day ago is asked after every three hours, and so on."""


def poll_next(store: Store, systems: Systems, seconds: float) -> bool:
    """Asks after the incident that was not asked after longest; False when none is due.

    The next time is set before the question, so that two workers do not ask the same.
    """
    with store.read() as look:
        if polled_first(look.session, look.now, _awake(look)) is None:
            return False
    with store.work() as work:
        incident = _due(work)
        if incident is None:
            return False
        incident.next_poll_at = work.now + _interval(work, incident, seconds)
    ticketing = systems.by_name[incident.system]
    try:
        status = _ask(ticketing, incident)
    except (Missing, Refused) as answer:
        ticket = ticket_of(incident)
        gone = ticket is not None and is_gone(ticketing, ticket, incident.reference)
        _record_answer(store, incident, answer, gone=gone)
    except Unavailable as problem:
        _record_failure(store, incident, problem, problem.retry_after)
    else:
        if status:
            _record(store, incident.id, incident.system, status)
    return True


def _ask(ticketing: Ticketing, incident: Incident) -> Status | None:
    """How far its ticket is; None when there is none. What is news must be of a ticket of ours."""
    ticket = ticket_of(incident) or ticketing.find(incident.reference)
    if ticket is None:
        return None
    status = ticketing.status(ticket)
    if (status.progress, status.words) != (incident.progress, incident.status_words):
        require_ours(ticketing, ticket, incident.reference)
    return status


def hint(store: Store, number: str, systems: Collection[str]) -> bool:
    """One of these systems says that something happened to a ticket: it is asked after at once.

    ``number`` is its number, id or our reference. What else the message said is not believed.
    """
    with store.work() as work:
        named = (
            (Incident.number == number)
            | (Incident.external_id == number)
            | (Incident.reference == number)
        )
        query = (
            select(Incident)
            .where(named, col(Incident.system).in_(systems))
            .with_for_update(key_share=True)
        )
        incident = work.session.exec(query).first()
        if incident is None:
            return False
        incident.next_poll_at = work.now
        return True


def _due(work: Work) -> Incident | None:
    """The incident that is due longest, of a system that does not rest."""
    system = polled_first(work.session, work.now, _awake(work))
    if system is None or not breakers.claim_try(work, _breaker(system)):
        return None
    return pollable(work.session, work.now, system)


def _awake(work: Work) -> list[str]:
    """The systems that may be asked now."""
    return [one for one in work.systems if not breakers.rests(work, _breaker(one))]


def _interval(work: Work, incident: Incident, seconds: float) -> timedelta:
    """Ever longer for what is done."""
    usual = timedelta(seconds=seconds)
    return max(usual, (work.now - incident.done_at) / SLOWER) if incident.done_at else usual


def _record(store: Store, incident_id: str, system: str, status: Status) -> None:
    with store.work() as work:
        breakers.answered(work, _breaker(system))
        incident = work.session.get_one(Incident, incident_id, with_for_update=KEY_SHARE)
        incident.gone_at = None
        progress = _progress(incident, status)
        if (incident.progress, incident.status_words) != (progress, status.words):
            _change(work, incident, progress, status.words)
        if incident.done_at and work.now - incident.done_at > AFTER_DONE:
            incident.next_poll_at = None


def _progress(incident: Incident, status: Status) -> Progress:
    """What is done stays so under a status that nobody told us of, as one for archived tickets."""
    unknown = status.progress is Progress.UNKNOWN
    return incident.progress if unknown and incident.progress in DONE else status.progress


def _change(work: Work, incident: Incident, progress: Progress, words: str) -> None:
    """Tells every chat; the requesters too, by mail, when it is solved."""
    was, done = incident.progress in DONE, progress in DONE
    incident.progress, incident.status_words = progress, words
    incident.updated_at = work.now
    incident.done_at = (incident.done_at or work.now) if done else None
    step = Step.REOPENED if was and not done else Step.PROGRESS
    for chat_id in chats_of(work.session, incident):
        chat = lock_chat(work, chat_id)
        assert chat is not None
        record(work, chat, incident, step)
        if was != done:
            chat.unread_requester += 1
        if done and not was:
            queue_solved(work, chat, incident)


def _record_answer(store: Store, incident: Incident, answer: OutsideError, *, gone: bool) -> None:
    """A refusal about a ticket is an answer, where it is that ticket which is gone."""
    if not gone:
        _record_failure(store, incident, answer)
        return
    with store.work() as work:
        breakers.answered(work, _breaker(incident.system))
        row = work.session.get_one(Incident, incident.id, with_for_update=KEY_SHARE)
        mark_gone(work, row, str(answer))


def _record_failure(
    store: Store, incident: Incident, problem: OutsideError, retry_after: float | None = None
) -> None:
    log.warning("an incident could not be asked after: %s", problem)
    with store.work() as work:
        breakers.failed(work, _breaker(incident.system), str(problem), retry_after)


def _breaker(system: str) -> str:
    return breakers.name_of(Channel.INCIDENT, system)
