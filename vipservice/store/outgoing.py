"""Named queries about what goes outside: incidents, their files, and the outbox."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter

from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import Session, col, select

from vipservice.rules.chats import Visibility
from vipservice.rules.notices import Channel
from vipservice.store.queries import AnyRow
from vipservice.store.tables import (
    AddedChat,
    Attachment,
    Chat,
    Entry,
    Incident,
    Municipality,
    Outbox,
    Topic,
)


def incidents_of(session: Session, chat_id: str) -> Sequence[Incident]:
    """The incidents of a chat, its own and those that it was added to, in order of making."""
    added = select(AddedChat.incident_id).where(AddedChat.chat_id == chat_id)
    return session.exec(
        select(Incident)
        .where((col(Incident.chat_id) == chat_id) | col(Incident.id).in_(added))
        .order_by(col(Incident.id))
    ).all()


def places_of(session: Session, ids: Collection[str]) -> list[tuple[str, str]]:
    """(incident's id, id of a chat that it belongs to), its own and those added to it."""
    own = select(Incident.id, Incident.chat_id).where(col(Incident.id).in_(ids))
    added = select(AddedChat.incident_id, AddedChat.chat_id).where(
        col(AddedChat.incident_id).in_(ids)
    )
    return [(one, chat_id) for query in (own, added) for one, chat_id in session.exec(query)]


def incidents_of_chats(
    session: Session, chat_ids: Collection[str]
) -> list[tuple[Chat, list[Incident]]]:
    """Each of these chats with its incidents, as ``incidents_of`` gives them."""
    found = incidents_by_chat(session, chat_ids)
    chats = session.exec(select(Chat).where(col(Chat.id).in_(chat_ids)).order_by(col(Chat.id)))
    return [(chat, found.get(chat.id, [])) for chat in chats]


def incidents_by_chat(session: Session, chat_ids: Collection[str]) -> dict[str, list[Incident]]:
    """The incidents of those of these chats that have any, as ``incidents_of`` gives them."""
    found: dict[str, list[Incident]] = defaultdict(list)
    own = select(Incident.chat_id, Incident).where(col(Incident.chat_id).in_(chat_ids))
    added = (
        select(AddedChat.chat_id, Incident)
        .join(Incident, col(Incident.id) == AddedChat.incident_id)
        .where(col(AddedChat.chat_id).in_(chat_ids))
    )
    for query in (own, added):
        for chat_id, incident in session.exec(query):
            found[chat_id].append(incident)
    return {chat_id: sorted(many, key=attrgetter("id")) for chat_id, many in found.items()}


def incidents_with_places(session: Session, ids: Collection[str]) -> dict[str, AnyRow]:
    """(Incident, its municipality, its topic, how many chats were added to it), by its id."""
    added = select(func.count()).where(AddedChat.incident_id == Incident.id).scalar_subquery()
    query = (
        select(Incident, Municipality.name, Topic.name, added)
        .join(Chat, col(Chat.id) == Incident.chat_id)
        .join(Municipality, col(Municipality.id) == Chat.municipality_id)
        .join(Topic, col(Topic.id) == Chat.topic_id)
        .where(col(Incident.id).in_(ids))
    )
    return {row[0].id: row for row in session.execute(query)} if ids else {}


def chats_of(session: Session, incident: Incident) -> list[str]:
    """The ids of an incident's own chat and of those added to it, in the order of locking."""
    added = session.exec(
        select(AddedChat.chat_id).where(AddedChat.incident_id == incident.id)
    ).all()
    return sorted({incident.chat_id, *added})


def attachments_of(session: Session, chat_id: str, visibility: Visibility) -> Sequence[Attachment]:
    """The files that came with the entries of a chat that these may read."""
    query = (
        select(Attachment)
        .join(
            Entry,
            and_(col(Entry.chat_id) == Attachment.chat_id, col(Entry.seq) == Attachment.seq),
        )
        .where(Attachment.chat_id == chat_id, Entry.visibility == visibility)
    )
    return session.exec(query.order_by(col(Attachment.seq))).all()


def waiting_additions(session: Session, chat_id: str) -> list[Outbox]:
    """What is said in a chat and has not left for its incidents yet."""
    query = select(Outbox).where(Outbox.channel == Channel.ADDITION, col(Outbox.done_at).is_(None))
    return [row for row in session.exec(query) if row.payload.get("chatId") == chat_id]


def polled_first(session: Session, now: datetime, systems: Collection[str]) -> str | None:
    """The system of the incident that is to be asked after longest, of these; nothing is locked."""
    due = select(Incident.system).where(
        col(Incident.next_poll_at) <= now, col(Incident.system).in_(systems)
    )
    return session.exec(due.order_by(col(Incident.next_poll_at)).limit(1)).first()


def pollable(session: Session, now: datetime, system: str) -> Incident | None:
    """The incident of a system that is to be asked after longest, under its lock."""
    return session.exec(
        select(Incident)
        .where(col(Incident.next_poll_at) <= now, Incident.system == system)
        .order_by(col(Incident.next_poll_at))
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    ).one_or_none()


def has_due(session: Session, now: datetime, channel: Channel, systems: Collection[str]) -> bool:
    """Whether there is something to claim: to look before it, because a claim writes."""
    query = select(Outbox.id).where(*_due(now, channel, systems)).limit(1)
    return session.exec(query).first() is not None


def claimable(
    session: Session, now: datetime, channel: Channel, systems: Collection[str]
) -> Outbox | None:
    """The row of a channel and systems that is due longest and nobody holds, under its lock."""
    return session.exec(
        select(Outbox)
        .where(*_due(now, channel, systems))
        .order_by(col(Outbox.next_attempt_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _due(
    now: datetime, channel: Channel, systems: Collection[str]
) -> tuple[ColumnElement[bool], ...]:
    """What is due, of these systems, and nobody's. An addition waits until its ticket is there."""
    free = (col(Outbox.leased_until).is_(None)) | (col(Outbox.leased_until) < now)
    made = exists().where(col(Incident.id) == Outbox.incident_id, col(Incident.external_id) != "")
    return (
        (col(Outbox.channel) != Channel.ADDITION) | made,
        col(Outbox.channel) == channel,
        col(Outbox.system).in_(systems),
        col(Outbox.done_at).is_(None),
        col(Outbox.next_attempt_at) <= now,
        free,
    )
