"""From chat to incident: the transactions that escalate, split, add to another, and mend."""

from collections.abc import Collection
from dataclasses import asdict
from operator import attrgetter
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue, StringConstraints

from vipservice.rules.chats import Move, State, Visibility
from vipservice.rules.entries import Reported
from vipservice.rules.incidents.draft import Choice
from vipservice.rules.incidents.model import (
    DESCRIPTION_LENGTH,
    DONE,
    TITLE_LENGTH,
    Impact,
    IncidentState,
    Step,
    Translate,
    Urgency,
)
from vipservice.rules.notices import Channel
from vipservice.rules.people import Actor, Right, Side
from vipservice.rules.privacy import MASK, mask_bsn
from vipservice.rules.refusals import N_, NotFound, Refusal
from vipservice.rules.shape import Id
from vipservice.rules.wording import cut
from vipservice.services import outbox
from vipservice.services.chats.access import access_chat, require_part
from vipservice.services.chats.additions import is_followed, queue_addition
from vipservice.services.chats.appending import append
from vipservice.services.chats.messages import LARGEST_SEQ
from vipservice.services.chats.moves import move
from vipservice.services.incidents.drafting import (
    Drafter,
    access_to_escalate,
    allowed_choice,
    brought_up_to_date,
    draft_before,
)
from vipservice.services.inputs import Input, Keep, Lines
from vipservice.services.shapes.chats import ChatShape
from vipservice.services.shapes.incidents import DraftShape, IncidentShape
from vipservice.store.outgoing import attachments_of, chats_of, incidents_of
from vipservice.store.search import index_incident, searchable
from vipservice.store.tables import AddedChat, Attachment, Chat, Incident
from vipservice.store.work import Store, Work

SEQS = 5_000
Seq = Annotated[int, Field(ge=0, le=LARGEST_SEQ)]
ADDED = "added"


class EditedDraft(Input):
    """The draft as the specialist sends it back; the rest of it is ours and stays.

    ``entries`` are the messages that it is made from (None: all), ``notes`` the internal notes
    that go along. ``keep_open``: the chat goes on, for another incident.
    """

    gives: ClassVar = DraftShape
    title: Annotated[str, StringConstraints(min_length=1, max_length=TITLE_LENGTH)]
    description: Annotated[Lines, StringConstraints(min_length=1, max_length=DESCRIPTION_LENGTH)]
    category: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    impact: Impact
    urgency: Urgency
    phone: str = Field(default="", max_length=25)
    entries: tuple[Seq, ...] | None = Field(default=None, max_length=SEQS)
    notes: tuple[Seq, ...] = Field(default=(), max_length=SEQS)
    keep_open: bool = False

    def words(self, translate: Translate) -> dict[str, JsonValue]:
        """What replaces the words of the draft; without citizen service numbers."""
        edited = self.model_dump(exclude={"entries", "notes", "keep_open"})
        masked = ("title", "description", "category")
        return edited | {name: mask_bsn(edited[name], translate(MASK)) for name in masked}


class ChatToAdd(Input):
    """Which chat is added to an incident, and what to tell the engineers: else its own draft."""

    chat_id: Id
    text: Annotated[str | None, Keep.LINES, Field(min_length=1, max_length=DESCRIPTION_LENGTH)] = (
        None
    )


def escalate(
    store: Store,
    actor: Actor,
    chat_id: str,
    edited: EditedDraft,
    *,
    system: str,
    drafter: Drafter,
) -> IncidentShape:
    """Stores the incident, closes the chat and fills the outbox, in one transaction."""
    choice = allowed_choice(actor, Choice(edited.entries, edited.notes))
    before = draft_before(store, actor, chat_id, drafter, choice)
    with store.work() as work:
        chat = access_to_escalate(work, actor, chat_id, lock=True)
        ours = brought_up_to_date(work, chat, before, drafter, choice)
        incident = Incident(
            chat_id=chat.id, reference=ours.reference, system=system, state=IncidentState.PENDING,
            draft=asdict(ours) | edited.words(drafter.translate),
            files=[file.id for file in _files(work, chat, choice.entries, actor.side)],
            internal_files=[
                file.id for file in _files(work, chat, choice.notes, Side.CENTRE, Visibility.CENTRE)
            ],
            created_by=actor.id, created_at=work.now, updated_at=work.now,
        )  # fmt: skip
        work.session.add(incident)
        work.session.flush()
        outbox.put(work, Channel.INCIDENT, incident.reference, {}, incident=incident)
        index_incident(work.session, incident.id, searchable(incident.draft))
        if not (edited.keep_open and _goes_on(chat, actor)):
            move(work, chat, actor, Move.ESCALATE)
        record(work, chat, incident)
        return shape_incident(work, incident, chat, actor.side)


def add_to_incident(
    store: Store,
    actor: Actor,
    incident_id: str,
    data: ChatToAdd,
    *,
    drafter: Drafter,
) -> IncidentShape:
    """Adds a chat to an incident of another one instead of making its own, and closes it.

    Raises NotFound for an incident that is not there or is done already.
    """
    actor.require(Right.ANSWER)
    before = draft_before(store, actor, data.chat_id, drafter, Choice())
    with store.work() as work:
        chat = access_to_escalate(work, actor, data.chat_id, lock=True)
        incident = work.session.get(Incident, incident_id)
        if incident is None or incident.progress in DONE or not is_followed(work, incident):
            raise NotFound
        if chat.id in chats_of(work.session, incident):
            raise Refusal(N_("This chat belongs to that incident already."))
        work.session.add(
            AddedChat(
                incident_id=incident.id, chat_id=chat.id, added_by=actor.id, added_at=work.now
            )
        )
        ours = brought_up_to_date(work, chat, before, drafter, Choice())
        told = (ours.transcript_name, ours.transcript)
        text = data.text or cut(f"{ours.title}\n\n{ours.description}", DESCRIPTION_LENGTH)
        queue_addition(
            work, incident, chat, ADDED, text, _files(work, chat, None, actor.side), told
        )
        move(work, chat, actor, Move.ESCALATE)
        record(work, chat, incident)
        return shape_incident(work, incident, chat, actor.side)


def retry(
    store: Store,
    actor: Actor,
    incident_id: str,
    edited: EditedDraft,
    *,
    system: str,
    translate: Translate,
) -> IncidentShape:
    """Sends a refused incident again, mended; under the same reference.

    There is no ticket of it yet: where its system is not configured any more it goes to ``system``.
    """
    with store.work() as work:
        incident = access_incident(work, actor, incident_id)
        stranded = incident.system not in work.systems and not incident.external_id
        if incident.state is not IncidentState.REFUSED and not stranded:
            raise Refusal(N_("This incident is being delivered or has been already."))
        actor.require(Right.ANSWER)
        incident.draft = incident.draft | edited.words(translate)
        incident.state, incident.problem, incident.updated_at = IncidentState.PENDING, "", work.now
        if incident.system not in work.systems:
            incident.system = system
        outbox.again(work, incident.reference).system = incident.system
        index_incident(work.session, incident.id, searchable(incident.draft))
        chat = work.session.get_one(Chat, incident.chat_id)
        record(work, chat, incident)
        return shape_incident(work, incident, chat, actor.side)


def access_incident(work: Work, actor: Actor, incident_id: str) -> Incident:
    """An incident of a chat that this person may read, under the chat's lock."""
    found = require_part(work, actor, Incident, incident_id)
    access_chat(work, actor, found.chat_id, lock=True)
    work.session.refresh(found)
    return found


def list_incidents(store: Store, actor: Actor, chat_id: str) -> list[IncidentShape]:
    """The incidents of a chat that this person may read, also those it was added to."""
    with store.read() as work:
        chat = access_chat(work, actor, chat_id)
        found = incidents_of(work.session, chat_id)
        return [shape_incident(work, incident, chat, actor.side) for incident in found]


def get_sent_draft(store: Store, actor: Actor, incident_id: str) -> DraftShape:
    """The draft as it was sent, to mend it after a refusal."""
    with store.read() as work:
        found = require_part(work, actor, Incident, incident_id)
        access_chat(work, actor, found.chat_id)
        return DraftShape(**found.draft)


def record(
    work: Work, chat: Chat, incident: Incident, step: Step = Step.STATE, problem: str = ""
) -> None:
    """The entry that tells how far the incident is."""
    reported = Reported(
        incident_id=incident.id,
        reference=incident.reference,
        step=step,
        state=incident.state,
        number=incident.number,
        url=incident.url,
        progress=incident.progress,
        status_words=incident.status_words,
        problem=problem,
        dropped=tuple(incident.dropped) if step is Step.DROPPED else (),
    )
    append(work, chat, None, reported)


def shape_incident(
    work: Work, incident: Incident, chat: Chat | ChatShape, side: Side
) -> IncidentShape:
    """The public shape, as one of its chats may see it.

    Of an incident that a chat was added to, the requester sees no word of the others.
    """
    added = incident.chat_id != chat.id
    kept = incident.model_dump(include=set(IncidentShape.model_fields) - {"chat_id", "followed"})
    centre = side is Side.CENTRE
    ours = {} if centre else {"problem": "", "dropped": []}
    title = chat.title if added and not centre else incident.draft["title"]
    return IncidentShape(
        **kept | ours | {"title": title}, chat_id=chat.id, added=added,
        followed=is_followed(work, incident),
    )  # fmt: skip


def _goes_on(chat: Chat, actor: Actor) -> bool:
    """Only a chat that somebody has can stay open: one that waits is answered by its incident."""
    return chat.state is not State.WAITING and chat.assignee_id == actor.id


def _files(
    work: Work,
    chat: Chat,
    picked: Collection[int] | None,
    side: Side,
    visibility: Visibility = Visibility.EVERYONE,
) -> list[Attachment]:
    """The files that came with the picked entries (None: all) that these may read.

    They are picked by the numbers of a side.
    """
    found = attachments_of(work.session, chat.id, visibility)
    number = attrgetter("public_seq" if side is Side.REQUESTER else "seq")
    return [file for file in found if picked is None or number(file) in picked]
