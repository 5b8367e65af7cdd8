"""Escalation over HTTP."""

from typing import Any

from vipservice.i18n import DEFAULT, translator
from vipservice.rules.people import CENTRE_ROLES, Role
from vipservice.services.incidents import escalation
from vipservice.services.incidents.escalation import EditedDraft
from vipservice.services.shapes import DraftShape, IncidentShape
from vipservice.web.access import actor, service
from vipservice.web.api.endpoint import Api

R, S = Role.REQUESTER, Role.SPECIALIST


def register(api: Api) -> None:
    """Declares the calls."""
    chat = "/chats/<chat_id>"
    api.call("GET", f"{chat}/incident-draft", DraftShape, R, S)(get_draft)
    api.call("POST", f"{chat}/_escalate", IncidentShape, R, S, body=EditedDraft, status=201)(
        escalate
    )
    api.call("GET", f"{chat}/incidents", IncidentShape, R, *CENTRE_ROLES, many=True)(list_incidents)
    api.call("GET", "/incidents/<incident_id>/draft", DraftShape, S)(get_sent_draft)
    api.call("POST", "/incidents/<incident_id>/_retry", IncidentShape, S, body=EditedDraft)(retry)


def get_draft(chat_id: str) -> Any:
    """The pre-filled incident."""
    return escalation.get_draft(service().store, actor(), chat_id, **_texts())


def escalate(chat_id: str, data: EditedDraft) -> Any:
    """Makes the incident, from the edited draft."""
    system = service().ticketing.name
    return escalation.escalate(service().store, actor(), chat_id, data, system=system, **_texts())


def list_incidents(chat_id: str) -> Any:
    """The incidents of a chat."""
    return {"items": escalation.list_incidents(service().store, actor(), chat_id)}


def get_sent_draft(incident_id: str) -> Any:
    """The draft as it was sent, to mend it."""
    return escalation.get_sent_draft(service().store, actor(), incident_id)


def retry(incident_id: str, data: EditedDraft) -> Any:
    """Sends a refused incident again, mended."""
    return escalation.retry(service().store, actor(), incident_id, data)


def _texts() -> dict[str, Any]:
    """Incidents are read by the supplier's engineers: always in the service's own language."""
    public_url = service().settings.server.public_url
    return {"public_url": public_url, "translate": translator(DEFAULT)}
