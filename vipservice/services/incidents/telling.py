"""Telling the chats of an incident what became of it."""

from vipservice.rules.incidents.model import Step
from vipservice.services.chats.locking import lock_chat
from vipservice.services.incidents.escalation import record
from vipservice.services.outbox import Claim
from vipservice.store.outgoing import chats_of
from vipservice.store.tables import Incident
from vipservice.store.work import Work


def tell(work: Work, incident: Incident, step: Step = Step.STATE) -> None:
    """Tells every chat of the incident how far it is."""
    incident.updated_at = work.now
    for chat_id in chats_of(work.session, incident):
        chat = lock_chat(work, chat_id)
        assert chat is not None
        record(work, chat, incident, step, incident.problem)


def mark_gone(work: Work, incident: Incident, words: str) -> None:
    """The ticket is not there any more: the centre is told once, and it is not asked after."""
    incident.next_poll_at = None
    if incident.gone_at is None:
        incident.gone_at, incident.problem = work.now, words
        tell(work, incident, Step.GONE)


def tell_of_addition(
    work: Work, claim: Claim, words: str, step: Step = Step.ADDITION_REFUSED
) -> None:
    """An addition, or a part of it, did not get there: the centre has to bring it another way."""
    incident = work.session.get_one(Incident, claim.incident_id)
    chat = lock_chat(work, claim.payload["chatId"])
    assert chat is not None
    record(work, chat, incident, step, words)
