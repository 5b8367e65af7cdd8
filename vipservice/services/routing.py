"""The queue and who serves it: picking up, handing over, presence, availability."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator
from sqlmodel import col, select

from vipservice.rules.chats import Move, State
from vipservice.rules.events import AskedToCome
from vipservice.rules.people import HOLDERS, Actor, Right, Side
from vipservice.rules.refusals import N_, NotFound, Refusal
from vipservice.rules.routing import DeskRules, Presence
from vipservice.rules.shape import Named
from vipservice.services.chats.access import access_centre_chat, seen_by, shape_chat
from vipservice.services.chats.moves import lock_person, move, require_slot
from vipservice.services.inputs import Input
from vipservice.services.notices import queue_call_to_come
from vipservice.services.people.sessions import require_current
from vipservice.services.shapes.chats import ChatShape
from vipservice.services.shapes.desk import PresenceShape, SpecialistLoad
from vipservice.store.ledger import in_queue
from vipservice.store.queries import (
    active_chats_each,
    specialists,
    summaries_of,
)
from vipservice.store.tables import (
    Membership,
    Person,
    SpecialistPresence,
    Team,
)
from vipservice.store.work import Store, Work

QUEUE_LENGTH = 200


class HandOver(Input):
    """To a team, back into the queue, or to one specialist."""

    team_id: str | None = None
    specialist_id: str | None = None
    reason: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if bool(self.team_id) == bool(self.specialist_id):
            raise ValueError(N_("Choose a team or a specialist."))
        return self


class NewPresence(Input):
    """Whether one takes chats, and why not."""

    status: Presence
    reason: str = Field(default="", max_length=100)


def pick_up(store: Store, actor: Actor, chat_id: str, slots: int) -> ChatShape:
    """Takes a waiting chat. Of two at once one gets it; the other is told by whom."""
    with store.work() as work:
        chat = access_centre_chat(work, actor, chat_id)
        actor.require(Right.ANSWER)
        if chat.assignee_id and chat.assignee_id != actor.id and chat.state is not State.CLOSED:
            holder = work.session.get_one(Person, chat.assignee_id)
            raise Refusal(N_("%(name)s has picked this up already."), name=holder.name)
        require_slot(work, actor.id, slots)
        move(work, chat, actor, Move.PICK_UP, assignee=actor)
        return seen_by(work, chat, actor)


def hand_over(store: Store, actor: Actor, chat_id: str, data: HandOver, slots: int) -> ChatShape:
    """Gives a chat to a team (back into its queue) or to a specialist with a free slot.

    Anybody in the centre may, so that no chat stays with somebody who went home.
    """
    with store.work() as work:
        chat = access_centre_chat(work, actor, chat_id)
        if data.team_id:
            team = _open_team(work, data.team_id)
            move(work, chat, actor, Move.HAND_OVER, State.WAITING, team=team, reason=data.reason)
        else:
            other = _takes_over(work, actor, data.specialist_id, slots)
            move(
                work, chat, actor, Move.HAND_OVER, State.ACTIVE, assignee=other, reason=data.reason
            )
        return seen_by(work, chat, actor)


def queue(store: Store) -> list[ChatShape]:
    """The waiting chats, as the centre sees them, in the order of the queue."""
    with store.read() as work:
        ids = [chat.id for chat, _ in in_queue(work.session, QUEUE_LENGTH)]
        rows = {row.Chat.id: row for row in summaries_of(work.session, ids)}
    return [shape_chat(rows[id_]).seen_from(Side.CENTRE) for id_ in ids]


def set_presence(store: Store, actor: Actor, data: NewPresence) -> PresenceShape:
    """A specialist says whether they take chats."""
    with store.work() as work:
        require_current(work, actor)
        actor.require(Right.ANSWER)
        row = _presence(work, actor)
        if row.status is not data.status:
            row.since = work.now
        row.status, row.reason, row.seen_at = data.status, data.reason, work.now
    return PresenceShape(status=data.status, reason=data.reason)


def ask_to_come(store: Store, actor: Actor, person_id: str) -> Named:
    """Asks a specialist who is away to come online: on their screen, and by mail."""
    with store.work() as work:
        require_current(work, actor)
        other = _specialist(work, person_id)
        queue_call_to_come(work, actor.name, other)
        work.signal(AskedToCome(other.id, actor.name))
        return Named(id=other.id, name=other.name)


def presence_of(store: Store, person_id: str) -> PresenceShape:
    """Whether a specialist takes chats, and why not."""
    with store.read() as work:
        row = work.session.get(SpecialistPresence, person_id)
    if row is None:
        return PresenceShape(status=Presence.OFFLINE, reason="")
    return PresenceShape(status=row.status, reason=row.reason)


def connected(store: Store, actor: Actor, desk: DeskRules) -> Presence:
    """A specialist's connection opens: they are seen.

    Who was away for too long is offline, also when nobody has looked yet.
    """
    with store.work() as work:
        row = _presence(work, actor)
        if row.seen_at < work.now - timedelta(seconds=desk.offline_seconds):
            row.status, row.since = Presence.OFFLINE, work.now
        row.seen_at = work.now
        return row.status


def seen(store: Store, person_ids: set[str]) -> None:
    """These specialists still have a connection."""
    if not person_ids:
        return
    with store.work() as work:
        query = select(SpecialistPresence).where(col(SpecialistPresence.person_id).in_(person_ids))
        for row in work.session.exec(query).all():
            row.seen_at = work.now


def sweep_offline(store: Store, desk: DeskRules) -> int:
    """Counts specialists as offline who have had no connection for too long; how many."""
    with store.read() as look:
        if not _gone(look, desk):
            return 0
    with store.work() as work:
        gone = _gone(work, desk)
        for row in gone:
            row.status, row.since = Presence.OFFLINE, work.now
        return len(gone)


def _gone(work: Work, desk: DeskRules) -> Sequence[SpecialistPresence]:
    before = work.now - timedelta(seconds=desk.offline_seconds)
    query = select(SpecialistPresence).where(
        SpecialistPresence.status != Presence.OFFLINE, SpecialistPresence.seen_at < before
    )
    return work.session.exec(query).all()


def specialist_loads(store: Store, desk: DeskRules) -> tuple[SpecialistLoad, ...]:
    """Every specialist with status and load."""
    with store.read() as work:
        return _loads(work, desk)


def _takes_over(work: Work, actor: Actor, person_id: str | None, slots: int) -> Person:
    """A specialist with a free slot."""
    other = _specialist(work, person_id or "")
    if other.id != actor.id:
        _require_free(work, other, slots)
    else:
        require_slot(work, actor.id, slots)
    return other


def _specialist(work: Work, person_id: str) -> Person:
    """Somebody who may take chats. Raises NotFound."""
    found = work.session.get(Person, person_id)
    if found is None or found.role not in HOLDERS[Right.ANSWER] or found.disabled_at:
        raise NotFound
    return found


def _open_team(work: Work, team_id: str) -> Team:
    team = work.session.get(Team, team_id)
    if team is None or team.ended_at:
        raise NotFound
    return team


def _require_free(work: Work, other: Person, slots: int) -> None:
    try:
        require_slot(work, other.id, slots)
    except Refusal:
        raise Refusal(N_("%(name)s has no room for another chat."), name=other.name) from None


def _presence(work: Work, actor: Actor) -> SpecialistPresence:
    """The specialist's row; one specialist may open two connections at the same moment."""
    lock_person(work, actor.id)
    row = work.session.get(SpecialistPresence, actor.id)
    if row is None:
        row = SpecialistPresence(
            person_id=actor.id, status=Presence.AWAY, since=work.now, seen_at=work.now
        )
        work.session.add(row)
    return row


def _loads(work: Work, desk: DeskRules) -> tuple[SpecialistLoad, ...]:
    active = active_chats_each(work.session)
    oldest = work.now - timedelta(seconds=desk.offline_seconds)
    return tuple(
        SpecialistLoad(
            id=person.id,
            name=person.name,
            status=row.status if row and row.seen_at >= oldest else Presence.OFFLINE,
            reason=row.reason if row else "",
            active=active.get(person.id, 0),
            slots=desk.slots,
        )
        for person, row in specialists(work.session)
    )


def teams_of(work: Work) -> dict[str, set[str]]:
    """The members of each team."""
    teams: dict[str, set[str]] = {}
    for membership in work.session.exec(select(Membership)).all():
        teams.setdefault(membership.team_id, set()).add(membership.person_id)
    return teams
