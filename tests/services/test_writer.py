"""The writer: what comes while one writes goes together, and who waits is never forgotten."""

import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from vipservice.rules.refusals import Busy, Refusal
from vipservice.store import writer
from vipservice.store.writer import FULL, Turn, Writer


class Paper:
    """Stands where a database stands: what was written together, and a door that can be shut."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.door = threading.Event()
        self.inside = threading.Event()
        self.door.set()
        self.writer: Writer[None, str, str] = Writer(self.work, self.write)

    @contextmanager
    def work(self, _turn: Turn) -> Iterator[None]:
        self.inside.set()
        assert self.door.wait(10)
        yield

    def write(self, _work: None, items: Sequence[str]) -> list[str | Refusal]:
        self.batches.append(list(items))
        if "broken" in items:
            raise ValueError("broken")
        return [Refusal("no") if item == "refused" else item.upper() for item in items]

    def put(self, item: str, answers: dict[str, Any]) -> threading.Thread:
        """Somebody who has it written, in a thread that waits for that."""

        def go() -> None:
            try:
                answers[item] = self.writer.put(item)
            except Exception as problem:
                answers[item] = problem

        thread = threading.Thread(target=go)
        thread.start()
        return thread


def waiting(paper: Paper, items: Sequence[str], answers: dict[str, Any]) -> list[threading.Thread]:
    """One writes and can not go on; the others wait, in this order."""
    paper.door.clear()
    threads = [paper.put("first", answers)]
    assert paper.inside.wait(10)
    for number, item in enumerate(items, 1):
        threads.append(paper.put(item, answers))
        while len(paper.writer._waiting) < number:
            threading.Event().wait(0.001)
    return threads


def test_who_is_alone_does_not_wait() -> None:
    paper = Paper()
    assert [paper.writer.put(item) for item in ("a", "b")] == ["A", "B"]
    assert paper.batches == [["a"], ["b"]]


def test_as_long_as_others_come_they_come_along(monkeypatch: pytest.MonkeyPatch) -> None:
    paper, answers, later = Paper(), dict[str, Any](), ["b", "c", "d"]
    threads: list[threading.Thread] = []

    def sleep(_seconds: float) -> None:
        """Meanwhile the next comes."""
        if later:
            here = len(paper.writer._waiting)
            threads.append(paper.put(later.pop(0), answers))
            while len(paper.writer._waiting) == here:
                threading.Event().wait(0.001)

    monkeypatch.setattr(writer, "sleep", sleep)
    assert paper.writer.put("a") == "A"
    for thread in threads:
        thread.join(10)
    assert paper.batches == [["a", "b", "c", "d"]]
    assert answers == {"b": "B", "c": "C", "d": "D"}


def test_what_comes_while_one_writes_goes_together_in_its_order() -> None:
    paper, answers = Paper(), dict[str, Any]()
    threads = waiting(paper, ["a", "b", "c"], answers)
    paper.door.set()
    for thread in threads:
        thread.join(10)
    assert paper.batches == [["first"], ["a", "b", "c"]]
    assert answers == {"first": "FIRST", "a": "A", "b": "B", "c": "C"}


def test_what_fails_fails_alone() -> None:
    paper, answers = Paper(), dict[str, Any]()
    threads = waiting(paper, ["a", "broken", "refused", "c"], answers)
    paper.door.set()
    for thread in threads:
        thread.join(10)
    assert (answers["a"], answers["c"]) == ("A", "C")
    assert isinstance(answers["broken"], ValueError)
    assert isinstance(answers["refused"], Refusal)


def test_too_many_are_told_that_it_is_busy_and_none_is_lost() -> None:
    paper, answers = Paper(), dict[str, Any]()
    threads = waiting(paper, ["a"], answers)
    paper.writer._waiting.extend([paper.writer._waiting[0]] * (FULL - 1))
    with pytest.raises(Busy):
        paper.writer.put("one more")
    while len(paper.writer._waiting) > 1:
        paper.writer._waiting.pop()
    paper.door.set()
    for thread in threads:
        thread.join(10)
    assert answers["a"] == "A"


def test_nothing_is_an_answer_too() -> None:
    paper = Paper()
    none: Writer[None, str, None] = Writer(paper.work, lambda _work, items: [None for _ in items])
    assert none.put("a") is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_who_is_thrown_out_while_writing_hands_over() -> None:
    paper, answers = Paper(), dict[str, Any]()

    def thrown_out(_work: None, items: Sequence[str]) -> list[str | Refusal]:
        if "first" in items:
            raise SystemExit
        return Paper.write(paper, None, items)

    paper.writer = Writer(paper.work, thrown_out)
    threads = waiting(paper, ["a", "b"], answers)
    paper.door.set()
    for thread in threads:
        thread.join(10)
    assert answers == {"a": "A", "b": "B"}
    assert paper.writer.put("later") == "LATER"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_who_is_thrown_out_of_many_leaves_nobody_waiting() -> None:
    paper, answers = Paper(), dict[str, Any]()

    def thrown_out(_work: None, items: Sequence[str]) -> list[str | Refusal]:
        if items == ["b"]:
            raise SystemExit
        return Paper.write(paper, None, items)

    paper.writer = Writer(paper.work, thrown_out)
    threads = waiting(paper, ["a", "broken", "b", "c"], answers)
    paper.door.set()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
    assert isinstance(answers["c"], Busy)
    assert paper.writer.put("later") == "LATER"


def test_of_many_threads_none_waits_for_ever() -> None:
    paper, lots = Paper(), 16 * 200
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(paper.writer.put, map(str, range(lots)), timeout=60))
    finally:
        sys.setswitchinterval(before)
    assert found == [str(number) for number in range(lots)]
    assert sum(map(len, paper.batches)) == lots


def test_closing_twice_is_closing_once() -> None:
    paper = Paper()
    for _ in range(2):
        paper.writer.close()
    with pytest.raises(Busy):
        paper.writer.put("late")


def test_closing_writes_what_waits_and_takes_nothing_more() -> None:
    paper, answers = Paper(), dict[str, Any]()
    threads = waiting(paper, ["a", "b"], answers)
    closing = threading.Thread(target=paper.writer.close)
    closing.start()
    paper.door.set()
    for thread in (*threads, closing):
        thread.join(10)
    assert (answers["a"], answers["b"]) == ("A", "B")
    with pytest.raises(Busy):
        paper.writer.put("late")


class Disk(Paper):
    """Where the next may begin while the disk is waited for; ``told`` are the batches, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[int] = []
        self.stored = [threading.Event() for _ in range(3)]
        self.back = [threading.Event() for _ in range(3)]

    @contextmanager
    def work(self, turn: Turn) -> Iterator[None]:
        with super().work(turn):
            yield
        number = len(self.batches) - 1
        if turn.is_wanted():
            turn.pass_on()
        assert self.stored[number].wait(10)
        self.back[number].set()
        turn.is_stored()
        self.told.append(number)


def on_its_way(disk: Disk, *items: str) -> list[threading.Thread]:
    """The first batch waits for the disk, and these have begun."""
    threads = waiting(disk, items, {})
    disk.door.set()
    while len(disk.batches) < 2:
        threading.Event().wait(0.001)
    return threads


def test_the_next_begins_while_the_disk_is_waited_for_and_is_told_after_it() -> None:
    disk = Disk()
    threads = on_its_way(disk, "a", "b")
    assert disk.batches == [["first"], ["a", "b"]]
    disk.stored[1].set()
    assert disk.back[1].wait(10)
    disk.stored[0].set()
    for thread in threads:
        thread.join(10)
    assert disk.told == [0, 1]
    assert disk.writer._is_writing is False


def test_what_is_written_one_by_one_lets_nobody_come_in_between() -> None:
    """Also when as many wait as were in the batch that failed."""
    paper, answers, wanted, late = Paper(), dict[str, Any](), list[bool](), list[threading.Thread]()

    @contextmanager
    def work(turn: Turn) -> Iterator[None]:
        with Paper.work(paper, turn):
            yield
        wanted.append(turn.is_wanted())

    def write(work: None, items: Sequence[str]) -> list[str | Refusal]:
        if len(items) == 3:
            late.extend(paper.put(item, answers) for item in ("late", "later"))
            while len(paper.writer._waiting) < 2:
                threading.Event().wait(0.001)
        return Paper.write(paper, work, items)

    paper.writer = Writer(work, write)
    threads = waiting(paper, ["a", "broken", "c"], answers)
    paper.door.set()
    for thread in threads:
        thread.join(10)
    for thread in late:
        thread.join(10)
    assert wanted == [True, False, False, False]
    assert paper.batches[-1] == ["late", "later"]


def test_closing_waits_for_what_is_on_its_way() -> None:
    disk = Disk()
    threads = on_its_way(disk, "broken")
    threads[1].join(10)
    told: list[int] = []

    def close() -> None:
        disk.writer.close()
        told.extend(disk.told)

    closing = threading.Thread(target=close)
    closing.start()
    while disk.writer._closing is None:
        threading.Event().wait(0.001)
    for stored in disk.stored:
        stored.set()
    for thread in (*threads, closing):
        thread.join(10)
    assert told == [0]
