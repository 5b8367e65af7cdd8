"""The helpers for who builds on vipservice do what their page of documentation shows."""

import doctest

import pytest

from vipservice import testing
from vipservice.rules.refusals import NotFound
from vipservice.testing import World, sees


def test_the_example_of_the_documentation_runs() -> None:
    failed, tried = doctest.testmod(testing)
    assert tried > 10
    assert not failed


def test_everybody_sees_what_is_theirs(world: World) -> None:
    chat_id = world.ask("jeroen", "Hoe druk ik een uittreksel af?")
    world.pick_up("sanne", chat_id)
    assert sees(world, "jeroen", chat_id, "en")[-1] == "Sanne has picked up the question."
    with pytest.raises(NotFound):
        sees(world, "klarinda", chat_id)


def test_a_long_chat_is_seen_whole(world: World) -> None:
    chat_id = world.ask("jeroen", "0")
    for number in range(1, 505):
        world.say("jeroen", chat_id, str(number))
    assert sees(world, "jeroen", chat_id)[-1] == "Jeroen: 504"
