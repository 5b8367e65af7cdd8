"""Zammad, through its REST API (docs.zammad.org, "API").

The ticket object needs a text attribute for our reference, such as ``vipservice_ref``.
"""

from base64 import b64encode
from collections.abc import Sequence
from html import unescape
from typing import Any

from vipservice.adapters.base import Refused
from vipservice.adapters.ticketing.base import File, Record, Status, Ticket, status_of
from vipservice.adapters.ticketing.http import Http, about
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.config import SystemSettings
from vipservice.rules.incidents.model import IncidentDraft, Progress, Urgency

FILES = "Bijlagen"
PRIORITIES = {Urgency.LOW: "1 low", Urgency.NORMAL: "2 normal", Urgency.HIGH: "3 high"}
STATES = {
    "new": Progress.RECEIVED,
    "open": Progress.IN_PROGRESS,
    "pending reminder": Progress.ON_HOLD,
    "pending close": Progress.SOLVED,
    "closed": Progress.SOLVED,
    "merged": Progress.CLOSED,
    "removed": Progress.CANCELLED,
}


class ZammadTicketing:
    """A Zammad at an address such as https://host, with an access token."""

    name = "zammad"
    has_notes = has_internal_files = True

    def __init__(self, settings: SystemSettings) -> None:
        self.url = settings.url.rstrip("/")
        self.group, self.field = settings.project, settings.reference_field
        token = settings.token.get_secret_value()
        self.http = Http(self.url + "/api/v1", settings, Authorization=f"Token token={token}")

    def find(self, reference: str) -> Ticket | None:
        """By our attribute. The index runs some seconds behind: the outbox waits longer."""
        params = {"query": f'{self.field}:"{reference}"', "limit": "10", "expand": "true"}
        found = self.http.json("GET", "/tickets/search", params=params)
        same = [one for one in found if one.get(self.field) == reference]
        return self._ticket(min(same, key=lambda one: int(one["id"]))) if same else None

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """A ticket of the customer with this address, whom Zammad finds or makes."""
        title = fitting_title(self.name, draft.title)
        body = {
            "title": title,
            "group": self.group,
            "customer_id": f"guess:{draft.email}",
            "priority": PRIORITIES[draft.urgency],
            self.field: draft.reference,
            "article": _article(title, fitting_text(self.name, draft.description), files),
        }
        return self._ticket(self.http.json("POST", "/tickets", json=body))

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """An internal article that carries them: a trigger may mail what is not."""
        self.note(ticket, FILES, files)

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """An article that the customer may see."""
        self._say(ticket, _article("", text, files))

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """An internal article."""
        self._say(ticket, _article("", text, files) | {"internal": True})

    def read(self, ticket: Ticket) -> Record:
        """The ticket and its articles."""
        kept = self._get(ticket)
        articles = self.http.json("GET", f"/ticket_articles/by_ticket/{ticket.id}")
        texts = [_text_of(one) for one in articles]
        attached = [file for one in articles for file in one.get("attachments", ())]
        return Record(
            title=kept["title"],
            text=texts[0] if texts else "",
            reference=kept.get(self.field) or "",
            files={file["filename"]: int(file.get("size", -1)) for file in attached},
            comments=texts[1:],
            status=status_of(kept["state"], STATES),
        )

    def status(self, ticket: Ticket) -> Status:
        """The name of the ticket's state."""
        return status_of(self._get(ticket)["state"], STATES)

    def check(self) -> None:
        """Asks for the group, the attribute, and whether a ticket that is there is found.

        Without Elasticsearch a search answers 200 and finds nothing. In a Zammad without tickets
        neither attribute nor search can be seen.
        """
        if "id" not in self.http.json("GET", "/users/me"):
            raise Refused("the address does not answer like Zammad")
        with about(f"project {self.group} (a group)"):
            names = {one["name"] for one in self.http.json("GET", "/groups")}
        if self.group not in names:
            raise Refused(f"project {self.group}: there is no such group, or we may not see it")
        one = {"per_page": "1", "limit": "1", "expand": "true"}
        for ticket in self.http.json("GET", "/tickets", params=one)[:1]:
            if self.field not in ticket:
                raise Refused(f"reference_field {self.field}: tickets have no such attribute")
            found = {"query": f'number:"{ticket["number"]}"'} | one
            if not self.http.json("GET", "/tickets/search", params=found):
                raise Refused("the search finds nothing: is Elasticsearch running?")

    def _say(self, ticket: Ticket, article: dict[str, Any]) -> None:
        body = article | {"ticket_id": int(ticket.id)}
        self.http.call("POST", "/ticket_articles", json=body)

    def _get(self, ticket: Ticket) -> Any:
        return self.http.json("GET", f"/tickets/{ticket.id}", params={"expand": "true"})

    def _ticket(self, ticket: dict[str, Any]) -> Ticket:
        number = str(ticket["id"])
        return Ticket(number, str(ticket["number"]), f"{self.url}/#ticket/zoom/{number}")


def _article(subject: str, text: str, files: Sequence[File]) -> dict[str, Any]:
    sent = [
        {
            "filename": file.name,
            "data": b64encode(file.content).decode(),
            "mime-type": file.media_type,
        }
        for file in files
    ]
    return {
        "attachments": sent,
        "subject": subject,
        "body": text,
        "content_type": "text/plain",
        "type": "note",
        "internal": False,
    }


def _text_of(article: dict[str, Any]) -> str:
    body = str(article.get("body") or "")
    return unescape(body) if article.get("content_type") == "text/html" else body
