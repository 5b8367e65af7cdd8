"""Whoever is turned away: when, with which sentence, and under which lock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlmodel import select

from tests.support.recording import escalated, picked_up
from vipservice.adapters.base import Unavailable
from vipservice.rules.chats import ChatKind, Visibility
from vipservice.rules.people import Actor
from vipservice.rules.policy import Target as Minutes
from vipservice.rules.refusals import Invalid, NotAllowed, NotFound, NotSignedIn, Refusal
from vipservice.rules.routing import Capacity
from vipservice.rules.sla import Block, Calendar
from vipservice.services import callbacks
from vipservice.services.chats import access, amending, attachments, messages, moves, timeline
from vipservice.services.chats.locking import lock_chat
from vipservice.services.hours_and_targets import changes
from vipservice.services.hours_and_targets.clocks import Change
from vipservice.services.incidents.bringing import require_claim
from vipservice.services.incidents.drafting import access_to_escalate
from vipservice.services.incidents.escalation import access_incident, get_sent_draft
from vipservice.services.outbox import Claim
from vipservice.services.people.sessions import sign_out
from vipservice.services.reports.folding import BUSY, require_no_server
from vipservice.services.routing import serving
from vipservice.store.tables import Callback, Chat, Grant, Lease, Outbox, Topic
from vipservice.store.types import new_id
from vipservice.store.work import Work
from vipservice.testing.world import World

MINUTE_A_WEEK = (((480, 481),), *((),) * 6)
TOO_LITTLE = "The opening hours hold too little time for these targets."
ONLY_WHO_HAS_IT = "Only the specialist who has this chat makes an incident of it."


def refused(act: Callable[[], object], kind: type[Refusal] = Refusal) -> str:
    """The sentence with which it is refused."""
    with pytest.raises(kind) as refusal:
        act()
    assert type(refusal.value) is kind
    return refusal.value.detail


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The chats that were locked."""
    found: list[str] = []

    def lock(work: Work, id_: str) -> Chat | None:
        found.append(id_)
        return lock_chat(work, id_)

    monkeypatch.setattr(access, "lock_chat", lock)
    return found


def test_who_does_not_have_the_chat_is_told_to_take_it_over(world: World) -> None:
    chat_id = picked_up(world, "Hoe dan?")
    with world.store.work() as work:
        said = refused(lambda: access.access_handled_chat(work, world.ilias, chat_id), NotAllowed)
    assert said == "This chat is with somebody else. Take it over first."


def called_back(world: World) -> tuple[str, str]:
    """A chat that closed with a callback; the ids of both."""
    chat_id = picked_up(world, "Hoe dan?")
    callbacks.call_back(
        world.store, world.sanne, chat_id, callbacks.NewCallback(phone="033 123 45 67")
    )
    with world.store.read() as work:
        return chat_id, work.session.exec(
            select(Callback.id).where(Callback.chat_id == chat_id)
        ).one()


def test_a_callback_is_done_once_and_not_after_reopening(world: World) -> None:
    words = "This callback is done already, or the chat has been reopened."
    reached = callbacks.Attempt(reached=True)
    chat_id, callback_id = called_back(world)
    callbacks.attempt(world.store, world.ilias, callback_id, reached)

    def attempt(id_: str) -> Callable[[], object]:
        return partial(callbacks.attempt, world.store, world.ilias, id_, reached)

    assert refused(attempt(callback_id)) == words
    chat_id, reopened = called_back(world)
    moves.reopen(world.store, world.jeroen, chat_id, world.capacity, 30)
    assert refused(attempt(reopened)) == words
    refused(attempt("gone"), NotFound)


def test_ones_own_note_can_be_corrected_though_the_chat_went_to_a_colleague(world: World) -> None:
    chat_id = picked_up(world, "Hoe dan?")
    data = messages.NewMessage(body="sjabloon", client_id=new_id())
    note = messages.add_note(world.store, world.sanne, chat_id, data)
    world.hand_over("sanne", chat_id, "ilias")
    better = amending.Correction(of=note.seq, note=True, body="het sjabloon")
    assert amending.correct(world.store, world.sanne, chat_id, better).kind == "corrected"


def test_a_file_that_is_sent_again_is_compared_with_that_one(world: World) -> None:
    chats = [picked_up(world, "Een"), picked_up(world, "Twee")]

    def send(chat_id: str, client_id: str, content: bytes) -> int:
        file = attachments.KeptFile("a.png", "image/png", content)
        return attachments.add_file(
            world.store, world.jeroen, chat_id, file, client_id, world.capacity,
            Visibility.EVERYONE,
        ).seq  # fmt: skip

    keys = [(chat_id, key) for chat_id in chats for key in ("aaaaaaaa", "bbbbbbbb")]
    sent = {key: send(*key, key[1].encode()) for key in keys}
    assert {key: send(*key, key[1].encode()) for key in keys} == sent
    assert refused(lambda: send(*keys[0], b"other")) == messages.OTHER_WORDS


@pytest.mark.parametrize("lock", [True, False])
def test_escalating_locks_and_its_draft_does_not(
    world: World, locked: list[str], lock: bool
) -> None:
    chat_id = picked_up(world, "Hoe dan?")
    locked.clear()
    with world.store.work() as work:
        access_to_escalate(work, world.sanne, chat_id, lock=lock)
    assert locked == [chat_id] * lock


def test_who_may_make_an_incident_of_a_chat(world: World) -> None:
    question, problem = world.ask(), asked_problem(world)
    taken = picked_up(world, "Hoe dan?")

    def as_(actor: Actor, chat_id: str) -> Callable[[], object]:
        def act() -> object:
            with world.store.work() as work:
                return access_to_escalate(work, actor, chat_id, lock=True).id

        return act

    for actor, chat_id in (
        (world.sanne, question), (world.ilias, problem), (world.jeroen, problem),
        (world.sanne, taken),
    ):  # fmt: skip
        assert as_(actor, chat_id)() == chat_id
    for actor, chat_id in (
        (world.jeroen, question), (world.samira, problem), (world.ilias, taken),
        (world.annet, question),
    ):  # fmt: skip
        assert refused(as_(actor, chat_id), NotAllowed) == ONLY_WHO_HAS_IT
    with world.store.work() as work:
        other = Topic(name="Verkiezingen", team_id=world.team_id)
        work.session.add(other)
        work.session.flush()
        for grant in work.session.exec(select(Grant).where(Grant.person_id == world.jeroen.id)):
            grant.topic_id = other.id
    said = refused(as_(world.jeroen, problem), NotAllowed)
    assert said == "You are not authorised for this topic."


def asked_problem(world: World) -> str:
    data = messages.NewChat(
        topic_id=world.topic_id, body="De kassa is stuk.", client_id=new_id(), kind=ChatKind.PROBLEM
    )
    return str(messages.open_chat(world.store, world.jeroen, data).id)


def test_an_incident_is_handed_out_under_its_chats_lock(world: World, locked: list[str]) -> None:
    incident = escalated(world)
    locked.clear()
    with world.store.work() as work:
        assert access_incident(work, world.sanne, incident["id"]).id == incident["id"]
        assert locked == [incident["chatId"]]
        for actor, id_ in ((world.klarinda, incident["id"]), (world.sanne, "gone")):
            refused(partial(access_incident, work, actor, id_), NotFound)


def test_who_was_signed_out_is_told_so_even_of_what_nobody_has(world: World) -> None:
    incident, (_, callback_id) = escalated(world), called_back(world)
    reached = callbacks.Attempt(reached=True)
    gates: dict[str, Callable[[str], object]] = {
        incident["id"]: partial(get_sent_draft, world.store, world.sanne),
        callback_id: lambda id_: callbacks.attempt(world.store, world.sanne, id_, reached),
        "": partial(attachments.get_file, world.store, world.sanne),
    }
    sign_out(world.store, world.sanne)
    for known, gate in gates.items():
        for id_ in filter(None, (known, "gone")):
            refused(partial(gate, id_), NotSignedIn)
    for id_ in (incident["id"], "gone"):
        with world.store.work() as work:
            refused(partial(access_incident, work, world.sanne, id_), NotSignedIn)


def test_only_who_may_read_a_chat_follows_it(world: World) -> None:
    chat_id = world.ask()
    for who in (world.jeroen, world.samira, world.sanne, world.annet):
        timeline.require_readable(world.store, who, chat_id)
    for who, id_ in ((world.klarinda, chat_id), (world.peter, chat_id), (world.sanne, "gone")):
        refused(partial(timeline.require_readable, world.store, who, id_), NotFound)


def test_a_full_colleague_is_named(world: World) -> None:
    chat_id = picked_up(world, "Een")
    serving.pick_up(world.store, world.ilias, world.ask(), 1)
    world.capacity = Capacity(1, 120)
    with pytest.raises(Refusal) as refusal:
        world.hand_over("sanne", chat_id, "ilias")
    assert refusal.value.detail == "%(name)s has no room for another chat."
    assert refusal.value.params == {"name": "Ilias"}


@pytest.mark.parametrize(("left", "runs"), [(1, True), (0, False), (-60, False)])
def test_figures_are_not_counted_anew_while_a_server_runs(
    world: World, left: int, runs: bool
) -> None:
    with world.store.work() as work:
        expires_at = work.now + timedelta(seconds=left)
        work.session.merge(Lease(name="jobs", holder="a", expires_at=expires_at))
    if runs:
        assert refused(lambda: require_no_server(world.store)) == BUSY
    else:
        require_no_server(world.store)


def test_a_delivery_that_somebody_else_took_over_stops(world: World) -> None:
    incident = escalated(world)
    with world.store.read() as work:
        row = work.session.exec(select(Outbox)).one()
    claim = Claim(row.id, row.channel, "rt", "me", 1, row.key, {}, incident["id"])
    with pytest.raises(Unavailable) as problem:
        require_claim(world.store, claim)
    assert str(problem.value) == "the lease ran out"


def mistake(act: Callable[[], object]) -> tuple[str, str]:
    """The only bad field, and its sentence."""
    with pytest.raises(Invalid) as refusal:
        act()
    (error,) = refusal.value.errors
    return error.field, error.detail


def test_hours_must_hold_time_for_every_target_and_say_where(world: World) -> None:
    policy = changes.current_targets(world.store)
    two = Minutes(2, 1)
    small = replace(policy, pickup=two, reply=two, callback=two, manager_minutes=1)

    def save(change: Change) -> None:
        changes.save(world.store, world.peter, change)

    minute = Calendar("Europe/Amsterdam", MINUTE_A_WEEK, country="")
    assert mistake(lambda: save(Change(minute))) == ("monday", changes.NO_OPENING)
    today = world.clock().date()
    special: dict[date, tuple[Block, ...]] = {
        today + timedelta(days=n): ((0, 1440),) for n in range(9)
    }
    rich = replace(minute, special=special)
    assert mistake(lambda: save(Change(rich))) == ("monday", changes.NO_OPENING)
    never = Calendar("Europe/Amsterdam", ((),) * 7, special={date(2026, 5, 1): ((0, 1440),)})
    assert mistake(lambda: save(Change(never))) == ("monday", changes.NO_OPENING)
    save(Change(small))
    world.clock.forward(minutes=5)
    save(Change(minute, team_id=world.team_id))
    world.clock.forward(minutes=5)
    back = replace(policy, manager_minutes=1)
    assert mistake(lambda: save(Change(back))) == ("pickup_minutes", TOO_LITTLE)
