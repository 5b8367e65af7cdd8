"""An example of every call, made by making it: ``python -m tests.support.examples`` writes them."""

import json
import re
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask

from tests.support import sqlite
from tests.support.client import Client
from tests.support.service import service_of
from vipservice.adapters.base import Refused
from vipservice.rules.shape import Json
from vipservice.services.routing.presence import NewPresence, set_presence
from vipservice.store.work import Store
from vipservice.testing import ManualClock, Recording, World, drain, make_world
from vipservice.web import create_web
from vipservice.web.api.examples import FILE

AT = "2026-04-24T10:00+02:00"
SHOWN = 2
"""Of each list."""
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class Walk:
    """Calls as several people, each remembered under the name of its operation."""

    def __init__(self, web: Flask, world: World) -> None:
        self.web, self.world = web, world
        self.found: Json = {}
        self._clients: dict[str, Client] = {}

    def get(self, who: str, path: str) -> Any:
        """A list or one thing."""
        return self._call(who, "GET", path, None)

    def post(self, who: str, path: str, body: Any = None) -> Any:
        """Something new."""
        return self._call(who, "POST", path, body)

    def put(self, who: str, path: str, body: Any) -> Any:
        """What something is from now on."""
        return self._call(who, "PUT", path, body)

    def send(self, who: str, path: str, form: Any) -> None:
        """A file with its fields."""
        self._keep("POST", path, None, self._client(who).post(_whole(path), form=form))

    def _call(self, who: str, method: str, path: str, body: Any) -> Any:
        client, whole = self._client(who), _whole(path)
        send = {"POST": client.post, "PUT": client.put}.get(method)
        return self._keep(method, path, body, send(whole, body) if send else client.get(whole))

    def _client(self, who: str) -> Client:
        self.world.clock.forward(seconds=30)
        return self._clients.setdefault(who, Client(self.web, self.world.tokens[who]))

    def _keep(self, method: str, path: str, body: Any, answer: Any) -> Any:
        assert answer.status_code < 300, (path, answer.text)
        endpoint, _ = self.web.url_map.bind("").match(_whole(path).partition("?")[0], method)
        first, *rest = str(endpoint).rpartition(".")[2].split("_")
        name = first + "".join(part.capitalize() for part in rest)
        self.found[name] = {"answer": _short(answer.json)} | ({"body": body} if body else {})
        return answer.json


def walk(world: World, system: Recording) -> Json:
    """The main job, both endings and what is around them: body and answer of each call, by name."""
    none = {name: {"person": 0, "municipality": 0, "address": 0} for name in ("requests", "drafts")}
    made = Walk(create_web(service_of(world.store, system, limits=none)), world)
    set_presence(world.store, world.sanne, NewPresence(status="available"))
    lists(made)
    answered(made)
    escalated(made, system)
    called_back(made)
    watched(made)
    return _named(made.found)


def lists(made: Walk) -> None:
    """Who and what there is."""
    for path in ("/me", "/availability", "/topics"):
        made.get("jeroen", path)
    for path in ("/teams", "/municipalities", "/people"):
        made.get("peter", path)


def asked(made: Walk, body: str, number: int) -> str:
    """A question of Jeroen's; its address."""
    question = {"topicId": made.world.topic_id, "body": body, "clientId": f"question-{number}"}
    chat = made.post("jeroen", "/chats", question)
    return f"/chats/{chat['id']}"


def answered(made: Walk) -> None:
    """A question that is answered and confirmed."""
    chat = asked(made, "Hoe druk ik een uittreksel af?", 1)
    made.get("jeroen", f"{chat}/expected-pickup")
    made.post("sanne", f"{chat}/moves", {"move": "pick_up"})
    made.get("sanne", f"{chat}/requester")
    made.get("sanne", f"{chat}/colleagues")
    for who in (made.world.samira, made.world.jeroen):
        made.put("sanne", f"{chat}/requester", {"personId": who.id})
    made.post("sanne", f"{chat}/notes", {"body": "Dit is nieuw in 8.4.", "clientId": "first-note"})
    said = {"body": "Kies Afdrukken in het menu Persoon.", "clientId": "first-message"}
    made.post("sanne", f"{chat}/messages", said)
    file = {"file": (BytesIO(b"UIT-5031"), "fout.log"), "clientId": "first-file"}
    made.send("jeroen", f"{chat}/attachments", file)
    made.put("jeroen", f"{chat}/customer-reference", {"number": "Z-2026-17"})
    made.post("sanne", f"{chat}/moves", {"move": "propose"})
    made.post("jeroen", f"{chat}/moves", {"move": "confirm"})
    for path in ("", "/entries", "/clocks", "/moves"):
        made.get("jeroen", chat + path)
    made.get("jeroen", "/chats?limit=1")


def escalated(made: Walk, system: Recording) -> None:
    """One that becomes an incident, refused at first; another one that is added to it."""
    first = _incident(made, 2)
    system.before = [Refused("De categorie bestaat niet.")] * 2
    drain(made.world, system)
    path = f"/incidents/{first['id']}"
    made.get("sanne", f"{path}/draft")
    row = made.get("sanne", "/undelivered")["items"]
    assert row
    made.post("sanne", f"{path}/deliveries", _edited(made.get("sanne", f"{path}/draft")))
    made.post("sanne", f"/undelivered/{row[0]['id']}/attempts")
    drain(made.world, system)
    made.get("jeroen", f"/chats/{first['chatId']}/incidents")
    chat = asked(made, "Ook hier fout UIT-5031 bij het afdrukken.", 3)
    made.post("sanne", f"{chat}/moves", {"move": "pick_up"})
    made.get("sanne", f"{chat}/similar-incidents")
    addition = {"chatId": chat.rpartition("/")[2], "text": "Ook in Amersfoort-Noord."}
    made.post("sanne", f"{path}/chats", addition)


def _incident(made: Walk, number: int) -> Json:
    chat = asked(made, "Fout UIT-5031 bij het afdrukken. Versie 8.4.2.", number)
    made.post("sanne", f"{chat}/moves", {"move": "pick_up"})
    draft = made.get("sanne", f"{chat}/incident-draft")
    incident: Json = made.post("sanne", f"{chat}/incidents", _edited(draft))
    return incident


def _edited(draft: Json) -> Json:
    kept = ("title", "description", "category", "impact", "urgency", "phone")
    return {name: draft[name] for name in kept}


def called_back(made: Walk) -> None:
    """One that is called back."""
    chat = asked(made, "Kunt u mij bellen over de koppeling?", 4)
    made.post("annet", f"{chat}/callback-offers")
    wanted = {"phone": "033 123 45 67", "window": "na 14 uur"}
    made.post("jeroen", f"{chat}/callbacks", wanted)
    callback = made.get("sanne", "/callbacks")["items"][0]["id"]
    made.post("sanne", f"/callbacks/{callback}/attempts", {"reached": True})


def watched(made: Walk) -> None:
    """What managers look at."""
    asked(made, "Waar vind ik de selecties?", 5)
    made.get("annet", "/forecast")
    made.get("annet", "/specialists")
    made.post("annet", f"/specialists/{made.world.ilias.id}/calls")
    kinds = ("summary", "service-level", "municipalities", "topics", "teams", "specialists",
             "hours", "pickup-times")  # fmt: skip
    for kind in kinds:
        made.get("annet", f"/reports/{kind}?from=2026-04-24&until=2026-04-24")


def _whole(path: str) -> str:
    return f"/api/v1{path}"


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    return [_short(one) for one in value[:SHOWN]] if isinstance(value, list) else value


def _named(found: Json) -> Json:
    """The same ids each time: numbered as they come."""
    text = json.dumps(found, sort_keys=True, ensure_ascii=False)
    known: dict[str, str] = {}
    for one in _ID.findall(text):
        known.setdefault(one, f"01963f2a-0000-7000-8000-{len(known) + 1:012}")
    named: Json = json.loads(_ID.sub(lambda one: known[one[0]], text))
    return named


def make_examples(folder: Path) -> Json:
    """The examples, from an empty database in this folder."""
    clock = ManualClock(AT)
    world = make_world(Store(sqlite.database(folder), clock), clock)
    try:
        return walk(world, Recording())
    finally:
        world.close()


def main() -> None:
    """Writes the file."""
    with tempfile.TemporaryDirectory() as folder:
        found = make_examples(Path(folder))
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
