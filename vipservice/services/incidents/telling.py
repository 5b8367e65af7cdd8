"""Telling the chats of an incident what became of it, and who follows those how far it is."""

from collections.abc import Collection

from sqlmodel import col, select

from vipservice.rules.incidents.model import Step
from vipservice.rules.people import Side
from vipservice.services.chats.locking import lock_chat
from vipservice.services.incidents.escalation import record, shape_incident
from vipservice.services.outbox import Claim
from vipservice.services.shapes.incidents import IncidentShape
from vipservice.store.outgoing import chats_of, incidents_of
from vipservice.store.tables import Chat, Incident
from vipservice.store.work import Store, Work


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


def incidents_told(
    store: Store, changed: Collection[str]
) -> list[tuple[str, Side, list[IncidentShape]]]:
    """The incidents of each chat that one of these belongs to, as each side may see them."""
    with store.read() as work:
        rows = work.session.exec(select(Incident).where(col(Incident.id).in_(changed))).all()
        chat_ids = {chat_id for row in rows for chat_id in chats_of(work.session, row)}
        chats = [work.session.get_one(Chat, chat_id) for chat_id in sorted(chat_ids)]
        return [
            (chat.id, side, [shape_incident(work, one, chat, side) for one in found])
            for chat in chats
            for found in [incidents_of(work.session, chat.id)]
            for side in Side
        ]
