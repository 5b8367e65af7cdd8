"""What a transaction changes is noticed as it is written: no use case has to say so."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import event, inspect
from sqlmodel import Session, SQLModel

from vipservice.rules.chats import EntryKind, State, Visibility
from vipservice.rules.news import ChatNews, News
from vipservice.rules.people import Side
from vipservice.store.plain import Plain
from vipservice.store.tables import AddedChat, Chat, Entry, Incident, SpecialistPresence

INNER = frozenset(
    {
        "last_seq",
        "last_at",
        "last_said_at",
        "running_clocks",
        "reply_turns",
        "cycle",
        "cycle_seq",
        "client_id",
        "amended",
        "last_said_seq",
    }
)
"""Columns of a chat that its requester's side does not see."""
TALK = INNER | {
    "last_public_seq",
    "last_words",
    "last_side",
    "updated_at",
    "requester_read_seq",
    "centre_read_seq",
    "unread_requester",
    "unread_centre",
}
"""Columns of a chat that follow from what is said and read: who has it open knows."""
BEHIND = frozenset(
    {"next_poll_at", "updated_at", "done_at", "external_id", "files", "internal_files"}
)
"""Columns of an incident that nobody sees."""
OF_CENTRE = frozenset({"problem", "dropped"})
"""Columns of an incident that the requester's side does not see."""
READ = {"requester_read_seq": Side.REQUESTER, "centre_read_seq": Side.CENTRE}
TOLD = {Chat, Incident, SpecialistPresence}
"""Tables of which somebody is told when a row changes."""
REMEMBERED = 256
"""Sets of columns that change together."""
SAID = {EntryKind.MESSAGE, EntryKind.NOTE}
"""Entries that change nothing in the summary of a chat but what follows from them."""
QUIET = {EntryKind.MESSAGE, EntryKind.NOTE, EntryKind.INCIDENT, EntryKind.CUSTOMER_REFERENCE}
"""Entries that change nothing of the queue: who waits for whom, and about what."""


class NoticingSession(Session):
    """A session that tells its news what it writes.

    ``in_bulk``: its rows are read and written without the unit of work (`bulk`); ``loaded`` are
    those that were read so, ``made`` the new ones.
    """

    news: News
    in_bulk = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loaded: list[Plain] = []
        self.made: list[Plain] = []


def notice(session: NoticingSession, _context: object, _rows: object) -> None:
    """Takes in what is about to be written."""
    for row in session.new:
        _new(session.news, type(row), row)
    for row in session.dirty:
        before = _before(row)
        _changed(session.news, type(row), row, frozenset(before), before.get)


event.listen(NoticingSession, "before_flush", notice)


def notice_plain(
    news: News, made: Iterable[Plain], changed: Mapping[Plain, tuple[bool, ...]]
) -> None:
    """Takes in what is about to be written in bulk, and of each changed row where it changed."""
    for row in made:
        _new(news, row.of, row)
    for row, where in changed.items():
        if row.of in TOLD:
            _changed(news, row.of, row, _columns(row.of, where), row.was)


@lru_cache(REMEMBERED)
def _columns(table: type[SQLModel], where: tuple[bool, ...]) -> frozenset[str]:
    """The names of the columns that changed."""
    names = table.__table__.c.keys()  # type: ignore[attr-defined]
    return frozenset(name for name, here in zip(names, where, strict=True) if here)


def _new(news: News, table: type[SQLModel], row: Any) -> None:
    if table is Entry:
        chat = news.chat(row.chat_id)
        chat.written(row.seq)
        chat.public |= row.visibility is Visibility.EVERYONE
        chat.changed |= row.kind not in SAID
        news.queue |= row.kind not in QUIET
    elif table in (Incident, AddedChat):
        news.chat(row.chat_id).incidents = True
    elif table is SpecialistPresence:
        news.specialists.add(row.person_id)
        news.queue = True


def _changed(
    news: News, table: type[SQLModel], row: Any, columns: frozenset[str], was: Callable[[str], Any]
) -> None:
    """``columns`` have another value now; ``was`` gives the one that they had."""
    if table is Chat and columns:
        chat = news.chat(row.id)
        chat.public |= not columns <= INNER
        if not columns <= TALK:
            chat.changed = True
            _left(chat, columns, was)
        chat.read |= {side for column, side in READ.items() if column in columns}
    elif table is Incident and columns - BEHIND:
        news.incident(row.id, public=bool(columns - BEHIND - OF_CENTRE))
    elif table is SpecialistPresence and columns & {"status", "reason", "until"}:
        news.specialists.add(row.person_id)
        news.queue = True


def _left(chat: ChatNews, columns: frozenset[str], was: Callable[[str], Any]) -> None:
    """Where it was and is no more."""
    chat.waited |= "state" in columns and was("state") is State.WAITING
    if "assignee_id" in columns and was("assignee_id"):
        chat.left.add(was("assignee_id"))
    if "requester_id" in columns:
        chat.passed.add(was("requester_id"))


def _before(row: SQLModel) -> dict[str, Any]:
    state: Any = inspect(row)
    before = state.committed_state.items()
    return {name: value for name, value in before if getattr(row, name) != value}
