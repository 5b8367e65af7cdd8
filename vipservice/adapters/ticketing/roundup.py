"""Roundup, through its REST interface (roundup-tracker.org/docs/rest.html).

The tracker's issue class needs the properties ``external_ref`` (its key, so that a second
create with the same reference is refused), ``requester_email`` and ``chat_url``.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from vipservice.adapters.base import Missing, Refused
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
from vipservice.rules.incidents.model import IncidentDraft, Progress, Urgency

PRIORITIES = {Urgency.HIGH: "urgent", Urgency.NORMAL: "bug", Urgency.LOW: "wish"}
STATES = {
    "unread": Progress.RECEIVED,
    "chatting": Progress.IN_PROGRESS,
    "in-progress": Progress.IN_PROGRESS,
    "testing": Progress.IN_PROGRESS,
    "deferred": Progress.ON_HOLD,
    "need-eg": Progress.ON_HOLD,
    "done-cbb": Progress.SOLVED,
    "resolved": Progress.SOLVED,
}
UNKNOWN = "unread"
PROPERTIES = ("external_ref", "requester_email", "chat_url")


class RoundupTicketing:
    """A tracker at an address such as https://host/tracker."""

    name = "roundup"
    has_notes = has_internal_files = False

    def __init__(self, settings: SystemSettings) -> None:
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

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """A message with the whole text and the files, then the issue that points to them."""
        sent = ",".join(self._files(files))
        issue = {
            "title": fitting_title(self.name, draft.title),
            "messages": self._message(fitting_text(self.name, draft.description)),
            "priority": PRIORITIES[draft.urgency],
            "external_ref": draft.reference,
            "requester_email": draft.email,
            "chat_url": draft.chat_url,
        } | ({"files": sent} if sent else {})
        made = self.http.json("POST", "/issue", data=issue)
        return self._ticket(str(made["data"]["id"]))

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """Each file, then the issue that points to them."""
        self._add(ticket, {"files": self._files(files)})

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """A message and files, then the issue that points to them."""
        sent = {"files": self._files(files)} if files else {}
        self._add(ticket, {"messages": [self._message(text)]} | sent)

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """A tracker has no texts that only some of its readers see."""
        raise Refused("Roundup has no internal notes")

    def read(self, ticket: Ticket) -> Record:
        """The issue, its messages and the names of its files."""
        self._require_there(ticket)
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
        self._require_there(ticket)
        linked = self._issue(ticket)["attributes"]["status"]
        if not linked:
            return status_of(UNKNOWN, STATES)
        kept = self.http.json("GET", f"/status/{linked['id']}")["data"]["attributes"]
        return status_of(kept["name"], STATES)

    def check(self) -> None:
        """Asks for our properties, for the key, and for the priorities that we give."""
        with about("the properties of an issue"):
            params = {"@page_size": "1", "@fields": ",".join(PROPERTIES)}
            answer = self.http.json("GET", "/issue", params=params)
        if "data" not in answer:
            raise Refused("the address does not answer like a Roundup tracker")
        self._require_key()
        for name in PRIORITIES.values():
            with about(f"the priority {name}"):
                self.http.call("GET", f"/priority/{name}")

    def _require_key(self) -> None:
        """Only the key of a class is looked for by its name; another one says whose it is."""
        try:
            self.http.call("GET", f"/issue/external_ref={NOBODY}")
        except (Refused, Missing) as problem:
            if "No key (external_ref)" not in str(problem):
                raise Refused("external_ref is not the key of the issue class") from problem

    def _message(self, text: str) -> str:
        """Roundup needs the message's author: it makes the issue's followers from it."""
        form = {"content": text, "type": "text/plain", "author": self.user}
        return str(self.http.json("POST", "/msg", data=form)["data"]["id"])

    def _files(self, files: Sequence[File]) -> list[str]:
        return [self._file(file) for file in files]

    def _file(self, file: File) -> str:
        sent = {"content": (file.name, file.content, file.media_type)}
        form = {"name": file.name, "type": file.media_type}
        return str(self.http.json("POST", "/file", data=form, files=sent)["data"]["id"])

    def _add(self, ticket: Ticket, numbers: dict[str, list[str]]) -> None:
        change = {"@op": "add", **numbers}
        tag = {"If-Match": self._issue(ticket)["@etag"]}
        self.http.call("PATCH", f"/issue/{ticket.id}", json=change, headers=tag)

    def _require_there(self, ticket: Ticket) -> None:
        """A retired issue is still given by its number, but no list has it."""
        if not self.http.json("GET", "/issue", params={"id": ticket.id})["data"]["collection"]:
            raise Missing("the issue was retired")

    def _issue(self, ticket: Ticket) -> Any:
        return self.http.json("GET", f"/issue/{ticket.id}")["data"]

    def _content(self, kind: str, number: str) -> str:
        return str(self.http.json("GET", f"/{kind}/{number}/content")["data"]["data"])

    def _ticket(self, number: str) -> Ticket:
        return Ticket(number, number, f"{self.url}/issue{number}")
