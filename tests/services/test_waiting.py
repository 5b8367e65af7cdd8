"""How long everybody waits for PostgreSQL, and when the others go on meanwhile."""

import itertools
import select
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg2
import pytest
from psycopg2 import extensions

from tests.conftest import absent
from tests.support import postgres
from vipservice.store.waiting import AGAIN, IN_TURN, IN_VAIN, NEAR, Waiting

Asks = Callable[[str], Any]


@dataclass
class Look:
    """The system's own, which waits so long as it is told, or with ``patience`` that many ms."""

    patience: int | None = None
    looks: list[int] = field(default_factory=list)

    def __call__(self) -> "Look":
        self._real = select.poll()
        return self

    def register(self, file: int, what: int) -> None:
        self._real.register(file, what)

    def poll(self, milliseconds: int) -> list[tuple[int, int]]:
        self.looks.append(milliseconds)
        return self._real.poll(milliseconds if self.patience is None else self.patience)


class Far(Look):
    """Nothing comes so soon."""

    def poll(self, milliseconds: int) -> list[tuple[int, int]]:
        self.looks.append(milliseconds)
        return []


@dataclass
class Others:
    """Who goes on meanwhile: here nobody, but it is counted."""

    went_on: int = 0

    def __call__(self, file: int, *, read: bool = False, write: bool = False) -> None:
        self.went_on += read
        select.select([file] if read else [], [file] if write else [], [], 10)


@pytest.fixture
def ask() -> Iterator[Asks]:
    """Asks PostgreSQL something on a connection of the driver alone."""
    if not postgres.is_there():
        absent("PostgreSQL")
    connection = psycopg2.connect(f"{postgres.ADDRESS}/postgres")

    def ask(text: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall()

    yield ask
    extensions.set_wait_callback(None)
    connection.close()


def at_once(look: Look, others: Others, *moments: float) -> Waiting:
    """Waits by a clock that says these moments, and then the last of them for ever."""
    left = list(moments) or [0.0]
    return Waiting(look, others, lambda: left.pop(0) if len(left) > 1 else left[0])


def test_what_comes_shortly_is_waited_for_by_all(ask: Asks) -> None:
    others = Others()
    extensions.set_wait_callback(at_once(Look(patience=10_000), others))
    assert [ask(f"SELECT {number}") for number in range(3)] == [[(0,)], [(1,)], [(2,)]]
    assert others.went_on == 0


def test_however_soon_it_comes_the_others_have_their_turn(ask: Asks) -> None:
    others = Others()
    later = [number * IN_TURN / 4 for number in range(100)]
    extensions.set_wait_callback(at_once(Look(patience=10_000), others, *later))
    for _ in range(20):
        ask("SELECT 1")
    assert 5 <= others.went_on < 20


def test_who_is_rarely_asked_is_not_far(ask: Asks) -> None:
    """Each time the others had no turn for long: they have it, and nothing is learned of that."""
    look, others, moment = Look(patience=10_000), Others(), itertools.count()
    waiting = Waiting(look, others, lambda: next(moment) * IN_TURN * 2)
    extensions.set_wait_callback(waiting)
    for _ in range(IN_VAIN * 2):
        ask("SELECT 1")
    assert (others.went_on >= IN_VAIN * 2, look.looks) == (True, [])
    waiting._now = lambda: waiting._went_on
    ask("SELECT 1")
    assert look.looks == [1]


def test_while_it_takes_long_the_others_go_on(ask: Asks) -> None:
    look, others = Look(), Others()
    extensions.set_wait_callback(at_once(look, others))
    assert ask("SELECT 1 FROM pg_sleep(0.05)") == [(1,)]
    assert others.went_on >= 1
    assert set(look.looks) == {1}


@pytest.mark.parametrize("comes", [False, True])
def test_a_database_that_is_far_is_rarely_waited_for_by_all(ask: Asks, *, comes: bool) -> None:
    """Nothing comes so soon; or it comes, and each time takes as long as through a network."""
    look, others, far = Look(patience=10_000) if comes else Far(), Others(), itertools.count()
    waiting = Waiting(look, others, lambda: next(far) * NEAR * 2)
    extensions.set_wait_callback(waiting)
    for _ in range(AGAIN):
        waiting._went_on = float("inf")  # the others had their turn just now
        ask("SELECT 1")
    assert others.went_on >= AGAIN - IN_VAIN - 2
    assert len(look.looks) <= IN_VAIN + others.went_on // AGAIN + 2


def test_its_errors_are_raised(ask: Asks) -> None:
    extensions.set_wait_callback(at_once(Look(patience=10_000), Others()))
    with pytest.raises(psycopg2.errors.UndefinedTable):
        ask("SELECT * FROM nowhere")
