"""The helpers for who builds on vipservice do what their page of documentation shows."""

import doctest

import pytest

from vipservice import testing
from vipservice.rules.refusals import NotFound
from vipservice.services.chats import amending
from vipservice.testing import Recording, World, drain, sees


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


def test_words_that_are_gone_are_seen_to_be_gone(world: World) -> None:
    chat_id = world.ask("jeroen", "Hoe druk ik een uittreksel af?")
    said = world.say("jeroen", chat_id, "Laat maar.")
    amending.withdraw(world.store, world.jeroen, chat_id, amending.Target(of=said.seq))
    assert "Jeroen: This was withdrawn." in sees(world, "sanne", chat_id, "en")


def test_a_system_that_the_world_does_not_have_gets_a_sentence(world: World) -> None:
    with pytest.raises(ValueError, match="no system other"):
        drain(world, Recording(name="other"))


def test_time_stands_still_while_a_queue_is_drained(world: World) -> None:
    before = world.clock.now
    drain(world, Recording())
    assert world.clock.now == before


def test_a_long_chat_is_seen_whole(world: World) -> None:
    chat_id = world.ask("jeroen", "0")
    for number in range(1, 505):
        world.say("jeroen", chat_id, str(number))
    assert sees(world, "jeroen", chat_id)[-1] == "Jeroen: 504"
