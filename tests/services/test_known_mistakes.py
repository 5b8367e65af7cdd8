"""The mistakes that other help desks make with a deadline, each as a test of its own.

The numbers are those of the list that this product was designed against.
"""

import threading
from datetime import UTC, date, datetime, timedelta

from tests.support.listening import Edge, Listener
from tests.support.shapes import plain
from vipservice.config import CalendarSettings
from vipservice.rules.chats import TRANSITIONS, State
from vipservice.rules.forecast import Agent, Situation, WaitingChat, look_ahead
from vipservice.rules.refusals import Refusal
from vipservice.rules.routing import LEAST_HANDLED, Presence
from vipservice.rules.sla import due, public_holidays
from vipservice.services.chats import access, clocks, moves
from vipservice.services.flags import flag_due
from vipservice.services.routing import presence, serving
from vipservice.services.routing.presence import NewPresence
from vipservice.store.queries import active_chats
from vipservice.testing.world import World


def told(world: World, chat_id: str, target: str) -> list[dict[str, object]]:
    """The clocks of one promise, as the centre sees them."""
    found = clocks.list_clocks(world.store, world.sanne, chat_id)
    return [plain(clock) for clock in found if clock.target == target]


def in_hand(world: World) -> str:
    """A chat that Sanne has picked up on Wednesday morning."""
    world.clock.set("2026-04-22T10:00+02:00")
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 10)
    return chat_id


def answered(world: World) -> str:
    """The same, answered and confirmed."""
    chat_id = in_hand(world)
    world.say("sanne", chat_id, "Via het menu Documenten.")
    moves.propose(world.store, world.sanne, chat_id)
    moves.confirm(world.store, world.jeroen, chat_id)
    return chat_id


def test_1a_no_deadline_runs_on_after_the_case_is_solved(world: World) -> None:
    chat_id = in_hand(world)
    world.say("jeroen", chat_id, "En voor een minderjarige?")
    world.say("sanne", chat_id, "Ook zo.")
    moves.propose(world.store, world.sanne, chat_id)
    world.say("jeroen", chat_id, "Nog één ding: waar staat de knop?")
    moves.confirm(world.store, world.jeroen, chat_id)
    assert all(clock["endedAt"] for clock in told(world, chat_id, "reply"))
    world.clock.forward(days=30)
    assert flag_due(world.store, world.capacity) == 0


def test_1b_a_miss_does_not_disappear_with_a_late_answer(world: World) -> None:
    chat_id = in_hand(world)
    world.say("sanne", chat_id, "Waarover gaat het?")
    world.say("jeroen", chat_id, "Over het uittreksel.")
    world.clock.forward(hours=2)
    world.say("sanne", chat_id, "Via het menu.")
    (first, late) = told(world, chat_id, "reply")
    assert first["breachedAt"] is None
    assert late["breachedAt"] == late["dueAt"]
    assert late["metAt"] == "2026-04-22T10:00:00Z"


def test_1c_thanks_start_no_clock(world: World) -> None:
    chat_id = in_hand(world)
    world.say("sanne", chat_id, "Via het menu.")
    for thanks in ("Dank u wel!", "ok, bedankt", "Hartelijk dank voor uw snelle hulp", "Top 👍"):
        world.say("jeroen", chat_id, thanks)
    assert len(told(world, chat_id, "reply")) == 1
    world.say("jeroen", chat_id, "Bedankt, maar het werkt niet.")
    assert len(told(world, chat_id, "reply")) == 2


def test_2_reopening_counts_from_the_reopening_and_not_from_the_creation(world: World) -> None:
    chat_id = answered(world)
    world.clock.forward(days=7)
    moves.reopen(world.store, world.jeroen, chat_id, world.capacity, 14)
    first, second = told(world, chat_id, "pickup")
    assert second["startedAt"] == "2026-04-29T08:00:00Z"
    assert second["dueAt"] == "2026-04-29T08:30:00Z"
    assert (first["metAt"], flag_due(world.store, world.capacity)) == ("2026-04-22T08:00:00Z", 0)


def test_3a_no_minute_is_lost_at_midnight() -> None:
    day = ("00:00-24:00",)
    calendar = CalendarSettings(
        monday=day, tuesday=day, wednesday=day, thursday=day, friday=day, saturday=day,
        sunday=day, holidays="",
    ).calendar()  # fmt: skip
    opened = datetime(2026, 6, 1, tzinfo=UTC)
    assert due(calendar, opened, 7 * 24 * 60).due_at == opened + timedelta(days=7)


def test_3b_a_zone_and_no_offset_is_kept() -> None:
    """The same local hour, in winter and in summer, is another instant."""
    calendar = CalendarSettings().calendar()
    winter = due(calendar, datetime(2026, 1, 14, 15, 45, tzinfo=UTC), 30).due_at
    summer = due(calendar, datetime(2026, 7, 15, 14, 45, tzinfo=UTC), 30).due_at
    assert winter == datetime(2026, 1, 15, 7, 15, tzinfo=UTC)
    assert summer == datetime(2026, 7, 16, 6, 15, tzinfo=UTC)


def test_3c_no_folklore_closes_the_desk() -> None:
    """Neither Sinterklaas, nor the Day of the Dead, nor Liberation Day out of its lustrum."""
    assert not {date(2026, 12, 5), date(2026, 5, 4), date(2026, 5, 5)} & public_holidays("NL", 2026)
    assert date(2025, 5, 5) in public_holidays("NL", 2025)
    assert date(2025, 4, 26) in public_holidays("NL", 2025), "King's Day, the 27th being a Sunday"


def test_4_the_expected_wait_comes_from_slots_and_handling_or_is_unknown() -> None:
    waiting = tuple(WaitingChat(str(n), "a", 30) for n in range(8))
    handling, all_busy = (10.0,) * LEAST_HANDLED, Agent(frozenset({"a"}), 0, (1.0, 6.0))

    def expected(hands: int) -> float:
        found = look_ahead(Situation(waiting, (all_busy,) * hands, handling, 2)).newcomer("a")
        assert found
        return found.middle

    assert expected(1) > 1.5 * expected(2) > 20
    assert look_ahead(Situation(waiting, (), handling, 2)).newcomer("a") is None


def at_once(world: World, tasks: list[tuple[str, str]]) -> list[str]:
    """Everybody picks up at the same moment; who succeeded."""
    barrier, succeeded = threading.Barrier(len(tasks)), []

    def take(who: str, chat_id: str) -> None:
        barrier.wait()
        try:
            serving.pick_up(world.store, world.actors[who], chat_id, 2)
            succeeded.append(who)
        except Refusal:
            pass

    threads = [threading.Thread(target=take, args=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return succeeded


def test_5_two_queues_do_not_overshoot_a_specialists_slots(world: World) -> None:
    chats = [world.ask() for _ in range(6)]
    assert len(at_once(world, [("sanne", chat_id) for chat_id in chats])) == 2
    with world.store.read() as work:
        assert active_chats(work.session, world.sanne.id) == 2


def test_6_two_specialists_never_get_the_same_chat(world: World) -> None:
    for _ in range(5):
        chat_id = world.ask()
        assert len(at_once(world, [(who, chat_id) for who in ("sanne", "ilias", "marieke")])) <= 1
        assert access.get_chat(world.store, world.sanne, chat_id).state in ("active", "waiting")


def test_7_a_queue_never_closes_a_chat_and_every_state_has_an_exit(world: World) -> None:
    chat_id = world.ask()
    for _ in range(30):
        world.clock.forward(days=1)
        flag_due(world.store, world.capacity)
        presence.sweep_offline(world.store, world.capacity)
    assert access.get_chat(world.store, world.sanne, chat_id).state == "waiting"
    assert {origin for origin, _ in TRANSITIONS} == set(State)
    serving.pick_up(world.store, world.sanne, chat_id, 2)


def test_8_availability_is_pushed_and_counted_again_at_submit(world: World) -> None:
    jeroen = Listener(Edge(world), "jeroen")
    jeroen.connect()
    presence.set_presence(world.store, world.sanne, NewPresence(status=Presence.AVAILABLE))
    jeroen.edge.broadcast.refresh()
    before, after = (told["staffed"] for name, told in jeroen.heard if name == "availability")
    assert (before, after) == (False, True)
    world.clock.set("2026-04-24T17:00:01+02:00")
    chat_id = world.ask()
    due_at = plain(access.get_chat(world.store, world.jeroen, chat_id))["pickup"]["dueAt"]
    assert due_at == "2026-04-28T06:30:00Z", "the page said open; the promise says when"
