"""Group commit: what many ask for at the same moment goes to the disk in one transaction.

While one transaction is on its way to the disk, the next collects; who is alone waits for a round
of the loop.
When half as many wait as are on their way, the next begins while the disk is waited for: `Turn`.
A message in a batch of its own costs six times what it costs in one of fifty (`make bench`, 2 and
50 conversations on SQLite).
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from threading import Event, Lock
from time import monotonic, sleep
from typing import Any, Generic, TypeVar

from vipservice.rules.refusals import Busy, Refusal

FULL = 2_000
"""So many may wait; who comes then is told that it is busy."""
AT_ONCE = 100
"""Of more than this many at once the first would wait for the last; of two hundred the second half
is written while the disk is waited for by the first."""
LETS = 0.01
"""Seconds that the first waits at most for others to come along."""

Work = TypeVar("Work")
Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Ticket(Generic[Item, Answer]):
    """Something to be written, and what became of it.

    Each waits at a lock of its own: at a common one they would go on one after the other.
    ``writes``: it is its turn to write for all; ``at_once``: enough of them are there.
    """

    __slots__ = ("_parked", "answer", "at_once", "done", "item", "writes")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.answer: Answer | Exception | None = None
        self.done = self.writes = self.at_once = False
        self._parked: Lock | None = None

    def end(self, answer: Answer | Exception) -> None:
        """This became of it."""
        self.answer, self.done = answer, True

    def park(self) -> Lock:
        """A lock to wait at until it is woken."""
        self._parked = Lock()
        self._parked.acquire()
        return self._parked

    def wake(self) -> None:
        """Whoever waits for it goes on: it has its answer, or its turn to write."""
        parked, self._parked = self._parked, None
        if parked:
            parked.release()


class Turn:
    """The turn of a batch. What it needs of the database may be over before it is told of.

    Batches are told of in the order of their turns, whoever is back from the disk first.
    """

    def __init__(
        self, earlier: Sequence["Turn"], waits: Callable[[], bool], pass_on: Callable[[], None]
    ) -> None:
        """``earlier``: those that are not over yet."""
        self._earlier = earlier
        self._waits = waits
        self._pass_on = pass_on
        self._stored = Event()
        self._over = Event()
        self._stays = False

    def is_wanted(self) -> bool:
        """Whether enough wait for it: few would each wait for the disk on their own."""
        return not self._stays and self._waits()

    def stay(self) -> None:
        """What is written now is written one by one: nobody comes in between."""
        self._stays = True

    def pass_on(self) -> None:
        """The next may begin: of this one nothing can fail any more but the commit itself."""
        self._pass_on()

    def is_stored(self) -> None:
        """The next begins where it could not before; what was stored first is told first."""
        if self.is_wanted():
            self.pass_on()
            sleep(0)
        for one in self._earlier:
            one._stored.wait()
        self._stored.set()

    def end(self) -> None:
        """Everything of it is told."""
        self._earlier = ()
        self._stored.set()
        self._over.set()

    def is_over(self) -> bool:
        """Whether everything of it is told."""
        return self._over.is_set()

    def wait(self) -> None:
        """Until it is over."""
        self._over.wait()


class Alone(Turn):
    """The turn of what is written without others."""

    def __init__(self) -> None:
        super().__init__((), lambda: False, lambda: None)


class Writer(Generic[Work, Item, Answer]):
    """Writes what comes, in the order in which it comes, as much as there is at a time.

    ``write`` gets an open transaction and the items; it gives an answer or a refusal for each.
    """

    def __init__(
        self,
        work: Callable[[Turn], AbstractContextManager[Work]],
        write: Callable[[Work, Sequence[Item]], Sequence[Answer | Refusal]],
    ) -> None:
        self._work = work
        self._write = write
        self._waiting: deque[Ticket[Item, Answer]] = deque()
        self._lock = Lock()
        self._closing: Ticket[None, None] | None = None
        self._turns: list[Turn] = []
        self._is_writing = False

    def put(self, item: Item) -> Answer:
        """Has it written, and waits for that: its answer, after the commit.

        Whoever finds nobody writing writes for all that wait, and then hands over. Raises its
        refusal; Busy when too many wait or the service stops.
        """
        ticket: Ticket[Item, Answer] = Ticket(item)
        with self._lock:
            if self._closing or len(self._waiting) >= FULL:
                raise Busy
            self._waiting.append(ticket)
            before = self._queue(ticket)
        try:
            if before:
                before.acquire()
            self._write_until_answered(ticket)
        finally:
            if ticket.writes or not ticket.done:
                self._leave(ticket)
        if isinstance(ticket.answer, Exception):
            raise ticket.answer
        return ticket.answer  # type: ignore[return-value]

    def close(self) -> None:
        """Takes nothing more; what waits is written first. Once more, it does nothing."""
        with self._lock:
            if self._closing:
                return
            self._closing = Ticket(None)
            before = self._queue(self._closing)
        if before:
            before.acquire()
        while self._waiting:
            self._write_next(self._closing)
        for turn in self._turns:
            turn.wait()

    def _queue(self, ticket: Ticket[Any, Any]) -> "Lock | None":
        """Takes the turn, or says where to wait for it."""
        if self._is_writing:
            return ticket.park()
        self._is_writing = ticket.writes = True
        return None

    def _write_until_answered(self, ticket: Ticket[Item, Answer]) -> None:
        """As long as others come they come along: half as many batches, and all cost less.

        Of fifty who talk 27 came along when this was waited for once, and 48 since (PostgreSQL).
        """
        if ticket.writes and not ticket.at_once:
            self._let_come()
        while not ticket.done:
            self._write_next(ticket)

    def _let_come(self) -> None:
        came, until = 0, monotonic() + LETS
        while came < len(self._waiting) < AT_ONCE and monotonic() < until:
            came = len(self._waiting)
            sleep(0)

    def _leave(self, ticket: Ticket[Item, Answer]) -> None:
        """Whoever has the turn gives it to the next; who was thrown out waits no longer."""
        with self._lock:
            if not ticket.done and ticket in self._waiting:
                self._waiting.remove(ticket)
        self._pass_on(ticket, at_once=False)

    def _pass_on(self, ticket: Ticket[Any, Any], *, at_once: bool) -> None:
        """Whoever has the turn gives it to the next; who has given it already has none."""
        with self._lock:
            if not ticket.writes:
                return
            ticket.writes = False
            following = self._closing or next(iter(self._waiting), None)
            self._is_writing = following is not None
            if following:
                following.writes, following.at_once = True, at_once
                following.wake()

    def _write_next(self, ticket: Ticket[Any, Any]) -> None:
        with self._lock:
            many = min(len(self._waiting), AT_ONCE)
            tickets = [self._waiting.popleft() for _ in range(many)]
            earlier = [one for one in self._turns if not one.is_over()]
            turn = Turn(
                earlier,
                lambda: ticket.writes and len(self._waiting) * 2 >= many,
                partial(self._pass_on, ticket, at_once=True),
            )
            self._turns = [*earlier, turn]
        try:
            self._write_all(tickets, turn)
        finally:
            turn.end()
            for ticket in tickets:
                if not ticket.done:  # whoever writes was thrown out: nobody waits for that
                    ticket.end(Busy())
                ticket.wake()

    def _write_all(self, tickets: Sequence[Ticket[Item, Answer]], turn: Turn) -> None:
        try:
            self._together(tickets, turn)
        except Busy as busy:
            _refuse(tickets, busy)
        except Exception as problem:
            if len(tickets) == 1:
                _refuse(tickets, problem)
            else:
                self._each(tickets, turn)

    def _together(self, tickets: Sequence[Ticket[Item, Answer]], turn: Turn) -> None:
        with self._work(turn) as work:
            answers = self._write(work, [ticket.item for ticket in tickets])
        for ticket, answer in zip(tickets, answers, strict=True):
            ticket.end(answer)

    def _each(self, tickets: Sequence[Ticket[Item, Answer]], turn: Turn) -> None:
        """What fails, fails alone."""
        turn.stay()
        for ticket in tickets:
            try:
                self._together([ticket], turn)
            except Exception as problem:
                _refuse([ticket], problem)


def _refuse(tickets: Sequence[Ticket[Item, Answer]], problem: Exception) -> None:
    for ticket in tickets:
        ticket.end(problem)
