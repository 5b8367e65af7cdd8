"""One order of the queue, for who reads it and for who foretells, however many wait."""

import pytest

from tests.support.recording import picked_up
from vipservice.services import waits
from vipservice.services.routing import serving
from vipservice.services.routing.serving import HandOver
from vipservice.testing.world import World


@pytest.mark.parametrize("length", [2, 200])
def test_who_came_back_goes_first_and_then_who_is_due_first(
    world: World, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr(serving, "QUEUE_LENGTH", length)
    monkeypatch.setattr(waits, "QUEUE_LENGTH", length)
    world.clock.set("2026-04-22T10:00+02:00")
    back = picked_up(world, "Kwam terug")
    asked = []
    for _ in range(3):
        asked.append(world.ask())
        world.clock.forward(minutes=1)
    to_team = HandOver(team_id=world.team_id)
    serving.hand_over(world.store, world.sanne, back, to_team, world.capacity)
    wanted = [back, *asked][:length]
    assert [chat.id for chat in serving.queue(world.store)] == wanted
    foretold = waits.desk_now(world.store, world.capacity).situation.waiting
    assert [one.id for one in foretold] == wanted
