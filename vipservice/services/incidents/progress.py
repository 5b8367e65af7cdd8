"""How far the engineers are: asked of the system, or hinted at by its webhook; told in the chat."""

import logging
from datetime import timedelta

from sqlmodel import select

from vipservice.adapters.base import OutsideError, Unavailable
from vipservice.adapters.ticketing.base import Status, Ticketing
from vipservice.rules.incidents.model import DONE, FINAL, Step
from vipservice.rules.notices import Channel
from vipservice.services import breakers
from vipservice.services.chats.moves import KEY_SHARE
from vipservice.services.incidents.escalation import record
from vipservice.services.incidents.stored import ticket_of
from vipservice.services.notices import queue_solved
from vipservice.store.queries import chats_of, locked_chat, pollable
from vipservice.store.tables import Incident
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)
AFTER_SOLVED = timedelta(days=30)
"""How long a solved incident is still asked after: it may be opened again there."""


def poll_next(store: Store, ticketing: Ticketing, seconds: float) -> bool:
    """Asks after the incident that was not asked after longest; False when none is due.

    The next time is set before the question, so that two workers do not ask the same.
    """
    with store.work() as work:
        incident = pollable(work.session, work.now)
        if incident is None or not breakers.may_try(work, Channel.INCIDENT):
            return False
        incident.next_poll_at = work.now + timedelta(seconds=seconds)
    try:
        ticket = ticket_of(incident) or ticketing.find(incident.reference)
        status = ticketing.status(ticket) if ticket else None
    except OutsideError as problem:
        _record_failure(store, problem)
        return True
    if status:
        _record(store, incident.id, status)
    return True


def hint(store: Store, number: str) -> bool:
    """The system says that something happened to a ticket: it is asked after at once.

    ``number`` is its number, id or our reference. What else the message said is not believed.
    """
    with store.work() as work:
        wanted = (
            (Incident.number == number)
            | (Incident.external_id == number)
            | (Incident.reference == number)
        )
        query = select(Incident).where(wanted).with_for_update(key_share=True)
        incident = work.session.exec(query).first()
        if incident is None or incident.progress in FINAL:
            return False
        incident.next_poll_at = work.now
        return True


def _record(store: Store, incident_id: str, status: Status) -> None:
    with store.work() as work:
        breakers.answered(work, Channel.INCIDENT)
        incident = work.session.get_one(Incident, incident_id, with_for_update=KEY_SHARE)
        if (incident.progress, incident.status_words) != (status.progress, status.words):
            _change(work, incident, status)
        over = incident.done_at and work.now - incident.done_at > AFTER_SOLVED
        if over or incident.progress in FINAL:
            incident.next_poll_at = None


def _change(work: Work, incident: Incident, status: Status) -> None:
    """Tells every chat; the requesters too, by mail, when it is solved."""
    solved = status.progress in DONE and incident.progress not in DONE
    incident.progress, incident.status_words = status.progress, status.words
    incident.updated_at = work.now
    incident.done_at = (incident.done_at or work.now) if status.progress in DONE else None
    for chat_id in chats_of(work.session, incident):
        chat = locked_chat(work.session, chat_id)
        assert chat is not None
        record(work, chat, incident, Step.PROGRESS)
        if solved:
            chat.unread_requester += 1
            queue_solved(work, chat, incident)


def _record_failure(store: Store, problem: OutsideError) -> None:
    log.warning("an incident could not be asked after: %s", problem)
    later = problem if isinstance(problem, Unavailable) else Unavailable(str(problem))
    with store.work() as work:
        breakers.failed(work, Channel.INCIDENT, str(later), later.retry_after)
