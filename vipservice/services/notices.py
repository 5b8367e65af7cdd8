"""Flags on their way to people: written with the flag, sent once, outside opening hours later."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.mail import Mail
from vipservice.adapters.webhook import Webhook
from vipservice.i18n import DEFAULT, translator
from vipservice.rules import notices as rule
from vipservice.rules.notices import Channel, Level
from vipservice.rules.people import Role
from vipservice.rules.sla import NeverOpens, next_opening
from vipservice.services import outbox
from vipservice.services.sla.versions import book
from vipservice.store.tables import Chat, Incident, Municipality, Person, SlaClock, Team, Topic
from vipservice.store.work import Store, Work

log = logging.getLogger(__name__)


def queue_notices(work: Work, chat: Chat, clock: SlaClock, level: Level) -> None:
    """One message a flag and way, in the transaction of the flag.

    Only what was promised to the customer leaves the service; when the desk is closed it waits
    for the next opening.
    """
    if not clock.target.to_customer:
        return
    facts = _facts(work, chat, clock, level)
    key = f"flag:{chat.id}:{clock.cycle}:{clock.target}:{clock.turn}:{level}"
    at = _quiet_until(work, chat)
    if Channel.WEBHOOK in work.channels:
        outbox.put(work, Channel.WEBHOOK, f"{key}:webhook", facts, at)
    to = _addresses(work, Role.MANAGER) if level is Level.MANAGER else _team(work, chat)
    if to:
        outbox.put(work, Channel.MAIL, f"{key}:mail", facts | {"kind": "flag", "to": to}, at)


def queue_call_to_come(work: Work, asker: str, other: Person) -> None:
    """A mail that asks a colleague to come online; at most one an hour."""
    key = f"come:{other.id}:{work.now:%Y%m%d%H}"
    facts = {"kind": "come", "to": [other.email], "name": asker}
    outbox.put(work, Channel.MAIL, key, facts)


def queue_solved(work: Work, chat: Chat, incident: Incident) -> None:
    """A mail to the requester, if still of that municipality: the engineers say it is solved."""
    person = work.session.get_one(Person, chat.requester_id)
    if person.disabled_at or person.municipality_id != chat.municipality_id:
        return
    facts = {"kind": "solved", "to": [person.email], "number": chat.number,
             "incident": incident.number, "language": person.language}  # fmt: skip
    key = f"solved:{incident.id}:{chat.id}:{chat.last_seq}"
    outbox.put(work, Channel.MAIL, key, facts)


def queue_alarm(work: Work, key: str, count: int, since: datetime, words: str) -> None:
    """A mail to operators and managers: something does not get out."""
    to = _addresses(work, Role.OPERATOR, Role.MANAGER)
    facts = {"kind": "alarm", "to": to, "count": count, "since": since.isoformat(),
             "words": words}  # fmt: skip
    if to:
        outbox.put(work, Channel.MAIL, key, facts)


def deliver_mail(store: Store, mail: Mail, public_url: str, holder: str) -> bool:
    """Sends the mail that waits longest; False when none is due."""

    def send(payload: dict[str, Any], key: str) -> None:
        write = rule.LETTERS[payload["kind"]]
        say = translator(payload.get("language", DEFAULT))
        mail.send(write(payload, public_url, say), key)

    return _deliver(store, Channel.MAIL, holder, send)


def deliver_webhook(store: Store, webhook: Webhook, holder: str) -> bool:
    """Calls the webhook for what waits longest; False when nothing is due."""
    return _deliver(store, Channel.WEBHOOK, holder, webhook.send)


def _deliver(
    store: Store, channel: Channel, holder: str, send: Callable[[dict[str, Any], str], None]
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


def _quiet_until(work: Work, chat: Chat) -> datetime:
    """Now while the desk is open, else its next opening; now too when it never opens again."""
    try:
        return next_opening(book(work).calendar_at(work.now, chat.team_id)[1], work.now)
    except NeverOpens:
        return work.now


def _facts(work: Work, chat: Chat, clock: SlaClock, level: Level) -> dict[str, Any]:
    """What is said of a flag: who and when, and nothing of what was said in the chat."""
    get = work.session.get_one
    return {
        "event": "flag",
        "level": level,
        "target": clock.target,
        "number": chat.number,
        "chatId": chat.id,
        "municipality": get(Municipality, chat.municipality_id).name,
        "topic": get(Topic, chat.topic_id).name,
        "team": get(Team, chat.team_id).name,
        "startedAt": clock.started_at.isoformat(),
        "dueAt": clock.due_at.isoformat(),
    }


def _team(work: Work, chat: Chat) -> list[str]:
    email = work.session.get_one(Team, chat.team_id).email
    return [email] if email else []


def _addresses(work: Work, *roles: Role) -> list[str]:
    query = select(Person.email).where(
        col(Person.role).in_(roles), col(Person.disabled_at).is_(None)
    )
    return list(work.session.exec(query.order_by(col(Person.email))))
