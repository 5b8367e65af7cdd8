"""A strict double of TOPdesk's incident API (developers.topdesk.com, "Incident Management")."""

import base64
import re
import uuid
from collections.abc import Iterator
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request
from tests.support.doubles.multipart import parts_of

LOGIN, PASSWORD = "vipservice", "app-password"
CALLERS = {
    "jeroen@test.example", "samira@test.example", "klarinda@test.example",
}  # fmt: skip
CATEGORIES = {"BRP", "Reisdocumenten"}
BRANCH = "b7a1d7b4-2f0e-4a4c-9d0c-1f5a3c1e9a11"
KNOWN = {
    "entryType": {"Chat", "Telefonisch"},
    "callType": {"Vraag", "Storing"},
    "category": CATEGORIES,
    "impact": {"Persoon", "Afdeling", "Organisatie"},
    "urgency": {"Laag", "Normaal", "Hoog"},
}
LENGTHS = {"briefDescription": 80, "externalNumber": 60}
FIELDS = {
    "status", "callerLookup", "caller", "briefDescription", "request", "operatorGroup",
    "externalNumber", *KNOWN,
}  # fmt: skip
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)[^>]*>")
TAGS = {"i", "em", "b", "strong", "u", "br", "h5", "h6", "img"}
DONE = {"Opgelost", "Gereed", "Gesloten"}


class Topdesk(Double):
    """The double; ``incidents`` by id, in the order in which they were made."""

    name = "topdesk"

    def __init__(self) -> None:
        super().__init__()
        self.incidents: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[str, bytes]] = {}
        self.actions: dict[str, list[str]] = {}
        self.settings = {
            "system": "topdesk", "url": self.url, "user": LOGIN, "password": PASSWORD,
            "allow_private": True,
        }  # fmt: skip

    def handle(self, request: Request) -> Answer:
        """What TOPdesk answers."""
        given = base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
        if self.locked_out or request.headers.get("authorization") != f"Basic {given}":
            return Answer(401, {"message": "Not authorised"})
        if self.no_rights and request.method != "GET":
            return Answer(403, {"message": "No permission"})
        if request.path == "/tas/api/version":
            return Answer(200, {"version": "3.3.0"})
        if request.path == "/tas/api/incidents":
            return self._find(request) if request.method == "GET" else self._create(request)
        found = re.fullmatch(r"/tas/api/incidents/id/([0-9a-f-]{36})(/\w+)?", request.path)
        if not found or found[1] not in self.incidents:
            return Answer(404, {"message": "Not found"})
        return self._about(request, found[1], found[2] or "")

    def kept(self, number: str) -> Kept:
        """The incident as it is stored."""
        incident = next(one for one in self.incidents.values() if one["number"] == number)
        id_ = incident["id"]
        return Kept(
            incident["briefDescription"], incident["request"], incident["externalNumber"],
            self.files[id_], tuple(self.actions[id_]),
        )  # fmt: skip

    def numbers(self) -> list[str]:
        """Oldest first."""
        return [one["number"] for one in self.incidents.values()]

    def set_status(self, number: str, words: str) -> None:
        """The name of a processing status."""
        incident = next(one for one in self.incidents.values() if one["number"] == number)
        incident["processingStatus"] = {"id": str(uuid.uuid4()), "name": words}
        incident["completed"], incident["closed"] = words in DONE, words == "Gesloten"

    def _find(self, request: Request) -> Answer:
        wanted = re.fullmatch(r"externalNumber=='([^']+)'", request.one("query"))
        if not wanted:
            return Answer(400, [{"message": f"Cannot parse {request.one('query')}"}])
        all_ = list(self.incidents.values())
        same = [one for one in all_ if one["externalNumber"] == wanted[1]]
        found = all_ if self.ignores_filters else same
        fields = request.one("fields").split(",")
        shown = [{name: one[name] for name in fields if name in one} for one in found]
        return Answer(200, shown) if shown else Answer(204)

    def _create(self, request: Request) -> Answer:
        body = request.json()
        if wrong := list(mistakes(body)):
            return Answer(400, {"errors": [{"errorMessage": text} for text in wrong]})
        id_ = str(uuid.uuid4())
        incident = {"externalNumber": "", "request": ""} | body | {
            "id": id_, "number": f"I 2604 {len(self.incidents) + 1:03}", "closed": False,
            "completed": False, "processingStatus": {"id": "1", "name": "Aangemeld"},
        }  # fmt: skip
        if "title" in self.losing:
            incident["briefDescription"] = incident["briefDescription"][:20]
        if "text" in self.losing:
            incident["request"] = ""
        self.incidents[id_], self.files[id_], self.actions[id_] = incident, {}, []
        return Answer(201, incident)

    def _about(self, request: Request, id_: str, part: str) -> Answer:
        match request.method, part:
            case "GET", "":
                return Answer(200, self.incidents[id_])
            case "PATCH", "":
                return self._change(request, id_)
            case "GET", "/progresstrail":
                trail = [{"memoText": text, "invisibleForCaller": False}
                         for text in self.actions[id_]]  # fmt: skip
                return Answer(200, trail) if trail else Answer(204)
            case "GET", "/attachments":
                files = [{"fileName": name, "size": len(content)}
                         for name, content in self.files[id_].items()]  # fmt: skip
                return Answer(200, files) if files else Answer(204)
            case "POST", "/attachments":
                return self._attach(request, id_)
        return Answer(405, {"message": "Method not allowed"})

    def _change(self, request: Request, id_: str) -> Answer:
        body = request.json()
        wrong = [f"The field '{name}' is unknown" for name in set(body) - CHANGES]
        wrong += list(_tag_mistakes("action", body.get("action", "")))
        if wrong:
            return Answer(400, [{"message": text} for text in wrong])
        self.actions[id_].append(body["action"])
        return Answer(200, self.incidents[id_])

    def _attach(self, request: Request, id_: str) -> Answer:
        files = [part for part in parts_of(request) if part.field == "file" and part.file]
        if len(files) != 1 or not files[0].content:
            return Answer(400, [{"message": "Send exactly one file, that is not empty"}])
        self.files[id_][files[0].file] = files[0].content
        return Answer(200, {"id": str(uuid.uuid4()), "fileName": files[0].file})


CHANGES = {"action", "actionInvisibleForCaller"}


def mistakes(body: dict[str, Any]) -> Iterator[str]:
    """Everything that TOPdesk would answer 400 for."""
    for name in sorted(set(body) - FIELDS):
        yield f"The field '{name}' is unknown"
    for name, length in LENGTHS.items():
        if len(body.get(name, "")) > length:
            yield f"The value for the field '{name}' is too long (max {length})"
    if "\n" in body.get("briefDescription", ""):
        yield "'briefDescription' is one line"
    yield from _tag_mistakes("request", body.get("request", ""))
    yield from _search_list_mistakes(body)
    if "operatorGroup" in body and set(body["operatorGroup"]) != {"id"}:
        yield "'operatorGroup' takes an id"
    yield from _caller_mistakes(body)


def _search_list_mistakes(body: dict[str, Any]) -> Iterator[str]:
    for name in KNOWN.keys() & body.keys():
        if set(body[name]) not in ({"id"}, {"name"}):
            yield f"'{name}' takes an id or a name"
        elif body[name].get("name", "") not in KNOWN[name]:
            yield f"'{name}' has no value {body[name].get('name')}"


def _tag_mistakes(name: str, html: str) -> Iterator[str]:
    for tag in sorted({tag.lower() for tag in TAG.findall(html)} - TAGS):
        yield f"The tag '{tag}' is not allowed in '{name}'"
    if "\n" in html:
        yield f"Use <br> for a new line in '{name}'"


def _caller_mistakes(body: dict[str, Any]) -> Iterator[str]:
    lookup, caller = body.get("callerLookup"), body.get("caller")
    if (lookup is None) == (caller is None):
        yield "Give either 'callerLookup' or 'caller'"
    elif lookup is not None and len(lookup) != 1:
        yield "'callerLookup' takes exactly one key"
    elif lookup is not None and lookup.get("email") not in CALLERS:
        yield f"No caller found for {lookup}"
    elif caller is not None and caller.get("branch", {}).get("id") != BRANCH:
        yield "The caller's branch is unknown"
