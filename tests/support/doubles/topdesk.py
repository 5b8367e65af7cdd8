"""A strict double of TOPdesk's incident API.

Documentation: https://developers.topdesk.com/explorer/?page=incident (incidents, progress trail,
attachments) and https://developers.topdesk.com/tutorial.html (application passwords, FIQL).
"""

import html
import json
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request
from tests.support.doubles.multipart import Part, parts_of
from tests.support.doubles.routes import is_basic, route
from tests.support.doubles.topdesk_model import Incident

LOGIN, PASSWORD = "vipservice", "app-password"
CALLERS = {"jeroen@test.example", "samira@test.example", "klarinda@test.example"}
CATEGORIES = {"BRP", "Reisdocumenten", "Burgerzaken"}
BRANCH = "b7a1d7b4-2f0e-4a4c-9d0c-1f5a3c1e9a11"
GROUP = "0d1c6c1e-5d7d-4c7e-8f52-6a6f1e0f7a22"
KNOWN = {
    "entryType": {"Chat", "Telefonisch"},
    "callType": {"Vraag", "Storing"},
    "category": CATEGORIES,
    "impact": {"Persoon", "Afdeling", "Organisatie"},
    "urgency": {"Laag", "Normaal", "Hoog"},
    "processingStatus": {"Aangemeld", "In behandeling", "Opgelost", "Gereed", "Gesloten"},
}
DONE = {"Opgelost", "Gereed", "Gesloten"}
LENGTHS = {"briefDescription": 80, "externalNumber": 60}
CALLER_LENGTHS = {"dynamicName": 109, "email": 100, "phoneNumber": 25}
LOOKUPS = {"id", "email", "employeeNumber", "networkLoginName", "loginName"}
TEXTS = ("request", "action")
CHANGES = {*LENGTHS, *KNOWN, *TEXTS, "actionInvisibleForCaller", "operatorGroup"}
FIELDS = {*CHANGES, "status", "caller", "callerLookup"}
PARAMETERS = {"query", "fields", "all", "pageSize", "pageStart", "sort", "dateFormat"}
TAGS = {"i", "em", "b", "strong", "u", "br", "h5", "h6", "img"}
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*|/)?>")
FIQL = re.compile(r"(\w+)==(?:'([^']*)'|\"([^\"]*)\"|([^\s'\";,]+))")
WHEN = "2026-01-05T09:00:00.000+0000"
PAGE = 10


class _Refused(Exception):
    def __init__(self, status: int, *messages: str) -> None:
        super().__init__(status, *messages)
        self.answer = Answer(status, [{"message": each} for each in messages])


class Topdesk(Double):
    """TOPdesk with an operator's log-in."""

    name = "topdesk"

    def __init__(self) -> None:
        super().__init__()
        self.settings = {
            "system": "topdesk", "url": self.url, "user": LOGIN, "password": PASSWORD,
            "operator_group": "", "allow_private": True,
        }  # fmt: skip
        self._incidents: dict[str, Incident] = {}
        self._made = 0

    def handle(self, request: Request) -> Answer:
        """What TOPdesk answers."""
        try:
            self._admit(request)
            call, found = route(
                request,
                _ROUTES,
                lambda status: _Refused(status, f"No {request.method} at {request.path}"),
            )
            return call(self, request, *found.groups())
        except _Refused as refused:
            return refused.answer

    def kept(self, number: str) -> Kept:
        """The incident; its text and its comments are HTML."""
        found = self._numbered(number)
        text = [each["memoText"] for each in found.memos("request")]
        files = {about["fileName"]: content for about, content in found.files}
        hidden = frozenset(one["fileName"] for one, _ in found.files if one["invisibleForCaller"])
        title, reference = found.fields["briefDescription"], found.fields["externalNumber"]
        return Kept(
            title,
            "<br>".join(text),
            reference,
            files,
            found.actions(False),
            found.actions(True),
            hidden,
        )

    def numbers(self) -> list[str]:
        """Oldest first."""
        return [each.number for each in self._incidents.values()]

    def remove(self, number: str) -> None:
        """Gone for good."""
        del self._incidents[self._numbered(number).id]

    def set_status(self, number: str, words: str) -> None:
        """The name of a processing status; some complete or close the incident."""
        _set_status(self._numbered(number), words)

    def _numbered(self, number: str) -> Incident:
        return next(each for each in self._incidents.values() if each.number == number)

    def _admit(self, request: Request) -> None:
        if self.locked_out or not is_basic(request, LOGIN, PASSWORD):
            raise _Refused(401, "The credentials are missing or wrong")
        if self.no_rights and request.method != "GET":
            raise _Refused(403, "You have no permission to do this")

    def _list(self, request: Request) -> Answer:
        if set(request.query) - PARAMETERS or request.one("all") not in ("", "true", "false"):
            raise _Refused(400, f"Unknown parameters: {dict(request.query)}")
        matching = _condition(request.one("query"))
        every = [_shown(each) for each in reversed(self._incidents.values())]
        found = [each for each in every if self.ignores_filters or matching(each)]
        return _page(request, [_narrowed(each, request.one("fields")) for each in found], 10_000)

    def _create(self, request: Request) -> Answer:
        given = _json(request)
        wrong = [*_mistakes(given, FIELDS), *_caller_mistakes(given)]
        if wrong:
            return Answer(400, {"errors": [{"errorMessage": each} for each in wrong]})
        self._made += 1
        number = f"I 2601 {self._made:03}"
        incident = Incident(str(uuid.uuid4()), number, _first(given))
        _set_status(incident, "Aangemeld")
        self._apply(incident, self._lose(given))
        self._incidents[incident.id] = incident
        return Answer(201, _shown(incident))

    def _lose(self, given: dict[str, Any]) -> dict[str, Any]:
        lost = {"text": {"request"}, "priority": {"impact", "urgency"}}
        gone = {name for each in self.losing & set(lost) for name in lost[each]}
        left = {name: value for name, value in given.items() if name not in gone}
        if "title" in self.losing:
            left["briefDescription"] = left.get("briefDescription", "")[:20]
        return left

    def _apply(self, incident: Incident, given: dict[str, Any]) -> None:
        for name in LENGTHS.keys() & given.keys():
            incident.fields[name] = given[name]
        for name in (KNOWN.keys() - {"processingStatus"}) & given.keys():
            incident.fields[name] = _named(given[name])
        if "operatorGroup" in given:
            incident.fields["operatorGroup"] = {"id": GROUP, "name": "Applicatiebeheer"}
        if "processingStatus" in given:
            _set_status(incident, _named(given["processingStatus"])["name"])
        for kind in TEXTS:
            if given.get(kind):
                hidden = kind == "action" and given.get("actionInvisibleForCaller", False)
                incident.trail.append((kind, _memo(given[kind], hidden)))

    def _found(self, id_: str) -> Incident:
        if id_ not in self._incidents:
            raise _Refused(404, "No incident has this id")
        return self._incidents[id_]

    def _show(self, request: Request, id_: str) -> Answer:
        return Answer(200, _shown(self._found(id_)))

    def _change(self, request: Request, id_: str) -> Answer:
        incident, given = self._found(id_), _json(request)
        wrong = list(_mistakes(given, CHANGES))
        if wrong:
            raise _Refused(400, *wrong)
        self._apply(incident, given)
        return Answer(200, _shown(incident))

    def _trail(self, request: Request, id_: str) -> Answer:
        """Newest first."""
        incident = self._found(id_)
        files = [about for about, _ in reversed(incident.files)]
        return _page(request, files + [memo for _, memo in reversed(incident.trail)], 100)

    def _part(self, request: Request, id_: str, kind: str) -> Answer:
        if kind == "attachments":
            return _page(request, [about for about, _ in self._found(id_).files], 100)
        return _page(request, self._found(id_).memos(kind.removesuffix("s"))[::-1], 100)

    def _attach(self, request: Request, id_: str) -> Answer:
        incident = self._found(id_)
        if not request.headers.get("content-type", "").startswith("multipart/form-data;"):
            raise _Refused(415, "The body must be multipart/form-data with a boundary")
        parts = parts_of(request)
        files = [each for each in parts if each.field == "file"]
        words = {each.field: each.content.decode() for each in parts if each.field != "file"}
        wrong = list(_file_mistakes([each.file for each in files], words))
        if wrong or not files[0].content:
            raise _Refused(400, *(wrong or ["The file is empty"]))
        about = _about(id_, files[0], words)
        incident.files.append((about, files[0].content))
        return Answer(200, about)

    def _download(self, request: Request, id_: str, number: str) -> Answer:
        found = [content for about, content in self._found(id_).files if about["id"] == number]
        if not found:
            raise _Refused(404, "No attachment has this id")
        return Answer(200, found[0], {"Content-Type": "application/octet-stream"})


def _json(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise _Refused(415, "The body must be application/json")
    try:
        given = request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _Refused(400, "The body is no JSON") from error
    if isinstance(given, dict):
        return given
    raise _Refused(400, "The body is no JSON object")


def _mistakes(given: dict[str, Any], known: set[str]) -> Iterator[str]:
    yield from (f"The field '{name}' is unknown" for name in given.keys() - known)
    yield from _string_mistakes(given, LENGTHS)
    yield from _text_mistakes(given)
    for name in KNOWN.keys() & given.keys():
        if not _is_known(name, given[name]):
            yield f"The value for the field '{name}' is unknown: {given[name]}"
    if not isinstance(given.get("actionInvisibleForCaller", False), bool):
        yield "'actionInvisibleForCaller' is true or false"
    if given.get("operatorGroup", {"id": GROUP}) != {"id": GROUP}:
        yield "'operatorGroup' takes the id of a known operator group"


def _string_mistakes(given: dict[str, Any], lengths: dict[str, int]) -> Iterator[str]:
    for name in lengths.keys() & given.keys():
        value, length = given[name], lengths[name]
        if not isinstance(value, str):
            yield f"The value for the field '{name}' is no string"
        elif len(value) > length:
            yield f"The value for the field '{name}' is too long (max {length})"
        elif re.search(r"[\r\n]", value):
            yield f"The value for the field '{name}' has more than one line"


def _text_mistakes(given: dict[str, Any]) -> Iterator[str]:
    for name in (each for each in TEXTS if each in given):
        if not isinstance(given[name], str):
            raise _Refused(400, f"The value for the field '{name}' is no string")
        for tag in sorted({each.lower() for each in TAG.findall(given[name])} - TAGS):
            yield f"The tag '{tag}' is not allowed in '{name}'"
        if re.search(r"[<>]", TAG.sub("", given[name])):
            yield f"A bare < or > is not allowed in '{name}'"
        if re.search(r"[\r\n]", given[name]):
            yield f"Use <br> for a new line in '{name}'"


def _is_known(name: str, value: Any) -> bool:
    known = [each for word in KNOWN[name] for each in ({"name": word}, {"id": _id_of(word)})]
    return value in known


def _caller_mistakes(given: dict[str, Any]) -> Iterator[str]:
    if given.get("status", "firstLine") not in ("firstLine", "secondLine"):
        yield "'status' is firstLine or secondLine; a partial needs its main incident"
    lookup, caller = given.get("callerLookup"), given.get("caller")
    if (lookup is None) == (caller is None):
        yield "Give either 'callerLookup' or 'caller'"
    elif lookup is None:
        yield from _stranger_mistakes(caller)
    elif not isinstance(lookup, dict) or len(lookup) != 1 or set(lookup) - LOOKUPS:
        yield "'callerLookup' takes exactly one key"
    elif lookup.get("email") not in CALLERS:
        yield f"No caller found for {lookup}"


def _stranger_mistakes(caller: Any) -> Iterator[str]:
    if not isinstance(caller, dict) or caller.keys() - CALLER_LENGTHS.keys() - {"branch"}:
        raise _Refused(400, "'caller' is no object, or has unknown fields")
    yield from _string_mistakes(caller, CALLER_LENGTHS)
    if not caller.get("dynamicName"):
        yield "'caller.dynamicName' is mandatory"
    if caller.get("branch") != {"id": BRANCH}:
        yield "'caller.branch' takes the id of a known branch"


def _file_mistakes(names: Sequence[str], words: dict[str, str]) -> Iterator[str]:
    if len(names) != 1 or not names[0] or words.keys() - {"invisibleForCaller", "description"}:
        yield "Send exactly one part 'file', with a file name, and no unknown parts"
    if words.get("invisibleForCaller", "true").lower() not in ("true", "false"):
        yield "'invisibleForCaller' is true or false"


def _condition(query: str) -> Callable[[dict[str, Any]], bool]:
    parts = [FIQL.fullmatch(each) for each in query.split(";")] if query else []
    wanted = {each[1]: each[2] or each[3] or each[4] or "" for each in parts if each}
    if None in parts or wanted.keys() - {"externalNumber", "number", "id", "status"}:
        raise _Refused(400, f"Cannot parse the query {query}")
    return lambda shown: all(shown[name] == value for name, value in wanted.items())


def _page(request: Request, found: list[dict[str, Any]], most: int) -> Answer:
    """200; 206 with more to come; 204 for none."""
    size = request.one("pageSize") or request.one("page_size") or str(PAGE)
    start = request.one("pageStart") or request.one("start") or "0"
    if not size.isdigit() or not start.isdigit() or not 1 <= int(size) <= most:
        raise _Refused(400, f"The size of a page is 1 to {most}")
    page = found[int(start) : int(start) + int(size)]
    more = len(found) > int(start) + int(size)
    return Answer(206 if more else 200, page) if page else Answer(204)


def _narrowed(shown: dict[str, Any], fields: str) -> dict[str, Any]:
    names = [each.strip() for each in fields.split(",") if each.strip()]
    if set(names) - set(shown):
        raise _Refused(400, f"Unknown field in {fields}")
    return {name: shown[name] for name in names} if names else shown


def _id_of(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


_BY = {"operator": {"id": _id_of(LOGIN), "name": LOGIN}, "person": None}


def _named(value: dict[str, str]) -> dict[str, str]:
    every = [each for names in KNOWN.values() for each in names]
    name = value.get("name") or next(each for each in every if _id_of(each) == value["id"])
    return {"id": _id_of(name), "name": name}


def _set_status(incident: Incident, words: str) -> None:
    incident.fields["processingStatus"] = {"id": _id_of(words), "name": words}
    incident.fields |= {"completed": words in DONE, "closed": words == "Gesloten"}


def _first(given: dict[str, Any]) -> dict[str, Any]:
    caller = given.get("caller") or {"dynamicName": "", "email": given["callerLookup"]["email"]}
    return {
        "status": given.get("status", "firstLine"), "caller": caller,
        **dict.fromkeys(LENGTHS, ""), **dict.fromkeys((*KNOWN, "operatorGroup")),
        "creationDate": WHEN, "modificationDate": WHEN,
    }  # fmt: skip


def _memo(text: str, hidden: bool) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "memoText": text, "plainText": _plain(text), "flag": 0,
        "invisibleForCaller": hidden, "entryDate": WHEN, "creationDate": WHEN, **_BY,
    }  # fmt: skip


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br\s*/?>", "\n", text)))


def _shown(incident: Incident) -> dict[str, Any]:
    """``request`` has no mark-up here, and says before each entry when and by whom."""
    place = f"/tas/api/incidents/id/{incident.id}"
    entries = [f"05-01-2026 09:00 [GMT +0:00] {LOGIN}: \n{each['plainText']}\n\n"
               for each in reversed(incident.memos("request"))]  # fmt: skip
    links = {"requests": f"{place}/requests", "action": f"{place}/actions"}
    links["attachments"] = f"{place}/attachments"
    own = {"id": incident.id, "number": incident.number, "request": "".join(entries)}
    return {**own, **links, **incident.fields}


def _about(id_: str, file: Part, words: dict[str, str]) -> dict[str, Any]:
    number = str(uuid.uuid4())
    return {
        "id": number, "fileName": file.file, "size": len(file.content),
        "downloadUrl": f"/tas/api/incidents/id/{id_}/attachments/{number}/download",
        "description": words.get("description", ""), "entryDate": WHEN, **_BY,
        "invisibleForCaller": words.get("invisibleForCaller", "").lower() == "true",
    }  # fmt: skip


_ID = r"/tas/api/incidents/id/([0-9a-f-]{36})"
_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", r"/tas/api/version", lambda *_: Answer(200, {"version": "3.9.0"})),
    ("GET", rf"/tas/api/operatorgroups/id/{GROUP}", lambda *_: Answer(200, {"id": GROUP})),
    ("GET", rf"/tas/api/branches/id/{BRANCH}", lambda *_: Answer(200, {"id": BRANCH})),
    ("GET", r"/tas/api/incidents", Topdesk._list),
    ("POST", r"/tas/api/incidents", Topdesk._create),
    ("GET", _ID, Topdesk._show),
    ("PATCH", _ID, Topdesk._change),
    ("GET", _ID + "/progresstrail", Topdesk._trail),
    ("GET", _ID + "/(requests|actions|attachments)", Topdesk._part),
    ("POST", _ID + "/attachments", Topdesk._attach),
    ("GET", _ID + "/attachments/([0-9a-f-]{36})/download", Topdesk._download),
)
