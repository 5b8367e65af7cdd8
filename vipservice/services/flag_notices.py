"""Flags on their way to people: written with the flag, sent once, outside opening hours later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import SQLModel

from vipservice.rules.entries import Flag
from vipservice.rules.notices import Channel, Level
from vipservice.rules.people import Role
from vipservice.rules.shape import Json
from vipservice.rules.sla import NeverOpens, next_opening
from vipservice.services.following import Addition, Follower, Written
from vipservice.services.notices import addresses
from vipservice.services.sla.versions import Versions, all_versions
from vipservice.store.plain import fresh
from vipservice.store.queries import by_id
from vipservice.store.tables import Chat, Municipality, Outbox, Team, Topic
from vipservice.store.work import Work


@dataclass(frozen=True)
class Telling:
    """What is known of those who are told: by which ways, when they are open, and who they are."""

    channels: frozenset[Channel]
    book: Versions
    municipalities: dict[str, Municipality]
    topics: dict[str, Topic]
    teams: dict[str, Team]
    managers: list[str]


def _read(work: Work, _chats: Sequence[Chat], added: Sequence[Addition]) -> Telling | None:
    """Nothing is read where nothing is told."""
    chats = [one.chat for one in added if _is_told(one.payload)]
    if not chats:
        return None
    return Telling(
        work.channels,
        all_versions(work),
        by_id(work.session, Municipality, {chat.municipality_id for chat in chats}),
        by_id(work.session, Topic, {chat.topic_id for chat in chats}),
        by_id(work.session, Team, {chat.team_id for chat in chats}),
        addresses(work, Role.MANAGER),
    )


def _is_told(payload: object) -> bool:
    """Only what was promised to the customer leaves the service."""
    return isinstance(payload, Flag) and payload.target.to_customer


def _follow(state: Telling | None, written: Sequence[Written]) -> Iterator[SQLModel]:
    for one in written:
        if state and isinstance(one.payload, Flag) and _is_told(one.payload):
            yield from _notices(state, one, one.payload)


def _notices(state: Telling, one: Written, flag: Flag) -> Iterator[Outbox]:
    """One message a flag and way; when the desk is closed it waits for the next opening."""
    facts, at = _facts(state, one.chat, flag), one.entry.at
    key = f"flag:{one.chat.id}:{flag.cycle}:{flag.target}:{flag.turn}:{flag.level}"
    due = _quiet_until(state.book, one.chat, at)
    if Channel.WEBHOOK in state.channels:
        yield _notice(Channel.WEBHOOK, f"{key}:webhook", facts, at, due)
    team = state.teams[one.chat.team_id].email
    to = state.managers if flag.level is Level.MANAGER else [team]
    if any(to):
        told = facts | {"kind": "flag", "to": list(to)}
        yield _notice(Channel.MAIL, f"{key}:mail", told, at, due)


def _notice(channel: Channel, key: str, facts: Json, now: datetime, due: datetime) -> Outbox:
    return fresh(
        Outbox, key=key, channel=channel, payload=facts, created_at=now, next_attempt_at=due
    )


def _quiet_until(known: Versions, chat: Chat, now: datetime) -> datetime:
    """Now while the desk is open, else its next opening; now too when it never opens again."""
    try:
        return next_opening(known.calendar_at(now, chat.team_id)[1], now)
    except NeverOpens:
        return now


def _facts(state: Telling, chat: Chat, flag: Flag) -> Json:
    """What is said of a flag: who and when, and nothing of what was said in the chat."""
    return {
        "event": "flag",
        "level": flag.level,
        "target": flag.target,
        "number": chat.number,
        "chatId": chat.id,
        "municipality": state.municipalities[chat.municipality_id].name,
        "topic": state.topics[chat.topic_id].name,
        "team": state.teams[chat.team_id].name,
        "startedAt": flag.started_at.isoformat() if flag.started_at else None,
        "dueAt": flag.due_at.isoformat() if flag.due_at else None,
    }


NOTICES = Follower(_read, _follow)
