"""Redmine, through its REST API (redmine.org/projects/redmine/wiki/Rest_api).

The tracker needs a text custom field for our reference, searchable ("used as a filter").
"""

from collections.abc import Sequence
from typing import Any

from vipservice.adapters.base import Refused
from vipservice.adapters.ticketing.base import File, Record, Status, Ticket, status_of
from vipservice.adapters.ticketing.http import Http, about
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.adapters.ticketing.literal import from_literal, to_literal
from vipservice.config import SystemSettings
from vipservice.rules.incidents.model import IncidentDraft, Progress, Urgency

STATES = {
    "new": Progress.RECEIVED,
    "nieuw": Progress.RECEIVED,
    "in progress": Progress.IN_PROGRESS,
    "in behandeling": Progress.IN_PROGRESS,
    "feedback": Progress.ON_HOLD,
    "terugkoppeling": Progress.ON_HOLD,
    "resolved": Progress.SOLVED,
    "opgelost": Progress.SOLVED,
    "closed": Progress.CLOSED,
    "gesloten": Progress.CLOSED,
    "rejected": Progress.CANCELLED,
    "afgewezen": Progress.CANCELLED,
}


RIGHTS = {"add_issues", "view_issues", "add_issue_notes", "set_notes_private", "view_private_notes"}


class RedmineTicketing:
    """A Redmine at an address such as https://host, with an API key."""

    name = "redmine"
    has_notes, has_internal_files = True, False

    def __init__(self, settings: SystemSettings) -> None:
        self.url = settings.url.rstrip("/")
        self.project, self.tracker = settings.project, settings.kind
        self.field = settings.reference_field
        self.markup = settings.markup
        token = settings.token.get_secret_value()
        self.http = Http(self.url, settings, **{"X-Redmine-API-Key": token})

    def find(self, reference: str) -> Ticket | None:
        """By the custom field. A filter that it does not know finds everything: verified."""
        params = {f"cf_{self.field}": reference, "status_id": "*", "sort": "id"}
        found = self.http.json("GET", "/issues.json", params=params)["issues"]
        numbers = [one["id"] for one in found if self._reference_of(one) == reference]
        return self._ticket(min(numbers)) if numbers else None

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """An issue with its files; its text is literal, because mark-up is live there."""
        issue = {
            "tracker_id": int(self.tracker),
            "subject": fitting_title(self.name, draft.title),
            "description": to_literal(fitting_text(self.name, draft.description), self.markup),
            "priority_id": self._priority(draft.urgency),
            "custom_fields": [{"id": int(self.field), "value": draft.reference}],
            "uploads": self._uploads(files),
        }
        made = self.http.json("POST", self._issues, json={"issue": issue})
        return self._ticket(made["issue"]["id"])

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """Uploads each, then the issue takes them over."""
        self._change(ticket, {"uploads": self._uploads(files)})

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """A note that everybody who sees the issue may read."""
        notes = to_literal(text, self.markup)
        self._change(ticket, {"notes": notes, "uploads": self._uploads(files)})

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """A private note."""
        notes = to_literal(text, self.markup)
        self._change(ticket, {"notes": notes, "private_notes": True})

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
        """Asks for the project, our rights there, and whether our field is kept and looked up.

        Redmine answers a create with a tracker or a field that it does not have as if all were
        well; it shows a private note to everybody where we may not make one; and it ignores a
        filter by a field that is not "used as a filter".
        """
        me = self.http.json("GET", "/users/current.json", params={"include": "memberships"})
        if "user" not in me:
            raise Refused("the address does not answer like Redmine")
        with about(f"project {self.project}"):
            project = self.http.json("GET", f"/projects/{self.project}.json")["project"]
        self._require_rights(me["user"], project["id"])
        self._require_field()

    def _require_rights(self, user: dict[str, Any], project_id: int) -> None:
        if user.get("admin"):
            return
        mine = [one for one in user.get("memberships", ()) if one["project"]["id"] == project_id]
        roles = {role["id"] for one in mine for role in one["roles"]}
        held = {
            permission
            for role in sorted(roles)
            for permission in self.http.json("GET", f"/roles/{role}.json")["role"]["permissions"]
        }
        lacking = sorted(RIGHTS - held)
        if lacking:
            raise Refused(f"project {self.project}: our role lacks {', '.join(lacking)}")

    def _require_field(self) -> None:
        """By two requests that make nothing: their refusals tell what is known of the field."""
        named = f"reference_field {self.field}"
        empty = {"project_id": self.project, "status_id": "*", f"cf_{self.field}": "="}
        if not self._refusals("GET", "/issues.json", params=empty):
            raise Refused(f"{named}: issues are not found by it; is it used as a filter?")
        issue = {"tracker_id": int(self.tracker), "subject": ""}
        without = self._refusals("POST", self._issues, json={"issue": issue})
        two = [{"id": int(self.field), "value": ["a", "b"]}]
        with_two = {"issue": issue | {"custom_fields": two}}
        if len(self._refusals("POST", self._issues, json=with_two)) <= len(without):
            raise Refused(f"{named}: the tracker {self.tracker} has no such field, or is not there")

    def _refusals(self, method: str, path: str, **kwargs: Any) -> str:
        """What it refuses; "" when it refuses nothing."""
        try:
            self.http.call(method, path, **kwargs)
        except Refused as refusal:
            return str(refusal)
        return ""

    @property
    def _issues(self) -> str:
        """Below the project: there a project that is not ours is told as such."""
        return f"/projects/{self.project}/issues.json"

    def _get(self, ticket: Ticket, **params: str) -> Any:
        return self.http.json("GET", f"/issues/{ticket.id}.json", params=params)["issue"]

    def _change(self, ticket: Ticket, change: dict[str, Any]) -> None:
        """Answers 204 also when the change was ignored: who asks reads it back."""
        self.http.call("PUT", f"/issues/{ticket.id}.json", json={"issue": change})

    def _uploads(self, files: Sequence[File]) -> list[dict[str, str]]:
        return [
            {"token": self._upload(file), "filename": file.name, "content_type": file.media_type}
            for file in files
        ]

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


def _status_of(issue: dict[str, Any]) -> Status:
    status = issue["status"]
    return status_of(status["name"], STATES, closed=bool(status.get("is_closed")))
