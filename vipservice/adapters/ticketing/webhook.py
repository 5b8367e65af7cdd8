"""Any other system: JSON with a signature, to whoever puts it into that system.

POST to the address makes an incident or an addition, GET of address/reference reads one back.
Every call carries ``X-Vipservice-Signature: sha256=`` HMAC of its body; a POST also has an
``Idempotency-Key``, with which the receiver must make nothing twice.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from vipservice.adapters.base import Missing, Unavailable
from vipservice.adapters.calls import Answer
from vipservice.adapters.ticketing.base import (
    File,
    Record,
    Status,
    Ticket,
    page_of,
    status_of,
)
from vipservice.adapters.ticketing.http import Http, json_of
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.adapters.webhook import signature
from vipservice.config import SystemSettings
from vipservice.rules.incidents.model import IncidentDraft, Progress

FILES = "Bijlagen"
STATES = {progress.value: progress for progress in Progress}
FIELDS = (
    "reference", "requester", "email", "phone", "municipality", "category", "impact", "urgency",
    "transcript",
)  # fmt: skip


class WebhookTicketing:
    """A receiver at an address; ``token`` is the secret of the signatures."""

    name = "webhook"

    def __init__(self, settings: SystemSettings) -> None:
        self.path = settings.url.rstrip("/")
        self.secret = settings.token.get_secret_value().encode()
        self.template = _template(settings.template)
        self.http = Http("", settings)
        self.has_notes = self.has_internal_files = settings.internal_notes

    def find(self, reference: str) -> Ticket | None:
        """What the receiver has under this reference."""
        try:
            kept = self._get(reference)
        except Missing as problem:
            if str(problem).startswith("404"):
                return None
            raise
        return self._ticket(kept) if kept.get("reference") == reference else None

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """The incident as JSON, or as the configured template has it; that has no files."""
        body = {name: value for name, value in asdict(draft).items() if name in FIELDS} | {
            "event": "incident",
            "title": fitting_title(self.name, draft.title),
            "description": fitting_text(self.name, draft.description),
            "chatUrl": draft.chat_url,
        }
        body = filled(self.template, body) if self.template else body | {"files": _sent(files)}
        return self._ticket(json_of(self._post(body, draft.reference)))

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """An addition that carries them."""
        key = f"{ticket.id}/{'/'.join(quote(file.name, safe='') for file in files)}"
        self._add(ticket, key, FILES, files, internal=internal)

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """An addition with a text; its last line is its own."""
        self._add(ticket, _key(ticket, text), text, files)

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """An addition that is marked: the receiver promised to show it to engineers alone."""
        self._add(ticket, _key(ticket, text), text, files, internal=True)

    def read(self, ticket: Ticket) -> Record:
        """What the receiver tells of it."""
        kept = self._get(ticket.id)
        return Record(
            title=kept.get("title", ""),
            text=kept.get("description", ""),
            reference=kept.get("reference", ""),
            files=dict.fromkeys(kept.get("files", ()), -1),
            comments=kept.get("comments", ()),
            status=status_of(kept.get("status", ""), STATES),
        )

    def status(self, ticket: Ticket) -> Status:
        """The receiver's status; our own words for progress are understood."""
        return status_of(self._get(ticket.id).get("status", ""), STATES)

    def check(self) -> None:
        """Asks for an incident that is not there."""
        self.find("vip-check")

    def _add(
        self, ticket: Ticket, key: str, text: str, files: Sequence[File], *, internal: bool = False
    ) -> None:
        body = {
            "event": "addition", "reference": ticket.id, "key": key, "text": text,
            "files": _sent(files), "internal": internal,
        }  # fmt: skip
        self._post(body, key)

    def _ticket(self, kept: dict[str, Any]) -> Ticket:
        try:
            page = page_of(str(kept.get("url") or ""), self.path)
            return Ticket(kept["reference"], str(kept["number"]), page)
        except KeyError as error:
            raise Unavailable(f"the answer has no {error}") from error

    def _post(self, body: Mapping[str, Any], key: str) -> Answer:
        content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        headers |= signature(content, self.secret)
        return self.http.call("POST", self.path, data=content, headers=headers)

    def _get(self, reference: str) -> Any:
        headers = signature(b"", self.secret)
        return self.http.json("GET", f"{self.path}/{reference}", headers=headers)


def filled(template: Any, values: Mapping[str, Any]) -> Any:
    """A JSON template with ``$title`` and the like replaced, in every text of it."""
    if isinstance(template, str):
        return Template(template).safe_substitute({k: str(v) for k, v in values.items()})
    if isinstance(template, list):
        return [filled(item, values) for item in template]
    if isinstance(template, dict):
        return {name: filled(item, values) for name, item in template.items()}
    return template


def _template(file: str) -> Any:
    return json.loads(Path(file).read_text()) if file else None


def _key(ticket: Ticket, text: str) -> str:
    return f"{ticket.id}/{quote(text.splitlines()[-1])}"


def _sent(files: Sequence[File]) -> list[dict[str, str]]:
    return [
        {"name": file.name, "type": file.media_type, "content": b64encode(file.content).decode()}
        for file in files
    ]
