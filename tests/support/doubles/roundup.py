"""A strict double of Roundup's REST interface, version 2.6, with the fields that we ask for.

Documentation: https://www.roundup-tracker.org/docs/rest.html; every refusal was compared with a
real tracker of the classic template (tests/support/roundup.py sets the same one up).
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from tests.support.doubles.base import Answer, Double, Kept, Request
from tests.support.doubles.multipart import parts_of
from tests.support.doubles.routes import route

USER, PASSWORD = "vipservice", "roundup-password-1"
STATUSES = (
    "unread", "deferred", "chatting", "need-eg", "in-progress", "testing", "done-cbb", "resolved",
)  # fmt: skip
PRIORITIES = ("critical", "urgent", "bug", "feature", "wish")
TEXT, DATE, LINK, LINKS = "", "date", ">", "*"
PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "msg": {
        "author": ">user", "content": TEXT, "date": DATE, "files": "*file", "inreplyto": TEXT,
        "messageid": TEXT, "recipients": "*user", "summary": TEXT, "type": TEXT,
    },
    "file": {"content": TEXT, "name": TEXT, "type": TEXT},
    "issue": {
        "assignedto": ">user", "chat_url": TEXT, "external_ref": TEXT, "files": "*file",
        "keyword": "*keyword", "messages": "*msg", "nosy": "*user", "priority": ">priority",
        "requester_email": TEXT, "status": ">status", "superseder": "*issue", "title": TEXT,
    },
    "status": {"name": TEXT, "order": TEXT},
    "priority": {"name": TEXT, "order": TEXT},
    "keyword": {"name": TEXT},
    "user": {"username": TEXT, "address": TEXT},
}  # fmt: skip
PROTECTED = ("id", "creation", "creator", "activity", "actor")
KEYS = {"issue": "external_ref", "user": "username", "msg": "content", "file": "content"}
NAMES = {"user": "username", "status": "name", "priority": "name", "file": "name"}
NO_MATCH = "If-Match is missing or does not match. Retrieve asset and retry modification if valid."
Item = dict[str, Any]


class _Refused(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.answer = Answer(status, {"error": {"status": status, "msg": words}})


class Roundup(Double):
    """A tracker at /tracker; ``external_ref`` is the key of an issue."""

    name = "roundup"

    def __init__(self) -> None:
        super().__init__()
        self.base = f"{self.url}/tracker"
        self.settings = {
            "system": "roundup",
            "url": self.base,
            "user": USER,
            "password": PASSWORD,
            "allow_private": True,
        }
        self._items: dict[str, dict[str, Item]] = {each: {} for each in PROPERTIES}
        self._items["status"] = _listed("name", *STATUSES)
        self._items["priority"] = _listed("name", *PRIORITIES)
        self._retired: set[str] = set()
        self._items["user"] = _listed("username", "admin", "anonymous", USER)

    def handle(self, request: Request) -> Answer:
        """What Roundup answers."""
        try:
            if not request.path.startswith("/tracker/"):
                raise _Refused(404, "Not Found")
            self._admit(request)
            call, found = route(
                request,
                _ROUTES,
                lambda status: _Refused(status, "Nothing matches the given URI"),
                "/tracker/",
            )
            return call(self, request, *found.groups())
        except _Refused as refused:
            return refused.answer

    def kept(self, number: str) -> Kept:
        """The issue; its first message is its text."""
        issue = self._items["issue"][number]
        texts = [str(self._items["msg"][each]["content"]) for each in issue["messages"]] or [""]
        linked = [self._items["file"][each] for each in issue["files"]]
        files = {str(each["name"]): _bytes(each["content"]) for each in linked}
        return Kept(issue["title"] or "", texts[0], issue["external_ref"], files, tuple(texts[1:]))

    def numbers(self) -> list[str]:
        """Oldest first."""
        return list(self._items["issue"])

    def remove(self, number: str) -> None:
        """Retired: given by its number still, in no list any more."""
        self._retired.add(number)

    def set_status(self, number: str, words: str) -> None:
        """One of STATUSES."""
        self._items["issue"][number]["status"] = str(STATUSES.index(words) + 1)

    def _admit(self, request: Request) -> None:
        given = request.headers.get("authorization", "")
        right = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if not given and not self.locked_out:
            raise _Refused(403, "Forbidden.")
        if self.locked_out or given != right:
            refused = _Refused(401, "Invalid login")
            kind = {"Content-Type": "text/plain"}
            refused.answer = Answer(401, b"Invalid Login - Invalid login", kind)
            raise refused
        self._same_site(request)

    def _same_site(self, request: Request) -> None:
        origin, writes = request.headers.get("origin"), request.method != "GET"
        if origin not in (None, self.url):
            raise _Refused(400, "Client is not allowed to use Rest Interface.")
        if writes and (origin is None or "x-requested-with" not in request.headers):
            raise _Refused(400, "Required Header Missing")

    def _class(self, name: str) -> dict[str, Item]:
        if name not in self._items:
            raise _Refused(404, f"Class {name} not found")
        return self._items[name]

    def _create(self, request: Request, name: str) -> Answer:
        given, every = _payload(request), self._class(name)
        if self.no_rights or name not in ("msg", "file", "issue"):
            raise _Refused(403, f"Permission to create {name} denied")
        values = self._values(name, given)
        key = KEYS[name]
        if values.get(key) is None:
            raise _Refused(400, f"Must provide the '{key}' property.")
        self._check(name, values)
        item: Item = {each: _empty(kind) for each, kind in PROPERTIES[name].items()} | values
        number = str(len(every) + 1)
        every[number] = self._as_kept(name, item)
        link = f"{self.base}/rest/data/{name}/{number}"
        return Answer(201, {"data": {"id": number, "link": link}}, {"Location": link})

    def _values(self, name: str, given: Mapping[str, Any]) -> Item:
        if not given:
            raise _Refused(400, "No properties found.")
        values: Item = {}
        for each, value in given.items():
            if each.startswith("@") or each in PROTECTED:
                continue
            if each not in PROPERTIES[name]:
                raise _Refused(400, f"Property {each} not found in class {name}")
            values[each] = self._value(each, PROPERTIES[name][each], value)
        return values

    def _value(self, name: str, kind: str, value: Any) -> Any:
        if kind.startswith(LINKS):
            return [self._linked(name, kind[1:], each) for each in _several(value)]
        if kind.startswith(LINK):
            return self._linked(name, kind[1:], str(value))
        if kind == DATE and not re.fullmatch(r"\d{4}-\d\d-\d\d([.T ]\d\d:\d\d(:\d\d)?)?", value):
            raise _Refused(400, f"property {name}: '{value}' is an invalid date")
        return value

    def _linked(self, name: str, kind: str, value: str) -> str:
        if value.isdigit():
            return value
        for number, item in self._items[kind].items():
            if item.get(NAMES.get(kind, "name")) == value:
                return number
        raise _Refused(400, f"property {name}: '{value}' is not a {kind}.")

    def _check(self, name: str, values: Item) -> None:
        for each, value in values.items():
            kind = PROPERTIES[name][each][1:]
            for number in value if isinstance(value, list) else ():
                if number not in self._items[kind]:
                    raise _Refused(409, f"no such {kind} {number}")
        if name == "file" and not values["content"]:
            raise _Refused(405, "'NoneType' object has no attribute 'upper'")
        if name == "issue":
            self._check_issue(values)

    def _check_issue(self, values: Item) -> None:
        authors = [self._items["msg"][each]["author"] for each in values.get("messages", [])]
        if None in authors:
            raise _Refused(409, '"nosy" multilink value ([None]) must contain Strings')
        reference = values.get("external_ref")
        if reference in [each["external_ref"] for each in self._items["issue"].values()]:
            raise _Refused(409, f'node with key "{reference}" exists')

    def _as_kept(self, name: str, item: Item) -> Item:
        if name == "msg" and not item["summary"]:
            item["summary"] = next(iter(item["content"].strip().splitlines()), "")
        if name == "issue":
            item["status"] = item["status"] or "1"
            item["title"] = item["title"][:20] if "title" in self.losing else item["title"]
            item["priority"] = None if "priority" in self.losing else item["priority"]
            for each in item["messages"] if "text" in self.losing else ():
                self._items["msg"][each]["content"] = ""
        return item

    def _list(self, request: Request, name: str) -> Answer:
        every, base = self._class(name), f"{self.base}/rest/data/{name}/"
        asked = {each: values[0] for each, values in request.query.items() if each[0] != "@"}
        for each in asked:
            if re.sub("[:~]$", "", each) not in (*PROPERTIES[name], *PROTECTED):
                raise _Refused(400, f"Field {each.rstrip(':~')} is not valid for {name} class.")
        fields = [each for each in re.split("[,:]", request.one("@fields")) if each]
        found = [
            {"id": number, "link": base + number, **self._shown(request, name, number, fields)}
            for number, item in every.items()
            if not (name == "issue" and number in self._retired)
            and (self.ignores_filters or self._fits(name, {**item, "id": number}, asked))
        ]
        page = request.one("@page_size")
        kept = found[: int(page)] if page.isdigit() and int(page) else found
        return Answer(200, {"data": {"collection": kept, "@total_size": len(found)}})

    def _fits(self, name: str, item: Item, asked: Mapping[str, str]) -> bool:
        for each, wanted in asked.items():
            field = each.rstrip(":~")
            kind, value = PROPERTIES[name].get(field, TEXT), item.get(field)
            if kind[:1] in (LINK, LINKS):
                numbers = [self._linked(field, kind[1:], one) for one in wanted.split(",")]
                fits = bool(set(numbers) & set(value if isinstance(value, list) else [value]))
            elif each.endswith(":"):
                fits = value == wanted
            else:
                fits = wanted.lower() in str(value or "").lower()
            if not fits:
                return False
        return True

    def _item(self, name: str, number: str) -> Item:
        every = self._class(name)
        if not number.isdigit():
            key = KEYS.get(name, NAMES.get(name, "id"))
            raise _Refused(400, f'No key ({key}) value "{number}" for "{name}"')
        if number not in every:
            raise _Refused(404, f"no such {name} {number}")
        return every[number]

    def _number(self, name: str, asked: str) -> str:
        """The number of an item that is asked for by its key."""
        key = KEYS.get(name, NAMES.get(name, "id"))
        value = asked.removeprefix(f"{key}=")
        found = [at for at, item in self._class(name).items() if item.get(key) == value]
        return found[0] if found and not asked.isdigit() else value

    def _show(self, request: Request, name: str, number: str) -> Answer:
        number = self._number(name, number)
        item, etag = self._item(name, number), self._etag(name, number)
        asked = [each for each in re.split("[,:]", request.one("@fields")) if each]
        shown = {
            "id": number,
            "type": name,
            "link": f"{self.base}/rest/data/{name}/{number}",
            "attributes": self._shown(request, name, number, asked or list(item)),
            "@etag": etag,
        }
        return Answer(200, {"data": shown}, {"ETag": etag})

    def _shown(self, request: Request, name: str, number: str, fields: list[str]) -> Item:
        level = int(request.one("@verbose") or "1")
        shown: Item = {}
        for field in fields:
            if field not in PROPERTIES[name]:
                raise _Refused(400, f"{field} field not valid")
            kind, value = PROPERTIES[name][field], self._items[name][number][field]
            if field == "content":
                link = {"link": f"{self.base}/{name}{number}/"}
                shown[field] = _text(value) if level >= 3 else link
            elif isinstance(value, list):
                shown[field] = [self._reference(kind[1:], each, level) for each in value]
            else:
                linked = bool(kind[:1] == LINK and value)
                shown[field] = self._reference(kind[1:], value, level) if linked else value
        return shown

    def _reference(self, kind: str, number: str, level: int) -> Any:
        if not level:
            return number
        name = NAMES.get(kind, "")
        label = {name: self._items[kind][number][name]} if level > 1 and name else {}
        return {"id": number, "link": f"{self.base}/rest/data/{kind}/{number}", **label}

    def _attribute(self, request: Request, name: str, number: str, field: str) -> Answer:
        value = self._item(name, number).get("content" if field == "binary_content" else field)
        if field == "binary_content":
            return Answer(200, _bytes(value), {"Content-Type": "application/octet-stream"})
        if field not in PROPERTIES[name]:
            raise _Refused(400, f"Invalid attribute {field}")
        return Answer(200, {"data": {"id": number, "data": _text(value)}})

    def _page(self, request: Request, name: str, number: str) -> Answer:
        item = self._item(name, number)
        kind = item["type"] or "application/octet-stream"
        return Answer(200, _bytes(item["content"]), {"Content-Type": kind})

    def _etag(self, name: str, number: str) -> str:
        item = {each: _text(value) for each, value in self._items[name][number].items()}
        made = json.dumps([name, number, item], sort_keys=True).encode()
        return f'"{hashlib.sha256(made).hexdigest()[:32]}"'

    def _change(self, request: Request, name: str, number: str) -> Answer:
        item, given = self._item(name, number), _payload(request)
        tags = [str(each) for each in (given.get("@etag"), request.headers.get("if-match")) if each]
        etag = self._etag(name, number)
        if not tags or any(re.sub('-[^-]*"$', '"', each) != etag for each in tags):
            raise _Refused(412, NO_MATCH)
        changed = self._changes(item, self._values(name, given), given.get("@op", "replace"))
        if self.no_rights:
            raise _Refused(
                403, f"Permission to edit {next(iter(changed))} of {name}{number} denied"
            )
        for value in changed.get("messages", []):
            if value not in self._items["msg"]:
                raise _Refused(409, f"msg has no node {value}")
            if self._items["msg"][value]["author"] is None:
                raise _Refused(409, "no such user None")
        if "messages" in changed and "status" not in changed and item["status"] in ("1", "7", "8"):
            changed["status"] = str(STATUSES.index("chatting") + 1)
        item.update(changed)
        link = f"{self.base}/rest/data/{name}/{number}"
        body = {"id": number, "type": name, "link": link, "attribute": changed}
        return Answer(200, {"data": body})

    def _changes(self, item: Item, values: Item, operation: str) -> Item:
        if operation not in ("add", "replace", "remove"):
            raise _Refused(400, f"PATCH Operation {operation} is not allowed")
        changed: Item = {}
        for name, value in values.items():
            old = item[name]
            if operation == "replace" or (operation == "add" and not isinstance(old, list)):
                changed[name] = value
            elif operation == "add":
                changed[name] = old + [each for each in value if each not in old]
            else:
                kept = [each for each in old or [] if each not in value]
                changed[name] = kept if isinstance(old, list) else None
        return changed


def _listed(key: str, *names: str) -> dict[str, Item]:
    return {str(at): {key: name, "order": str(at)} for at, name in enumerate(names, 1)}


def _payload(request: Request) -> dict[str, Any]:
    given = request.headers.get("content-type", "text/plain")
    kind = given.split(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(request.body.decode()))
    if kind == "multipart/form-data":
        parts = parts_of(request)
        return {each.field: each.content if each.file else _text(each.content) for each in parts}
    if given.lower() != "application/json":
        raise _Refused(415, f"Unable to process input of type {given}")
    try:
        values = json.loads(request.body or b"{}")
        return {name: value for name, value in values.items() if value is not None}
    except (ValueError, AttributeError) as error:
        raise _Refused(400, f"{error}. JSON is: {request.body!r}") from error


def _several(value: Any) -> list[str]:
    several = value if isinstance(value, list) else str(value).split(",")
    if any(not isinstance(each, str) for each in several):
        raise _Refused(405, "'int' object has no attribute 'strip'")
    return [each.strip() for each in several if each.strip()]


def _empty(kind: str) -> list[str] | None:
    return [] if kind.startswith(LINKS) else None


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value or "").encode()


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", r"rest/data/(\w+)", Roundup._list),
    ("POST", r"rest/data/(\w+)", Roundup._create),
    ("GET", r"rest/data/(\w+)/([\w=-]+)", Roundup._show),
    ("PATCH", r"rest/data/(\w+)/(\w+)", Roundup._change),
    ("GET", r"rest/data/(\w+)/(\d+)/(\w+)", Roundup._attribute),
    ("GET", r"(file|msg)(\d+)/?.*", Roundup._page),
)
