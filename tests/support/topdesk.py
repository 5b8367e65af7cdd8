"""A strict double of TOPdesk's documented incident API: it refuses what TOPdesk refuses."""

import base64
import json
import re
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LOGIN, PASSWORD = "vipservice", "app-password"
CALLERS = {"jeroen@test.example"}
LENGTHS = {"briefDescription": 80, "externalNumber": 60}
FIELDS = {
    "status", "callerLookup", "caller", "briefDescription", "request", "entryType", "callType",
    "category", "impact", "urgency", "operatorGroup", "externalNumber",
}  # fmt: skip
NAMED = ("entryType", "callType", "category", "impact", "urgency")
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)[^>]*>")
TAGS = {"i", "em", "b", "strong", "u", "br", "h5", "h6", "img"}


def mistakes(body: dict[str, Any]) -> list[str]:
    """Everything that TOPdesk would answer 400 for."""
    found = [f"The field '{name}' is unknown" for name in sorted(set(body) - FIELDS)]
    found += [
        f"The value for the field '{name}' is too long (max {length})"
        for name, length in LENGTHS.items()
        if len(body.get(name, "")) > length
    ]
    tags = {tag.lower() for tag in TAG.findall(body.get("request", ""))} - TAGS
    found += [f"The tag '{tag}' is not allowed in 'request'" for tag in sorted(tags)]
    if "\n" in body.get("request", ""):
        found.append("Use <br> for a new line in 'request'")
    found += [f"'{name}' takes an id or a name" for name in NAMED
              if name in body and set(body[name]) not in ({"id"}, {"name"})]  # fmt: skip
    if "operatorGroup" in body and set(body["operatorGroup"]) != {"id"}:
        found.append("'operatorGroup' takes an id")
    return found + _caller_mistakes(body)


def _caller_mistakes(body: dict[str, Any]) -> list[str]:
    lookup = body.get("callerLookup", {})
    if len(lookup) != 1:
        return ["'callerLookup' takes exactly one key"]
    if lookup.get("email") not in CALLERS:
        return [f"No caller found for {lookup}"]
    return []


class Topdesk:
    """The double, on a port of its own; ``incidents`` by id. ``broken`` makes it answer 503."""

    def __init__(self) -> None:
        self.incidents: dict[str, dict[str, Any]] = {}
        self.broken = False
        topdesk = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                topdesk.answer(self, topdesk.find)

            def do_POST(self) -> None:
                topdesk.answer(self, topdesk.create)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: Any, act: Any) -> None:
        """Checks the log-in, acts, and writes the answer."""
        length = int(request.headers.get("Content-Length") or 0)
        body = json.loads(request.rfile.read(length) or b"{}")
        given = base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
        if self.broken:
            status, answer = 503, {"message": "Maintenance"}
        elif request.headers.get("Authorization") != f"Basic {given}":
            status, answer = 401, {"message": "Not authorised"}
        else:
            status, answer = act(urlsplit(request.path), body)
        request.send_response(status)
        content = b"" if status == 204 else json.dumps(answer).encode()
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def find(self, address: Any, _body: Any) -> tuple[int, Any]:
        """The version, or incidents by external number; 204 for none."""
        if address.path == "/tas/api/version":
            return 200, {"version": "3.3.0"}
        query = parse_qs(address.query).get("query", [""])[0]
        wanted = re.fullmatch(r"externalNumber=='([^']+)'", query)
        if not wanted:
            return 400, [{"message": f"Cannot parse {query}"}]
        found = [i for i in self.incidents.values() if i["externalNumber"] == wanted[1]]
        return (200, found) if found else (204, None)

    def create(self, _address: Any, body: dict[str, Any]) -> tuple[int, Any]:
        """201 with the incident, or 400 with every mistake."""
        wrong = mistakes(body)
        if wrong:
            return 400, {"errors": [{"errorMessage": text} for text in wrong]}
        incident = body | {
            "id": str(uuid.uuid4()),
            "number": f"I 2604 {len(self.incidents) + 1:03}",
        }
        self.incidents[incident["id"]] = incident
        return 201, incident
