"""Who follows a timeline: reads what it needs for many chats at once, and is pure after that."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from sqlmodel import SQLModel

from vipservice.rules.entries import AnyPayload
from vipservice.rules.people import Actor
from vipservice.store.tables import Chat, Entry
from vipservice.store.work import Work

S = TypeVar("S")


class Addition(NamedTuple):
    """Something to be added to the timeline of a locked chat."""

    chat: Chat
    author: Actor | None
    payload: AnyPayload
    client_id: str | None = None


class Written(NamedTuple):
    """An entry that has its number, with its chat and what it says."""

    chat: Chat
    entry: Entry
    payload: AnyPayload


def _nothing(_state: object, _now: datetime) -> Iterable[Addition]:
    return ()


@dataclass(frozen=True)
class Follower(Generic[S]):
    """What is brought up to date with a timeline, in its transaction.

    ``read`` takes what will be added and reads what is needed, in a few statements for all chats
    together. ``before`` says what has to be written first. ``follow`` asks the database nothing:
    it brings the rows of the state up to date, and gives the new ones.
    """

    read: Callable[[Work, Sequence[Chat], Sequence[Addition]], S]
    follow: Callable[[S, Sequence[Written]], Iterable[SQLModel]]
    before: Callable[[S, datetime], Iterable[Addition]] = _nothing
