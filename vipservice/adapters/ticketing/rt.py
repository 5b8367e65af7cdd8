"""Request Tracker 5, through REST 2.0 (docs.bestpractical.com, "RT::REST2").

The queue needs a custom field for our reference, that holds one value.
"""

import json
from base64 import b64decode
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from vipservice.adapters.base import Missing, Refused
from vipservice.adapters.calls import Answer
from vipservice.adapters.ticketing.base import File, Record, Status, Ticket, status_of
from vipservice.adapters.ticketing.http import Http, about, json_of
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.config import SystemSettings
from vipservice.rules.incidents.model import IncidentDraft, Progress, Urgency

PAGE = "100"
FILES = "Bijlagen"
PRIORITIES = {Urgency.LOW: 0, Urgency.NORMAL: 50, Urgency.HIGH: 100}
STATES = {
    "new": Progress.RECEIVED,
    "open": Progress.IN_PROGRESS,
    "stalled": Progress.ON_HOLD,
    "resolved": Progress.SOLVED,
    "rejected": Progress.CANCELLED,
}


class RtTicketing:
    """An RT at an address such as https://host, with an authentication token."""

    name = "rt"
    has_notes = has_internal_files = True

    def __init__(self, settings: SystemSettings) -> None:
        self.url = settings.url.rstrip("/")
        self.queue, self.field = settings.project, settings.reference_field
        token = settings.token.get_secret_value()
        self.http = Http(self.url + "/REST/2.0", settings, Authorization=f"token {token}")

    def find(self, reference: str) -> Ticket | None:
        """By the custom field; the answer is verified."""
        params = {
            "query": f"CF.{{{self.field}}} = '{reference}'",
            "fields": "CustomFields",
            "orderby": "id",
        }
        found = self.http.json("GET", "/tickets", params=params)["items"]
        numbers = [one["id"] for one in found if self._reference_of(one) == reference]
        return self._ticket(min(numbers, key=int)) if numbers else None

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """A ticket of this requester, whom RT mails once for it."""
        body = {
            "Queue": self.queue,
            "Subject": fitting_title(self.name, draft.title),
            "Requestor": draft.email,
            "Priority": PRIORITIES[draft.urgency],
            "Content": fitting_text(self.name, draft.description),
            "ContentType": "text/plain",
            "CustomFields": {self.field: draft.reference},
        }
        return self._ticket(json_of(self._post("/ticket", body, files))["id"])

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """A note that carries them: a correspondence would be mailed, and open the ticket."""
        self.note(ticket, FILES, files)

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """A correspondence: RT mails it to the requester of the ticket."""
        self._say(ticket, "correspond", text, files)

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """What RT itself calls a comment."""
        self._say(ticket, "comment", text, files)

    def read(self, ticket: Ticket) -> Record:
        """The ticket; its texts and files are all attachments to RT."""
        kept = self._get(ticket)
        attached = self._attachments(ticket)
        texts = [self._content(one["id"]) for one in attached if _is_text(one)]
        files = {one["Filename"]: int(one["ContentLength"]) for one in attached if one["Filename"]}
        return Record(
            title=kept["Subject"],
            text=texts[0] if texts else "",
            reference=self._reference_of(kept),
            files=files,
            comments=texts[1:],
            status=status_of(kept["Status"], STATES),
        )

    def status(self, ticket: Ticket) -> Status:
        """The ticket's status."""
        return status_of(self._get(ticket)["Status"], STATES)

    def check(self) -> None:
        """Asks for the queue: whether we may create there, and whether it has our field.

        RT answers a create with a field that it does not have as if all were well.
        """
        with about(f"project {self.queue} (a queue)"):
            queue = self.http.json("GET", f"/queue/{quote(self.queue, safe='')}")
        if "id" not in queue:
            raise Refused("the address does not answer like Request Tracker 5")
        offered = {(one.get("ref"), one.get("type")) for one in queue.get("_hyperlinks", ())}
        if queue.get("Disabled") == "1" or ("create", "ticket") not in offered:
            raise Refused(f"project {self.queue}: we may not make tickets in this queue")
        fields = {one["name"].casefold() for one in queue.get("TicketCustomFields", ())}
        if self.field.casefold() not in fields:
            raise Refused(
                f"reference_field {self.field}: the queue has no such custom field, or we may not "
                "see it"
            )

    def _say(self, ticket: Ticket, how: str, text: str, files: Sequence[File]) -> None:
        body = {"ContentType": "text/plain", "Content": text}
        self._post(f"/ticket/{ticket.id}/{how}", body, files)

    def _post(self, path: str, body: dict[str, Any], files: Sequence[File]) -> Answer:
        """With files as multipart: in JSON RT breaks on a file name beyond Latin-1."""
        if not files:
            return self.http.call("POST", path, json=body)
        parts: list[tuple[str, tuple[str | None, bytes | str, str]]] = [
            ("JSON", (None, json.dumps(body), "application/json")),
            *(("Attachments", (file.name, file.content, _kind(file))) for file in files),
        ]
        return self.http.call("POST", path, files=parts)

    def _get(self, ticket: Ticket) -> Any:
        """A deleted ticket is still given; a word to it would open it again."""
        kept = self.http.json("GET", f"/ticket/{ticket.id}")
        if kept["Status"] == "deleted":
            raise Missing("the ticket was deleted")
        return kept

    def _attachments(self, ticket: Ticket) -> list[dict[str, Any]]:
        params = {
            "fields": "Filename,ContentType,ContentLength", "per_page": PAGE, "orderby": "id",
        }  # fmt: skip
        found: list[dict[str, Any]] = []
        page, whole = 1, True
        while whole:
            answer = self.http.json(
                "GET", f"/ticket/{ticket.id}/attachments", params=params | {"page": str(page)}
            )
            found += answer["items"]
            page, whole = page + 1, len(answer["items"]) == int(PAGE)
        return sorted(found, key=lambda one: int(one["id"]))

    def _content(self, number: str) -> str:
        kept = self.http.json("GET", f"/attachment/{number}")
        return b64decode(kept["Content"]).decode()

    def _reference_of(self, ticket: dict[str, Any]) -> str:
        fields = ticket.get("CustomFields") or ()
        values = [one["values"] for one in fields if one["name"] == self.field]
        return str(values[0][0]) if values and values[0] else ""

    def _ticket(self, number: int | str) -> Ticket:
        return Ticket(str(number), str(number), f"{self.url}/Ticket/Display.html?id={number}")


def _kind(file: File) -> str:
    """RT recodes a text that is not UTF-8, and shows a text without its name."""
    return "application/octet-stream" if file.media_type.startswith("text/") else file.media_type


def _is_text(attached: dict[str, Any]) -> bool:
    return not attached["Filename"] and attached["ContentType"].startswith("text/")
