"""What is told over the line so that no page has to ask after it."""

from functools import partial
from typing import Any

from tests.support.counting import Counted
from tests.support.listening import Edge, Listener
from tests.support.recording import add, deliver_next, escalated, picked_up
from vipservice.adapters.base import Unavailable
from vipservice.rules.news import News
from vipservice.services.incidents.telling import incidents_told
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
    (own,) = heard(everybody["jeroen"], "incidents")
    assert (own["chatId"], own["items"][0]["problem"]) == (incident["chatId"], "")
    assert heard(everybody["klarinda"], "incidents") == []


def test_a_chat_that_is_added_is_no_news_for_the_other_ones(world: World) -> None:
    incident = escalated(world)
    chat_id = picked_up(world, "Ook hier fout UIT-5031.", "klarinda")
    everybody = listening(world)
    add(world, chat_id, incident)
    assert heard(everybody["jeroen"], "incidents") == []
    assert [told["chatId"] for told in heard(everybody["klarinda"], "incidents")] == [chat_id]


def test_telling_of_an_incident_costs_the_same_however_many_chats_it_has(world: World) -> None:
    incident = escalated(world)
    asked = []
    for _ in range(2):
        for _ in range(5):
            add(world, picked_up(world, "Ook hier fout UIT-5031.", "klarinda"), incident)
        news = News(incidents={incident["id"]: True})
        asked.append(Counted(world).of(partial(incidents_told, world.store, news)).statements)
    assert asked[0] == asked[1] <= 6
