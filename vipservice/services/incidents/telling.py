"""Telling the chats of an incident what became of it, and who follows those how far it is."""

from collections.abc import Sequence

from vipservice.rules.incidents.model import Step
from vipservice.rules.news import News
from vipservice.rules.people import Side
from vipservice.services.chats.locking import lock_chat
from vipservice.services.incidents.escalation import record, shape_incident
from vipservice.services.outbox import Claim
from vipservice.services.shapes.incidents import ChatIncidents, IncidentShape
from vipservice.store.outgoing import chats_of, incidents_of_chats, places_of
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


def incidents_told(store: Store, news: News) -> list[tuple[ChatIncidents, Side]]:
    """The incidents of each chat for which they are others now, as each side may see them.

    For who follows these chats; read in a few statements for all.
    """
    sides = {chat_id: set(Side) for chat_id, one in news.chats.items() if one.incidents}
    if not sides and not news.incidents:
        return []
    with store.read() as work:
        for incident_id, chat_id in places_of(work.session, [*news.incidents]):
            seen = set(Side) if news.incidents[incident_id] else {Side.CENTRE}
            sides[chat_id] = sides.get(chat_id, set()) | seen
        found = incidents_of_chats(work.session, [*sides])
        return [
            (ChatIncidents(chat_id=chat.id, items=_shapes(work, incidents, chat, side)), side)
            for chat, incidents in found
            for side in sorted(sides[chat.id])
        ]


def _shapes(
    work: Work, incidents: Sequence[Incident], chat: Chat, side: Side
) -> tuple[IncidentShape, ...]:
    return tuple(shape_incident(work, one, chat, side) for one in incidents)
