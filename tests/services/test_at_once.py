"""Many at once, both databases: one acts, and what the others are told is true."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from sqlmodel import select

from tests.conftest import absent
from tests.support import postgres, sqlite
from tests.support.client import Client
from tests.support.service import service_of
from tests.support.shapes import plain
from tests.support.sizes import size
from vipservice.rules.chats import Move
from vipservice.rules.entries import Message
from vipservice.rules.people import Side
from vipservice.rules.refusals import BeingDone, Busy, Invalid, Refusal, TooManyAttempts
from vipservice.services.chats import messages, moves, timeline
from vipservice.services.chats.access import access_own_chat
from vipservice.services.chats.appending import append
from vipservice.services.idempotency import Asked, once
from vipservice.services.leases import take
from vipservice.services.people import guessing, sessions
from vipservice.services.people.guessing import Origin
from vipservice.services.routing import serving
from vipservice.services.sla import repeats
from vipservice.services.sla.replay import verify
from vipservice.store import locking
from vipservice.store.queries import entries_after
from vipservice.store.tables import Contact, Fact, Lease
from vipservice.store.types import new_id
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import PASSWORD, World, address, make_world
from vipservice.web import create_web
from vipservice.web.devices import COOKIE

GUESSES = 30
HAS_TIME = 0.3


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of many at once answered; a refusal counts as an answer."""

    def tried(index: int) -> Any:
        try:
            return act(index)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(tried, range(number)))


def test_of_many_guesses_at_once_no_more_are_tried_than_one_by_one(world: World) -> None:
    for turn in range(size(100, 3)):
        tried: list[int] = []

        def guess(index: int, turn: int = turn, tried: list[int] = tried) -> Any:
            def wrong(*_: object) -> bool:
                tried.append(index)
                return False

            origin = Origin(f"192.0.2.{turn}")
            return sessions.sign_in(world.store, address("jeroen"), "wrong", origin, 1, wrong)

        told = at_once(GUESSES, guess)
        assert len(tried) == guessing.FREE["address"]
        assert sum(isinstance(one, TooManyAttempts) for one in told) == GUESSES - len(tried)
        assert sum(isinstance(one, Invalid) for one in told) == len(tried)
        world.clock.forward(hours=2)


def sign_in(world: World, who: str, password: str, *place: str) -> str:
    origin = Origin(place[0], device=place[1] if len(place) > 1 else "")
    return sessions.sign_in(world.store, address(who), password, origin, 1)


def guesses(world: World, *places: tuple[str, ...]) -> list[bool]:
    """A wrong password for Jeroen's account from each of these places: which were not tried."""

    def slowed_down(place: tuple[str, ...]) -> bool:
        with pytest.raises((Invalid, TooManyAttempts)) as told:
            sign_in(world, "jeroen", "wrong", *place)
        return told.type is TooManyAttempts

    return [slowed_down(place) for place in places]


def test_a_strangers_guesses_slow_down_the_stranger_alone(world: World) -> None:
    assert guesses(world, *[("198.51.100.7",)] * 7) == [False] * 5 + [True] * 2
    assert sign_in(world, "jeroen", PASSWORD, "192.0.2.1")
    assert sign_in(world, "samira", PASSWORD, "198.51.100.7"), "a town hall shares one address"


def test_one_ipv6_network_is_one_place(world: World) -> None:
    places = [(f"2001:db8::{number:x}",) for number in range(7)]
    assert guesses(world, *places) == [False] * 5 + [True] * 2
    assert sign_in(world, "jeroen", PASSWORD, "2001:db8:0:1::1")


def test_guesses_from_everywhere_do_not_reach_a_known_device(world: World) -> None:
    places = [(f"198.51.100.{number}",) for number in range(60)]
    assert guesses(world, *places) == [False] * 50 + [True] * 10
    with pytest.raises(TooManyAttempts):
        sign_in(world, "jeroen", PASSWORD, "192.0.2.1")
    assert sign_in(world, "jeroen", PASSWORD, "192.0.2.1", "known")
    assert guesses(world, *[("192.0.2.1", "known")] * 12) == [False] * 10 + [True] * 2


def test_a_browser_is_known_again_after_a_log_in(world: World) -> None:
    app = create_web(service_of(world.store))
    client = Client(app)
    form = {"email": address("jeroen"), "password": PASSWORD}
    assert client.post("/login", form=form).status_code == 302
    known = client.http.get_cookie(COOKIE)
    assert known
    guesses(world, *[(f"198.51.100.{number}",) for number in range(60)])
    client = Client(app, cookies={COOKIE: known.value})
    assert client.post("/login", form=form).status_code == 302
    assert Client(app).post("/login", form=form).status_code == 429


def test_one_key_six_times_at_once_acts_once(world: World) -> None:
    acted: list[int] = []
    begun = Event()

    def act() -> dict[str, Any]:
        acted.append(1)
        begun.wait(9)
        return {"id": "1"}

    def ask(index: int) -> Any:
        asked = Asked(world.jeroen, "one-key-of-six", "the same")
        try:
            return once(world.store, asked, act, 201, lambda _: "")
        finally:
            if index:
                begun.set()

    told = at_once(6, ask)
    assert len(acted) == 1
    answers = [one for one in told if not isinstance(one, BeingDone)]
    assert answers
    assert all(one == ({"id": "1"}, 201) for one in answers)


def test_what_was_refused_can_be_asked_again_under_its_key(world: World) -> None:
    asked = Asked(world.jeroen, "refused-at-first", "the same")

    def refuse() -> dict[str, Any]:
        raise Refusal("not now")

    with pytest.raises(Refusal, match="not now"):
        once(world.store, asked, refuse, 201, lambda _: "")
    assert once(world.store, asked, lambda: {"id": "2"}, 201, lambda _: "") == ({"id": "2"}, 201)


def test_what_nobody_knows_the_end_of_is_not_done_again(world: World) -> None:
    asked = Asked(world.jeroen, "died-with-it", "the same")
    _die_with(world, asked)
    with pytest.raises(BeingDone):
        once(world.store, asked, dict, 201, lambda _: "")
    world.clock.forward(minutes=3)
    with pytest.raises(Refusal, match="not known") as told:
        once(world.store, asked, dict, 201, lambda _: "")
    assert not isinstance(told.value, BeingDone)


def _die_with(world: World, asked: Asked) -> None:
    class Dead(BaseException):
        """The process is gone, and nothing is tidied up."""

    def die() -> dict[str, Any]:
        world.store.work = None  # type: ignore[method-assign, assignment]
        raise Dead

    with pytest.raises((Dead, TypeError)):
        once(world.store, asked, die, 201, lambda _: "")
    del world.store.work


def test_of_six_that_are_refused_each_is_told_so(world: World) -> None:
    def refuse() -> dict[str, Any]:
        raise Refusal("not now")

    for turn in range(size(50, 5)):
        asked = Asked(world.jeroen, f"refused-{turn}", "the same")
        told = at_once(6, partial(_once, world, asked, refuse))
        assert all(isinstance(one, Refusal) for one in told)


def _once(world: World, asked: Asked, act: Callable[[], dict[str, Any]], _index: int) -> Any:
    return once(world.store, asked, act, 201, lambda _: "")


def test_two_files_under_one_key_are_two_requests(world: World) -> None:
    client = Client(create_web(service_of(world.store)), world.tokens["jeroen"])
    path, id_ = f"/api/v1/chats/{world.ask()}/attachments", new_id()
    headers = {"Idempotency-Key": "one-key-for-two", "X-CSRF-Token": client.csrf}

    def send(content: bytes) -> Any:
        form = {"clientId": id_, "file": (BytesIO(content), "a.txt")}
        return client.http.post(path, data=form, headers=headers)

    both = [(BytesIO(b"1"), "a.txt"), (BytesIO(b"2"), "b.txt")]
    twice = client.http.post(path, data={"clientId": new_id(), "file": both}, headers=headers)
    assert twice.status_code in (201, 409)
    headers["Idempotency-Key"] = "another-key-for-two"
    sent = [send(content) for content in (b"first", b"first", b"second")]
    assert [one.status_code for one in sent] == [201, 201, 409]
    assert sent[0].json == sent[1].json


def test_of_six_who_take_a_lease_for_the_first_time_one_has_it(world: World) -> None:
    for turn in range(size(50, 5)):
        told = at_once(6, partial(_take, world, f"lease {turn}"))
        assert sorted(told) == [False] * 5 + [True]


def _take(world: World, name: str, index: int) -> bool:
    return take(world.store, name, f"process {index}", 9)


def test_a_lease_that_holds_is_not_written(world: World) -> None:
    assert take(world.store, "sla", "me", 15)
    with world.store.read() as work:
        until = work.session.get_one(Lease, "sla").expires_at
    world.clock.forward(seconds=5)
    assert take(world.store, "sla", "me", 15)
    assert not take(world.store, "sla", "other", 15)
    with world.store.read() as work:
        assert work.session.get_one(Lease, "sla").expires_at == until
    world.clock.forward(seconds=5)
    assert take(world.store, "sla", "me", 15)
    with world.store.read() as work:
        assert work.session.get_one(Lease, "sla").expires_at > until


@pytest.fixture
def country(clock: ManualClock) -> Iterator[World]:
    """The small world where two transactions really run beside each other."""
    if not postgres.is_there():
        absent("PostgreSQL")
    with postgres.database() as url:
        store = Store(url, clock)
        yield make_world(store, clock)
        store.close()


@pytest.mark.parametrize("closes_first", [True, False])
def test_a_question_that_overlaps_a_closing_is_a_repeat(
    country: World, monkeypatch: pytest.MonkeyPatch, closes_first: bool
) -> None:
    chat_id = _proposed(country)
    waits = Event()

    def announced(*given: Any) -> None:
        waits.set()
        locking.take_turns(*given)

    with ThreadPoolExecutor(1) as pool:
        with country.store.work() as work:
            if closes_first:
                moves.move(
                    work, access_own_chat(work, country.jeroen, chat_id), country.jeroen,
                    Move.CONFIRM,
                )  # fmt: skip
            else:
                _open(country, work)
            work.session.flush()
            monkeypatch.setattr(repeats, "take_turns", announced)
            country.clock.forward(seconds=1 if closes_first else -1)
            other = pool.submit(country.ask if closes_first else _confirm(country, chat_id))
            assert waits.wait(9)
            wait([other], HAS_TIME)  # to go on by itself, were there no turns
        other.result(9)
    with country.store.read() as work:
        contact = work.session.exec(select(Contact).where(Contact.chat_id == chat_id)).one()
        assert contact.followed_at
    assert list(verify(country.store)) == []


def test_what_was_marked_while_a_chat_is_reopened_counts_once(
    country: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's question on the topic is just quicker than who asks on in the closed chat."""
    chat_id = _proposed(country)
    _confirm(country, chat_id)()
    country.clock.forward(minutes=1)

    def overtaken(*given: Any) -> None:
        monkeypatch.setattr(repeats, "take_turns", locking.take_turns)
        country.clock.forward(seconds=1)
        country.ask("samira")
        locking.take_turns(*given)

    monkeypatch.setattr(repeats, "take_turns", overtaken)
    moves.reopen(country.store, country.jeroen, chat_id, country.capacity, 30)
    with country.store.read() as work:
        told = [one.measures for one in work.session.exec(select(Fact))]
    assert sum(measures.get("repeats", 0) for measures in told) == 1


def _proposed(world: World) -> str:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    world.say("sanne", chat_id, "Zo doet u dat.")
    moves.propose(world.store, world.sanne, chat_id)
    world.clock.forward(minutes=1)
    return chat_id


def _open(world: World, work: Any) -> None:
    data = messages.NewChat(topic_id=world.topic_id, body="Nog een vraag", client_id=new_id())
    chat = messages._new_chat(work, world.samira, data, "Nog een vraag")
    append(work, chat, world.samira, messages._opening(work, chat))


def _confirm(world: World, chat_id: str) -> Callable[[], Any]:
    return lambda: moves.confirm(world.store, world.jeroen, chat_id)


def test_time_does_not_go_back_in_a_chat(country: World) -> None:
    chat_id = country.ask()
    with country.store.work() as slow:
        country.clock.forward(seconds=2)
        country.say("jeroen", chat_id, "Hallo")
        country.clock.forward(seconds=-1)
        chat = access_own_chat(slow, country.jeroen, chat_id)
        append(slow, chat, country.jeroen, Message(body="later"))
    read = timeline.read_timeline(country.store, country.jeroen, chat_id).entries
    assert [plain(one)["at"] for one in read] == sorted(plain(one)["at"] for one in read)


def test_a_read_is_of_one_moment(country: World) -> None:
    chat_id = country.ask()
    with country.store.read() as work:
        before = len(entries_after(work.session, chat_id, 0, Side.CENTRE, 99))
        country.say("jeroen", chat_id, "Hallo")
        assert len(entries_after(work.session, chat_id, 0, Side.CENTRE, 99)) == before


def test_that_telling_fails_is_no_failure_of_who_said_it(world: World) -> None:
    chat_id = world.ask()

    def fail(_news: object) -> None:
        raise ConnectionError("Redis is away")

    world.store.publish = fail
    assert world.say("jeroen", chat_id, "Hallo").body


def test_a_database_that_can_not_be_had_is_a_sentence(
    tmp_path: Any, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vipservice.store.work.BUSY_MILLISECONDS", 20)
    store = Store(sqlite.database(tmp_path), clock)
    world = make_world(store, clock)
    client = Client(create_web(service_of(store)), world.tokens["jeroen"])
    chat_id = world.ask()
    with store.work():
        answer = client.post(
            f"/api/v1/chats/{chat_id}/messages", {"body": "Hallo", "clientId": new_id()}
        )
        with pytest.raises(Busy):
            world.say("jeroen", chat_id, "Hallo")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json["retryAfter"] == 2
    store.close()
