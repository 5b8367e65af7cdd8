"""A strict double of Jira Service Management Cloud.

Documentation: https://developer.atlassian.com/cloud/jira/service-desk/rest/ (requests, comments,
attachments, info) and https://developer.atlassian.com/cloud/jira/platform/rest/v3/ (search,
issues); the index comes later: https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request
from tests.support.doubles.jira_document import document
from tests.support.doubles.multipart import parts_of
from tests.support.doubles.routes import is_basic, route

LOGIN, TOKEN = "bot@supplier.example", "api-token"
DESK, KIND, PROJECT = "4", "17", "SUP"
CUSTOMERS = {"jeroen@test.example": "qm:a713c8ea-1075-4e30-9d96-891a7d181739:5ad6d358"}
LONGEST_SUMMARY, LONGEST_TEXT, LONGEST_LABEL = 255, 32_767, 255
CATEGORIES = {
    "Waiting for support": "NEW", "In Progress": "INDETERMINATE",
    **dict.fromkeys(("Resolved", "Closed", "Canceled", "Done"), "DONE"),
}  # fmt: skip
PLATFORM = {"NEW": "new", "INDETERMINATE": "indeterminate", "DONE": "done"}
CREATE = {"serviceDeskId", "requestTypeId", "requestFieldValues", "raiseOnBehalfOf"}
SEARCH = {"jql", "fields", "maxResults", "nextPageToken", "reconcileIssues", "expand"}
NOT_CREATED = "Your request could not be created. Please check the fields."
_FAILED = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
DATE = {"iso8601": "2026-01-05T09:00:00+0000"}


@dataclass(eq=False)
class _Issue:
    id: str
    key: str
    summary: str
    description: str
    labels: list[str]
    status: str = "Waiting for support"
    files: list[tuple[str, bytes]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    searches: int = 0


class _Refused(Exception):
    def __init__(self, status: int, message: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(status, message)
        desk = {"errorMessage": message, "i18nErrorMessage": {"i18nKey": "", "parameters": []}}
        platform = {"errorMessages": [message] if message else [], "errors": errors}
        headers = _FAILED if status == 401 else {}
        self.answer = Answer(status, desk if errors is None else platform, headers)


class Jira(Double):
    """A service desk with one request type.

    A fresh issue is not found by ``index_delay`` searches, unless they reconcile it. ``form``
    holds the fields of the request type. With ``strangers_search`` a search with a wrong log-in
    is an anonymous one, that finds nothing, as where anybody may browse. With a
    ``paragraph_end`` of two line breaks a single one becomes a hardBreak.
    """

    name = "jira"

    def __init__(self) -> None:
        super().__init__()
        self.index_delay = 0
        self.form = {"summary", "description", "labels"}
        self.strangers_search = False
        self.paragraph_end = "\n"
        self.settings = {
            "system": "jira", "url": self.url, "user": LOGIN, "password": TOKEN,
            "project": DESK, "kind": KIND, "allow_private": True,
        }  # fmt: skip
        self._issues: list[_Issue] = []
        self._temporary: dict[str, tuple[str, bytes]] = {}

    def handle(self, request: Request) -> Answer:
        """What Jira answers."""
        try:
            call, found = route(
                request,
                _ROUTES,
                lambda status: _Refused(status, f"No {request.method} at {request.path}"),
            )
            return self._admitted(request, call) or call(self, request, *found.groups())
        except _Refused as refused:
            return refused.answer

    def kept(self, number: str) -> Kept:
        """The issue by its key; its reference is its first label."""
        one = self._found(number)
        said, noted = (
            tuple(each["body"] for each in one.comments if each["public"] is public)
            for public in (True, False)
        )
        hidden = frozenset(name for name, _ in one.files if any(f"[^{name}]" in n for n in noted))
        reference = "".join(one.labels[:1])
        return Kept(one.summary, one.description, reference, dict(one.files), said, noted, hidden)

    def numbers(self) -> list[str]:
        """Oldest first."""
        return [each.key for each in self._issues]

    def remove(self, number: str) -> None:
        """Gone for good."""
        self._issues.remove(self._found(number))

    def set_status(self, number: str, words: str) -> None:
        """The name of a status."""
        self._found(number).status = words

    def _admitted(self, request: Request, call: Callable[..., Answer]) -> Answer | None:
        """Nobody needs a log-in for /info, and a search is no write."""
        known = not self.locked_out and is_basic(request, LOGIN, TOKEN)
        known = known or call is Jira._info
        if not known and call is Jira._search and self.strangers_search:
            return Answer(200, {"issues": [], "isLast": True}, _FAILED)
        if not known:
            raise _Refused(401, "Client must be authenticated to access this resource.")
        if self.no_rights and request.method != "GET" and call is not Jira._search:
            raise _Refused(403, "You do not have permission to do this.")
        return None

    def _info(self, request: Request) -> Answer:
        return Answer(200, {"version": "1001.0.0", "isLicensedForUse": True})

    def _myself(self, request: Request) -> Answer:
        return Answer(200, {"accountId": "5b10a2844c", "emailAddress": LOGIN, "active": True})

    def _desk(self, request: Request, desk: str, kind: str | None) -> Answer:
        if desk != DESK or kind not in (None, KIND):
            raise _Refused(404, "The service desk or the request type does not exist.")
        return Answer(200, {"id": kind or DESK, "serviceDeskId": DESK, "projectKey": PROJECT})

    def _form(self, request: Request, desk: str, kind: str) -> Answer:
        self._desk(request, desk, kind)
        fields = [{"fieldId": each, "required": each == "summary"} for each in sorted(self.form)]
        return Answer(200, {"requestTypeFields": fields})

    def _found(self, number: str) -> _Issue:
        for each in self._issues:
            if number in (each.key, each.id):
                return each
        raise _Refused(404, "The request does not exist or you do not have permission to see it.")

    def _create(self, request: Request) -> Answer:
        given = _json(request)
        values = self._values(given)
        count = len(self._issues) + 1
        title = values["summary"][: 20 if "title" in self.losing else None]
        text = "" if "text" in self.losing else values.get("description") or ""
        labels = list(dict.fromkeys(values.get("labels") or []))
        self._issues.append(_Issue(str(10_000 + count), f"{PROJECT}-{count}", title, text, labels))
        return Answer(201, self._shown(self._issues[-1]))

    def _values(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.keys() - CREATE:
            raise _Refused(400, f"Unrecognized field {sorted(given.keys() - CREATE)[0]}")
        if (given.get("serviceDeskId"), given.get("requestTypeId")) != (DESK, KIND):
            raise _Refused(400, "The service desk or the request type is missing or unknown.")
        if given.get("raiseOnBehalfOf", LOGIN) not in (LOGIN, *CUSTOMERS.values()):
            raise _Refused(400, "The customer to raise on behalf of is unknown.")
        values = given.get("requestFieldValues")
        if not isinstance(values, dict) or values.keys() - self.form:
            raise _Refused(400, f"{NOT_CREATED} A field is not on the form.")
        wrong = _mistakes({"summary": None, **values})
        if wrong:
            raise _Refused(400, " ".join([NOT_CREATED, *wrong.values()]))
        return values

    def _request(self, request: Request, number: str) -> Answer:
        return Answer(200, self._shown(self._found(number)))

    def _shown(self, issue: _Issue) -> dict[str, Any]:
        category = CATEGORIES.get(issue.status, "UNDEFINED")
        values = {"summary": issue.summary, "description": issue.description}
        web = f"{self.url}/servicedesk/customer/portal/{DESK}/{issue.key}"
        return {
            "issueId": issue.id, "issueKey": issue.key, "requestTypeId": KIND,
            "serviceDeskId": DESK, "createdDate": DATE, "_links": {"web": web},
            "requestFieldValues": [{"fieldId": k, "value": v} for k, v in values.items()],
            "currentStatus": {"status": issue.status, "statusCategory": category},
        }  # fmt: skip

    def _search(self, request: Request) -> Answer:
        given = _json(request) if request.method == "POST" else _asked(request)
        most = given.get("maxResults", 50)
        wrong = given.keys() - SEARCH or not isinstance(given.get("fields", []), list)
        if wrong or not isinstance(most, int) or not 1 <= most <= 5000:
            message = "Invalid request payload. Refer to the REST API documentation and try again."
            raise _Refused(400, message, {})
        matching = _condition(given.get("jql"))
        every = self._indexed(given.get("reconcileIssues", []))
        found = [each for each in every if self.ignores_filters or matching(each)]
        page = [self._fields(each, given.get("fields") or ["id"]) for each in found[:most]]
        return Answer(200, {"issues": page, "isLast": len(found) <= most})

    def _indexed(self, reconciled: Sequence[Any]) -> list[_Issue]:
        fresh = {each.key for each in self._issues if each.searches < self.index_delay}
        for each in self._issues:
            each.searches += 1
        sure = {str(each) for each in reconciled}
        return [each for each in reversed(self._issues) if each.key not in fresh or each.id in sure]

    def _fields(self, issue: _Issue, wanted: Sequence[str]) -> dict[str, Any]:
        """With "id" alone there is no key either."""
        category = {"key": PLATFORM.get(CATEGORIES.get(issue.status, ""), "undefined")}
        files = [{"id": str(at), "filename": name, "size": len(content)}
                 for at, (name, content) in enumerate(issue.files)]  # fmt: skip
        fields = {
            "summary": issue.summary, "labels": issue.labels, "attachment": files,
            "description": document(issue.description, self.paragraph_end),
            "status": {"name": issue.status, "statusCategory": category},
        }  # fmt: skip
        shown = {name: fields[name] for name in fields if {name, "*all"} & set(wanted)}
        named = {"key": issue.key, "fields": shown}
        return {"id": issue.id, **(named if list(wanted) != ["id"] else {})}

    def _issue(self, request: Request, number: str) -> Answer:
        wanted = request.one("fields").split(",") if request.one("fields") else ["*all"]
        return Answer(200, self._fields(self._found(number), [*wanted, ""]))

    def _edit(self, request: Request, number: str) -> Answer:
        issue, given = self._found(number), _json(request)
        fields = given.get("fields")
        if given.keys() != {"fields"} or not isinstance(fields, dict):
            raise _Refused(400, "Give fields.", {})
        wrong = {name: "It cannot be set." for name in fields.keys() - {"labels", "summary"}}
        wrong |= _mistakes({"summary": issue.summary, "labels": issue.labels, **fields})
        if wrong:
            raise _Refused(400, "", wrong)
        issue.labels = list(fields.get("labels", issue.labels))
        issue.summary = fields.get("summary", issue.summary)
        return Answer(204)

    def _upload(self, request: Request, desk: str) -> Answer:
        if request.headers.get("x-atlassian-token") != "no-check":
            return Answer(403, b"XSRF check failed", {"Content-Type": "text/html"})
        if not request.headers.get("content-type", "").startswith("multipart/form-data;"):
            raise _Refused(415, "The body must be multipart/form-data with a boundary.")
        self._desk(request, desk, None)
        parts = [each for each in parts_of(request) if each.field == "file" and each.file]
        if not parts or not all(each.content for each in parts):
            raise _Refused(400, "Send at least one file, in the part 'file', that is not empty.")
        numbers = [f"temp{len(self.calls)}-{at}" for at, _ in enumerate(parts)]
        taken = dict(zip(numbers, parts, strict=True))
        self._temporary |= {number: (each.file, each.content) for number, each in taken.items()}
        made = [{"temporaryAttachmentId": number, "fileName": each.file}
                for number, each in taken.items()]  # fmt: skip
        return Answer(201, {"temporaryAttachments": made})

    def _attach(self, request: Request, number: str) -> Answer:
        """The files come with a comment that names them, asked for or not."""
        issue, given = self._found(number), _json(request)
        ids, public = given.get("temporaryAttachmentIds"), given.get("public", True)
        said = given.get("additionalComment", {})
        unknown = given.keys() - {"temporaryAttachmentIds", "public", "additionalComment"}
        typed = isinstance(public, bool) and isinstance(ids, list) and isinstance(said, dict)
        if unknown or not typed or not ids:
            raise _Refused(400, "Give temporaryAttachmentIds and public.")
        if not all(each in list(self._temporary) for each in ids):
            raise _Refused(400, "The temporary attachment does not exist.")
        added = [self._temporary.pop(each) for each in ids]
        issue.files += added
        names = " ".join(f"[^{name}]" for name, _ in added)
        comment = _comment(issue, f"{said.get('body', '')}\n\n{names}".strip(), public)
        return Answer(201, {"comment": comment, "attachments": _page(request, _files(added))})

    def _attachments(self, request: Request, number: str) -> Answer:
        return Answer(200, _page(request, _files(self._found(number).files)))

    def _comments(self, request: Request, number: str) -> Answer:
        return Answer(200, _page(request, self._found(number).comments))

    def _say(self, request: Request, number: str) -> Answer:
        issue, given = self._found(number), _json(request)
        body, public = given.get("body"), given.get("public", True)
        if given.keys() - {"body", "public"} or not isinstance(public, bool):
            raise _Refused(400, "A comment has a body, and public is true or false.")
        if not isinstance(body, str) or not body.strip() or len(body) > LONGEST_TEXT:
            raise _Refused(400, f"The body of a comment has 1 to {LONGEST_TEXT} characters.")
        return Answer(201, _comment(issue, body, public))


def _json(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise _Refused(415, "Unsupported Media Type")
    try:
        given = request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _Refused(400, "There was an error parsing JSON.") from error
    if isinstance(given, dict):
        return given
    raise _Refused(400, "The body is no JSON object.")


def _asked(request: Request) -> dict[str, Any]:
    """A search's parameters in the address; ``fields`` and ``reconcileIssues`` may repeat."""
    given: dict[str, Any] = {name: request.one(name) for name in request.query.keys() & SEARCH}
    for name in {"fields", "reconcileIssues"} & given.keys():
        given[name] = ",".join(request.query[name]).split(",")
    if given.get("maxResults", "").isdigit():
        given["maxResults"] = int(given["maxResults"])
    return given


def _mistakes(values: Mapping[str, Any]) -> dict[str, str]:
    """By field, as Jira says them."""
    summary, text, labels = values["summary"], values.get("description"), values.get("labels")
    wrong = {}
    if not isinstance(summary, str) or not summary.strip():
        wrong["summary"] = "Please provide a valid value for field 'Summary'"
    elif re.search(r"[\r\n]", summary):
        wrong["summary"] = "The summary is invalid because it contains newline characters."
    elif len(summary) > LONGEST_SUMMARY:
        wrong["summary"] = f"Summary can't exceed {LONGEST_SUMMARY} characters."
    if not isinstance(text, str | None):
        wrong["description"] = "Please provide a valid value for field 'Description'"
    elif len(text or "") > LONGEST_TEXT:
        wrong["description"] = f"The entered text is too long: more than {LONGEST_TEXT} characters."
    return wrong | _label_mistakes([] if labels is None else labels)


def _label_mistakes(labels: Any) -> dict[str, str]:
    if not isinstance(labels, list) or not all(isinstance(each, str) for each in labels):
        return {"labels": "Labels are a list of strings."}
    bad = [each for each in labels if not re.fullmatch(rf"\S{{1,{LONGEST_LABEL}}}", each)]
    return {"labels": f"The label '{bad[0]}' contains spaces which is invalid."} if bad else {}


def _condition(jql: Any) -> Callable[[_Issue], bool]:
    """Clauses on labels, key and project joined by AND, and an order that is not looked at."""
    clauses = re.sub(r"(?i)\s*\border by\b.*", "", jql if isinstance(jql, str) else "").strip()
    if not clauses:
        raise _Refused(400, "Unbounded JQL queries are not allowed here.", {})
    wanted = []
    for each in re.split(r"(?i)\s+and\s+", clauses):
        found = re.fullmatch(r"""(\w+)\s*=\s*(?:"([^"\\]*)"|'([^'\\]*)'|([\w.-]+))""", each)
        if not found:
            raise _Refused(400, f"Error in the JQL Query: {each}", {})
        if found[1].lower() not in ("labels", "key", "project"):
            raise _Refused(400, f"Field '{found[1]}' does not exist or you cannot view it.", {})
        wanted.append((found[1].lower(), found[2] or found[3] or found[4]))
    return lambda issue: all(
        value in {"labels": issue.labels, "key": [issue.key], "project": [PROJECT]}[name]
        for name, value in wanted
    )


def _comment(issue: _Issue, body: str, public: bool) -> dict[str, Any]:
    number = f"{issue.id}{len(issue.comments) + 1:03}"
    issue.comments.append({"id": number, "body": body, "public": public, "created": DATE})
    return issue.comments[-1]


def _files(files: Sequence[tuple[str, bytes]]) -> list[dict[str, Any]]:
    return [{"filename": name, "size": len(content), "created": DATE} for name, content in files]


def _page(request: Request, found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    start, limit = request.one("start") or "0", request.one("limit") or "50"
    if not start.isdigit() or not limit.isdigit() or not int(limit):
        raise _Refused(400, "start and limit are numbers.")
    page = found[int(start) : int(start) + min(int(limit), 50)]
    last = int(start) + len(page) >= len(found)
    return {"size": len(page), "start": int(start), "isLastPage": last, "values": page}


_DESK, _REQUEST = "/rest/servicedeskapi", r"/rest/servicedeskapi/request/([\w-]+)"
_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", f"{_DESK}/info", Jira._info),
    ("GET", "/rest/api/3/myself", Jira._myself),
    ("GET", _DESK + r"/servicedesk/(\w+)(?:/requesttype/(\w+))?", Jira._desk),
    ("GET", _DESK + r"/servicedesk/(\w+)/requesttype/(\w+)/field", Jira._form),
    ("POST", _DESK + r"/servicedesk/(\w+)/attachTemporaryFile", Jira._upload),
    ("POST", f"{_DESK}/request", Jira._create),
    ("GET", _REQUEST, Jira._request),
    ("GET", _REQUEST + "/attachment", Jira._attachments),
    ("POST", _REQUEST + "/attachment", Jira._attach),
    ("GET", _REQUEST + "/comment", Jira._comments),
    ("POST", _REQUEST + "/comment", Jira._say),
    ("GET POST", "/rest/api/3/search/jql", Jira._search),
    ("GET", r"/rest/api/3/issue/([\w-]+)", Jira._issue),
    ("PUT", r"/rest/api/3/issue/([\w-]+)", Jira._edit),
)
