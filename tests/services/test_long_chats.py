"""A chat of any length: all of it goes along, and the others have their turn while it is read."""

import pytest

from tests.support.recording import DRAFTER
from tests.support.world import World
from vipservice.services import routing
from vipservice.services.incidents import drafting


def test_a_long_chat_is_read_in_parts_and_none_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[float] = []
    monkeypatch.setattr("vipservice.services.incidents.drafting.time.sleep", turns.append)
    monkeypatch.setattr(drafting, "PART", 5)
    chat_id = world.ask()
    routing.pick_up(world.store, world.sanne, chat_id, 2)
    for number in range(12):
        world.say("jeroen", chat_id, f"woord {number:02}")
    told = drafting.get_draft(world.store, world.sanne, chat_id, DRAFTER)["transcript"]
    words = [line.split(": ")[1] for line in told.splitlines() if ": woord" in line]
    assert words == [f"woord {number:02}" for number in range(12)]
    assert turns == [0, 0, 0]
