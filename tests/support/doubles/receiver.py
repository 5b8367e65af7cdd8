"""A receiver of our own signed webhook, as an organisation could write one itself.

The contract is ours alone: POST /incidents with ``Idempotency-Key`` (an incident's reference,
an addition's key) and ``X-Vipservice-Signature: sha256=<HMAC-SHA256 of the raw body>``.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request

SECRET = "webhook-secret-1"
INCIDENT = (
    "event", "reference", "title", "description", "transcript", "requester", "email", "phone",
    "municipality", "category", "impact", "urgency", "chatUrl", "files",
)  # fmt: skip
ADDITION = ("event", "reference", "key", "text", "files", "internal")
MANDATORY = {"incident": ("reference", "title"), "addition": ("reference", "key", "text")}


@dataclass(eq=False)
class _Incident:
    number: str
    given: dict[str, Any]
    files: dict[str, bytes]
    comments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    internal: set[str] = field(default_factory=set)
    status: str = "open"

    @property
    def reference(self) -> str:
        return str(self.given["reference"])


class _Refused(Exception):
    def __init__(self, status: int, *errors: str) -> None:
        super().__init__(status, *errors)
        self.answer = Answer(status, {"errors": list(errors)})


class Receiver(Double):
    """The other side of our webhook."""

    name = "webhook"

    def __init__(self) -> None:
        super().__init__()
        self.settings = {
            "system": "webhook",
            "url": f"{self.url}/incidents",
            "token": SECRET,
            "internal_notes": True,
            "allow_private": True,
        }
        self.page = ""
        self._incidents: dict[str, _Incident] = {}
        self._answered: dict[str, tuple[bytes, Answer]] = {}

    def handle(self, request: Request) -> Answer:
        """What it answers."""
        try:
            self._admit(request)
            if request.path == "/incidents" and request.method == "POST":
                return self._once(request)
            found = re.fullmatch(r"/incidents/([A-Za-z0-9-]+)", request.path)
            if found and request.method == "GET":
                return self._show(found[1])
            raise _Refused(404, "no such path")
        except _Refused as refused:
            return refused.answer

    def kept(self, number: str) -> Kept:
        """The incident; its description is its text."""
        found = self._numbered(number)
        title, text = found.given["title"], found.given.get("description") or ""
        return Kept(
            title, text, found.reference, dict(found.files), tuple(found.comments),
            tuple(found.notes), frozenset(found.internal),
        )  # fmt: skip

    def numbers(self) -> list[str]:
        """Oldest first."""
        return [each.number for each in self._incidents.values()]

    def remove(self, number: str) -> None:
        """Gone for good."""
        del self._incidents[self._numbered(number).reference]

    def set_status(self, number: str, words: str) -> None:
        """Any words."""
        self._numbered(number).status = words

    def transcript(self, number: str) -> str:
        """The conversation that came with the incident."""
        return self._numbered(number).given.get("transcript") or ""

    def _numbered(self, number: str) -> _Incident:
        return next(each for each in self._incidents.values() if each.number == number)

    def _admit(self, request: Request) -> None:
        made = hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()
        given = request.headers.get("x-vipservice-signature", "")
        if self.locked_out or not hmac.compare_digest(given.encode(), f"sha256={made}".encode()):
            raise _Refused(401, "the signature is missing or wrong")
        if self.no_rights and request.method != "GET":
            raise _Refused(403, "not allowed")

    def _once(self, request: Request) -> Answer:
        """The same key and body again: the first answer, and nothing new."""
        key = request.headers.get("idempotency-key", "")
        if not key:
            raise _Refused(400, "Idempotency-Key is required")
        if key in self._answered:
            body, answer = self._answered[key]
            if body != request.body:
                raise _Refused(409, "this Idempotency-Key came with another body before")
            return answer
        answer = self._taken(_body(request), key)
        self._answered[key] = (request.body, answer)
        return answer

    def _taken(self, given: dict[str, Any], key: str) -> Answer:
        event = given.get("event")
        wrong = _wrong(given)
        if wrong:
            raise _Refused(422, *wrong)
        if key != given["reference" if event == "incident" else "key"]:
            raise _Refused(400, "Idempotency-Key is not that of the body")
        files = {each["name"]: _content(each) for each in given.get("files") or []}
        incident = self._opened(given, files) if event == "incident" else self._added(given, files)
        return Answer(201, self._named(incident))

    def _opened(self, given: dict[str, Any], files: dict[str, bytes]) -> _Incident:
        kept = dict(given)
        if "title" in self.losing:
            kept["title"] = kept["title"][:20]
        for lost, keys in (("text", ("description",)), ("priority", ("impact", "urgency"))):
            if lost in self.losing:
                kept |= dict.fromkeys(keys, "")
        incident = _Incident(f"W-{len(self._incidents) + 1:05}", kept, files)
        self._incidents[incident.reference] = incident
        return incident

    def _added(self, given: dict[str, Any], files: dict[str, bytes]) -> _Incident:
        incident = self._incidents.get(given["reference"])
        if incident is None:
            raise _Refused(404, "no such incident")
        incident.files |= files
        (incident.notes if given.get("internal") else incident.comments).append(given["text"])
        incident.internal |= set(files) if given.get("internal") else set()
        return incident

    def _named(self, incident: _Incident) -> dict[str, Any]:
        page = self.page or f"{self.url}/tickets/{incident.number}"
        return {"reference": incident.reference, "number": incident.number, "url": page}

    def _show(self, reference: str) -> Answer:
        incident = self._incidents.get(reference)
        if self.ignores_filters and self._incidents:
            incident = list(self._incidents.values())[-1]
        if incident is None:
            raise _Refused(404, "no such incident")
        known = {
            "status": incident.status,
            "title": incident.given["title"],
            "description": incident.given.get("description") or "",
            "files": list(incident.files),
            "comments": [*incident.comments, *incident.notes],
        }
        return Answer(200, {**self._named(incident), **known})


def _body(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise _Refused(415, "the body must be application/json")
    try:
        given = request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _Refused(400, "the body is no JSON") from error
    if not isinstance(given, dict):
        raise _Refused(400, "the body is no JSON object")
    return given


def _wrong(given: dict[str, Any]) -> list[str]:
    event = given.get("event")
    if event not in MANDATORY:
        return ["event must be incident or addition"]
    known = INCIDENT if event == "incident" else ADDITION
    wrong = [f"{key} is unknown" for key in given if key not in known]
    wrong += [f"{key} is missing" for key in MANDATORY[event] if not given.get(key)]
    texts = [
        key for key in known if key not in ("files", "internal") and given.get(key) is not None
    ]
    return wrong + [f"{key} is no text" for key in texts if not isinstance(given[key], str)]


def _content(given: Any) -> bytes:
    try:
        if isinstance(given["type"], str) and isinstance(given["name"], str):
            return base64.b64decode(given["content"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise _Refused(422, "files must have name, type and content in base64") from error
    raise _Refused(422, "files must have name, type and content in base64")
