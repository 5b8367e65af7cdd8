"""Two minutes after the last connection somebody is offline; a restart or a network is not that."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import select

from vipservice.rules.routing import Presence
from vipservice.services.routing import presence
from vipservice.services.routing.leaving import visit_left
from vipservice.store.tables import PresenceChange
from vipservice.testing import World

EVERYBODY = ("sanne", "ilias", "marieke")


def statuses(world: World) -> list[str]:
    ids = [world.actors[name].id for name in EVERYBODY]
    found = presence.presences_of(world.store, ids)
    return [found[one].status for one in ids]


def seen(world: World, *names: str) -> None:
    presence.seen(world.store, {world.actors[name].id for name in names})


def test_who_has_no_connection_for_two_minutes_is_offline(world: World) -> None:
    world.come(*EVERYBODY)
    world.clock.forward(minutes=1.9)
    seen(world, "ilias", "marieke")
    assert presence.sweep_offline(world.store, world.capacity) == 0
    world.clock.forward(minutes=0.2)
    assert presence.sweep_offline(world.store, world.capacity) == 1
    assert statuses(world) == ["offline", "available", "available"]


def test_when_most_disappear_together_they_have_ten_minutes(world: World) -> None:
    """Not one chat of the country goes back to the queue for a network that flaps."""
    world.come(*EVERYBODY)
    chat_id = world.ask()
    world.pick_up("sanne", chat_id)
    world.clock.forward(minutes=9.9)
    assert presence.sweep_offline(world.store, world.capacity) == 0
    assert visit_left(world.store) == 0
    seen(world, *EVERYBODY)
    assert statuses(world) == ["available"] * 3
    world.clock.forward(minutes=10.1)
    assert presence.sweep_offline(world.store, world.capacity) == 3
    assert visit_left(world.store) == 1


def test_who_comes_back_from_it_one_by_one_keeps_all(world: World) -> None:
    """The first ones back do not make the others people who went home."""
    world.come(*EVERYBODY)
    world.clock.forward(minutes=5)
    for name in EVERYBODY:
        assert presence.sweep_offline(world.store, world.capacity) == 0
        presence.connected(world.store, world.actors[name], world.capacity)
        world.clock.forward(minutes=0.2)
    assert statuses(world) == ["available"] * 3


def test_two_of_many_are_no_network(world: World) -> None:
    world.come(*EVERYBODY)
    world.clock.forward(minutes=2.1)
    seen(world, "sanne")
    assert presence.sweep_offline(world.store, world.capacity) == 2


def test_after_a_restart_everybody_is_what_they_were(world: World) -> None:
    world.come("sanne")
    world.clock.forward(minutes=14)
    room = replace(world.capacity, up_since=world.clock.now)
    world.clock.forward(minutes=1.9)
    assert presence.sweep_offline(world.store, room) == 0
    assert presence.connected(world.store, world.sanne, room).status is Presence.AVAILABLE


def test_who_did_not_come_back_two_minutes_after_a_restart_is_offline(world: World) -> None:
    world.come("sanne")
    world.clock.forward(minutes=5)
    room = replace(world.capacity, up_since=world.clock.now)
    world.clock.forward(minutes=2.1)
    assert presence.sweep_offline(world.store, room) == 1


def test_of_friday_a_server_that_starts_on_monday_knows_nothing(world: World) -> None:
    world.come("sanne")
    world.clock.forward(minutes=60 * 62)
    room = replace(world.capacity, up_since=world.clock.now)
    assert presence.connected(world.store, world.sanne, room).status is Presence.OFFLINE


def test_it_is_kept_who_was_there_and_when(world: World) -> None:
    start = world.clock.now
    world.come("sanne")
    world.clock.forward(minutes=30)
    lunch = presence.NewPresence(
        status=Presence.AWAY, reason="lunch", until=start + timedelta(hours=1)
    )
    for _ in range(2):  # told twice, kept once
        assert presence.set_presence(world.store, world.sanne, lunch).until == lunch.until
    world.clock.forward(minutes=3)
    presence.sweep_offline(world.store, world.capacity)
    with world.store.read() as work:
        rows = work.session.exec(select(PresenceChange).order_by(PresenceChange.id)).all()
        kept = [(row.status, row.reason, row.at - start) for row in rows]
    minutes = [timedelta(minutes=one) for one in (0, 30, 33)]
    assert kept == [
        (Presence.AVAILABLE, "", minutes[0]),
        (Presence.AWAY, "lunch", minutes[1]),
        (Presence.OFFLINE, "", minutes[2]),
    ]
