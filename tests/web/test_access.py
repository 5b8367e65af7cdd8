"""Every route × everybody: the answer is what the table says, and every route is in it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, get_args

import pytest
from flask import Flask
from sqlmodel import select

from tests.support import sqlite
from tests.support.client import Client
from tests.support.service import service_of
from vipservice.rules.chats import ChatKind
from vipservice.services.chats import messages
from vipservice.services.routing import serving
from vipservice.store.queries import grants_of
from vipservice.store.tables import Municipality
from vipservice.store.types import new_id
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World, make_world, signed_in
from vipservice.web import create_web
from vipservice.web.api.moves import RIGHTS

OUT = "nobody"
REQUESTERS = {"jeroen", "samira", "klarinda"}
SPECIALISTS = {"sanne", "ilias"}
EVERYBODY = {*REQUESTERS, *SPECIALISTS, "annet", "peter"}
CENTRE = {*SPECIALISTS, "annet"}

# Who passes. Of the rest, who is signed out is asked to sign in (401 or the log-in page), who
# has another role is refused (403), and for a chat another municipality gets 404.
ALL = {OUT, *EVERYBODY}
READERS = {"jeroen", "samira", *CENTRE}
STAFF = {*CENTRE, "peter"}
OWNER, HOLDER, OPERATOR, MANAGER = {"jeroen"}, {"sanne"}, {"peter"}, {"annet"}

TABLE: dict[str, set[str]] = {
    "GET /": ALL,
    "GET /login": ALL,
    "POST /login": ALL,
    "POST /language": ALL,
    "GET /logout": EVERYBODY,
    "POST /logout": EVERYBODY,
    "GET /account": EVERYBODY,
    "POST /account": EVERYBODY,
    "GET /healthz": ALL,
    "GET /readyz": ALL,
    "GET /.well-known/security.txt": ALL,
    "GET /static/<path:filename>": ALL,
    "GET /texts/<language>/<digest>.js": ALL,
    "GET /chats": REQUESTERS,
    "GET /chats/new": REQUESTERS,
    "GET /chats/<number>": READERS,
    "GET /chats/<number>/incident": OWNER,
    "GET /workbench": SPECIALISTS,
    "GET /console-incidents": CENTRE,
    "GET /dashboard": MANAGER,
    "GET /wallboard": MANAGER,
    "GET /reports": MANAGER,
    "GET /reports/chats": MANAGER,
    "GET /reports/statements/<municipality_id>": MANAGER,
    "GET /settings/hours": MANAGER | OPERATOR,
    "POST /settings/hours": MANAGER | OPERATOR,
    "GET /settings/targets": MANAGER | OPERATOR,
    "POST /settings/targets": MANAGER | OPERATOR,
    "GET /undelivered": CENTRE | OPERATOR,
    "POST /undelivered/<outbox_id>/try-again": CENTRE | OPERATOR,
    "GET /settings/": OPERATOR,
    "GET /settings/<kind>": OPERATOR,
    "GET /settings/<kind>/new": OPERATOR,
    "POST /settings/<kind>/new": OPERATOR,
    "GET /settings/<kind>/<id_>": OPERATOR,
    "POST /settings/<kind>/<id_>": OPERATOR,
    "POST /settings/<kind>/<id_>/end": OPERATOR,
    "GET /settings/people": OPERATOR,
    "GET /settings/people/new": OPERATOR,
    "POST /settings/people/new": OPERATOR,
    "GET /settings/people/<id_>": OPERATOR,
    "POST /settings/people/<id_>": OPERATOR,
    "POST /settings/people/<id_>/disable": OPERATOR,
    "POST /settings/people/<id_>/enable": OPERATOR,
    "POST /settings/people/<id_>/grants": OPERATOR,
    "POST /settings/people/<id_>/grants/<grant_id>/end": OPERATOR,
    "GET /api/v1/openapi.json": ALL,
    "GET /api/v1/me": EVERYBODY,
    "GET /api/v1/availability": EVERYBODY,
    "GET /api/v1/topics": EVERYBODY,
    "GET /api/v1/teams": STAFF,
    "GET /api/v1/municipalities": STAFF,
    "GET /api/v1/people": OPERATOR,
    "GET /api/v1/specialists": CENTRE,
    "GET /api/v1/reports/summary": MANAGER,
    "GET /api/v1/reports/service-level": MANAGER,
    "GET /api/v1/reports/municipalities": MANAGER,
    "GET /api/v1/reports/topics": MANAGER,
    "GET /api/v1/reports/teams": MANAGER,
    "GET /api/v1/reports/specialists": MANAGER,
    "GET /api/v1/reports/hours": MANAGER,
    "GET /api/v1/reports/pickup-times": MANAGER,
    "POST /api/v1/chats": REQUESTERS,
    "GET /api/v1/chats": {*REQUESTERS, *CENTRE},
    "GET /api/v1/chats/<chat_id>": READERS,
    "GET /api/v1/chats/<chat_id>/entries": READERS,
    "GET /api/v1/chats/<chat_id>/clocks": READERS,
    "GET /api/v1/chats/<chat_id>/expected-pickup": READERS,
    "GET /api/v1/chats/<chat_id>/incidents": READERS,
    "GET /api/v1/chats/<chat_id>/requester": CENTRE,
    "PUT /api/v1/chats/<chat_id>/requester": {"samira", *CENTRE},
    "GET /api/v1/chats/<chat_id>/colleagues": CENTRE,
    "POST /api/v1/chats/<chat_id>/messages": OWNER | HOLDER,
    "POST /api/v1/chats/<chat_id>/notes": CENTRE,
    "GET /api/v1/chats/<chat_id>/moves": READERS,
    "POST /api/v1/chats/<chat_id>/moves pick_up": SPECIALISTS,
    "POST /api/v1/chats/<chat_id>/moves park": HOLDER | MANAGER,
    "POST /api/v1/chats/<chat_id>/moves resume": HOLDER,
    "POST /api/v1/chats/<chat_id>/moves propose": HOLDER,
    "POST /api/v1/chats/<chat_id>/moves confirm": OWNER,
    "POST /api/v1/chats/<chat_id>/moves reject": OWNER,
    "POST /api/v1/chats/<chat_id>/moves withdraw": OWNER,
    "POST /api/v1/chats/<chat_id>/moves reopen": OWNER,
    "POST /api/v1/chats/<chat_id>/moves hand_over": CENTRE,
    "POST /api/v1/chats/<chat_id>/moves take_over": SPECIALISTS,
    "POST /api/v1/chats/<chat_id>/moves give_back": HOLDER,
    "POST /api/v1/chats/<chat_id>/callback-offers": CENTRE,
    "POST /api/v1/chats/<chat_id>/callbacks": OWNER | HOLDER,
    "GET /api/v1/callbacks": CENTRE,
    "POST /api/v1/callbacks/<callback_id>/attempts": set(),
    "GET /api/v1/forecast": CENTRE,
    "POST /api/v1/specialists/<person_id>/calls": CENTRE,
    "GET /api/v1/undelivered": CENTRE | OPERATOR,
    "POST /api/v1/undelivered/<outbox_id>/attempts": CENTRE | OPERATOR,
    "POST /api/v1/ticketing-events": set(),
    "GET /api/v1/attachments/<attachment_id>": set(),
    "POST /api/v1/chats/<chat_id>/attachments": OWNER | HOLDER,
    "PUT /api/v1/chats/<chat_id>/customer-reference": OWNER | HOLDER,
    "GET /api/v1/chats/<chat_id>/similar-incidents": HOLDER,
    "POST /api/v1/incidents/<incident_id>/chats": set(),
    "GET /api/v1/chats/<chat_id>/incident-draft": HOLDER,
    "POST /api/v1/chats/<chat_id>/incidents": HOLDER,
    "GET /api/v1/incidents/<incident_id>/draft": set(),
    "POST /api/v1/incidents/<incident_id>/deliveries": set(),
}

SIGNED = {"POST /api/v1/ticketing-events"}
"""Nobody signs in to these: the message itself is signed."""

DRAFT = {
    "title": "t", "description": "d", "category": "c", "impact": "person",
    "urgency": "normal", "phone": "",
}  # fmt: skip
BODIES: dict[str, Any] = {
    "/messages": {"body": "x", "clientId": "client-id-1"},
    "/notes": {"body": "x", "clientId": "client-id-1"},
    "/callbacks": {"phone": "033 123 45 67"},
    "/attempts": {"reached": True},
    "hand_over": {"specialistId": "ilias"},
    "/requester": {"personId": "samira"},
    "take_over": {"reason": "Ken deze gemeente"},
    "<chat_id>/incidents": DRAFT,
    "/customer-reference": {"number": "M-2026-1"},
    "<incident_id>/chats": {"chatId": "none"},
    "/deliveries": DRAFT,
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, World]]:
    """One database and one application for all cases."""
    folder = tmp_path_factory.mktemp("access")
    clock = ManualClock("2026-04-22T10:00+02:00")
    store = Store(sqlite.database(folder), clock)
    world = make_world(store, clock)
    none = {"requests": {"person": 0, "municipality": 0, "address": 0}}
    yield create_web(service_of(store, limits=none)), world
    store.close()


def routes(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_in_the_table(place: tuple[Flask, World]) -> None:
    assert routes(place[0]) == {" ".join(route.split()[:2]) for route in TABLE}


def test_every_move_is_in_the_table() -> None:
    told = {route.split()[2] for route in TABLE if "/moves " in route}
    assert told == {str(get_args(step.model_fields["move"].annotation)[0]) for step in RIGHTS}


def filled(world: World, route: str) -> tuple[str, str, Any]:
    """Method, path and body, on a fresh chat of Jeroen's that Sanne has."""
    method, path, *move = route.split()
    problem = path.endswith("/incident")
    data = messages.NewChat(
        topic_id=world.topic_id, body="Een vraag over de BRP", client_id=new_id(),
        kind=ChatKind.PROBLEM if problem else ChatKind.QUESTION,
    )  # fmt: skip
    chat = messages.open_chat(world.store, world.jeroen, data)
    if not problem:
        serving.pick_up(world.store, world.sanne, chat.id, 10_000)
    with world.store.read() as work:
        grant = grants_of(work.session, world.samira.id)[0].id
        town = work.session.exec(select(Municipality)).first()
    values = {
        "<chat_id>": chat.id, "<number>": chat.number, "<kind>": "municipalities",
        "people/<id_>/grants/<grant_id>": f"people/{world.samira.id}/grants/{grant}",
        "people/<id_>": f"people/{world.samira.id}", "<id_>": town.id if town else "",
        "<incident_id>": new_id(), "<callback_id>": new_id(), "<person_id>": world.ilias.id,
        "<outbox_id>": new_id(), "<attachment_id>": new_id(),
        "<municipality_id>": town.id if town else "", "<path:filename>": ".vite/manifest.json",
        "<language>": "nl", "<digest>": "0",
    }  # fmt: skip
    for name, value in values.items():
        path = path.replace(name, value)
    body = dict(next((b for end, b in BODIES.items() if route.endswith(end)), {}))
    if move:
        body["move"] = move[0]
    if "personId" in body:
        body["personId"] = world.samira.id
    if "specialistId" in body:
        world.come("ilias")
        body["specialistId"] = world.ilias.id
    return method, path, body


def send(client: Client, method: str, path: str, body: Any) -> Any:
    """The call, with what it needs."""
    if method == "GET":
        return client.get(path)
    if method == "PUT":
        return client.put(path, body)
    if path.endswith("/attachments"):
        given = {"file": (BytesIO(b"x"), "a.txt"), "clientId": new_id()}
        return client.post(path, form=given)
    return client.post(path, json=body if "/api/" in path else None)


def expected(route: str, who: str) -> set[int]:
    """The statuses that the table allows."""
    if route in SIGNED:
        return {403}
    if who in TABLE[route]:
        found = {200, 201, 302, 400, 409, 429}
        return found | {404} if "<outbox_id>" in route else found
    if who == OUT:
        return {401} if not route.startswith("GET") or "/api/" in route else {302}
    about_chat = "<chat_id>" in route or "<number>" in route or "<incident_id>" in route
    hidden = ("<callback_id>", "<attachment_id>")
    about_chat = about_chat or any(name in route for name in hidden)
    return {403, 404} if about_chat and who != "peter" else {403}


@pytest.mark.parametrize("route", sorted(TABLE))
def test_the_answer_is_what_the_table_says(place: tuple[Flask, World], route: str) -> None:
    app, world = place
    destructive = "/end" in route or "/disable" in route
    people = [who for who in (OUT, *sorted(EVERYBODY)) if not (destructive and who == "peter")]
    for who in people:
        method, path, body = filled(world, route)
        token = None
        if who != OUT:
            token = signed_in(world.store, who)
        client = Client(app, token)
        answer = send(client, method, path, body)
        assert answer.status_code in expected(route, who), (route, who, answer.text[:300])
        if answer.status_code == 302 and who not in TABLE[route]:
            assert answer.location.startswith("/login")
        answer.close()


CHAT_ROUTES = [route for route in sorted(TABLE) if "<chat_id>" in route or "<number>" in route]


@pytest.mark.parametrize("route", CHAT_ROUTES)
def test_another_municipality_sees_what_it_sees_of_nothing(
    place: tuple[Flask, World], route: str
) -> None:
    app, world = place
    client = Client(app, signed_in(world.store, "klarinda"))
    method, path, body = filled(world, route)
    known = path.split("/")[4 if "/api/" in path else 2]
    unknown = path.replace(known, new_id() if "/api/" in path else "VIP-2026-999999")
    answers = [send(client, method, one, body) for one in (path, unknown)]
    shown = [answer.text.replace(known, "").replace(unknown, "") for answer in answers]
    assert answers[0].status_code == answers[1].status_code
    if "/api/" in path:
        assert shown[0] == shown[1]


@pytest.mark.parametrize("route", [route for route in sorted(TABLE) if route.startswith("POST")])
def test_no_change_without_the_csrf_token(place: tuple[Flask, World], route: str) -> None:
    app, world = place
    _, path, body = filled(world, route)
    client = Client(app, signed_in(world.store, "peter"))
    client.csrf = "forged"
    answer = client.post(path, json=body)
    assert answer.status_code in (400, 403)
    if answer.status_code == 400:
        assert "formulier" in answer.text
