"""Request Tracker 5, through REST 2.0 (docs.bestpractical.com, "RT::REST2").

The queue needs a custom field for our reference, that holds one value.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from vipservice.adapters.base import Refused
from vipservice.adapters.ticketing.base import File, Record, Status, Ticket, status_of
from vipservice.adapters.ticketing.http import Http
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.config import TicketingSettings
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
    "deleted": Progress.CANCELLED,
}


class RtTicketing:
    """An RT at an address such as https://host, with an authentication token."""

    name = "rt"

    def __init__(self, settings: TicketingSettings) -> None:
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

    def create(self, draft: IncidentDraft) -> Ticket:
        """A ticket of this requester."""
        body = {
            "Queue": self.queue,
            "Subject": fitting_title(self.name, draft.title),
            "Requestor": draft.email,
            "Priority": PRIORITIES[draft.urgency],
            "Content": fitting_text(self.name, draft.description),
            "ContentType": "text/plain",
            "CustomFields": {self.field: draft.reference},
        }
        return self._ticket(self.http.json("POST", "/ticket", json=body)["id"])

    def attach(self, ticket: Ticket, files: Sequence[File]) -> None:
        """A message that carries them."""
        sent = [
            {
                "FileName": file.name,
                "FileType": file.media_type,
                "FileContent": b64encode(file.content).decode(),
            }
            for file in files
        ]
        self._say(ticket, {"Content": FILES, "Attachments": sent})

    def comment(self, ticket: Ticket, text: str) -> None:
        """A message that the requester of the ticket may see."""
        self._say(ticket, {"Content": text})

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
        """Asks for the queue, which takes a valid token and the right to see it."""
        if "id" not in self.http.json("GET", f"/queue/{self.queue}"):
            raise Refused("the address does not answer like Request Tracker 5")

    def _say(self, ticket: Ticket, message: dict[str, Any]) -> None:
        body = {"ContentType": "text/plain"} | message
        self.http.call("POST", f"/ticket/{ticket.id}/correspond", json=body)

    def _get(self, ticket: Ticket) -> Any:
        return self.http.json("GET", f"/ticket/{ticket.id}")

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


def _is_text(attached: dict[str, Any]) -> bool:
    return not attached["Filename"] and attached["ContentType"].startswith("text/")
