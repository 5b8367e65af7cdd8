"""What is told over the line so that no page has to ask after it."""

from typing import Any

from tests.support.listening import Edge, Listener
from tests.support.recording import deliver_next, escalated
from vipservice.adapters.base import Unavailable
from vipservice.testing import Recording, World


def heard(listener: Listener, event: str) -> list[Any]:
    return [payload for name, payload in listener.heard if name == event]


def listening(world: World) -> dict[str, Listener]:
    edge = Edge(world)
    found = {name: Listener(edge, name) for name in ("jeroen", "klarinda", "sanne", "annet")}
    for one in found.values():
        one.connect()
    return found


def test_the_centre_is_told_what_does_not_get_out_and_that_it_did(world: World) -> None:
    everybody = listening(world)
    broadcast = everybody["sanne"].edge.broadcast
    system = Recording(before=[Unavailable("503")])
    asked = world.clock.now
    escalated(world)
    deliver_next(world, system)
    for minutes in (1, 6, 1):
        world.clock.forward(minutes=minutes)
        broadcast.look_outside()
    since = f"{asked:%Y-%m-%dT%H:%M:%SZ}"
    nothing = {"count": 0, "since": None}
    assert heard(everybody["sanne"], "undelivered") == [nothing, {"count": 1, "since": since}]
    world.clock.forward(minutes=11)
    deliver_next(world, system)
    broadcast.look_outside()
    for name in ("sanne", "annet"):
        assert heard(everybody[name], "undelivered")[-1] == nothing
        assert len(heard(everybody[name], "undelivered")) == 3
    for name in ("jeroen", "klarinda"):
        assert heard(everybody[name], "undelivered") == []


def test_who_connects_later_is_told_what_does_not_get_out(world: World) -> None:
    edge = Edge(world)
    escalated(world)
    world.clock.forward(minutes=6)
    sanne = Listener(edge, "sanne")
    sanne.connect()
    (told,) = heard(sanne, "undelivered")
    assert told["count"] == 1


def test_each_new_word_of_a_failing_system_is_told_to_the_centre_alone(world: World) -> None:
    everybody = listening(world)
    incident = escalated(world)
    system = Recording(before=[Unavailable("503"), Unavailable("504")])
    for _ in range(2):
        deliver_next(world, system)
        world.clock.forward(minutes=30)
    problems = [told["items"][0]["problem"] for told in heard(everybody["sanne"], "incidents")]
    assert problems == ["", "503", "504"]
    own = heard(everybody["jeroen"], "incidents")
    assert {told["items"][0]["problem"] for told in own} == {""}
    assert {told["chatId"] for told in own} == {incident["chatId"]}
    assert heard(everybody["klarinda"], "incidents") == []
