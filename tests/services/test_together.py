"""What many say at the same moment: one transaction, and each its own answer."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support.counting import Counted
from tests.support.recording import picked_up
from vipservice.rules.chats import State
from vipservice.rules.entries import Flag
from vipservice.rules.people import Actor
from vipservice.rules.refusals import NotAllowed, NotFound, NotSignedIn, Refusal
from vipservice.rules.routing import Presence
from vipservice.services.chats import access, moves, timeline
from vipservice.services.chats.messages import NewMessage
from vipservice.services.chats.saying import DoesMore, Said, say_all
from vipservice.services.people import sessions
from vipservice.services.routing import presence
from vipservice.services.shapes.chats import EntryShape
from vipservice.store.queries import by_id
from vipservice.store.tables import Person
from vipservice.store.types import new_id
from vipservice.store.work import Work
from vipservice.testing.world import World, open_world


def test_who_waits_for_sqlite_goes_before_who_has_just_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that writes again and again would else keep every message waiting."""
    world = open_world(str(tmp_path), "2026-04-24T10:00+02:00")
    chat_id = picked_up(world, "Hoe werkt dit?")
    gave_way: list[float] = []
    monkeypatch.setattr("vipservice.store.work.sleep", gave_way.append)
    with ThreadPoolExecutor(1) as pool:
        with world.store.work():
            other = pool.submit(world.say, "jeroen", chat_id, "Is er iemand?")
            while not world.store._queueing:
                threading.Event().wait(0.001)
        with world.store.work():
            assert gave_way == [0]
        other.result(10)
    world.close()


def test_the_log_of_sqlite_is_taken_to_the_database(tmp_path: Path) -> None:
    world = open_world(str(tmp_path), "2026-04-24T10:00+02:00")
    world.ask("jeroen", "Onderwaterfotografie?")
    (file,) = tmp_path.glob("*.db")
    assert b"Onderwaterfotografie" not in file.read_bytes()
    world.store.take_up_log()
    assert b"Onderwaterfotografie" in file.read_bytes()
    world.close()


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
