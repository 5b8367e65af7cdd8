"""Mail and webhook: what is to be told outside the pages is queued here, and sent once."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlmodel import col, select

from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.mail import Mail
from vipservice.adapters.webhook import Webhook
from vipservice.i18n import DEFAULT, teller
from vipservice.rules.notices import Channel, letter
from vipservice.rules.people import Role
from vipservice.rules.shape import Json
from vipservice.services import outbox
from vipservice.store.tables import Chat, Incident, Person
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)


def queue_call_to_come(work: Work, asker: str, other: Person) -> None:
    """A mail that asks a colleague to come online; at most one an hour."""
    key = f"come:{other.id}:{work.now:%Y%m%d%H}"
    facts = {"kind": "come", "to": [other.email], "name": asker}
    outbox.put(work, Channel.MAIL, key, facts)


def queue_solved(work: Work, chat: Chat, incident: Incident) -> None:
    """A mail to the requester, if still of that municipality: the engineers say it is solved."""
    to = _requester_of(work, chat)
    facts = {"kind": "solved", "number": chat.number, "incident": incident.number}
    if to:
        outbox.put(
            work, Channel.MAIL, f"solved:{incident.id}:{chat.id}:{chat.last_seq}", facts | to
        )


def queue_reminder(work: Work, chat: Chat, closes_at: datetime) -> None:
    """A mail to the requester, if still there: does the answer help?"""
    to = _requester_of(work, chat)
    facts = {"kind": "reminded", "number": chat.number, "closesAt": closes_at.isoformat()}
    if to:
        outbox.put(work, Channel.MAIL, f"reminded:{chat.id}:{chat.last_seq}", facts | to)


def queue_passed(work: Work, chat: Chat, previous: str) -> None:
    """A mail to who goes on with a question because the centre asks it."""
    facts = {"kind": "passed", "number": chat.number, "previous": previous}
    key = f"passed:{chat.id}:{chat.last_seq}"
    outbox.put(work, Channel.MAIL, key, facts | _requester_of(work, chat))


def _requester_of(work: Work, chat: Chat) -> Json:
    """To whom, and in which language; nothing when they are not of that municipality any more."""
    person = work.session.get_one(Person, chat.requester_id)
    if person.disabled_at or person.municipality_id != chat.municipality_id:
        return {}
    return {"to": [person.email], "language": person.language}


def queue_alarm(work: Work, key: str, count: int, since: datetime, words: str) -> None:
    """A mail to operators and managers: something does not get out."""
    to = addresses(work, Role.OPERATOR, Role.MANAGER)
    facts = {"kind": "alarm", "to": to, "count": count, "since": since.isoformat(),
             "words": words}  # fmt: skip
    if to:
        outbox.put(work, Channel.MAIL, key, facts)


def deliver_mail(store: Store, mail: Mail, public_url: str, holder: str) -> bool:
    """Sends the mail that waits longest; False when none is due."""

    def send(payload: Json, key: str) -> None:
        say = teller(str(payload.get("language", DEFAULT)))
        mail.send(letter(payload, public_url, say), key)

    return _deliver(store, Channel.MAIL, holder, send)


def deliver_webhook(store: Store, webhook: Webhook, holder: str) -> bool:
    """Calls the webhook for what waits longest; False when nothing is due."""
    return _deliver(store, Channel.WEBHOOK, holder, webhook.send)


def _deliver(
    store: Store, channel: Channel, holder: str, send: Callable[[Json, str], None]
) -> bool:
    claim = outbox.claim(store, channel, holder)
    if claim is None:
        return False
    try:
        send(claim.payload, claim.key)
    except Refused as refusal:
        log.error("%s %s was refused: %s", channel, claim.key, refusal)
        _finish(store, claim, str(refusal))
    except Unavailable as problem:
        _later(store, claim, problem)
    else:
        _finish(store, claim)
    return True


def _finish(store: Store, claim: outbox.Claim, problem: str = "") -> None:
    with store.work() as work:
        outbox.finish(work, claim, problem)


def _later(store: Store, claim: outbox.Claim, problem: Unavailable) -> None:
    with store.work() as work:
        outbox.later(work, claim, str(problem), problem.retry_after)


def addresses(work: Work, *roles: Role) -> list[str]:
    query = select(Person.email).where(
        col(Person.role).in_(roles), col(Person.disabled_at).is_(None)
    )
    return list(work.session.exec(query.order_by(col(Person.email))))
