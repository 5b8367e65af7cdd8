"""A strict double of Zammad's REST API, versions 5 to 7.

Documentation: https://docs.zammad.org/en/latest/api/intro.html, …/api/ticket/index.html and
…/api/ticket/articles.html; where that is silent, the controllers at github.com/zammad/zammad.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request

GROUPS = ("Users", "Support")
STATES = ("new", "open", "pending reminder", "pending close", "closed", "merged")
PRIORITIES = ("1 low", "2 normal", "3 high")
ARTICLE_TYPES = ("email", "sms", "chat", "fax", "phone", "note", "web")
LONGEST_TITLE, LONGEST_BODY = 250, 1_500_000
TOKEN = "zammad-token-1"
REFERENCE = "vipservice_ref"
WHEN = "2026-01-05T09:00:00.000Z"


@dataclass(eq=False)
class _File:
    id: int
    name: str
    kind: str
    content: bytes

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "store_file_id": self.id,
            "filename": self.name,
            "size": str(len(self.content)),
            "preferences": {"Mime-Type": self.kind},
        }


@dataclass(eq=False)
class _Article:
    id: int
    ticket: int
    subject: str
    body: str
    content_type: str
    kind: str
    internal: bool
    files: list[_File]

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "ticket_id": self.ticket,
            "type": self.kind,
            "sender": "Agent",
            "subject": self.subject,
            "body": self.body,
            "content_type": self.content_type,
            "internal": self.internal,
            "attachments": [each.json() for each in self.files],
            "created_at": WHEN,
        }


@dataclass(eq=False)
class _Ticket:
    id: int
    title: str
    group: str
    customer: str
    state: str
    priority: str
    reference: str | None
    articles: list[_Article] = field(default_factory=list)
    searches: int = 0

    @property
    def number(self) -> str:
        return str(22000 + self.id)

    def json(self, expand: bool) -> dict[str, Any]:
        names = {
            "group": self.group,
            "state": self.state,
            "priority": self.priority,
            "customer": self.customer,
            "owner": "-",
        }
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "group_id": GROUPS.index(self.group) + 1,
            "state_id": STATES.index(self.state) + 1,
            "priority_id": PRIORITIES.index(self.priority) + 1,
            "owner_id": 1,
            REFERENCE: self.reference,
            "article_count": len(self.articles),
            "article_ids": [each.id for each in self.articles],
            "created_at": WHEN,
            "updated_at": WHEN,
            **(names if expand else {}),
        }


class _Refused(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.answer = Answer(status, {"error": words, "error_human": words})


class Zammad(Double):
    """Zammad with a group "Support" and a ticket attribute for our reference.

    A fresh ticket is not found by ``index_delay`` searches. With ``flat_search`` a search
    without ``expand`` answers a list, as from Zammad 6.5 on. Without ``searches`` there is no
    Elasticsearch: a search answers 200 and finds nothing.
    """

    name = "zammad"

    def __init__(self) -> None:
        super().__init__()
        self.index_delay = 0
        self.flat_search = False
        self.searches = True
        self.settings = {
            "system": "zammad",
            "url": self.url,
            "token": TOKEN,
            "project": "Support",
            "reference_field": REFERENCE,
            "allow_private": True,
        }
        self._tickets: list[_Ticket] = []
        self._articles: list[_Article] = []
        self._files: list[_File] = []

    def handle(self, request: Request) -> Answer:
        """What Zammad answers."""
        try:
            call, found = self._route(request)
            self._admit(request)
            return call(self, request, *found.groups())
        except _Refused as refused:
            return refused.answer

    def kept(self, number: str) -> Kept:
        """The ticket; its first article is its text."""
        ticket = self._numbered(number)
        files = {each.name: each.content for one in ticket.articles for each in one.files}
        first, *later = ticket.articles
        said, noted = (
            tuple(each.body for each in later if each.internal is internal)
            for internal in (False, True)
        )
        hidden = frozenset(f.name for one in ticket.articles if one.internal for f in one.files)
        return Kept(
            ticket.title, first.body, ticket.reference or "", files, said, noted, hidden
        )  # fmt: skip

    def numbers(self) -> list[str]:
        """Oldest first."""
        return [each.number for each in self._tickets]

    def remove(self, number: str) -> None:
        """Gone for good."""
        self._tickets.remove(self._numbered(number))

    def set_status(self, number: str, words: str) -> None:
        """One of STATES."""
        self._numbered(number).state = STATES[STATES.index(words)]

    def _numbered(self, number: str) -> _Ticket:
        return next(each for each in self._tickets if each.number == number)

    def _route(self, request: Request) -> tuple[Callable[..., Answer], re.Match[str]]:
        for method, path, call in _ROUTES:
            found = re.fullmatch(path, request.path)
            if found and method == request.method:
                return call, found
        raise _Refused(404, f"No route matches [{request.method}] {request.path}")

    def _admit(self, request: Request) -> None:
        given = request.headers.get("authorization", "")
        if not given and not self.locked_out:
            raise _Refused(403, "Authentication required")
        found = re.fullmatch(r'(?i:token|bearer)\s+(?:token=)?"?([^"]+)"?', given)
        if self.locked_out or not found or found[1] != TOKEN:
            raise _Refused(401, "Can't find User for Token")
        if self.no_rights and request.method != "GET":
            raise _Refused(403, "Not authorized")

    def _me(self, request: Request) -> Answer:
        return Answer(200, {"id": 3, "login": "vipservice", "email": "vip@a.test", "active": True})

    def _create(self, request: Request) -> Answer:
        given = _params(request)
        ticket = self._ticket(given)
        if given.get("article") is not None:
            article = self._article(ticket, given["article"])
            article.body = "" if "text" in self.losing else article.body
            self._keep(ticket, article)
        self._tickets.append(ticket)
        return Answer(201, ticket.json(_expands(request)))

    def _ticket(self, given: dict[str, Any]) -> _Ticket:
        group = _named(given, "group", GROUPS)
        state = _named(given, "state", STATES) or STATES[0]
        priority = _named(given, "priority", PRIORITIES) or PRIORITIES[1]
        customer = _customer(given.get("customer_id"))
        title = given.get("title")
        if not group or title is None:
            missing = "title" if group else "group_id"
            raise _Refused(422, f"Attribute '{missing}' required!")
        title = re.sub(r"\s", " ", str(title))[: 20 if "title" in self.losing else LONGEST_TITLE]
        priority = PRIORITIES[1] if "priority" in self.losing else priority
        reference = given.get(REFERENCE)
        number = len(self._tickets) + 1
        return _Ticket(number, title, group, customer, state, priority, reference)

    def _article(self, ticket: _Ticket, given: Any) -> _Article:
        if not isinstance(given, dict) or given.get("body") is None:
            raise _Refused(422, 'Need at least article: { body: "some text" }')
        body, kind = str(given["body"]), _named(given, "type", ARTICLE_TYPES) or "note"
        if len(body) > LONGEST_BODY:
            raise _Refused(422, f"body of article is too large, only {LONGEST_BODY} allowed")
        subject = re.sub(r"\s", " ", str(given.get("subject") or ""))
        content_type = str(given.get("content_type") or "text/plain")
        number = len(self._articles) + 1
        files = self._attached(given.get("attachments") or [])
        internal = bool(given.get("internal", False))
        return _Article(number, ticket.id, subject, body, content_type, kind, internal, files)

    def _attached(self, given: Sequence[dict[str, Any]]) -> list[_File]:
        first = len(self._files) + 1
        contents = [_content(at, each) for at, each in enumerate(given)]
        return [
            _File(first + at, each["filename"], each["mime-type"], contents[at])
            for at, each in enumerate(given)
        ]

    def _keep(self, ticket: _Ticket, article: _Article) -> None:
        ticket.articles.append(article)
        self._articles.append(article)
        self._files.extend(article.files)

    def _groups(self, request: Request) -> Answer:
        return Answer(200, [{"id": at, "name": name} for at, name in enumerate(GROUPS, 1)])

    def _list(self, request: Request) -> Answer:
        size = request.one("per_page")
        found = self._tickets[: int(size) if size.isdigit() else 50]
        return Answer(200, [each.json(_expands(request)) for each in found])

    def _show(self, request: Request, number: str) -> Answer:
        return Answer(200, self._found(number).json(_expands(request)))

    def _found(self, number: object) -> _Ticket:
        for ticket in self._tickets:
            if str(ticket.id) == str(number):
                return ticket
        raise _Refused(404, f"Couldn't find Ticket with 'id'={number}")

    def _search(self, request: Request) -> Answer:
        asked = request.one("limit") or request.one("per_page")
        limit = min(int(asked), 200) if asked.isdigit() else 50
        query = request.one("query")
        indexed = self._indexed() if self.searches else []
        every = [each for each in indexed if self.ignores_filters or _matches(each, query)]
        found = every[:limit]
        if _expands(request) or self.flat_search:
            return Answer(200, [each.json(_expands(request)) for each in found])
        assets = {"Ticket": {str(each.id): each.json(False) for each in found}}
        ids = [each.id for each in found]
        return Answer(200, {"tickets": ids, "tickets_count": len(ids), "assets": assets})

    def _indexed(self) -> list[_Ticket]:
        fresh = {each.id for each in self._tickets if each.searches < self.index_delay}
        for each in self._tickets:
            each.searches += 1
        return [each for each in reversed(self._tickets) if each.id not in fresh]

    def _by_ticket(self, request: Request, number: str) -> Answer:
        return Answer(200, [each.json() for each in self._found(number).articles])

    def _add(self, request: Request) -> Answer:
        given = _params(request)
        ticket = self._found(given.get("ticket_id"))
        article = self._article(ticket, given)
        self._keep(ticket, article)
        return Answer(201, article.json())

    def _download(self, request: Request, ticket: str, article: str, number: str) -> Answer:
        articles = {str(each.id): each for each in self._articles}
        if article not in articles:
            raise _Refused(404, f"Couldn't find Ticket::Article with 'id'={article}")
        if articles[article].ticket != self._found(ticket).id:
            raise _Refused(403, "The article does not belong to the specified ticket.")
        for each in articles[article].files:
            if str(each.id) == number:
                return Answer(200, each.content, {"Content-Type": each.kind})
        raise _Refused(403, "The file does not belong to the specified article.")


def _params(request: Request) -> dict[str, Any]:
    """Rails finds no parameters in a body of an unknown type."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return {}
    try:
        given = request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _Refused(400, "Error occurred while parsing request parameters") from error
    return given if isinstance(given, dict) else {}


def _expands(request: Request) -> bool:
    return request.one("expand") in ("true", "1")


def _named(given: dict[str, Any], key: str, names: tuple[str, ...]) -> str:
    number, name = given.get(f"{key}_id"), given.get(key)
    if number is not None:
        if str(number) not in {str(at + 1) for at in range(len(names))}:
            raise _Refused(422, f"Invalid value for param '{key}_id': {number}")
        return names[int(number) - 1]
    if name and name not in names:
        raise _Refused(422, f"No lookup value found for '{key}': {json.dumps(name)}")
    return str(name or "")


def _customer(given: object) -> str:
    if given is None:
        raise _Refused(422, "Attribute 'customer_id' required!")
    if not str(given).startswith("guess:"):
        raise _Refused(422, f"Invalid value for param 'customer_id': {given}")
    mail = str(given).removeprefix("guess:")
    if not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+", mail):
        raise _Refused(422, f"Invalid email '{mail}' of customer")
    return mail.lower()


def _content(at: int, given: dict[str, Any]) -> bytes:
    for key in ("mime-type", "filename", "data"):
        if given.get(key) is None:
            raise _Refused(422, f"Attachment needs '{key}' param for attachment with index '{at}'")
    try:
        return base64.b64decode(re.sub(r"[\r\n]", "", given["data"]), validate=True)
    except binascii.Error as error:
        raise _Refused(422, f"Invalid base64 for attachment with index '{at}'") from error


def _words(text: str | None) -> list[str]:
    return re.findall(r"\w+", (text or "").lower())


def _matches(ticket: _Ticket, query: str) -> bool:
    """As the search index does: a quoted value matches its words in a row, wherever they are."""
    found = re.fullmatch(r'\s*(?:(\w+):)?(?:"((?:\\.|[^"\\])*)"|(\S+))\s*', query)
    if not found:
        return False
    fields = {"number": ticket.number, "title": ticket.title, REFERENCE: ticket.reference}
    looked = fields.get(found[1]) if found[1] else " ".join(str(each) for each in fields.values())
    have, wanted = _words(looked), _words(found[2] or found[3])
    if found[3]:
        return bool(wanted) and set(wanted) <= set(have)
    rows = [have[at : at + len(wanted)] for at in range(len(have))]
    return bool(wanted) and wanted in rows


_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", r"/api/v1/users/me", Zammad._me),
    ("GET", r"/api/v1/groups", Zammad._groups),
    ("GET", r"/api/v1/tickets", Zammad._list),
    ("GET", r"/api/v1/tickets/search", Zammad._search),
    ("GET", r"/api/v1/tickets/(\d+)", Zammad._show),
    ("POST", r"/api/v1/tickets", Zammad._create),
    ("GET", r"/api/v1/ticket_articles/by_ticket/(\d+)", Zammad._by_ticket),
    ("POST", r"/api/v1/ticket_articles", Zammad._add),
    ("GET", r"/api/v1/ticket_attachment/(\d+)/(\d+)/(\d+)", Zammad._download),
)
