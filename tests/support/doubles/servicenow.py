"""A strict double of ServiceNow's Table and Attachment APIs (docs.servicenow.com)."""

import base64
import re
import uuid
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request

LOGIN, PASSWORD = "vipservice", "snow-secret"
USERS = {"jeroen@test.example": "5137153cc611227c000bbd1bd8cd2005"}
LENGTHS = {"short_description": 160, "description": 4000, "correlation_id": 100}
FIELDS = {
    *LENGTHS, "caller_id", "contact_type", "impact", "urgency", "correlation_display",
    "assignment_group", "state",
}  # fmt: skip
LEVELS = {"1", "2", "3"}
STATES = {
    "1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed",
    "8": "Canceled",
}  # fmt: skip
TABLE = "/api/now/table/"
LARGEST_PAGE = 10_000


class Servicenow(Double):
    """The double; ``incidents`` by sys_id, in the order in which they were made."""

    name = "servicenow"

    def __init__(self) -> None:
        super().__init__()
        self.incidents: dict[str, dict[str, str]] = {}
        self.files: list[dict[str, Any]] = []
        self.journal: list[dict[str, str]] = []
        self.settings = {
            "system": "servicenow", "url": self.url, "user": LOGIN, "password": PASSWORD,
            "allow_private": True,
        }  # fmt: skip

    def handle(self, request: Request) -> Answer:
        """What ServiceNow answers."""
        given = base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
        if self.locked_out or request.headers.get("authorization") != f"Basic {given}":
            return _failure(401, "User Not Authenticated", "Required to provide Auth information")
        if self.no_rights and request.method != "GET":
            return _failure(403, "Insufficient rights", "ACL denies it")
        if request.path == "/api/now/attachment/file" and request.method == "POST":
            return self._attach(request)
        if request.path == TABLE + "incident" and request.method == "POST":
            return self._new(request)
        lists = self._lists()
        if request.path in lists:
            return self._list(request, lists[request.path])
        found = re.fullmatch(TABLE + r"incident/([0-9a-f]{32})", request.path)
        if not found or found[1] not in self.incidents:
            return _failure(404, "No Record found", "Record doesn't exist or ACL restricts it")
        return self._record(request, self.incidents[found[1]])

    def kept(self, number: str) -> Kept:
        """The incident as it is stored."""
        one = self._numbered(number)
        files = {file["file_name"]: file["content"] for file in self.files
                 if file["table_sys_id"] == one["sys_id"]}  # fmt: skip
        said = [line["value"] for line in self.journal if line["element_id"] == one["sys_id"]]
        return Kept(
            one["short_description"], one["description"], one["correlation_id"], files, tuple(said)
        )

    def numbers(self) -> list[str]:
        """Oldest first."""
        return [one["number"] for one in self.incidents.values()]

    def set_status(self, number: str, words: str) -> None:
        """The label of a state."""
        self._numbered(number)["state"] = next(k for k, v in STATES.items() if v == words)

    def _numbered(self, number: str) -> dict[str, str]:
        return next(one for one in self.incidents.values() if one["number"] == number)

    def _lists(self) -> dict[str, list[Any]]:
        return {
            TABLE + "incident": list(self.incidents.values()),
            TABLE + "sys_user": [{"sys_id": id_, "email": mail} for mail, id_ in USERS.items()],
            TABLE + "sys_journal_field": self.journal,
            "/api/now/attachment": self.files,
        }

    def _new(self, request: Request) -> Answer:
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            return _failure(415, "Unsupported media type", "Use application/json")
        return self._create(request.json())

    def _create(self, body: dict[str, str]) -> Answer:
        """Unknown fields are ignored, too long values cut, both without a word."""
        if any(body.get(name, "3") not in LEVELS for name in ("impact", "urgency")):
            return _failure(400, "Invalid value", "impact and urgency are 1, 2 or 3")
        if "priority" in body:
            return _failure(403, "Operation Failed", "priority follows from impact and urgency")
        kept = {name: str(value)[: LENGTHS.get(name)] for name, value in body.items()
                if name in FIELDS}  # fmt: skip
        lost = {"title": "short_description", "text": "description"}
        for name in self.losing & set(lost):
            kept[lost[name]] = kept[lost[name]][: 20 if name == "title" else 0]
        id_, number = uuid.uuid4().hex, f"INC{len(self.incidents) + 1:07}"
        empty = dict.fromkeys(LENGTHS, "")
        self.incidents[id_] = empty | {"state": "1"} | kept | {"sys_id": id_, "number": number}
        place = {"Location": f"{self.url}{TABLE}incident/{id_}"}
        return Answer(201, {"result": self.incidents[id_]}, place)

    def _record(self, request: Request, record: dict[str, str]) -> Answer:
        if request.method == "PATCH":
            body = request.json()
            if "comments" in body:
                self.journal.append({
                    "element_id": record["sys_id"], "element": "comments",
                    "value": body["comments"], "sys_created_on": f"{len(self.journal):04}",
                })  # fmt: skip
        if request.one("sysparm_display_value") != "all":
            return Answer(200, {"result": record})
        shown = {name: {"value": value, "display_value": _label(name, value)}
                 for name, value in record.items()}  # fmt: skip
        return Answer(200, {"result": shown})

    def _attach(self, request: Request) -> Answer:
        wanted = {name: request.one(name) for name in ("table_name", "table_sys_id", "file_name")}
        kind = request.headers.get("content-type", "")
        if not all(wanted.values()) or not request.body or "multipart" in kind or not kind:
            return _failure(400, "Failed to create the attachment", "File part might be missing")
        if wanted["table_sys_id"] not in self.incidents:
            return _failure(404, "No Record found", "Record doesn't exist or ACL restricts it")
        size = {"size_bytes": str(len(request.body))}
        self.files.append({**wanted, **size, "content": request.body})
        return Answer(201, {"result": wanted | size})

    def _list(self, request: Request, rows: list[Any]) -> Answer:
        """Conditions on fields that it does not know are ignored: everything matches."""
        for condition in filter(None, request.one("sysparm_query").split("^")):
            name, is_, value = condition.partition("=")
            known = bool(rows) and name in rows[0] and not self.ignores_filters
            if is_ and known:
                rows = [row for row in rows if row[name] == value]
        limit = int(request.one("sysparm_limit") or LARGEST_PAGE)
        names = request.one("sysparm_fields")
        shown = [
            {k: v for k, v in row.items()
             if k != "content" and (not names or k in names.split(","))}
            for row in rows[:limit]
        ]  # fmt: skip
        return Answer(200, {"result": shown})


def _label(name: str, value: str) -> str:
    return STATES[value] if name == "state" else value


def _failure(status: int, message: str, detail: str) -> Answer:
    return Answer(status, {"error": {"message": message, "detail": detail}, "status": "failure"})
