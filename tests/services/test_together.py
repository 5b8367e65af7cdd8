"""What many say at the same moment: one transaction, and each its own answer."""

import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.counting import Counted
from tests.support.recording import picked_up
from vipservice.rules.chats import State
from vipservice.rules.entries import Flag
from vipservice.rules.people import Actor
from vipservice.rules.refusals import Busy, NotAllowed, NotFound, NotSignedIn, Refusal
from vipservice.rules.routing import Presence
from vipservice.services import presence
from vipservice.services.chats import access, moves, timeline
from vipservice.services.chats.messages import NewMessage
from vipservice.services.chats.saying import DoesMore, Said, say_all
from vipservice.services.people import sessions
from vipservice.services.shapes.chats import EntryShape
from vipservice.store.queries import by_id
from vipservice.store.tables import Person
from vipservice.store.types import new_id
from vipservice.store.work import Work
from vipservice.store.writer import FULL, Writer
from vipservice.testing.world import World


class Paper:
    """Stands where a database stands: what was written together, and a door that can be shut."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.door = threading.Event()
        self.inside = threading.Event()
        self.door.set()
        self.writer: Writer[None, str, str] = Writer(self.work, self.write)

    @contextmanager
    def work(self) -> Iterator[None]:
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


# On real databases


def test_what_many_look_up_at_once_is_looked_up_together(world: World) -> None:
    looks: list[int] = []
    first = threading.Event()

    def look(work: Work, who: Sequence[str]) -> list[str | Refusal]:
        if not looks:
            first.set()
            while len(world.store._writers[look]._waiting) < 3:
                threading.Event().wait(0.001)
        looks.append(len(who))
        found = by_id(work.session, Person, set(who))
        return [found[one].name if one in found else NotFound() for one in who]

    def ask(who: str) -> str:
        assert who == people[0] or first.wait(10)
        try:
            return world.store.look_together(look, who)
        except NotFound:
            return "nobody"

    people = [world.jeroen.id, world.sanne.id, "nobody", world.annet.id]
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(ask, people))
    assert names == [world.jeroen.name, world.sanne.name, "nobody", world.annet.name]
    assert looks == [1, 3]


def together(world: World, *said: tuple[str, str, str, str]) -> list[EntryShape | Refusal]:
    """(who, chat, client id, words) in one transaction."""
    items = [
        Said(actor(world, who), chat_id, NewMessage(body=body, client_id=key), world.capacity)
        for who, chat_id, key, body in said
    ]
    with world.store.work(in_bulk=True) as work:
        return say_all(work, items)


def actor(world: World, who: str) -> Actor:
    return world.actors[who]


def bodies(world: World, chat_id: str) -> list[str]:
    read = timeline.read_timeline(world.store, world.annet, chat_id)
    assert [one.seq for one in read.entries] == list(range(1, read.last_seq + 1))
    return [one.body for one in read.entries if one.kind == "message"]


def kinds(answers: Sequence[EntryShape | Refusal]) -> list[Any]:
    return [one.body if isinstance(one, EntryShape) else type(one) for one in answers]


def test_each_gets_its_own_answer(world: World) -> None:
    one, other = picked_up(world, "Een?"), picked_up(world, "Twee?", "klarinda")
    known, keys = new_id(), [new_id() for _ in range(9)]
    world.say("jeroen", one, "Eerder.")
    together(world, ("jeroen", one, known, "Bekend."))
    answers = together(
        world,
        ("jeroen", one, keys[0], "a"),
        ("klarinda", one, keys[1], "van een ander"),
        ("samira", one, keys[2], "een collega"),
        ("peter", one, keys[3], "de beheerder"),
        ("sanne", other, keys[4], "b"),
        ("jeroen", one, known, "Bekend."),
        ("jeroen", one, known, "Iets anders."),
        ("jeroen", new_id(), keys[5], "nergens"),
        ("sanne", one, keys[6], "c"),
    )
    refused = [NotFound, NotAllowed, NotFound]
    assert kinds(answers) == ["a", *refused, "b", "Bekend.", Refusal, NotFound, "c"]
    assert bodies(world, one) == ["Een?", "Eerder.", "Bekend.", "a", "c"]
    assert bodies(world, other) == ["Twee?", "b"]


def test_the_same_twice_at_the_same_moment_is_said_once(world: World) -> None:
    chat_id, key = picked_up(world, "Een?"), new_id()
    same = ("jeroen", chat_id, key, "a")
    first, second, third = together(world, same, same, ("jeroen", chat_id, key, "b"))
    assert first == second
    assert type(third) is Refusal
    assert bodies(world, chat_id) == ["Een?", "a"]


def test_what_wakes_a_chat_is_said_alone(world: World) -> None:
    """Each of its steps reads what the one before it wrote, which in bulk is not there yet."""
    parked, plain, closed = (picked_up(world, f"{name}?") for name in "abc")
    moves.park(world.store, world.sanne, parked)
    world.say("sanne", closed, "Zo.")
    moves.propose(world.store, world.sanne, closed)
    moves.confirm(world.store, world.jeroen, closed)
    said = [("jeroen", one, new_id(), "En nu?") for one in (parked, plain, closed)]
    assert kinds(together(world, *said)) == [DoesMore, "En nu?", DoesMore]
    assert world.say("jeroen", parked, "En nu?").body == "En nu?"
    with pytest.raises(Refusal, match="closed"):
        world.say("jeroen", closed, "En nu?")
    assert bodies(world, parked) == ["a?", "En nu?"]


def test_waking_a_chat_that_is_late_flags_once(world: World) -> None:
    chat_id = picked_up(world, "Een?")
    moves.park(world.store, world.sanne, chat_id)
    world.clock.forward(days=10)
    world.say("jeroen", chat_id, "En nu?")
    read = timeline.read_timeline(world.store, world.annet, chat_id).entries
    flags = [(one.data.target, one.data.level) for one in read if isinstance(one.data, Flag)]
    assert len(flags) == len({*flags}) > 0


def test_chats_that_are_woken_at_once_keep_to_the_limit(world: World) -> None:
    said = presence.NewPresence(status=Presence.AVAILABLE)
    presence.set_presence(world.store, world.sanne, said)
    chats = [picked_up(world, f"{n}?") for n in range(3)]
    for one in chats:
        moves.park(world.store, world.sanne, one)
    threads = [threading.Thread(target=world.say, args=("jeroen", one, "En nu?")) for one in chats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    states = [access.get_chat(world.store, world.annet, one).state for one in chats]
    assert states.count(State.ACTIVE) == min(3, world.capacity.max_chats)


def test_rights_end_exactly(world: World) -> None:
    """Who signed out before the transaction is refused in it, whatever was known at the door."""
    chat_id = picked_up(world, "Een?")
    sessions.sign_out(world.store, world.jeroen)
    said = [("jeroen", chat_id, new_id(), "a"), ("sanne", chat_id, new_id(), "b")]
    assert kinds(together(world, *said)) == [NotSignedIn, "b"]


def test_many_cost_as_few_statements_as_one(world: World) -> None:
    chats = [picked_up(world, "Een?") for _ in range(9)]
    counted, costs = Counted(world), []
    for some in (chats[:1], chats[1:]):
        said = [("jeroen", one, new_id(), "a") for one in some]
        costs.append(counted.of(lambda said=said: together(world, *said)).statements)  # type: ignore[misc]
    assert costs[0] == costs[1] <= 14
