"""The store: a database and a clock, and ``work()``, the one way to a transaction."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import Lock
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import event, text
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vipservice.beside import Beside, at_once
from vipservice.rules.news import News, Signal
from vipservice.rules.notices import Channel
from vipservice.rules.refusals import Busy, Refusal
from vipservice.store import driver
from vipservice.store.bulk import write_out
from vipservice.store.connecting import BUSY_MILLISECONDS, connect
from vipservice.store.driver import PLAN_IS_GONE
from vipservice.store.noticing import NoticingSession
from vipservice.store.writer import Alone, Turn, Writer

Clock = Callable[[], datetime]
Publish = Callable[[News], None]
Item = TypeVar("Item")
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)
ALONE = Alone()


@dataclass
class Work:
    """One use case: its session, its moment, and what to tell after the commit.

    ``memo`` keeps between transactions what is read from rows that never change. ``channels``
    are the ways by which notices leave, ``systems`` the ticketing systems that are followed.
    """

    session: NoticingSession
    now: datetime
    clock: Clock
    memo: dict[str, Any] = field(default_factory=dict)
    channels: frozenset[Channel] = frozenset()
    systems: frozenset[str] = frozenset()

    @property
    def news(self) -> News:
        """What it changed so far: told if and when it commits."""
        return self.session.news

    def signal(self, signal: Signal) -> None:
        """Has this told after the commit, though it changes nothing that is kept."""
        self.news.signals.append(signal)


def to_nobody(_news: News) -> None:
    """Nobody listens yet."""


class Store:
    """The database of a service, with the clock that its transactions read.

    ``publish`` receives the news of each committed transaction, ``channels`` says by which
    ways notices leave, ``systems`` which ticketing systems there are, and ``beside`` where SQLite
    commits; app.py sets them.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self.engine = connect(url)
        self.clock = clock
        self.publish: Publish = to_nobody
        self.channels = frozenset({Channel.MAIL})
        self.systems: frozenset[str] = frozenset()
        self.beside: Beside = at_once
        self._memo: dict[str, Any] = {}
        self._moment = ContextVar[Work | None]("moment", default=None)
        self._sqlite = self.engine.dialect.name == "sqlite"
        self._turn = Lock()
        self._queueing = 0
        self._closed = False
        self._writers: dict[Callable[..., Any], Writer[Work, Any, Any]] = {}
        self._writing = self.engine.execution_options(writes=True)
        self._reading = self.engine
        self._in_bulk = self._writing
        if self.engine.dialect.name == "postgresql":
            self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ")
            self._in_bulk = self._writing.execution_options(isolation_level="AUTOCOMMIT")
            event.listen(self._in_bulk, "before_cursor_execute", driver.begin)

    @contextmanager
    def work(self, turn: Turn = ALONE, *, in_bulk: bool = False) -> Iterator[Work]:
        """A transaction that may write. Commits at the end, then publishes what changed.

        ``in_bulk``: its rows go without the unit of work, which is for many of few tables.
        ``turn``: of whom others wait for.

        Any exception rolls back and publishes nothing. Raises Busy when the database can not be
        had. What was committed is done: that telling of it fails is no failure of who did it.
        """
        assert self._moment.get() is None, "nothing is written within a moment"
        engine = self._in_bulk if in_bulk else self._writing
        with _busy(), self._alone(), NoticingSession(engine, expire_on_commit=False) as session:
            session.in_bulk = in_bulk
            session.connection()  # SQLite takes its lock here; what comes after is not earlier
            work = self._work(session)
            yield work
            self._commit(session, turn)
        turn.is_stored()
        if work.news:
            self._tell(work.news)

    def together(
        self, write: Callable[[Work, Sequence[Item]], Sequence[Answer | Refusal]], item: Item
    ) -> Answer:
        """Has ``write`` write this, in one transaction with what others ask of it meanwhile.

        Its answer, after the commit. Raises the item's own refusal, or Busy.
        """
        writer = self._writers.get(write) or self._begin(
            write, Writer(partial(self.work, in_bulk=True), write)
        )
        found: Answer = writer.put(item)
        return found

    def look_together(
        self, look: Callable[[Work, Sequence[Item]], Sequence[Answer | Refusal]], item: Item
    ) -> Answer:
        """Has ``look`` find this out, at one moment with what others ask of it meanwhile.

        Raises the item's own refusal, or Busy.
        """
        assert self._moment.get() is None, "others would see it as it was then"
        reader = self._writers.get(look) or self._begin(
            look, Writer(lambda _turn: self.read(), look)
        )
        found: Answer = reader.put(item)
        return found

    def _begin(
        self, what: Callable[..., Any], fresh: Writer[Work, Any, Any]
    ) -> Writer[Work, Any, Any]:
        if self._closed:
            raise Busy
        return self._writers.setdefault(what, fresh)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """SQLite has one writer. Who waits waits here, and not in C, where nobody else could go on.

        Who waits already goes first, under eventlet: a lock alone would be taken again by who has
        just let go.
        Raises Busy after as long as SQLite itself would wait.
        """
        if not self._sqlite:
            yield
            return
        if self._queueing:
            sleep(0)
        self._queueing += 1
        try:
            if not self._turn.acquire(timeout=BUSY_MILLISECONDS / 1000):
                raise Busy
        finally:
            self._queueing -= 1
        try:
            yield
        finally:
            self._turn.release()

    def _commit(self, session: NoticingSession, turn: Turn) -> None:
        """SQLite waits for the disk where it is called: that is done beside everybody else.

        It has one writer; of PostgreSQL the next can begin while this one waits for the disk.
        """
        if session.in_bulk:
            write_out(session, ends=not turn.is_wanted())
        session.flush()
        if self._sqlite:
            raw: Any = session.connection().connection.driver_connection
            self.beside(raw.commit)
        elif session.in_bulk:
            if turn.is_wanted():
                turn.pass_on()
            driver.commit(session.connection())
        session.commit()

    @contextmanager
    def read(self) -> Iterator[Work]:
        """A transaction that only reads, all of it at one moment; no writer waits for it.

        Raises Busy when the database can not be had.
        """
        opened = self._moment.get()
        if opened:
            yield opened
            return
        with _busy(), NoticingSession(self._reading, expire_on_commit=False) as session:
            yield self._work(session)

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Whatever is read within it is read at one moment, in one transaction.

        What takes long comes after it, and nothing is written within it.
        """
        with self.read() as work:
            token = self._moment.set(work)
            try:
                yield
            finally:
                self._moment.reset(token)

    def _tell(self, news: News) -> None:
        try:
            self.publish(news)
        except Exception:
            log.exception("what was committed could not be told")

    def _work(self, session: NoticingSession) -> Work:
        session.news = News()
        return Work(session, self.clock(), self.clock, self._memo, self.channels, self.systems)

    def answers(self) -> bool:
        """Whether the database can be reached."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def take_up_log(self) -> None:
        """Has SQLite write what is in its log to the database, beside everybody else."""
        if self._sqlite:
            connection = self.engine.raw_connection()
            raw: Any = connection.driver_connection
            try:
                self.beside(partial(raw.execute, "PRAGMA wal_checkpoint(PASSIVE)"))
            finally:
                connection.close()

    def drain(self) -> None:
        """Writes what waits, and takes nothing more that is written together."""
        self._closed = True
        for writer in list(self._writers.values()):
            writer.close()

    def close(self) -> None:
        """Writes what waits, and closes every connection."""
        self.drain()
        self.engine.dispose()


@contextmanager
def _busy() -> Iterator[None]:
    """A lock or a connection that could not be had in time is a refusal, with a sentence."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as problem:
        if not _is_passing(problem):
            raise
        log.warning("the database could not be had: %s", problem)
        raise Busy from problem


def _is_passing(problem: SQLAlchemyError) -> bool:
    """Whether the same may go well in a while: a lock, a connection, a server that starts.

    PostgreSQL's classes: 08 connection, 40 rollback, 53 resources, 55 state, 57 intervention; none
    where the connection went. Of a connection whose plans are gone there will be another.
    """
    if isinstance(problem, DBAPIError) and problem.connection_invalidated:
        return True
    if not isinstance(problem, OperationalError | InterfaceError | PoolTimeout):
        return False
    cause = getattr(problem, "orig", None)
    if cause is None or not hasattr(cause, "pgcode"):
        return cause is None or any(word in str(cause) for word in ("locked", "busy", "closed"))
    if cause.pgcode in PLAN_IS_GONE:
        return True
    return cause.pgcode is None or cause.pgcode[:2] in ("08", "40", "53", "55", "57")
