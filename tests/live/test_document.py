"""The document of the live connection: what is sent and acknowledged is what it says."""

import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.conftest import absent
from tests.support.listening import Edge, Listener
from tests.support.recording import picked_up
from vipservice.live.document import document
from vipservice.live.events import EVENTS, TAKEN
from vipservice.live.inputs import Read
from vipservice.services.people.sessions import sign_out
from vipservice.services.routing import serving
from vipservice.store.types import new_id
from vipservice.testing.ticketing import escalate
from vipservice.testing.world import World

FRONT = Path(__file__).parents[2] / "vipservice" / "frontend"


def mistakes(name: str, value: Any) -> list[str]:
    """Where a message is not what the document says of it."""
    whole = document()
    schema = whole["components"]["messages"][name]["payload"]
    validator = jsonschema_rs.validator_for(schema | {"components": whole["components"]})
    return [f"{name}: {error.message}" for error in validator.iter_errors(value)]


def test_spectral_finds_nothing(tmp_path: Path) -> None:
    spectral = FRONT / "node_modules" / ".bin" / "spectral"
    if not spectral.exists():
        absent("spectral")
    file = tmp_path / "asyncapi.json"
    file.write_text(json.dumps(document()))
    ran = subprocess.run(
        [spectral, "lint", "--fail-severity=hint", "-r", FRONT / ".spectral-asyncapi.yaml", file],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ran.returncode, "No results" in ran.stdout) == (0, True), ran.stdout + ran.stderr


@pytest.fixture
def listeners(world: World) -> dict[str, Listener]:
    edge = Edge(world)
    return {name: Listener(edge, name) for name in ("jeroen", "samira", "sanne", "annet")}


def test_what_is_heard_is_what_the_document_says(
    world: World, listeners: dict[str, Listener]
) -> None:
    edge = listeners["sanne"].edge
    for one in listeners.values():
        one.connect()
    chat_id = picked_up(world, "Fout UIT-5031 bij afdrukken. Versie 8.4.2.")
    for one in listeners.values():
        one.look()
    serving.pick_up(world.store, world.sanne, world.ask(), 9)
    escalate(world, "sanne", chat_id)
    chat_id = picked_up(world, "Hoe werkt dit?")
    for one in listeners.values():
        one.look()
    world.say("jeroen", chat_id, "En hoe dan?")
    edge.broadcast.typing(world.sanne, chat_id, typing=True)
    edge.handlers.read("", world.jeroen, Read(chat_id=chat_id, seq=1))
    serving.ask_to_come(world.store, world.annet, world.sanne.id)
    because = serving.TakeOver(reason="Ken deze gemeente")
    serving.take_over(world.store, world.ilias, chat_id, because, 9)
    edge.broadcast.mark_stale()
    edge.broadcast.refresh()
    edge.broadcast.foresee()
    sign_out(world.store, world.samira)
    heard = [told for one in listeners.values() for told in one.heard]
    assert {name for name, _ in heard} == set(EVENTS.values())
    assert [wrong for name, value in heard for wrong in mistakes(name, value)] == []


def test_acknowledgements_are_what_the_document_says(
    world: World, listeners: dict[str, Listener]
) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 9)
    sanne = listeners["sanne"]
    sanne.connect()
    given: dict[str, Any] = {
        "subscribe": {"after": 0}, "unsubscribe": {}, "typing": {"typing": True},
        "send": {"clientId": new_id(), "body": "Hallo"}, "read": {"seq": 1},
        "presence": {"status": "away"}, "watch": {"lists": ["queue", "availability"]},
        "unwatch": {"lists": ["queue"]},
    }  # fmt: skip
    assert set(given) == set(TAKEN)
    for name, payload in given.items():
        alone = name in ("presence", "watch", "unwatch")
        whole = payload if alone else payload | {"chatId": chat_id}
        assert mistakes(f"{name}-sent", whole) == []
        for value, ok in ((whole, True), ({"colour": "red"}, False)):
            told = sanne.edge.hall.handlers[name](sanne.sid, value)
            assert told["ok"] is ok, (name, told)
            assert mistakes(f"{name}-acknowledged", told) == []
