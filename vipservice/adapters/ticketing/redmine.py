"""Redmine, through its REST API (redmine.org/projects/redmine/wiki/Rest_api).

The tracker needs a text custom field for our reference, searchable ("used as a filter").
"""

import re
from collections.abc import Sequence
from typing import Any

from vipservice.adapters.base import Refused
from vipservice.adapters.ticketing.base import File, Record, Status, Ticket, status_of
from vipservice.adapters.ticketing.http import Http
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.config import TicketingSettings
from vipservice.rules.incidents.model import IncidentDraft, Progress, Urgency

STATES = {
    "new": Progress.RECEIVED,
    "nieuw": Progress.RECEIVED,
    "feedback": Progress.ON_HOLD,
    "terugkoppeling": Progress.ON_HOLD,
    "resolved": Progress.SOLVED,
    "opgelost": Progress.SOLVED,
    "closed": Progress.CLOSED,
    "gesloten": Progress.CLOSED,
    "rejected": Progress.CANCELLED,
    "afgewezen": Progress.CANCELLED,
}


class RedmineTicketing:
    """A Redmine at an address such as https://host, with an API key."""

    name = "redmine"

    def __init__(self, settings: TicketingSettings) -> None:
        self.url = settings.url.rstrip("/")
        self.project, self.tracker = settings.project, settings.kind
        self.field = settings.reference_field
        token = settings.token.get_secret_value()
        self.http = Http(self.url, settings, **{"X-Redmine-API-Key": token})

    def find(self, reference: str) -> Ticket | None:
        """By the custom field. A filter that it does not know finds everything: verified."""
        params = {f"cf_{self.field}": reference, "status_id": "*", "sort": "id"}
        found = self.http.json("GET", "/issues.json", params=params)["issues"]
        numbers = [one["id"] for one in found if self._reference_of(one) == reference]
        return self._ticket(min(numbers)) if numbers else None

    def create(self, draft: IncidentDraft) -> Ticket:
        """An issue; its text is literal, because mark-up is live there."""
        issue = {
            "project_id": self.project,
            "tracker_id": int(self.tracker),
            "subject": fitting_title(self.name, draft.title),
            "description": to_literal(fitting_text(self.name, draft.description)),
            "priority_id": self._priority(draft.urgency),
            "custom_fields": [{"id": int(self.field), "value": draft.reference}],
        }
        made = self.http.json("POST", "/issues.json", json={"issue": issue})
        return self._ticket(made["issue"]["id"])

    def attach(self, ticket: Ticket, files: Sequence[File]) -> None:
        """Uploads each, then the issue takes them over."""
        uploads = [
            {"token": self._upload(file), "filename": file.name, "content_type": file.media_type}
            for file in files
        ]
        self._change(ticket, {"uploads": uploads})

    def comment(self, ticket: Ticket, text: str) -> None:
        """A note."""
        self._change(ticket, {"notes": to_literal(text)})

    def read(self, ticket: Ticket) -> Record:
        """The issue with its attachments and journals."""
        kept = self._get(ticket, include="attachments,journals")
        notes = [one["notes"] for one in kept.get("journals", ()) if one.get("notes")]
        return Record(
            title=kept["subject"],
            text=from_literal(kept.get("description") or ""),
            reference=self._reference_of(kept),
            files={one["filename"]: int(one["filesize"]) for one in kept.get("attachments", ())},
            comments=[from_literal(note) for note in notes],
            status=_status_of(kept),
        )

    def status(self, ticket: Ticket) -> Status:
        """The issue's status."""
        return _status_of(self._get(ticket))

    def check(self) -> None:
        """Asks who we are, which takes a valid key."""
        if "user" not in self.http.json("GET", "/users/current.json"):
            raise Refused("the address does not answer like Redmine")

    def _get(self, ticket: Ticket, **params: str) -> Any:
        return self.http.json("GET", f"/issues/{ticket.id}.json", params=params)["issue"]

    def _change(self, ticket: Ticket, change: dict[str, Any]) -> None:
        """Answers 204 also when the change was ignored: who asks reads it back."""
        self.http.call("PUT", f"/issues/{ticket.id}.json", json={"issue": change})

    def _upload(self, file: File) -> str:
        made = self.http.json(
            "POST", "/uploads.json", params={"filename": file.name}, data=file.content,
            headers={"Content-Type": "application/octet-stream"},
        )  # fmt: skip
        return str(made["upload"]["token"])

    def _priority(self, urgency: Urgency) -> int:
        """The default priority, or the one below or above it."""
        found = self.http.json("GET", "/enumerations/issue_priorities.json")["issue_priorities"]
        usual = next((n for n, one in enumerate(found) if one.get("is_default")), 0)
        step = {Urgency.LOW: -1, Urgency.NORMAL: 0, Urgency.HIGH: 1}[urgency]
        return int(found[min(max(usual + step, 0), len(found) - 1)]["id"])

    def _reference_of(self, issue: dict[str, Any]) -> str:
        fields = issue.get("custom_fields", ())
        return next((one.get("value") or "" for one in fields if str(one["id"]) == self.field), "")

    def _ticket(self, number: int) -> Ticket:
        return Ticket(str(number), str(number), f"{self.url}/issues/{number}")


def to_literal(text: str) -> str:
    """A text without mark-up: what would end the literal block gets a space."""
    harmless = re.sub(r"<(/?)pre", r"< \1pre", text, flags=re.IGNORECASE)
    return f"<pre>\n{harmless}\n</pre>"


def from_literal(text: str) -> str:
    """The text of such a block; of anything else the text itself."""
    found = re.fullmatch(r"<pre>\n(.*)\n</pre>", text.replace("\r\n", "\n"), re.DOTALL)
    return found.group(1) if found else text


def _status_of(issue: dict[str, Any]) -> Status:
    status = issue["status"]
    return status_of(status["name"], STATES, closed=bool(status.get("is_closed")))
