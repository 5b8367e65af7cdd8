"""Who is there: what specialists say of themselves, whether they are connected, and their load."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from pydantic import Field
from sqlmodel import col, select

from vipservice.rules.people import Actor, Right
from vipservice.rules.routing import SEEN, Capacity, Presence, is_network
from vipservice.services.inputs import Input, Moment
from vipservice.services.people.sessions import require_current
from vipservice.services.shapes.desk import OwnPresence, SpecialistLoad
from vipservice.store.bulk import keep
from vipservice.store.locking import lock_person
from vipservice.store.plain import instance
from vipservice.store.presence import become, first_seen, locked_presences, presences
from vipservice.store.queries import active_chats_each, specialists
from vipservice.store.tables import Membership, PresenceChange, SpecialistPresence
from vipservice.store.work import Store, Work


class NewPresence(Input):
    """Whether one takes chats, and if not: why, and until when."""

    status: Presence
    reason: str = Field(default="", max_length=100)
    until: Moment | None = None


def set_presence(store: Store, actor: Actor, data: NewPresence) -> OwnPresence:
    """A specialist says whether they take chats."""
    with store.work() as work:
        require_current(work, actor)
        actor.require(Right.ANSWER)
        row = _presence(work, actor)
        if (row.status, row.reason) != (data.status, data.reason):
            work.session.add(instance(become(row, data.status, work.now, data.reason)))
        row.until, row.seen_at, row.for_good = data.until, work.now, False
        return _own(row)


def _own(row: SpecialistPresence) -> OwnPresence:
    return OwnPresence(status=row.status, reason=row.reason, until=row.until)


def presences_of(store: Store, person_ids: Collection[str]) -> dict[str, OwnPresence]:
    """Whether these specialists take chats, and why not, of who was ever there."""
    if not person_ids:
        return {}
    with store.read() as work:
        found = presences(work.session, person_ids)
    return {one.person_id: _own(one) for one in found}


def connected(store: Store, actor: Actor, capacity: Capacity) -> OwnPresence:
    """A specialist's connection opens: they are seen.

    Who was away for too long is offline, also when nobody has looked yet.
    """
    return store.together(all_connected, (actor.id, capacity))


def all_connected(work: Work, arrived: Sequence[tuple[str, Capacity]]) -> list[OwnPresence]:
    """These connections open: for each what `connected` gives."""
    ids = {person_id for person_id, _ in arrived}
    known = locked_presences(work.session, ids)
    new = {one: first_seen(one, work.now) for one in ids - known.keys()}
    keep(work.session, new.values())
    rows = known | new
    keep(work.session, _arrive(work, rows.values(), arrived[0][1]))
    return [_own(rows[person_id]) for person_id, _ in arrived]


def _arrive(
    work: Work, rows: Collection[SpecialistPresence], capacity: Capacity
) -> list[PresenceChange]:
    """They are seen; what is to be kept of that: who was away for too long is offline."""
    before = capacity.seen_since(work.now)
    gone = _gone(work, capacity) if any(row.seen_at < before for row in rows) else set()
    for row in rows:
        if row.seen_at < work.now - SEEN:
            row.back_at = work.now
        row.seen_at = work.now
    return [become(row, Presence.OFFLINE, work.now) for row in rows if row.person_id in gone]


def seen(store: Store, person_ids: set[str]) -> None:
    """These specialists still have a connection."""
    if not person_ids:
        return
    with store.work() as work:
        query = select(SpecialistPresence).where(col(SpecialistPresence.person_id).in_(person_ids))
        for row in work.session.exec(query).all():
            row.seen_at = work.now


def sweep_offline(store: Store, capacity: Capacity) -> int:
    """Counts specialists as offline who have had no connection for too long; how many.

    Where most of them disappear together it is the network: they have longer to come back.
    """
    with store.read() as look:
        gone = _gone(look, capacity)
    if not gone:
        return 0
    with store.work() as work:
        before = capacity.seen_since(work.now)
        rows = locked_presences(work.session, gone)
        found = [row for row in rows.values() if row.seen_at < before and _is_there(row)]
        for row in found:
            work.session.add(instance(become(row, Presence.OFFLINE, work.now)))
        return len(found)


def _gone(look: Work, capacity: Capacity) -> set[str]:
    """Who is there, and was not seen for too long."""
    now, seen_at, back_at = look.now, SpecialistPresence.seen_at, SpecialistPresence.back_at
    there = look.session.execute(
        select(SpecialistPresence.person_id, seen_at, back_at).where(
            SpecialistPresence.status != Presence.OFFLINE
        )
    ).all()
    lately = now - timedelta(seconds=capacity.offline_seconds)
    cut = sum(row.seen_at < now - SEEN or (row.back_at or lately) > lately for row in there)
    network = is_network(cut, len(there) - cut)
    before = capacity.patient_since(now) if network else capacity.seen_since(now)
    return {row.person_id for row in there if row.seen_at < before}


def _is_there(row: SpecialistPresence) -> bool:
    return row.status is not Presence.OFFLINE


def specialist_loads(store: Store, capacity: Capacity) -> tuple[SpecialistLoad, ...]:
    """Every specialist with status and load."""
    with store.read() as work:
        return loads_of(work, capacity)


def _presence(work: Work, actor: Actor) -> SpecialistPresence:
    """The specialist's row; one specialist may open two connections at the same moment."""
    lock_person(work.session, actor.id)
    row = work.session.get(SpecialistPresence, actor.id)
    if row is None:
        row = instance(first_seen(actor.id, work.now))
        work.session.add(row)
    return row


def loads_of(work: Work, capacity: Capacity) -> tuple[SpecialistLoad, ...]:
    """Every specialist with status and load, in this transaction."""
    active = active_chats_each(work.session)
    oldest = capacity.seen_since(work.now)
    return tuple(
        SpecialistLoad(
            id=person.id,
            name=person.name,
            status=row.status if row and row.seen_at >= oldest else Presence.OFFLINE,
            reason=row.reason if row else "",
            until=row.until if row else None,
            active=active.get(person.id, 0),
            max_chats=capacity.max_chats,
        )
        for person, row in specialists(work.session)
    )


def teams_of(work: Work) -> dict[str, set[str]]:
    """The members of each team."""
    teams: dict[str, set[str]] = {}
    for membership in work.session.exec(select(Membership)).all():
        teams.setdefault(membership.team_id, set()).add(membership.person_id)
    return teams
