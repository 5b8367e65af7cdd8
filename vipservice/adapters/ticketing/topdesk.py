"""TOPdesk, through its incident API (developers.topdesk.com, "Incident Management")."""

import re
from collections.abc import Sequence
from html import escape, unescape
from typing import Any

from vipservice.adapters.base import Refused
from vipservice.adapters.ticketing.base import (
    NOBODY,
    File,
    Record,
    Status,
    Ticket,
    status_of,
)
from vipservice.adapters.ticketing.http import Http, about, json_of
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.config import SystemSettings
from vipservice.rules.incidents.model import Impact, IncidentDraft, Progress, Urgency
from vipservice.rules.wording import cut

PAGE = "100"
CALLER_LENGTH, PHONE_LENGTH, EMAIL_LENGTH = 109, 25, 100
IMPACTS = {
    Impact.PERSON: "Persoon",
    Impact.DEPARTMENT: "Afdeling",
    Impact.ORGANISATION: "Organisatie",
}
URGENCIES = {Urgency.LOW: "Laag", Urgency.NORMAL: "Normaal", Urgency.HIGH: "Hoog"}
STATES = {
    "aangemeld": Progress.RECEIVED,
    "geregistreerd": Progress.RECEIVED,
    "registered": Progress.RECEIVED,
    "in behandeling": Progress.IN_PROGRESS,
    "in progress": Progress.IN_PROGRESS,
    "wacht op gebruiker": Progress.ON_HOLD,
    "wacht op leverancier": Progress.ON_HOLD,
    "waiting for user": Progress.ON_HOLD,
    "on hold": Progress.ON_HOLD,
    "opgelost": Progress.SOLVED,
    "afgemeld": Progress.SOLVED,
    "gereed": Progress.SOLVED,
    "resolved": Progress.SOLVED,
    "completed": Progress.SOLVED,
    "gesloten": Progress.CLOSED,
    "closed": Progress.CLOSED,
    "geannuleerd": Progress.CANCELLED,
}


class TopdeskTicketing:
    """A TOPdesk at an address such as https://host; signs in with an application password."""

    name = "topdesk"
    has_notes = has_internal_files = True

    def __init__(self, settings: SystemSettings) -> None:
        self.url = settings.url.rstrip("/")
        self.operator_group = settings.operator_group
        self.branch = settings.project
        self.http = Http(self.url + "/tas/api", settings)

    def find(self, reference: str) -> Ticket | None:
        """Looks the external number up; 204 means none. The answer is verified."""
        params = {
            "query": f"externalNumber=='{reference}'",
            "fields": "id,number,externalNumber",
            "all": "true",
        }
        found = self._list("/incidents", **params)
        same = [item for item in found if item.get("externalNumber") == reference]
        return self._ticket(same[0]) if same else None

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """A first-line incident for the caller with this e-mail address. No files.

        Who is no caller there is named instead, when a branch is configured for that.
        """
        body = self._body(draft)
        try:
            made = self.http.json("POST", "/incidents", json=body | _looked_up(draft))
        except Refused as refusal:
            if not self.branch or "caller" not in str(refusal).lower():
                raise
            made = self.http.json("POST", "/incidents", json=body | self._named(draft))
        return self._ticket(made)

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """One call a file."""
        for file in files:
            sent = {"file": (file.name, file.content, file.media_type)}
            form = {"invisibleForCaller": str(internal).lower(), "description": file.name}
            self.http.call("POST", f"{_path(ticket)}/attachments", data=form, files=sent)

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """An action that the caller may see."""
        self._act(ticket, text, files, hidden=False)

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """An action that is invisible for the caller."""
        self._act(ticket, text, files, hidden=True)

    def read(self, ticket: Ticket) -> Record:
        """The incident, its requests, attachments and actions.

        The incident's own ``request`` has dates and names between the lines; the requests have not.
        """
        kept = self.http.json("GET", _path(ticket))
        files = self._list(f"{_path(ticket)}/attachments")
        requests = self._memos(ticket, "requests")
        return Record(
            title=kept["briefDescription"] or "",
            text=requests[0] if requests else "",
            reference=kept.get("externalNumber") or "",
            files={one["fileName"]: int(one.get("size", -1)) for one in files},
            comments=self._memos(ticket, "actions"),
            status=_status_of(kept),
        )

    def status(self, ticket: Ticket) -> Status:
        """The processing status."""
        return _status_of(self.http.json("GET", _path(ticket)))

    def check(self) -> None:
        """Asks for the version, for what the settings name, and whether a look-up is possible."""
        if "version" not in self.http.json("GET", "/version"):
            raise Refused("the address does not answer like TOPdesk")
        with about("the look-up by externalNumber"):
            self.find(NOBODY)
        for setting, path in (
            (f"operator_group {self.operator_group}", f"/operatorgroups/id/{self.operator_group}"),
            (f"project {self.branch} (a branch)", f"/branches/id/{self.branch}"),
        ):
            if not path.endswith("/"):
                with about(setting):
                    self.http.call("GET", path)

    def _act(self, ticket: Ticket, text: str, files: Sequence[File], *, hidden: bool) -> None:
        body = {"action": to_html(text), "actionInvisibleForCaller": hidden}
        self.http.call("PATCH", _path(ticket), json=body)
        self.attach(ticket, files, internal=hidden)

    def _memos(self, ticket: Ticket, kind: str) -> list[str]:
        """The texts of a kind, the oldest first: TOPdesk gives the newest first."""
        found = reversed(self._list(f"{_path(ticket)}/{kind}"))
        in_order = sorted(found, key=lambda one: str(one.get("creationDate", "")))
        return [to_text(one["memoText"]) for one in in_order if one.get("memoText")]

    def _list(self, path: str, **params: str) -> list[dict[str, Any]]:
        """All pages of a list; 206 says that there are more, 204 that it is empty."""
        found: list[dict[str, Any]] = []
        more = True
        while more:
            page = {"start": str(len(found)), "page_size": PAGE}
            answer = self.http.call("GET", path, params=params or page)
            found += [] if answer.status == 204 else json_of(answer)
            more = answer.status == 206 and not params
        return found

    def _body(self, draft: IncidentDraft) -> dict[str, Any]:
        body: dict[str, Any] = {
            "status": "firstLine",
            "briefDescription": fitting_title(self.name, draft.title),
            "request": to_html(fitting_text(self.name, draft.description)),
            "entryType": {"name": "Chat"},
            "callType": {"name": "Vraag"},
            "category": {"name": draft.category},
            "impact": {"name": IMPACTS[draft.impact]},
            "urgency": {"name": URGENCIES[draft.urgency]},
            "externalNumber": draft.reference,
        }
        if self.operator_group:
            body["operatorGroup"] = {"id": self.operator_group}
        return body

    def _named(self, draft: IncidentDraft) -> dict[str, Any]:
        caller = {
            "dynamicName": cut(draft.requester, CALLER_LENGTH),
            "email": cut(draft.email, EMAIL_LENGTH),
            "branch": {"id": self.branch},
        }
        if draft.phone:
            caller["phoneNumber"] = cut(draft.phone, PHONE_LENGTH)
        return {"caller": caller}

    def _ticket(self, incident: dict[str, Any]) -> Ticket:
        page = f"{self.url}/tas/secure/incident?unid={incident['id']}"
        return Ticket(incident["id"], str(incident["number"]), page)


def to_html(text: str) -> str:
    """A text as TOPdesk takes it: new lines as a tag, all else escaped."""
    return escape(text, quote=False).replace("\n", "<br>")


def to_text(html: str) -> str:
    """The same backwards."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br\s*/?>", "\n", html)))


def _status_of(incident: dict[str, Any]) -> Status:
    words = (incident.get("processingStatus") or {}).get("name") or ""
    found = status_of(words, STATES, closed=bool(incident.get("closed")))
    if incident.get("completed") and found.progress not in (Progress.CLOSED, Progress.CANCELLED):
        return Status(Progress.SOLVED, words)
    return found


def _looked_up(draft: IncidentDraft) -> dict[str, Any]:
    return {"callerLookup": {"email": draft.email}}


def _path(ticket: Ticket) -> str:
    return f"/incidents/id/{ticket.id}"
