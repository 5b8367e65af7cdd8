"""Roundup, through its REST interface (roundup-tracker.org/docs/rest.html).

The tracker's issue class needs the properties ``external_ref`` (its key, so that a second
create with the same reference is refused), ``requester_email`` and ``chat_url``.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from vipservice.adapters.base import Refused
from vipservice.adapters.ticketing.base import File, Record, Status, Ticket, status_of
from vipservice.adapters.ticketing.http import Http
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.config import TicketingSettings
from vipservice.rules.incidents.model import IncidentDraft, Progress, Urgency

PRIORITIES = {Urgency.HIGH: "urgent", Urgency.NORMAL: "bug", Urgency.LOW: "wish"}
STATES = {
    "unread": Progress.RECEIVED,
    "deferred": Progress.ON_HOLD,
    "need-eg": Progress.ON_HOLD,
    "done-cbb": Progress.SOLVED,
    "resolved": Progress.SOLVED,
}
UNKNOWN = "unread"


class RoundupTicketing:
    """A tracker at an address such as https://host/tracker."""

    name = "roundup"

    def __init__(self, settings: TicketingSettings) -> None:
        self.url = settings.url.rstrip("/")
        self.user = settings.user
        parts = urlsplit(self.url)
        own = {"X-Requested-With": "rest", "Origin": f"{parts.scheme}://{parts.netloc}"}
        self.http = Http(self.url + "/rest/data", settings, **own)

    def find(self, reference: str) -> Ticket | None:
        """``:=`` asks for equality; a single ``=`` would find substrings."""
        params = {"external_ref:": reference, "@fields": "external_ref"}
        found = self.http.json("GET", "/issue", params=params)["data"]["collection"]
        numbers = [str(issue["id"]) for issue in found if issue.get("external_ref") == reference]
        return self._ticket(min(numbers, key=int)) if numbers else None

    def create(self, draft: IncidentDraft) -> Ticket:
        """A message with the whole text, then the issue that points to it."""
        issue = {
            "title": fitting_title(self.name, draft.title),
            "messages": self._message(fitting_text(self.name, draft.description)),
            "priority": PRIORITIES[draft.urgency],
            "external_ref": draft.reference,
            "requester_email": draft.email,
            "chat_url": draft.chat_url,
        }
        made = self.http.json("POST", "/issue", data=issue)
        return self._ticket(str(made["data"]["id"]))

    def attach(self, ticket: Ticket, files: Sequence[File]) -> None:
        """Each file, then the issue that points to them."""
        numbers = []
        for file in files:
            sent = {"content": (file.name, file.content, file.media_type)}
            form = {"name": file.name, "type": file.media_type}
            made = self.http.json("POST", "/file", data=form, files=sent)
            numbers.append(made["data"]["id"])
        self._add(ticket, "files", numbers)

    def comment(self, ticket: Ticket, text: str) -> None:
        """A message, then the issue that points to it."""
        self._add(ticket, "messages", [self._message(text)])

    def read(self, ticket: Ticket) -> Record:
        """The issue, its messages and the names of its files."""
        kept = self._issue(ticket)["attributes"]
        numbers = sorted((one["id"] for one in kept["messages"]), key=int)
        texts = [self._content("msg", number) for number in numbers]
        files = [self.http.json("GET", f"/file/{one['id']}")["data"] for one in kept["files"]]
        return Record(
            title=kept["title"],
            text=texts[0] if texts else "",
            reference=kept["external_ref"] or "",
            files={file["attributes"]["name"]: -1 for file in files},
            comments=texts[1:],
            status=self.status(ticket),
        )

    def status(self, ticket: Ticket) -> Status:
        """The name of the issue's status."""
        linked = self._issue(ticket)["attributes"]["status"]
        if not linked:
            return status_of(UNKNOWN, STATES)
        kept = self.http.json("GET", f"/status/{linked['id']}")["data"]["attributes"]
        return status_of(kept["name"], STATES)

    def check(self) -> None:
        """Asks for one issue, which takes a valid log-in."""
        answer = self.http.json("GET", "/issue", params={"@page_size": "1"})
        if "data" not in answer:
            raise Refused("the address does not answer like a Roundup tracker")

    def _message(self, text: str) -> str:
        """Roundup needs the message's author: it makes the issue's followers from it."""
        form = {"content": text, "type": "text/plain", "author": self.user}
        return str(self.http.json("POST", "/msg", data=form)["data"]["id"])

    def _add(self, ticket: Ticket, name: str, numbers: Sequence[str]) -> None:
        change = {"@op": "add", name: numbers}
        tag = {"If-Match": self._issue(ticket)["@etag"]}
        self.http.call("PATCH", f"/issue/{ticket.id}", json=change, headers=tag)

    def _issue(self, ticket: Ticket) -> Any:
        return self.http.json("GET", f"/issue/{ticket.id}")["data"]

    def _content(self, kind: str, number: str) -> str:
        return str(self.http.json("GET", f"/{kind}/{number}/content")["data"]["data"])

    def _ticket(self, number: str) -> Ticket:
        return Ticket(number, number, f"{self.url}/issue{number}")
