"""Two conversations that differ in internal notes alone: no requester can tell which.

Both are the same to the second; everything that a requester's side can ask for, and everything
that it hears, is compared.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support import sqlite
from tests.support.client import Client
from tests.support.listening import Edge, Listener, as_sent
from tests.support.recording import escalate
from tests.support.service import service_of
from tests.support.shapes import plain
from tests.web.test_access import TABLE
from vipservice.adapters.ticketing.base import Status
from vipservice.rules.chats import ChatKind, Visibility
from vipservice.rules.incidents.model import Progress
from vipservice.services.chats import access, messages, moves, reading, timeline
from vipservice.services.chats.attachments import KeptFile, add_file
from vipservice.services.routing import serving
from vipservice.store.types import new_id
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.queues import drain
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import make_world
from vipservice.web import create_web

ASKED = sorted(
    route.split(" ", 1)[1]
    for route, people in TABLE.items()
    if route.startswith("GET ") and "jeroen" in people and "static" not in route
)
READERS = ("jeroen", "samira")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECRET = re.compile(r"[\w-]{40,}\.[\w-]{6}\.[\w-]{27}")


class Conversation:
    """A whole conversation and one that takes the official route, with notes or without."""

    def __init__(self, folder: Path, *, noted: bool) -> None:
        store = Store(sqlite.database(folder), ManualClock("2026-04-22T10:00+02:00"))
        self.world, self.noted = make_world(store, store.clock), noted  # type: ignore[arg-type]
        self.edge, self.system = Edge(self.world), Recording()
        self.lines = [Listener(self.edge, name) for name in READERS]
        for line in self.lines:
            line.connect()
        self.chat_id, self.problem_id = self._live()

    def _live(self) -> tuple[str, str]:
        world, store = self.world, self.world.store
        chat_id = world.ask("jeroen", "Fout UIT-5031 bij afdrukken. Versie 8.4.2.")
        for line in self.lines:
            line.look()
        self._note(chat_id)
        serving.pick_up(store, world.sanne, chat_id, 9)
        self._note(chat_id)
        self.edge.broadcast.refresh()
        world.say("sanne", chat_id, "Welke printer?")
        reading.mark_read(store, world.jeroen, chat_id, 99)
        self._file(chat_id, "jeroen", Visibility.EVERYONE)
        self._read(chat_id)
        self._note(chat_id)
        moves.park(store, world.sanne, chat_id)
        self.edge.broadcast.refresh()
        world.say("jeroen", chat_id, "De printer in de hal.")
        if self.noted:
            self._file(chat_id, "ilias", Visibility.CENTRE)
        serving.pick_up(store, world.sanne, chat_id, 9)
        self._note(chat_id)
        escalate(world, "sanne", chat_id)
        drain(world, self.system, 2)
        self.system.now = Status(Progress.IN_PROGRESS, "In behandeling")
        drain(world, self.system, 2)
        self._note(chat_id)
        world.say("jeroen", chat_id, "Het gebeurt nu ook thuis.")
        drain(world, self.system, 2)
        return chat_id, self._official_route()

    def _official_route(self) -> str:
        data = messages.NewChat(
            topic_id=self.world.topic_id, body="Melding ABC-1: niets werkt.", client_id="problem-1",
            kind=ChatKind.PROBLEM,
        )  # fmt: skip
        opened = messages.open_chat(self.world.store, self.world.jeroen, data)
        self._note(str(opened.id))
        self.world.say("jeroen", str(opened.id), "Versie 9.")
        return str(opened.id)

    def _note(self, chat_id: str) -> None:
        if self.noted:
            data = messages.NewMessage(body="Alleen voor ons.", client_id=new_id())
            messages.add_note(self.world.store, self.world.sanne, chat_id, data)

    def _file(self, chat_id: str, who: str, readers: Visibility) -> None:
        file = KeptFile("scherm.png", "image/png", b"png")
        world = self.world
        add_file(world.store, world.actors[who], chat_id, file, new_id(), world.capacity, readers)

    def _read(self, chat_id: str) -> None:
        """The specialist reads to the end, whatever stands there."""
        seq = access.get_chat(self.world.store, self.world.sanne, chat_id).last_seq
        reading.mark_read(self.world.store, self.world.sanne, chat_id, seq)

    def told(self, app: Flask, who: str) -> dict[str, Any]:
        """Every answer that somebody can get, by its path."""
        client = Client(app, self.world.tokens[who])
        read = timeline.read_timeline(self.world.store, self.world.actors[who], self.chat_id)
        data = [plain(one)["data"] for one in read.entries]
        file = next(one["file"] for one in data if one.get("file"))
        found: dict[str, Any] = {}
        for chat_id in (self.chat_id, self.problem_id):
            number = access.get_chat(self.world.store, self.world.sanne, chat_id).number
            incidents = client.get(f"/api/v1/chats/{chat_id}/incidents").json["items"]
            parts = {
                "chat_id": chat_id, "number": number, "attachment_id": file["id"],
                "incident_id": incidents[0]["id"] if incidents else "none", "language": "nl",
                "digest": "0",
            }  # fmt: skip
            for path in ASKED:
                filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda one: parts[one[1]], path)  # noqa: B023
                answer = client.get(filled)
                found[f"{number} {path}"] = [answer.status_code, answer.text]
        return found


def same(value: Any) -> Any:
    """Without what differs from one database to another: ids, in their order, and secrets."""
    text = SECRET.sub("", json.dumps(value, sort_keys=True))
    names: dict[str, str] = {}
    return json.loads(UUID.sub(lambda one: names.setdefault(one[0], f"id-{len(names)}"), text))


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Conversation, Conversation]]:
    folder = tmp_path_factory.mktemp("twins")
    found = tuple(Conversation(folder / name, noted=name == "noted") for name in ("noted", "bare"))
    yield found  # type: ignore[misc]
    for one in found:
        one.world.store.close()


Twins = tuple[Conversation, Conversation]


def test_the_centre_sees_the_notes(twins: Twins) -> None:
    noted, bare = (
        timeline.read_timeline(one.world.store, one.world.sanne, one.chat_id) for one in twins
    )
    assert len(noted.entries) - len(bare.entries) == 6


@pytest.mark.parametrize("who", READERS)
def test_no_answer_tells_of_a_note(twins: Twins, who: str) -> None:
    noted, bare = (same(one.told(create_web(service_of(one.world.store)), who)) for one in twins)
    assert len(noted) == 2 * len(ASKED)
    for path, answer in noted.items():
        assert answer == bare[path], path


@pytest.mark.parametrize("at", range(len(READERS)), ids=READERS)
def test_nothing_that_is_heard_tells_of_a_note(twins: Twins, at: int) -> None:
    noted, bare = (same(as_sent(one.lines[at].heard)) for one in twins)
    assert len(noted) > 20
    assert noted == bare


def test_a_requesters_numbers_have_no_gaps(twins: Twins) -> None:
    for one in twins:
        read = timeline.read_timeline(one.world.store, one.world.jeroen, one.chat_id)
        numbers = [entry.seq for entry in read.entries]
        assert numbers == list(range(1, read.last_seq + 1))
        assert numbers == [entry.public_seq for entry in read.entries]


def test_what_reaches_the_ticket_counts_no_notes_either(twins: Twins) -> None:
    noted, bare = twins
    for mine, theirs in zip(
        noted.system.tickets.values(), bare.system.tickets.values(), strict=True
    ):
        assert same(mine.description) == same(theirs.description)
        assert mine.transcript == theirs.transcript
    ((files, others),) = zip(noted.system.files.values(), bare.system.files.values(), strict=True)
    assert set(files) == set(others)
    assert same(noted.system.comments) == same(bare.system.comments)
