"""Incidents as they are stored, back into what adapters and rules work with."""

from vipservice.adapters.ticketing.base import Ticket
from vipservice.rules.incidents.model import FindingKind, Found, Impact, IncidentDraft, Urgency
from vipservice.store.tables import Incident

ABSENT = {"transcript": "", "transcript_name": "", "found": ()}
"""What drafts of before version 0003 lack."""


def draft_from(incident: Incident) -> IncidentDraft:
    """The draft of a stored incident."""
    document = ABSENT | incident.draft
    found = [Found(FindingKind(one["kind"]), one["text"], one["seq"]) for one in document["found"]]
    return IncidentDraft(
        **document
        | {
            "impact": Impact(document["impact"]),
            "urgency": Urgency(document["urgency"]),
            "because": tuple(document["because"]),
            "found": tuple(found),
        }
    )


def ticket_of(incident: Incident) -> Ticket | None:
    """The ticket that was made for an incident, if it is known."""
    if not incident.external_id:
        return None
    return Ticket(incident.external_id, incident.number, incident.url)
