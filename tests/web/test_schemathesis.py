"""The whole document, as each role, with what a generator makes of it: right and wrong."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlmodel import select

from tests.support import sqlite
from tests.support.client import Client
from tests.support.recording import escalated, picked_up
from tests.support.service import service_of
from tests.support.sizes import size
from vipservice.problems import SESSION_COOKIE
from vipservice.services import callbacks
from vipservice.services.callbacks import NewCallback
from vipservice.services.shares import Sort
from vipservice.store.tables import Callback, Outbox
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World, make_world
from vipservice.web import create_web

ROLES = ("sanne", "jeroen", "annet", "peter")
EXAMPLES = size(40, 2)
CHECKS: list[CheckFunction] = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
NO_LIMITS = {
    sort.value: {"person": 0, "municipality": 0, "address": 0}
    for sort in Sort
    if sort is not Sort.LOG_INS
}
SETTINGS = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, World]]:
    """One database and the application on it."""
    clock = ManualClock("2026-04-22T10:00+02:00")
    store = Store(sqlite.database(tmp_path_factory.mktemp("schemathesis")), clock)
    yield create_web(service_of(store, Recording(), limits=NO_LIMITS)), make_world(store, clock)
    store.close()


def known(world: World) -> dict[str, list[str]]:
    """Things that are there, by the name that a parameter or a field has for their id."""
    incident = escalated(world)
    called = picked_up(world, "Belt u mij?")
    callbacks.call_back(world.store, world.sanne, called, NewCallback(phone="033 123 45 67"))
    with world.store.read() as work:
        return {
            "chatId": [world.ask(), picked_up(world, "Hoe werkt dit?"), incident["chatId"]],
            "incidentId": [incident["id"]],
            "callbackId": list(work.session.exec(select(Callback.id))),
            "outboxId": list(work.session.exec(select(Outbox.id))),
            "personId": [world.ilias.id],
            "specialistId": [world.ilias.id],
            "topicId": [world.topic_id],
            "teamId": [world.team_id],
        }


def put_in(values: Any, there: dict[str, list[str]], chance: Any) -> None:
    """Ids of things that are there, in most of the places that ask for one."""
    for name in values if isinstance(values, dict) else ():
        if name in there and chance.randint(0, 3):
            values[name] = chance.choice(there[name])


@pytest.mark.prove
@pytest.mark.parametrize("who", ROLES)
def test_no_answer_is_outside_the_document(place: tuple[Flask, World], who: str) -> None:
    app, world = place
    client, there, seen = Client(app, world.tokens[who]), known(world), Counter[int]()
    cookies = {
        name: client.cookie(name) for name in (SESSION_COOKIE, app.config["SESSION_COOKIE_NAME"])
    }
    for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

        @SETTINGS
        @given(case=cases, chance=st.randoms(use_true_random=False))
        def attempt(case: Any, chance: Any) -> None:
            put_in(case.path_parameters, there, chance)
            put_in(case.body, there, chance)
            case.headers["X-CSRF-Token"] = client.csrf
            response = case.call(cookies=cookies)
            seen[response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

        attempt()
    assert {200, 403, 404} <= set(seen)
