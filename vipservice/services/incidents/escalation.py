"""From chat to incident: the draft, and the transaction that escalates."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

from pydantic import Field, StringConstraints
from sqlmodel import select

from vipservice.rules.chats import EntryKind, Kind, Move, State, Visibility
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.incidents import (
    DESCRIPTION_LENGTH,
    TITLE_LENGTH,
    Conversation,
    Impact,
    IncidentDraft,
    IncidentState,
    Line,
    Translate,
    Urgency,
    draft,
)
from vipservice.rules.notices import Channel
from vipservice.rules.people import Actor, Role, Side
from vipservice.rules.refusals import N_, NotAllowed, Refusal
from vipservice.services.chats.access import access_chat
from vipservice.services.chats.moves import move
from vipservice.services.chats.timeline import append, changed
from vipservice.services.inputs import Input
from vipservice.services.shapes import DraftShape, IncidentShape
from vipservice.store.queries import entries_after, incidents_of
from vipservice.store.tables import Chat, Incident, Municipality, Outbox, Person, Topic
from vipservice.store.work import Store, Work

WHOLE = 100_000


class EditedDraft(Input):
    """The draft as the specialist sends it back; the rest of it is ours and stays."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=TITLE_LENGTH)]
    description: Annotated[str, StringConstraints(min_length=1, max_length=DESCRIPTION_LENGTH)]
    category: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    impact: Impact
    urgency: Urgency
    phone: str = Field(default="", max_length=25)


def get_draft(
    store: Store, actor: Actor, chat_id: str, public_url: str, translate: Translate
) -> dict[str, Any]:
    """The pre-filled incident of a chat that this person may escalate."""
    with store.read() as work:
        chat = _access_to_escalate(work, actor, chat_id, lock=False)
        return DraftShape(**asdict(_draft(work, chat, public_url, translate))).public()


def draft_of(store: Store, number: str, public_url: str, translate: Translate) -> dict[str, Any]:
    """The same by the chat's number, for somebody at the machine itself."""
    with store.read() as work:
        chat = work.session.exec(select(Chat).where(Chat.number == number)).one_or_none()
        if chat is None:
            raise Refusal(N_("There is no chat %(number)s."), number=number)
        return DraftShape(**asdict(_draft(work, chat, public_url, translate))).public()


def escalate(
    store: Store,
    actor: Actor,
    chat_id: str,
    edited: EditedDraft,
    *,
    system: str,
    public_url: str,
    translate: Translate,
) -> dict[str, Any]:
    """Stores the incident, closes the chat and fills the outbox, in one transaction."""
    with store.work() as work:
        chat = _access_to_escalate(work, actor, chat_id, lock=True)
        ours = _draft(work, chat, public_url, translate)
        document = asdict(ours) | edited.model_dump()
        incident = Incident(
            chat_id=chat.id,
            reference=ours.reference,
            system=system,
            state=IncidentState.PENDING,
            draft=document,
            created_by=actor.id,
            created_at=work.now,
            updated_at=work.now,
        )
        work.session.add(incident)
        work.session.flush()
        _queue(work, incident)
        move(work, chat, actor, Move.ESCALATE)
        record(work, chat, incident)
        return shape_incident(incident)


def retry(store: Store, actor: Actor, incident_id: str, edited: EditedDraft) -> dict[str, Any]:
    """Sends a refused incident again, mended; under the same reference."""
    with store.work() as work:
        incident = access_incident(work, actor, incident_id)
        if incident.state is not IncidentState.REFUSED:
            raise Refusal(N_("This incident is being delivered or has been already."))
        if actor.role is not Role.SPECIALIST:
            raise NotAllowed(N_("Only specialists send incidents again."))
        incident.draft = incident.draft | edited.model_dump()
        incident.state, incident.problem, incident.updated_at = IncidentState.PENDING, "", work.now
        _queue(work, incident)
        record(work, work.session.get_one(Chat, incident.chat_id), incident)
        return shape_incident(incident)


def access_incident(work: Work, actor: Actor, incident_id: str) -> Incident:
    """An incident of a chat that this person may read, under the chat's lock."""
    found = work.session.get(Incident, incident_id)
    access_chat(work, actor, found.chat_id if found else "", lock=True)
    assert found is not None
    work.session.refresh(found)
    return found


def list_incidents(store: Store, actor: Actor, chat_id: str) -> list[dict[str, Any]]:
    """The incidents of a chat that this person may read."""
    with store.read() as work:
        access_chat(work, actor, chat_id)
        found = incidents_of(work.session, chat_id)
    shapes = [shape_incident(incident) for incident in found]
    return shapes if actor.side is Side.CENTRE else [one | {"problem": ""} for one in shapes]


def get_sent_draft(store: Store, actor: Actor, incident_id: str) -> dict[str, Any]:
    """The draft as it was sent, to mend it after a refusal."""
    with store.read() as work:
        return DraftShape(**access_incident(work, actor, incident_id).draft).public()


def record(work: Work, chat: Chat, incident: Incident) -> None:
    """The entry that tells both sides how far the incident is.

    What the system said of a problem is for the centre; the requester sees that it waits.
    """
    append(
        work, chat, None, EntryKind.INCIDENT,
        data={
            "incidentId": incident.id,
            "reference": incident.reference,
            "state": incident.state,
            "number": incident.number,
            "url": incident.url,
            "problem": incident.problem,
        },
        visibility=Visibility.CENTRE if incident.problem else Visibility.EVERYONE,
    )  # fmt: skip
    changed(work, chat)


def shape_incident(incident: Incident) -> dict[str, Any]:
    """The public shape."""
    return IncidentShape(
        **incident.model_dump(exclude={"draft"}), title=incident.draft["title"]
    ).public()


def _queue(work: Work, incident: Incident) -> None:
    """One outbox row an incident, whose key is our reference; a retry opens it again."""
    query = select(Outbox).where(Outbox.key == incident.reference)
    row = work.session.exec(query).one_or_none() or Outbox(
        key=incident.reference,
        channel=Channel.INCIDENT,
        incident_id=incident.id,
        next_attempt_at=work.now,
    )
    row.done_at, row.next_attempt_at, row.attempts = None, work.now, 0
    work.session.add(row)


def _access_to_escalate(work: Work, actor: Actor, chat_id: str, *, lock: bool) -> Chat:
    """Who has the chat, any specialist while it waits, and the requester of a problem."""
    chat = access_chat(work, actor, chat_id, lock=lock)
    waiting = chat.state is State.WAITING
    official = waiting and chat.kind is Kind.PROBLEM and chat.requester_id == actor.id
    specialist = actor.role is Role.SPECIALIST and (waiting or chat.assignee_id == actor.id)
    if not (official or specialist):
        raise NotAllowed(N_("Only the specialist who has this chat makes an incident of it."))
    return chat


def _draft(work: Work, chat: Chat, public_url: str, translate: Translate) -> IncidentDraft:
    before = len(incidents_of(work.session, chat.id))
    reference = f"vip-{uuid5(NAMESPACE_URL, f'{chat.id}/{before + 1}')}"
    return draft(_conversation(work, chat, public_url), reference, translate)


def _conversation(work: Work, chat: Chat, public_url: str) -> Conversation:
    person = work.session.get_one(Person, chat.requester_id)
    rows = entries_after(work.session, chat.id, 0, True, WHOLE)
    return Conversation(
        number=chat.number,
        title=chat.title,
        topic=work.session.get_one(Topic, chat.topic_id).name,
        municipality=work.session.get_one(Municipality, chat.municipality_id).name,
        requester=person.name,
        email=person.email,
        phone=person.phone,
        url=f"{public_url.rstrip('/')}/chats/{chat.number}",
        lines=tuple(_line(*row) for row in rows if row[0].body),
    )


def _line(entry: Any, author: str | None, role: Role | None) -> Line:
    return Line(
        seq=entry.seq,
        at=entry.at.astimezone(NETHERLANDS),
        kind=entry.kind,
        visibility=entry.visibility,
        side=Side.REQUESTER if role is Role.REQUESTER else Side.CENTRE,
        author=author or "",
        body=entry.body,
    )
