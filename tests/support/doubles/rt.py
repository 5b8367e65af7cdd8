"""A strict double of Request Tracker 5 (docs.bestpractical.com, RT::REST2, and a real one)."""

import base64
import json
import re
from collections.abc import Callable
from email.utils import parseaddr
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request
from tests.support.doubles.multipart import Part, parts_of
from tests.support.doubles.routes import route
from tests.support.doubles.rt_model import Attachment, Change, Ticket

TOKEN, QUEUE, REFERENCE = "1-14-rt-token-1", "Support", "External Reference"
FIELDS = (REFERENCE, "Chat URL")
STATUSES = ("new", "open", "stalled", "resolved", "rejected", "deleted")
PRIORITIES = {"Low": 0, "Medium": 50, "High": 100}
LONGEST_SUBJECT = 200
_File = tuple[str, str, bytes]
_Files = tuple[_File, ...]
NEVER, WHEN = "1970-01-01T00:00:00Z", "2026-01-05T09:00:00Z"
SENTENCES = {"Comment": "Comments added", "Correspond": "Correspondence added"}
_QUOTED = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
_NAMED = rf"\s*({_QUOTED}|[\w.]+(?:\{{[^}}]*\}})?)\s*(!=|=|LIKE)\s*"
_TERM = re.compile(rf"(?i){_NAMED}({_QUOTED}|\d+)\s*(?:AND\s|$)")


class _Refused(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.answer = Answer(status, {"message": words})


class RequestTracker(Double):
    """Request Tracker with a queue "Support" and a custom field for the reference."""

    name = "rt"

    def __init__(self) -> None:
        super().__init__()
        self.base = f"{self.url}/REST/2.0"
        self.settings = {
            "system": "rt", "url": self.url, "token": TOKEN, "project": QUEUE,
            "reference_field": REFERENCE, "allow_private": True,
        }  # fmt: skip
        self._tickets: list[Ticket] = []
        self._changes: list[Change] = []
        self._attachments: list[Attachment] = []

    def handle(self, request: Request) -> Answer:
        """What RT answers."""
        if "Mozilla" in request.headers.get("user-agent", ""):
            return Answer(302, b"Login required", {"Location": "/", "Content-Type": "text/plain"})
        try:
            if self.locked_out or _token(request) != TOKEN:
                raise _Refused(401, "Unauthorized")
            call, found = route(
                request,
                _ROUTES,
                lambda status: _Refused(
                    status, "Not Found" if status == 404 else "Method Not Allowed"
                ),
                "/REST/2.0",
            )
            return call(self, request, *found.groups())
        except _Refused as refused:
            return refused.answer

    def kept(self, number: str) -> Kept:
        """The ticket; what RT calls comments, its requester does not see."""
        ticket = self._found(number)
        made, *rest = [each for each in self._changes if each.ticket == ticket.id]
        attached = [each for one in (made, *rest) for each in one.attachments if each.name]
        files = {each.name: each.content for each in attached}
        said, noted = (
            tuple(each.text() for each in rest if each.kind == kind)
            for kind in ("Correspond", "Comment")
        )
        comments = [each for each in rest if each.kind == "Comment"]
        hidden = frozenset(each.name for one in comments for each in one.attachments if each.name)
        reference = ticket.fields.get(REFERENCE, [""])[0]
        return Kept(ticket.subject, made.text(), reference, files, said, noted, hidden)

    def numbers(self) -> list[str]:
        """Oldest first."""
        return [str(each.id) for each in self._tickets]

    def remove(self, number: str) -> None:
        """Given still, with this status."""
        self.set_status(number, "deleted")

    def set_status(self, number: str, words: str) -> None:
        """One of STATUSES."""
        ticket = self._found(number)
        ticket.status = STATUSES[STATUSES.index(words)]
        self._log(ticket, "Status")

    def _about(self, request: Request) -> Answer:
        return Answer(200, {"Version": "5.0.5"})

    def _queue(self, request: Request, name: str) -> Answer:
        if name != QUEUE:
            raise _Refused(403, "Forbidden")
        fields = [{"name": each, "id": str(at)} for at, each in enumerate(FIELDS, 1)]
        links = [] if self.no_rights else [{"ref": "create", "type": "ticket"}]
        known = {"Disabled": "0", "TicketCustomFields": fields, "_hyperlinks": links}
        return Answer(200, {"id": 3, "Name": QUEUE} | known)

    def _create(self, request: Request) -> Answer:
        given = _body(request) | {name: values[0] for name, values in request.query.items()}
        if not given.get("Queue"):
            raise _Refused(400, "Could not create ticket. Queue not set")
        if given["Queue"] != QUEUE:
            raise _Refused(400, "Unable to find queue")
        if self.no_rights:
            raise _Refused(403, f"No permission to create tickets in the queue '{QUEUE}'")
        files = _files(given)
        ticket = self._made(given)
        self._tickets.append(ticket)
        text = "" if "text" in self.losing else str(given.get("Content") or "")
        kind = str(given.get("ContentType") or "text/plain")
        self._log(ticket, "Create", (text, kind), files)
        place = f"/REST/2.0/ticket/{ticket.id}"
        return Answer(201, self._link("ticket", ticket.id), {"Location": place})

    def _made(self, given: dict[str, Any]) -> Ticket:
        """What does not fit is lost without a word."""
        whole = str(given.get("Subject") or "").replace("\n", "").encode()
        subject = whole[:LONGEST_SUBJECT].decode(errors="ignore")
        subject = subject[:20] if "title" in self.losing else subject
        priority = 0 if "priority" in self.losing else _priority(given.get("Priority"))
        fields = _fields(given.get("CustomFields"))
        number = len(self._tickets) + 1
        return Ticket(number, subject, priority, _mails(given.get("Requestor")), fields)

    def _log(
        self, ticket: Ticket, kind: str, said: tuple[str, str] = ("", ""), files: _Files = ()
    ) -> Change:
        change = Change(len(self._changes) + 1, ticket.id, kind)
        self._changes.append(change)
        parent = self._attach(change, 0, ("", "multipart/mixed", b"")) if files else 0
        text, content_type = said
        body = re.sub("\r\n?", "\n", text).encode()
        for each in ((("", content_type, body),) if content_type else ()) + files:
            self._attach(change, parent, each)
        return change

    def _attach(self, change: Change, parent: int, file: _File) -> int:
        number = len(self._attachments) + 1
        made = Attachment(number, change.id, parent, *file)
        self._attachments.append(made)
        change.attachments.append(made)
        return number

    def _found(self, number: str) -> Ticket:
        for ticket in self._tickets:
            if str(ticket.id) == number:
                return ticket
        raise _Refused(404, "Not Found")

    def _show(self, request: Request, number: str) -> Answer:
        ticket = self._found(number)
        return Answer(200, {"id": ticket.id, "Type": "ticket", **self._values(ticket)})

    def _values(self, ticket: Ticket) -> dict[str, Any]:
        fields = [
            {**self._link("customfield", at), "name": each, "values": ticket.fields.get(each, [])}
            for at, each in enumerate(FIELDS, 1)
        ]
        return {
            "Subject": ticket.subject,
            "Status": ticket.status,
            "Priority": ticket.priority,
            "Queue": self._link("queue", 3),
            "Requestor": [self._link("user", each) for each in ticket.requestors],
            "CustomFields": fields,
            "Created": WHEN,
            "LastUpdated": WHEN,
            "Resolved": WHEN if ticket.status == "resolved" else NEVER,
        }

    def _link(self, kind: str, number: object) -> dict[str, str]:
        return {"type": kind, "id": str(number), "_url": f"{self.base}/{kind}/{number}"}

    def _update(self, request: Request, number: str) -> Answer:
        """200 with sentences, whether it worked or not."""
        ticket, given = self._found(number), _body(request)
        wanted = given.get("Status", ticket.status)
        words = f"Status changed from '{ticket.status}' to '{wanted}'"
        if self.no_rights or wanted not in STATUSES:
            wrong = f"Status '{wanted}' isn't a valid status for this ticket."
            words = "Permission Denied" if self.no_rights else wrong
        elif wanted != ticket.status:
            self.set_status(number, wanted)
        return Answer(200, [f"Ticket {number}: {words}"] if given else [])

    def _search(self, request: Request) -> Answer:
        wanted = _terms(request.one("query"))
        items = [
            self._link("ticket", each.id) | _asked(request, self._values(each))
            for each in self._tickets[:: -1 if request.one("order").upper() == "DESC" else 1]
            if self.ignores_filters or (wanted and all(_fits(each, *term) for term in wanted))
        ]
        return _paged(request, items, len(items))

    def _message(self, request: Request, number: str, kind: str) -> Answer:
        ticket, given = self._found(number), _body(request)
        files = _files(given)
        content, content_type = given.get("Content"), given.get("ContentType")
        if content and not content_type:
            raise _Refused(400, "ContentType is a required field for application/json")
        if not content and not files:
            raise _Refused(400, "No message attached")
        if self.no_rights:
            raise _Refused(400, "Permission Denied")
        said = (str(content or ""), str(content_type or "application/octet-stream"))
        change = self._log(ticket, kind.capitalize(), said, files)
        place = f"/REST/2.0/transaction/{change.id}"
        return Answer(201, [SENTENCES[change.kind]], {"Location": place})

    def _history(self, request: Request, number: str) -> Answer:
        """A transaction has no content of its own, so a field of that name is empty."""
        items = [
            self._link("transaction", each.id)
            | _asked(request, {"Type": each.kind, "Created": WHEN})
            for each in self._changes
            if str(each.ticket) == number
        ]
        return _paged(request, items, None)

    def _attached(self, request: Request, kind: str, number: str) -> Answer:
        items = [
            self._link("attachment", each.id) | _asked(request, _shown(each))
            for change in self._changes
            for each in change.attachments
            if str(change.ticket if kind == "ticket" else change.id) == number
        ]
        return _paged(request, items, None)

    def _download(self, request: Request, number: str) -> Answer:
        for each in self._attachments:
            if str(each.id) == number:
                content = base64.encodebytes(each.content).decode()
                change = self._link("transaction", each.change)
                known = {"id": each.id, "Content": content, "TransactionId": change}
                return Answer(200, _shown(each) | known)
        raise _Refused(404, "Not Found")


def _token(request: Request) -> str:
    found = re.fullmatch(r"(?i:token) (.*)", request.headers.get("authorization", ""))
    return found[1] if found else request.one("token")


def _body(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    parts = parts_of(request) if kind == "multipart/form-data" else []
    if kind not in ("application/json", "multipart/form-data"):
        raise _Refused(415, "Unsupported Media Type")
    given = next((each.content for each in parts if each.field == "JSON"), request.body)
    sent = [each for each in parts if each.field == "Attachments"]
    try:
        return dict(json.loads(given)) | ({"Attachments": sent} if sent else {})
    except (ValueError, TypeError) as error:
        raise _Refused(400, "Bad Request") from error


def _files(given: dict[str, Any]) -> _Files:
    asked = given.get("Attachments") or []
    if not isinstance(asked, list):
        raise _Refused(400, "Attachments must be an array")
    return tuple(_file(each) for each in asked)


def _file(given: Any) -> _File:
    """From JSON or from a part; only JSON fails over a name that is not Latin-1."""
    if isinstance(given, Part):
        name, kind, content = given.file, "application/octet-stream", given.content
    elif isinstance(given, dict):
        name, kind = (str(given.get(each) or "") for each in ("FileName", "FileType"))
        content = base64.b64decode(str(given.get("FileContent") or ""))
        if any(ord(each) > 255 for each in name):
            raise _Refused(500, "Internal Server Error")
    else:
        raise _Refused(400, "Each element of Attachments must be a hash")
    for key, value in (("FileName", name), ("FileType", kind), ("FileContent", content)):
        if not value:
            raise _Refused(400, f"Field {key} is required for each attachment in Attachments")
    return name, kind, content


def _priority(given: object) -> int:
    words = str(given)
    return int(words) if words.isdigit() else PRIORITIES.get(words, 0)


def _mails(given: object) -> list[str]:
    several = given if isinstance(given, list) else [given]
    mails = [parseaddr(str(each or ""))[1] for each in several]
    return [each for each in mails if re.fullmatch(r"[^\s@]+@[^\s@]+", each)]


def _fields(given: object) -> dict[str, list[str]]:
    asked = given if isinstance(given, dict) else {}
    listed = {name: each if isinstance(each, list) else [each] for name, each in asked.items()}
    return {name: [str(each[0])] for name, each in listed.items() if name in FIELDS and each}


def _asked(request: Request, values: dict[str, Any]) -> dict[str, Any]:
    return {each: values.get(each, "") for each in request.one("fields").split(",") if each}


def _terms(query: str) -> list[tuple[str, str, str]]:
    terms, at = [], 0
    while at < len(query.rstrip()):
        found = _TERM.match(query, at)
        if not found:
            raise _Refused(400, f"Couldn't parse query: {query}")
        terms.append((_plain(found[1]), found[2].upper(), _plain(found[3])))
        at = found.end()
    return terms


def _plain(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[0] in "'\"" else token


def _fits(ticket: Ticket, name: str, operator: str, wanted: str) -> bool:
    field_name = re.fullmatch(r"(?:CF|CustomField)\.(?:\w+\.)?\{(.*)\}", name)
    values = {"id": str(ticket.id), "Status": ticket.status, "Queue": QUEUE}
    values["Subject"] = ticket.subject
    if not field_name and name not in values:
        raise _Refused(400, f"Unknown field: {name}")
    if field_name and field_name[1] not in FIELDS:
        return False
    has = ticket.fields.get(field_name[1], [""])[0] if field_name else values[name]
    if operator == "LIKE":
        return wanted.lower() in has.lower()
    return (has.lower() == wanted.lower()) == (operator == "=")


def _shown(attachment: Attachment) -> dict[str, Any]:
    text = attachment.kind.startswith("text/")
    return {
        "Filename": attachment.name,
        "ContentType": attachment.kind,
        "ContentLength": str(len(attachment.content)),
        "TransactionId": str(attachment.change),
        "Parent": str(attachment.parent),
        "Content": attachment.content.decode("utf-8" if text else "latin-1", "replace"),
    }


def _paged(request: Request, items: list[dict[str, Any]], total: int | None) -> Answer:
    """Without the right to see all, RT tells neither a total nor a next page."""
    size, page = (request.one(each) for each in ("per_page", "page"))
    many = min(int(size), 100) if size.isdigit() and int(size) else 20
    at = int(page) if page.isdigit() and int(page) else 1
    shown = items[(at - 1) * many : at * many]
    counted = {"count": len(shown), "total": total, "per_page": many, "page": at}
    return Answer(200, {**counted, "items": shown})


_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", r"/rt", RequestTracker._about),
    ("GET", r"/queue/([^/]+)", RequestTracker._queue),
    ("POST", r"/ticket", RequestTracker._create),
    ("GET", r"/tickets", RequestTracker._search),
    ("GET", r"/ticket/(\d+)", RequestTracker._show),
    ("PUT", r"/ticket/(\d+)", RequestTracker._update),
    ("POST", r"/ticket/(\d+)/(comment|correspond)", RequestTracker._message),
    ("GET", r"/ticket/(\d+)/history", RequestTracker._history),
    ("GET", r"/(ticket|transaction)/(\d+)/attachments", RequestTracker._attached),
    ("GET", r"/attachment/(\d+)", RequestTracker._download),
)
