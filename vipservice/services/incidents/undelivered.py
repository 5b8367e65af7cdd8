"""What has not arrived outside: why, since when, and the alarm when it takes too long."""

from collections.abc import Sequence, Set
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select

from vipservice.rules.incidents.model import IncidentState
from vipservice.rules.notices import Channel
from vipservice.rules.people import Actor, Right
from vipservice.rules.refusals import N_, NotFound, Refusal
from vipservice.services import breakers, outbox
from vipservice.services.notices import queue_alarm
from vipservice.services.people.sessions import require_current
from vipservice.services.shapes.incidents import RestingShape, UndeliveredAlarm, UndeliveredShape
from vipservice.store.tables import Breaker, Chat, Incident, Outbox
from vipservice.store.work import Store, Work

MOST = 500
REFUSED_DAYS = 30
TICKETING = breakers.TICKETING
NOT_CONFIGURED = "ticketing.known.%(name)s is not in the configuration"
Row = TypeVar("Row", Incident, Chat)


def list_undelivered(store: Store, actor: Actor) -> list[UndeliveredShape]:
    """Everything that is not delivered, the oldest first; of what was refused the last weeks.

    It tells numbers and the words of the outside, and nothing that was said in a chat.
    """
    with store.read() as work:
        require_current(work, actor)
        rows = work.session.exec(
            select(Outbox).where(_undelivered(work)).order_by(col(Outbox.created_at)).limit(MOST)
        ).all()
        incidents = _by_id(work, Incident, {row.incident_id for row in rows})
        about = [(row, incidents.get(row.incident_id or "")) for row in rows]
        chats = _by_id(work, Chat, {_chat_id(*one) for one in about})
        return [
            _shape(*one, chats.get(_chat_id(*one)), _problem(work, one[0], actor)) for one in about
        ]


def resting(store: Store) -> list[RestingShape]:
    """How each ticketing system that fails does so, since when, and when it is tried again."""
    with store.read() as work:
        failing = select(Breaker).where(
            Breaker.failures > 0, col(Breaker.name).startswith(TICKETING)
        )
        return [
            RestingShape(
                name=row.name.removeprefix(TICKETING),
                failing_since=row.failing_since,
                rests_until=row.rests_until,
                words=row.words,
            )  # fmt: skip
            for row in work.session.exec(failing.order_by(col(Breaker.name)))
            if row.name.removeprefix(TICKETING) in work.systems
        ]


def try_again(store: Store, actor: Actor, outbox_id: str) -> None:
    """Tries something at once.

    Raises NotFound, and Refusal for an incident that has to be mended first.
    """
    with store.work() as work:
        require_current(work, actor)
        row = work.session.get(Outbox, outbox_id, with_for_update=True)
        if row is None or (row.done_at and not row.last_problem):
            raise NotFound
        if row.channel is Channel.INCIDENT and row.done_at:
            raise Refusal(N_("The system refused this. The specialist mends it in the chat first."))
        if row.leased_until and row.leased_until > work.now:
            raise Refusal(N_("It is being delivered at this moment."))
        outbox.again(work, row.key)
        breakers.try_now(work, breakers.name_of(row.channel, row.system))


def raise_alarm(store: Store, minutes: float) -> bool:
    """Tells operators and managers once an hour while something is older than ``minutes``."""
    with store.read() as look:
        if not _overdue(look, minutes):
            return False
    with store.work() as work:
        rows = _overdue(work, minutes)
        if not rows:
            return False
        oldest = rows[0]
        key = f"alarm:{work.now:%Y%m%d%H}"
        queue_alarm(work, key, len(rows), oldest.created_at, _without_content(oldest) or "-")
        return True


def how_late(store: Store, minutes: float) -> UndeliveredAlarm:
    """How much has not left for more than ``minutes``, by whatever way."""
    with store.read() as work:
        row = select(func.count(), func.min(Outbox.created_at)).where(*_waits(work, minutes))
        count, since = work.session.exec(row).one()
        return UndeliveredAlarm(count=count, since=since)


def _overdue(work: Work, minutes: float) -> Sequence[Outbox]:
    """What should have arrived in a ticketing system by now, the oldest first."""
    wanted = (col(Outbox.channel).in_(outbox.TO_SYSTEM), *_waits(work, minutes))
    query = select(Outbox).where(*wanted).order_by(col(Outbox.created_at)).limit(MOST)
    return work.session.exec(query).all()


def _waits(work: Work, minutes: float) -> tuple[ColumnElement[bool], ...]:
    before = work.now - timedelta(minutes=minutes)
    return _undelivered(work), col(Outbox.created_at) < before


def _undelivered(work: Work) -> ColumnElement[bool]:
    """Still to do, or refused: an incident until it is mended, the rest for some weeks."""
    recently = work.now - timedelta(days=REFUSED_DAYS)
    refused = (col(Outbox.last_problem) != "") & (col(Outbox.done_at) > recently)
    to_mend = select(Incident.id).where(Incident.state == IncidentState.REFUSED)
    return (
        (col(Outbox.done_at).is_(None) & (col(Outbox.next_attempt_at) <= work.now))
        | (col(Outbox.done_at).is_(None) & (col(Outbox.attempts) > 0))
        | (refused & (col(Outbox.channel) != Channel.INCIDENT))
        | ((col(Outbox.channel) == Channel.INCIDENT) & col(Outbox.incident_id).in_(to_mend))
    )


def _by_id(work: Work, table: type[Row], ids: Set[str | None]) -> dict[str, Row]:
    found = work.session.exec(select(table).where(col(table.id).in_(ids - {None, ""})))
    return {one.id: one for one in found}


def _chat_id(row: Outbox, incident: Incident | None) -> str:
    return str(row.payload.get("chatId") or (incident.chat_id if incident else ""))


def _problem(work: Work, row: Outbox, actor: Actor) -> str:
    if row.channel in outbox.TO_SYSTEM and row.system not in work.systems:
        return NOT_CONFIGURED % {"name": row.system}
    return row.last_problem if actor.may(Right.CENTRE) else _without_content(row)


def _without_content(row: Outbox) -> str:
    """What refuses a text may quote it: who reads no conversations gets the status alone."""
    return row.last_problem.partition(" ")[0] if row.done_at else row.last_problem


def _shape(
    row: Outbox, incident: Incident | None, chat: Chat | None, problem: str
) -> UndeliveredShape:
    return UndeliveredShape(
        id=row.id,
        channel=row.channel,
        about=incident.number or incident.reference if incident else row.payload.get("kind", ""),
        chat_number=chat.number if chat else row.payload.get("number", ""),
        problem=problem,
        refused=row.done_at is not None,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
    )
