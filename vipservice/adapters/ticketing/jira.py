"""Jira Service Management, through its request API (developer.atlassian.com, "servicedeskapi").

The request type needs the fields summary, description and labels.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.ticketing.base import (
    NOBODY,
    File,
    Record,
    Status,
    Ticket,
    status_of,
)
from vipservice.adapters.ticketing.http import Http, about
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.config import SystemSettings
from vipservice.rules.incidents.model import IncidentDraft, Progress

DESK = "/rest/servicedeskapi"
ISSUE = "/rest/api/3/issue"
PAGE = 50
FORM = {"summary", "description", "labels"}
STATES = {
    "open": Progress.RECEIVED,
    "waiting for support": Progress.RECEIVED,
    "wachten op support": Progress.RECEIVED,
    "in progress": Progress.IN_PROGRESS,
    "work in progress": Progress.IN_PROGRESS,
    "escalated": Progress.IN_PROGRESS,
    "waiting for customer": Progress.ON_HOLD,
    "wachten op klant": Progress.ON_HOLD,
    "pending": Progress.ON_HOLD,
    "resolved": Progress.SOLVED,
    "opgelost": Progress.SOLVED,
    "done": Progress.SOLVED,
    "closed": Progress.CLOSED,
    "gesloten": Progress.CLOSED,
    "canceled": Progress.CANCELLED,
    "cancelled": Progress.CANCELLED,
    "declined": Progress.CANCELLED,
}


class JiraTicketing:
    """A site at an address such as https://name.atlassian.net; ``password`` is an API token."""

    name = "jira"
    has_notes = has_internal_files = True

    def __init__(self, settings: SystemSettings) -> None:
        self.url = settings.url.rstrip("/")
        self.desk, self.kind = settings.project, settings.kind
        self.http = Http(self.url, settings, Accept="application/json")

    def find(self, reference: str) -> Ticket | None:
        """By a label. The index runs some seconds behind: the outbox waits longer than that."""
        params = {"jql": f'labels = "{reference}"', "fields": "labels", "maxResults": "10"}
        found = self.http.json("GET", "/rest/api/3/search/jql", params=params)["issues"]
        same = [one["key"] for one in found if reference in one["fields"].get("labels", ())]
        return self._ticket(min(same, key=_number)) if same else None

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """A request of the configured type. No files: not every type has a field for them."""
        body = {
            "serviceDeskId": self.desk,
            "requestTypeId": self.kind,
            "requestFieldValues": {
                "summary": fitting_title(self.name, draft.title),
                "description": fitting_text(self.name, draft.description),
                "labels": [draft.reference],
            },
        }
        return self._ticket(self.http.json("POST", f"{DESK}/request", json=body)["issueKey"])

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """With an internal comment: a public one would be mailed."""
        self._attach(ticket, files, public=False)

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """A comment that the requester of the site may see."""
        self._say(ticket, text, files, public=True)

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """An internal comment."""
        self._say(ticket, text, files, public=False)

    def _say(self, ticket: Ticket, text: str, files: Sequence[File], *, public: bool) -> None:
        body = {"body": text, "public": public}
        self.http.call("POST", f"{DESK}/request/{ticket.id}/comment", json=body)
        if files:
            self._attach(ticket, files, public=public)

    def _attach(self, ticket: Ticket, files: Sequence[File], *, public: bool) -> None:
        """Temporary files first, then the request takes them over."""
        sent = [("file", (file.name, file.content, file.media_type)) for file in files]
        made = self.http.json(
            "POST", f"{DESK}/servicedesk/{self.desk}/attachTemporaryFile", files=sent,
            headers={"X-Atlassian-Token": "no-check", "X-ExperimentalApi": "opt-in"},
        )  # fmt: skip
        numbers = [one["temporaryAttachmentId"] for one in made["temporaryAttachments"]]
        body = {"temporaryAttachmentIds": numbers, "public": public}
        self.http.call("POST", f"{DESK}/request/{ticket.id}/attachment", json=body)

    def read(self, ticket: Ticket) -> Record:
        """The issue behind the request, and the comments of the request."""
        params = {"fields": "summary,description,labels,status,attachment"}
        kept = self.http.json("GET", f"{ISSUE}/{ticket.id}", params=params)["fields"]
        ours = [label for label in kept.get("labels", ()) if label.startswith("vip-")]
        return Record(
            title=kept["summary"],
            text=text_of(kept.get("description")),
            reference=ours[0] if ours else "",
            files={one["filename"]: int(one["size"]) for one in kept.get("attachment", ())},
            comments=list(self._comments(ticket)),
            status=self.status(ticket),
        )

    def status(self, ticket: Ticket) -> Status:
        """The request's status; one whose category is done is solved, whatever its name."""
        kept = self.http.json("GET", f"{DESK}/request/{ticket.id}")["currentStatus"]
        found = status_of(kept["status"], STATES)
        done = kept.get("statusCategory", "").upper() == "DONE"
        if done and found.progress is Progress.UNKNOWN:
            return Status(Progress.SOLVED, found.words)
        return found

    def check(self) -> None:
        """Asks for the service desk, the form of the request type, and whether labels are found."""
        if "accountId" not in self.http.json("GET", "/rest/api/3/myself"):
            raise Refused("the address does not answer like Jira Service Management")
        desk = f"{DESK}/servicedesk/{self.desk}"
        with about(f"project {self.desk} (a service desk)"):
            self.http.call("GET", desk)
        with about(f"kind {self.kind} (a request type)"):
            form = self.http.json("GET", f"{desk}/requesttype/{self.kind}/field")
        there = {one["fieldId"] for one in form["requestTypeFields"]}
        if FORM - there:
            lacking = ", ".join(sorted(FORM - there))
            raise Refused(f"kind {self.kind}: the request type lacks the fields {lacking}")
        with about("the look-up by label"):
            self.find(NOBODY)

    def _comments(self, ticket: Ticket) -> Iterator[str]:
        start, last = 0, False
        while not last:
            params = {"start": str(start), "limit": str(PAGE)}
            page = self.http.json("GET", f"{DESK}/request/{ticket.id}/comment", params=params)
            yield from (one["body"] for one in page["values"])
            start, last = start + PAGE, page.get("isLastPage", True)

    def _ticket(self, key: str) -> Ticket:
        return Ticket(key, key, f"{self.url}/browse/{key}")


def text_of(node: Any) -> str:
    """The text of a document in the Atlassian Document Format; a plain string as it is."""
    if node is None or isinstance(node, str):
        return node or ""
    if node.get("type") == "text":
        return str(node["text"])
    if node.get("type") == "hardBreak":
        return "\n"
    between = "\n" if node.get("type") == "doc" else ""
    return between.join(text_of(child) for child in node.get("content", ()))


def _number(key: str) -> int:
    try:
        return int(key.rpartition("-")[2])
    except ValueError as error:
        raise Unavailable(f"{key} is no issue key") from error
