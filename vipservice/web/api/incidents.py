"""Escalation over HTTP."""

from collections.abc import Sequence

from flask import request
from pydantic import Field, field_validator

from vipservice.i18n import DEFAULT, translator
from vipservice.rules.incidents.draft import Choice
from vipservice.rules.people import Right
from vipservice.rules.refusals import N_, NotAllowed
from vipservice.services.incidents import drafting, escalation, progress, undelivered
from vipservice.services.incidents.escalation import SEQS, ChatToAdd, EditedDraft, Seq
from vipservice.services.inputs import Input
from vipservice.services.shapes.incidents import (
    DraftShape,
    IncidentShape,
    SimilarShape,
    UndeliveredShape,
)
from vipservice.services.shares import Sort
from vipservice.web.access import actor, public, service
from vipservice.web.api.endpoint import Api
from vipservice.web.signatures import is_signed, ticket_numbers

ASK, ANSWER, CENTRE = Right.ASK, Right.ANSWER, Right.CENTRE
WATCHERS = (CENTRE, Right.ADMINISTER)


class Picked(Input):
    """Which messages and notes a draft is made from, as numbers with commas between them."""

    entries: tuple[Seq, ...] | None = Field(default=None, max_length=SEQS)
    notes: tuple[Seq, ...] = Field(default=(), max_length=SEQS)

    @field_validator("entries", "notes", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part for part in value.split(",") if part] if isinstance(value, str) else value


class SimilarFilter(Input):
    """Words to look for; those of the draft when there are none."""

    q: str = Field(default="", max_length=500)


def register(api: Api) -> None:
    """Declares the calls."""
    chat = "/chats/<chat_id>"
    api.call(
        "GET", f"{chat}/incident-draft", DraftShape, ASK, ANSWER, query=Picked, share=Sort.DRAFTS
    )(get_draft)
    api.call(
        "GET", f"{chat}/similar-incidents", SimilarShape, ANSWER, many=True, query=SimilarFilter,
        share=Sort.DRAFTS,
    )(list_similar)  # fmt: skip
    drafts = Sort.DRAFTS
    api.call(
        "POST", f"{chat}/incidents", IncidentShape, ASK, ANSWER, body=EditedDraft, share=drafts
    )(escalate)
    incident = "/incidents/<incident_id>"
    api.call("POST", f"{incident}/chats", IncidentShape, ANSWER, body=ChatToAdd, share=drafts)(
        add_to_incident
    )
    api.call("GET", f"{chat}/incidents", IncidentShape, ASK, CENTRE, many=True)(list_incidents)
    api.call("GET", f"{incident}/draft", DraftShape, ANSWER)(get_sent_draft)
    api.call("POST", f"{incident}/deliveries", IncidentShape, ANSWER, body=EditedDraft)(retry)
    api.call("GET", "/undelivered", UndeliveredShape, *WATCHERS, many=True)(list_undelivered)
    api.call(
        "POST", "/undelivered/<outbox_id>/attempts", UndeliveredShape, *WATCHERS, many=True,
    )(try_again)  # fmt: skip
    api.plain("POST", "/ticketing-events", ticketing_event, rights=None)


def get_draft(chat_id: str, picked: Picked) -> DraftShape:
    """The pre-filled incident."""
    choice = Choice(picked.entries, picked.notes)
    return drafting.get_draft(service().store, actor(), chat_id, service().drafter, choice)


def list_similar(chat_id: str, wanted: SimilarFilter) -> Sequence[SimilarShape]:
    """Incidents that may be about the same."""
    return drafting.list_similar(service().store, actor(), chat_id, wanted.q, service().drafter)


def escalate(chat_id: str, data: EditedDraft) -> IncidentShape:
    """Makes the incident, from the edited draft."""
    system = service().systems.main
    return escalation.escalate(
        service().store, actor(), chat_id, data, system=system, drafter=service().drafter
    )


def add_to_incident(incident_id: str, data: ChatToAdd) -> IncidentShape:
    """Adds a chat to an incident that there is already."""
    return escalation.add_to_incident(
        service().store, actor(), incident_id, data, drafter=service().drafter
    )


def list_incidents(chat_id: str) -> Sequence[IncidentShape]:
    """The incidents of a chat."""
    return escalation.list_incidents(service().store, actor(), chat_id)


def get_sent_draft(incident_id: str) -> DraftShape:
    """The draft as it was sent, to mend it."""
    return escalation.get_sent_draft(service().store, actor(), incident_id)


def retry(incident_id: str, data: EditedDraft) -> IncidentShape:
    """Sends a refused incident again, mended."""
    return escalation.retry(
        service().store, actor(), incident_id, data,
        system=service().systems.main, translate=translator(DEFAULT),
    )  # fmt: skip


def list_undelivered() -> Sequence[UndeliveredShape]:
    """What has not arrived outside."""
    return undelivered.list_undelivered(service().store, actor())


def try_again(outbox_id: str) -> Sequence[UndeliveredShape]:
    """Tries one of them at once; what is left."""
    undelivered.try_again(service().store, actor(), outbox_id)
    return list_undelivered()


@public
def ticketing_event() -> tuple[str, int]:
    """A ticketing system says that a ticket of its own changed: it is asked after at once."""
    body = request.get_data()
    signed = [
        name
        for name, system in service().settings.ticketing.systems.items()
        if is_signed(request.headers, body, system.webhook_secret.get_secret_value().encode())
    ]
    if not signed:
        raise NotAllowed(N_("This message is not signed by the ticketing system."))
    for number in ticket_numbers(body):
        progress.hint(service().store, number, signed)
    return "", 204
