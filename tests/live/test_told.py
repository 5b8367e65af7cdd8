"""What is told over the line so that no page has to ask after it."""

from functools import partial
from typing import Any

from tests.support.counting import Counted
from tests.support.listening import Edge, Listener
from tests.support.recording import add, deliver_next, escalated, picked_up
from tests.support.shapes import plain
from vipservice.adapters.base import Unavailable
from vipservice.rules.news import News, Read
from vipservice.rules.people import Side
from vipservice.rules.shape import Named
from vipservice.services.chats import reading, timeline
from vipservice.services.chats.telling import Told, read_news
from vipservice.services.incidents.telling import incidents_told
from vipservice.services.lists import ChatList
from vipservice.store.types import new_id
from vipservice.testing import Recording, World, escalate


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
    chat_id, everybody = picked_up(world, "Fout UIT-5031 bij afdrukken."), listening(world)
    incident = escalate(world, "sanne", chat_id)
    system = Recording(before=[Unavailable("503"), Unavailable("504")])
    for _ in range(2):
        deliver_next(world, system)
        world.clock.forward(minutes=30)
    problems = [told["items"][0]["problem"] for told in heard(everybody["sanne"], "incidents")]
    assert problems == ["", "503", "504"]
    (own,) = heard(everybody["jeroen"], "incidents")
    assert (own["chatId"], own["items"][0]["problem"]) == (incident.chat_id, "")
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


def test_a_message_is_told_as_it_was_stored_and_nothing_is_read_for_it(world: World) -> None:
    """What follows from it for the summary, who has the chat open knows."""
    chat_id = world.ask()

    def fresh(who: str) -> Any:
        read = timeline.read_timeline(world.store, world.actors[who], chat_id)
        return plain(read.entries[-1])

    counted, news = Counted(world), list[News]()
    world.store.publish = news.append
    world.say("jeroen", chat_id, "toelichting")
    found: list[Told] = []
    cost = counted.of(lambda: found.extend(read_news(world.store, news[0].chats)))
    assert cost.statements == 0
    assert found[0].chat is None
    assert plain(found[0].entries_for(Side.CENTRE)[-1]) == fresh("sanne")
    assert plain(found[0].entries_for(Side.REQUESTER)[-1]) == fresh("jeroen")


def test_how_far_somebody_read_is_told_and_nothing_is_read_for_it(world: World) -> None:
    chat_id = picked_up(world, "Fout UIT-5031 bij afdrukken.")
    counted, news = Counted(world), list[News]()
    world.store.publish = news.append
    reading.mark_read(world.store, world.sanne, chat_id, 99)
    found: list[Told] = []
    cost = counted.of(lambda: found.extend(read_news(world.store, news[0].chats)))
    assert cost.statements == 0
    chat = timeline.read_timeline(world.store, world.sanne, chat_id).chat
    who = Named(id=world.sanne.id, name=world.sanne.name)
    assert found[0].read == (Read(Side.CENTRE, who, chat.centre_read_seq),)


def test_who_goes_on_talking_is_not_asked_again_whether_they_may_type(world: World) -> None:
    """Also what they type just after a message is told."""
    chat_id = picked_up(world, "Fout UIT-5031 bij afdrukken.")
    everybody = listening(world)
    sanne = everybody["sanne"]
    types = partial(sanne.ask, "typing", {"chatId": chat_id, "typing": True})
    says = {"chatId": chat_id, "body": "Ik kijk."}
    assert Counted(world).of(types).statements > 0
    for _ in range(3):
        sanne.ask("send", says | {"clientId": new_id()})
        assert Counted(world).of(types).statements == 0
        world.clock.forward(minutes=0.4)
    world.clock.forward(minutes=1)
    assert Counted(world).of(types).statements > 0
    assert len(heard(everybody["jeroen"], "typing")) == 5


def test_that_somebody_types_is_no_news_on_their_own_pages(world: World) -> None:
    chat_id = picked_up(world, "Fout UIT-5031 bij afdrukken.")
    everybody = listening(world)
    sanne, jeroen = everybody["sanne"], everybody["jeroen"]
    another = Listener(sanne.edge, "sanne")
    another.connect()
    sanne.ask("typing", {"chatId": chat_id, "typing": True})
    assert [len(heard(one, "typing")) for one in (sanne, another, jeroen)] == [0, 0, 1]


def test_who_lost_a_chat_does_not_type_in_it_by_saying_again_what_they_said(world: World) -> None:
    chat_id = picked_up(world, "Fout UIT-5031 bij afdrukken.")
    sanne = listening(world)["sanne"]
    says = {"chatId": chat_id, "clientId": new_id(), "body": "Ik kijk."}
    types = {"chatId": chat_id, "typing": True}
    sanne.ask("typing", types)
    sanne.ask("send", says)
    world.hand_over("sanne", chat_id, "ilias")
    sanne.ask("send", says)
    answer = sanne.edge.hall.handlers["typing"](sanne.sid, types)
    assert answer["problem"]["status"] == 403


def test_of_who_is_gone_nothing_is_kept(world: World) -> None:
    """Also where they went while it was found out whether they may type."""
    first, second = (picked_up(world, "Fout UIT-5031 bij afdrukken.") for _ in range(2))
    sanne = Listener(Edge(world), "sanne")
    sanne.connect()
    quiet, sid = sanne.edge.broadcast.quiet, sanne.sid
    assert quiet.is_news(sid, world.sanne, first, typing=True)
    sanne.edge.handlers.connections.drop(sid, world.clock.now)
    assert not quiet.is_news(sid, world.sanne, second, typing=True)
    sanne.cut()
    assert (quiet._told, quiet._may_type) == ({}, {})


def test_a_list_is_numbered_before_it_is_read(world: World) -> None:
    """What is told while it is read is newer, and the page keeps it."""
    sanne = Listener(Edge(world), "sanne")
    sanne.connect()
    watching, told = sanne.edge.broadcast.watching, list[Any]()

    def read_slowly(*_: Any) -> list[Any]:
        world.ask("jeroen")
        watching.refresh()
        return []

    watching._list = read_slowly  # type: ignore[method-assign, assignment]
    told += watching.now(world.sanne, [ChatList.MINE, ChatList.QUEUE], sanne.sid)
    (digest,) = [one for one in heard(sanne, "digest") if one["list"] == "queue"][-1:]
    assert digest["version"] > told[1].version


def test_what_was_read_before_it_changed_is_not_kept(world: World) -> None:
    """Somebody asks for the queue; while it is read a chat comes, and the lists are told."""
    sanne = Listener(Edge(world), "sanne")
    sanne.connect()
    watching = sanne.edge.broadcast.watching
    read = watching._computed

    def read_slowly(name: Any) -> Any:
        before = read(name)
        watching._computed = read  # type: ignore[method-assign]
        world.ask("jeroen")
        watching.refresh()
        return before

    watching._computed = read_slowly  # type: ignore[method-assign]
    watching._outdated(ChatList.QUEUE)
    watching.now(world.sanne, [ChatList.QUEUE], sanne.sid)
    (late,) = watching.now(world.sanne, [ChatList.QUEUE], sanne.sid)
    assert len(late.changed) == 1
    assert len(heard(sanne, "queue")[-1]["waiting"]) == 1
