"""The answer was lost and the same POST comes again: once done, twice told. Every POST there is."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlmodel import SQLModel, select

from tests.support.client import Client
from tests.support.recording import deliver_next, escalate
from tests.support.service import service_of
from vipservice.adapters.base import Refused
from vipservice.services import callbacks
from vipservice.services.chats import moves
from vipservice.services.incidents import drafting
from vipservice.services.routing import serving
from vipservice.store.tables import Outbox, RememberedAnswer
from vipservice.store.types import new_id
from vipservice.testing.ticketing import DRAFTER, Recording, edited
from vipservice.testing.world import World
from vipservice.web import create_web

Request = tuple[str, str, Any]
"""Who asks, the path, and the body."""


def held(world: World) -> str:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 9)
    return chat_id


def answered(world: World) -> str:
    chat_id = held(world)
    world.say("sanne", chat_id, "Zo doet u dat.")
    return chat_id


def proposed(world: World) -> str:
    chat_id = answered(world)
    moves.propose(world.store, world.sanne, chat_id)
    return chat_id


def closed(world: World) -> str:
    chat_id = proposed(world)
    moves.confirm(world.store, world.jeroen, chat_id)
    return chat_id


def parked(world: World) -> str:
    chat_id = held(world)
    moves.park(world.store, world.sanne, chat_id)
    return chat_id


def handing_over(world: World) -> Request:
    world.come("ilias")
    to_ilias = {"move": "hand_over", "specialistId": world.ilias.id}
    return "sanne", f"/chats/{held(world)}/moves", to_ilias


def said(**more: Any) -> dict[str, Any]:
    return {"body": "Hallo", "clientId": new_id()} | more


def draft_of(world: World, chat_id: str) -> dict[str, Any]:
    draft = drafting.get_draft(world.store, world.sanne, chat_id, DRAFTER)
    sent = edited(draft).model_dump(mode="json", by_alias=True, exclude={"entries"})
    return dict(sent)


def refused(world: World) -> Request:
    incident = escalate(world, "sanne", held(world), system="recording")
    deliver_next(world, Recording(before=[Refused("no")] * 9), "test")
    return "sanne", f"/incidents/{incident['id']}/deliveries", draft_of(world, held(world))


def added(world: World) -> Request:
    incident = escalate(world, "sanne", held(world), system="recording")
    body = {"chatId": held(world), "text": "Hier ook."}
    return "sanne", f"/incidents/{incident['id']}/chats", body


def escalated(world: World) -> Request:
    chat_id = held(world)
    return "sanne", f"/chats/{chat_id}/incidents", draft_of(world, chat_id)


def called_back(world: World) -> Request:
    chat_id = held(world)
    data = callbacks.NewCallback(phone="033 123 45 67")
    callbacks.call_back(world.store, world.jeroen, chat_id, data)
    found = callbacks.list_callbacks(world.store)[0].id
    return "sanne", f"/callbacks/{found}/attempts", {"reached": True}


def undelivered(world: World) -> Request:
    escalate(world, "sanne", held(world), system="recording")
    deliver_next(world, Recording(before=[ConnectionError("away")] * 9), "test")
    with world.store.read() as work:
        row = work.session.exec(select(Outbox).where(Outbox.channel == "incident")).one()
    return "sanne", f"/undelivered/{row.id}/attempts", None


def on(make: Callable[[World], str], who: str, end: str, body: Any = None) -> Any:
    return lambda world: (who, f"/chats/{make(world)}/{end}", body)


def moving(make: Callable[[World], str], who: str, move: str) -> Any:
    return on(make, who, "moves", {"move": move})


REQUESTS: dict[str, Callable[[World], Request]] = {
    "/chats": lambda world: ("jeroen", "/chats", said(topicId=world.topic_id)),
    "/chats/<chat_id>/messages": on(held, "jeroen", "messages", said()),
    "/chats/<chat_id>/notes": on(held, "sanne", "notes", said()),
    "/chats/<chat_id>/attachments": on(held, "sanne", "attachments", "file"),
    "/chats/<chat_id>/moves pick_up": moving(World.ask, "sanne", "pick_up"),
    "/chats/<chat_id>/moves park": moving(held, "sanne", "park"),
    "/chats/<chat_id>/moves resume": moving(parked, "sanne", "resume"),
    "/chats/<chat_id>/moves propose": moving(answered, "sanne", "propose"),
    "/chats/<chat_id>/moves confirm": moving(proposed, "jeroen", "confirm"),
    "/chats/<chat_id>/moves reject": moving(proposed, "jeroen", "reject"),
    "/chats/<chat_id>/moves withdraw": moving(World.ask, "jeroen", "withdraw"),
    "/chats/<chat_id>/moves reopen": moving(closed, "jeroen", "reopen"),
    "/chats/<chat_id>/moves hand_over": handing_over,
    "/chats/<chat_id>/callback-offers": on(held, "sanne", "callback-offers"),
    "/chats/<chat_id>/callbacks": on(held, "jeroen", "callbacks", {"phone": "033 123 45 67"}),
    "/chats/<chat_id>/incidents": escalated,
    "/incidents/<incident_id>/chats": added,
    "/incidents/<incident_id>/deliveries": refused,
    "/callbacks/<callback_id>/attempts": called_back,
    "/undelivered/<outbox_id>/attempts": undelivered,
    "/specialists/<person_id>/calls": lambda world: (
        "annet", f"/specialists/{world.ilias.id}/calls", None,
    ),
}  # fmt: skip


@pytest.fixture
def app(world: World) -> Flask:
    return create_web(service_of(world.store, Recording()))


def everything(world: World) -> dict[str, list[str]]:
    """Every row of every table but the remembered answers."""
    with world.store.read() as work:
        return {
            name: sorted(repr(tuple(row)) for row in work.session.execute(table.select()))
            for name, table in SQLModel.metadata.tables.items()
            if name != RememberedAnswer.__tablename__
        }


def send(client: Client, request: Request, key: str) -> Any:
    _, path, body = request
    given = {"json": body}
    if body == "file":
        form = {"clientId": key, "file": (BytesIO(b"x"), "a.txt"), "visibility": "everyone"}
        given = {"data": form}
    headers = {"X-CSRF-Token": client.csrf, "Idempotency-Key": key}
    return client.http.post(f"/api/v1{path}", headers=headers, **given)


def test_every_post_is_in_the_table(app: Flask) -> None:
    posts = {
        rule.rule.removeprefix("/api/v1")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and "POST" in (rule.methods or ())
    }
    told = {route.split()[0] for route in REQUESTS}
    assert posts == {*told, "/ticketing-events"}  # which is a hint: twice asks twice


@pytest.mark.parametrize("route", [*REQUESTS])
def test_what_was_done_is_told_again_and_not_done_again(
    app: Flask, world: World, route: str
) -> None:
    request, key = REQUESTS[route](world), new_id()
    client = Client(app, world.tokens[request[0]])
    first = send(client, request, key)
    assert first.status_code in (200, 201), first.text
    before = everything(world)
    world.clock.forward(seconds=3)
    second = send(client, request, key)
    assert (second.status_code, second.json) == (first.status_code, first.json)
    assert everything(world) == before
    other = send(client, (request[0], request[1], {"another": "content"}), key)
    assert other.status_code in (400, 409)
