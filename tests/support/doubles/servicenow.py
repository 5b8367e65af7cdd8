"""A strict double of ServiceNow's Table API and Attachment API.

Documentation: https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html and
…/c_AttachmentAPI.html; an encoded query drops a condition on a field that it does not know
(…/server-api-reference/c_GlideRecordAPI.html); what max_length does and does not do: KB0685779.
"""

import json
import re
import uuid
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request
from tests.support.doubles.routes import is_basic, route

LOGIN, PASSWORD = "vipservice", "snow-secret"
USERS = {"jeroen@test.example": "5137153cc611227c000bbd1bd8cd2005"}
GROUPS = {"Service Desk": "d625dccec0a8016700a222a0f7900d06"}
LENGTHS = {"short_description": 160, "correlation_id": 100, "correlation_display": 100}
JOURNALS = {"comments": "Additional comments", "work_notes": "Work notes"}
REFERENCES = {"caller_id": ("sys_user", USERS), "assignment_group": ("sys_user_group", GROUPS)}
STATES = {
    "1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed",
    "8": "Canceled",
}  # fmt: skip
LEVELS = {"1": "1 - High", "2": "2 - Medium", "3": "3 - Low"}
CHOICES = {"state": STATES, "impact": LEVELS, "urgency": LEVELS}
SETTABLE = {*LENGTHS, *REFERENCES, *CHOICES, "description", "contact_type", "category"}
READ = ("sys_id", "number", "priority", "sys_created_on", "active")
INCIDENT = {*SETTABLE, *JOURNALS, *READ}
JOURNAL = {"sys_id", "name", "element", "element_id", "value", "sys_created_on", "sys_created_by"}
USER = {"sys_id", "user_name", "email", "name", "active"}
ATTACHMENT = {
    "sys_id", "table_name", "table_sys_id", "file_name", "content_type", "size_bytes",
    "download_link", "sys_created_on",
}  # fmt: skip
TABLE, ATTACHMENTS = "/api/now/table/", "/api/now/attachment"

Row = dict[str, str]


class _Refused(Exception):
    def __init__(self, status: int, message: str, detail: str | None = None) -> None:
        super().__init__(status, message, detail)
        error = {"message": message, "detail": detail}
        headers = {"WWW-Authenticate": 'BASIC realm="Service-now"'} if status == 401 else {}
        self.answer = Answer(status, {"error": error, "status": "failure"}, headers)


class Servicenow(Double):
    """ServiceNow with the role itil.

    By default a description is as long as the field's max_length at most, as where a business
    rule guards it; with ``longest_description`` None it is kept whole, as out of the box.
    """

    name = "servicenow"

    def __init__(self) -> None:
        super().__init__()
        self.longest_description: int | None = 4000
        self.settings = {
            "system": "servicenow", "url": self.url, "user": LOGIN, "password": PASSWORD,
            "allow_private": True,
        }  # fmt: skip
        self._incidents: dict[str, Row] = {}
        self._journal: list[Row] = []
        self._files: dict[str, Row] = {}
        self._contents: dict[str, bytes] = {}

    def handle(self, request: Request) -> Answer:
        """What ServiceNow answers."""
        try:
            self._admit(request)
            call, found = route(
                request,
                _ROUTES,
                lambda status: _Refused(
                    status, f"Requested URI does not represent any resource: {request.path}"
                ),
            )
            return call(self, request, *found.groups())
        except _Refused as refused:
            return refused.answer

    def kept(self, number: str) -> Kept:
        """The incident; its caller sees its comments and every file, and no work notes."""
        found = self._numbered(number)
        mine = [each for each in self._files.values() if each["table_sys_id"] == found["sys_id"]]
        files = {each["file_name"]: self._contents[each["sys_id"]] for each in mine}
        said, noted = (
            tuple(
                each["value"]
                for each in self._journal
                if each["element_id"] == found["sys_id"] and each["element"] == element
            )
            for element in ("comments", "work_notes")
        )
        title, text = found["short_description"], found["description"]
        return Kept(title, text, found["correlation_id"], files, said, noted)

    def numbers(self) -> list[str]:
        """Oldest first."""
        return [each["number"] for each in self._incidents.values()]

    def remove(self, number: str) -> None:
        """Gone for good."""
        del self._incidents[self._numbered(number)["sys_id"]]

    def set_status(self, number: str, words: str) -> None:
        """The label of a state."""
        labels = {label: value for value, label in STATES.items()}
        self._numbered(number)["state"] = labels[words]

    def _numbered(self, number: str) -> Row:
        return next(each for each in self._incidents.values() if each["number"] == number)

    def _admit(self, request: Request) -> None:
        if self.locked_out or not is_basic(request, LOGIN, PASSWORD):
            raise _Refused(401, "User Not Authenticated", "Required to provide Auth information")
        if "application/json" not in request.headers.get("accept", "*/*") and not re.search(
            r"\*/\*|application/\*", request.headers.get("accept", "*/*")
        ):
            raise _Refused(406, "Requested response Content-Type is not supported")
        if self.no_rights and request.method != "GET":
            what = "Insert" if request.method == "POST" else "Update"
            detail = f"ACL Exception {what} Failed due to security constraints"
            raise _Refused(403, "Operation Failed", detail)

    def _list(self, request: Request, table: str) -> Answer:
        """The journal comes newest first unless an order was asked for."""
        users = [
            {"sys_id": id_, "user_name": mail.split("@")[0], "email": mail, "name": mail,
             "active": "true"} for mail, id_ in USERS.items()
        ]  # fmt: skip
        tables: dict[str, tuple[Iterable[Row], set[str]]] = {
            "incident": (self._incidents.values(), INCIDENT),
            "sys_user": (users, USER),
            "sys_journal_field": (reversed(self._journal), JOURNAL),
        }
        if table not in tables:
            raise _Refused(400, f"Invalid table {table}")
        found = self._queried(request, *tables[table])
        return Answer(200, {"result": [self._shown(request, each) for each in found]})

    def _queried(self, request: Request, rows: Iterable[Row], known: set[str]) -> list[Row]:
        query = "" if self.ignores_filters else request.one("sysparm_query")
        found = _ordered([each for each in rows if _matches(each, query, known)], query, known)
        start, limit = _number(request, "sysparm_offset", 0), _number(request, "sysparm_limit", 1)
        return found[start : start + (limit or 10_000)]

    def _create(self, request: Request, table: str) -> Answer:
        """Unknown fields are ignored without a word."""
        if table != "incident":
            raise _Refused(403, "Operation Failed", f"ACL Exception Insert Failed: {table}")
        given = _json(request)
        number = f"INC{len(self._incidents) + 1:07}"
        first = dict.fromkeys(INCIDENT, "") | {
            "sys_id": uuid.uuid4().hex, "number": number, "state": "1", "impact": "3",
            "urgency": "3", "active": "true", "sys_created_on": _when(len(self._incidents)),
        }  # fmt: skip
        record = self._changed(first, given, self.losing)
        self._incidents[record["sys_id"]] = record
        place = {"Location": f"{self.url}{TABLE}incident/{record['sys_id']}"}
        return Answer(201, {"result": self._shown(request, record)}, place)

    def _changed(self, record: Row, given: dict[str, Any], losing: set[str]) -> Row:
        values = {name: _value(name, given[name]) for name in SETTABLE & given.keys()}
        for name, length in (LENGTHS | {"description": self.longest_description}).items():
            values |= {name: values[name][:length]} if name in values else {}
        title = values.get("short_description", "")
        values |= {"short_description": title[:20]} if "title" in losing else {}
        values |= {"description": ""} if "text" in losing else {}
        values |= {"impact": "3", "urgency": "3"} if "priority" in losing else {}
        said = {name: _value(name, given[name]) for name in JOURNALS if given.get(name)}
        changed = record | values
        changed["priority"] = str(max(1, int(changed["impact"]) + int(changed["urgency"]) - 1))
        for name, words in said.items():
            self._note(changed["sys_id"], name, words)
        return changed

    def _note(self, record: str, element: str, words: str) -> None:
        line = {"name": "incident", "element": element, "element_id": record, "value": words}
        by = {"sys_created_on": _when(len(self._journal)), "sys_created_by": LOGIN}
        self._journal.append({"sys_id": uuid.uuid4().hex, **line, **by})

    def _record(self, table: str, id_: str) -> Row:
        if table != "incident" or id_ not in self._incidents:
            detail = "Record doesn't exist or ACL restricts the record retrieval"
            raise _Refused(404, "No Record found", detail)
        return self._incidents[id_]

    def _show(self, request: Request, table: str, id_: str) -> Answer:
        return Answer(200, {"result": self._shown(request, self._record(table, id_))})

    def _change(self, request: Request, table: str, id_: str) -> Answer:
        record = self._record(table, id_)
        self._incidents[id_] = self._changed(record, _json(request), set())
        return Answer(200, {"result": self._shown(request, self._incidents[id_])})

    def _shown(self, request: Request, row: Row) -> dict[str, Any]:
        names = [each.strip() for each in request.one("sysparm_fields").split(",") if each.strip()]
        shown = [name for name in names or sorted(row) if name in row]
        return {name: self._field(request, name, row) for name in shown}

    def _field(self, request: Request, name: str, row: Row) -> Any:
        wanted = request.one("sysparm_display_value") or "false"
        value, label = row[name], self._label(name, row)
        table = REFERENCES[name][0] if name in REFERENCES and value else ""
        link = {"link": f"{self.url}{TABLE}{table}/{value}"}
        bare = not table or request.one("sysparm_exclude_reference_link") == "true"
        if wanted == "all":
            return {"display_value": label, "value": value, **({} if bare else link)}
        if wanted == "true":
            return label if bare else {"display_value": label, **link}
        return value if bare else {**link, "value": value}

    def _label(self, name: str, row: Row) -> str:
        """A journal field has no value of its own, only a display value."""
        if name in JOURNALS:
            lines = [each for each in self._journal
                     if (each["element_id"], each["element"]) == (row["sys_id"], name)]  # fmt: skip
            return "".join(
                f"{each['sys_created_on']} - {LOGIN} ({JOURNALS[name]})\n{each['value']}\n\n"
                for each in reversed(lines)
            )
        known = {id_: label for label, id_ in REFERENCES.get(name, ("", {}))[1].items()}
        return (CHOICES.get(name) or known).get(row[name], row[name])

    def _attach(self, request: Request) -> Answer:
        wanted = {name: request.one(name) for name in ("table_name", "table_sys_id", "file_name")}
        for name, value in wanted.items():
            if not value:
                raise _Refused(400, f"Missing required parameter: {name}")
        kind = request.headers.get("content-type", "")
        if not kind or not request.body:
            raise _Refused(400, "A Content-Type and at least one byte are required")
        if wanted["table_name"] != "incident":
            raise _Refused(400, f"Invalid table {wanted['table_name']}")
        self._record("incident", wanted["table_sys_id"])
        return self._add(wanted | {"content_type": kind.split(";")[0]}, request.body)

    def _add(self, wanted: Row, content: bytes) -> Answer:
        id_ = uuid.uuid4().hex
        place = f"{self.url}{ATTACHMENTS}/{id_}"
        own = {"sys_id": id_, "size_bytes": str(len(content)), "download_link": f"{place}/file"}
        self._files[id_] = {**wanted, **own, "sys_created_on": _when(len(self._files))}
        self._contents[id_] = content
        return Answer(201, {"result": self._files[id_]}, {"Location": place})

    def _attachments(self, request: Request) -> Answer:
        return Answer(200, {"result": self._queried(request, self._files.values(), ATTACHMENT)})

    def _attachment(self, request: Request, id_: str, file: str | None) -> Answer:
        if id_ not in self._files:
            raise _Refused(404, "No Record found", "Record doesn't exist or ACL restricts it")
        if file:
            kind = {"Content-Type": self._files[id_]["content_type"]}
            return Answer(200, self._contents[id_], kind)
        return Answer(200, {"result": self._files[id_]})


def _json(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise _Refused(415, "Unsupported Media Type", f"Content-Type {kind} is not supported")
    try:
        given = request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _Refused(400, "Exception while reading request", "no valid JSON") from error
    if not isinstance(given, dict):
        raise _Refused(400, "Exception while reading request", "The payload is no JSON object")
    return given


def _value(name: str, given: Any) -> str:
    """As the field stores it; who is referred to and unknown is nobody."""
    if isinstance(given, dict | list):
        raise _Refused(400, "Exception while reading request", f"{name} has no plain value")
    value = "" if given is None else str(given)
    if name in CHOICES and value not in CHOICES[name]:
        raise _Refused(400, "Operation Failed", f"{name} has no choice {value}")
    if name in REFERENCES:
        return value if value in REFERENCES[name][1].values() else ""
    return value


def _number(request: Request, name: str, least: int) -> int:
    given = request.one(name) or "0"
    if not given.isdigit() or (request.one(name) and int(given) < least):
        raise _Refused(400, f"Invalid value for {name}", given)
    return int(given)


def _matches(row: Row, query: str, known: set[str]) -> bool:
    """Conditions on unknown fields count for nothing; ^OR belongs to what is before it."""
    every: list[list[bool]] = []
    for part in query.split("^"):
        found = re.fullmatch(r"(OR(?!DERBY))?(\w+?)(=|!=|IN)(.*)", part, re.DOTALL)
        if not found or found[2] not in known:
            continue
        fits = _fits(row[found[2]], found[3], found[4])
        every[-1:] = [[*every[-1], fits]] if found[1] and every else [*every[-1:], [fits]]
    return all(any(each) for each in every)


def _fits(value: str, operator: str, wanted: str) -> bool:
    given = wanted.lower().split(",") if operator == "IN" else [wanted.lower()]
    return (value.lower() in given) is (operator != "!=")


def _ordered(rows: list[Row], query: str, known: set[str]) -> list[Row]:
    for part in reversed(query.split("^")):
        found = re.fullmatch(r"ORDERBY(DESC)?(\w+)", part)
        if found and found[2] in known:
            rows = sorted(rows, key=itemgetter(found[2]), reverse=bool(found[1]))
    return rows


def _when(count: int) -> str:
    return f"2026-01-05 {9 + count // 3600 % 15:02}:{count // 60 % 60:02}:{count % 60:02}"


_SYS_ID = r"([0-9a-f]{32})"
_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", TABLE + r"(\w+)", Servicenow._list),
    ("POST", TABLE + r"(\w+)", Servicenow._create),
    ("GET", TABLE + r"(\w+)/" + _SYS_ID, Servicenow._show),
    ("PATCH", TABLE + r"(\w+)/" + _SYS_ID, Servicenow._change),
    ("PUT", TABLE + r"(\w+)/" + _SYS_ID, Servicenow._change),
    ("GET", ATTACHMENTS, Servicenow._attachments),
    ("POST", ATTACHMENTS + "/file", Servicenow._attach),
    ("GET", ATTACHMENTS + "/" + _SYS_ID + "(/file)?", Servicenow._attachment),
)
