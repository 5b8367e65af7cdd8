"""ServiceNow, through its Table and Attachment APIs (docs.servicenow.com, "Table API")."""

from collections.abc import Sequence
from typing import Any

from vipservice.adapters.base import Refused
from vipservice.adapters.ticketing.base import NOBODY, File, Record, Status, Ticket
from vipservice.adapters.ticketing.http import Http, about
from vipservice.adapters.ticketing.limits import fitting_text, fitting_title
from vipservice.config import SystemSettings
from vipservice.rules.incidents.model import Impact, IncidentDraft, Progress, Urgency

TABLE = "/table/incident"
IMPACTS = {Impact.ORGANISATION: "1", Impact.DEPARTMENT: "2", Impact.PERSON: "3"}
URGENCIES = {Urgency.HIGH: "1", Urgency.NORMAL: "2", Urgency.LOW: "3"}
STATES = {
    "1": Progress.RECEIVED,
    "2": Progress.IN_PROGRESS,
    "3": Progress.ON_HOLD,
    "6": Progress.SOLVED,
    "7": Progress.CLOSED,
    "8": Progress.CANCELLED,
}


class ServicenowTicketing:
    """An instance at an address such as https://name.service-now.com."""

    name = "servicenow"
    has_notes, has_internal_files = True, False

    def __init__(self, settings: SystemSettings) -> None:
        self.url = settings.url.rstrip("/")
        self.group = settings.operator_group
        self.http = Http(self.url + "/api/now", settings, Accept="application/json")

    def find(self, reference: str) -> Ticket | None:
        """By the correlation id. A filter that it does not know finds everything: verified."""
        params = {
            "sysparm_query": f"correlation_id={reference}",
            "sysparm_fields": "sys_id,number,correlation_id",
            "sysparm_limit": "10",
        }
        found = self.http.json("GET", TABLE, params=params)["result"]
        same = [one for one in found if one.get("correlation_id") == reference]
        return self._ticket(min(same, key=lambda one: str(one["number"]))) if same else None

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """Impact and urgency; the priority follows from them and is never sent. No files."""
        body = {
            "short_description": fitting_title(self.name, draft.title),
            "description": fitting_text(self.name, draft.description),
            "contact_type": "chat",
            "impact": IMPACTS[draft.impact],
            "urgency": URGENCIES[draft.urgency],
            "correlation_id": draft.reference,
            "correlation_display": "vipservice",
        }
        if caller := self._caller(draft.email):
            body["caller_id"] = caller
        if self.group:
            body["assignment_group"] = self.group
        return self._ticket(self.http.json("POST", TABLE, json=body)["result"])

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """The raw content of each, in a call of its own."""
        for file in files:
            params = {
                "table_name": "incident", "table_sys_id": ticket.id, "file_name": file.name,
            }  # fmt: skip
            self.http.call(
                "POST", "/attachment/file", params=params, data=file.content,
                headers={"Content-Type": file.media_type},
            )  # fmt: skip

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """A comment that the caller may see."""
        self.http.call("PATCH", f"{TABLE}/{ticket.id}", json={"comments": text})
        self.attach(ticket, files)

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """A work note."""
        self.http.call("PATCH", f"{TABLE}/{ticket.id}", json={"work_notes": text})

    def read(self, ticket: Ticket) -> Record:
        """The record, its attachments and its journal."""
        kept = self._record(ticket)
        files = self._search("/attachment", f"table_name=incident^table_sys_id={ticket.id}")
        said = self._search(
            "/table/sys_journal_field",
            f"element_id={ticket.id}^elementINcomments,work_notes^ORDERBYsys_created_on",
        )
        return Record(
            title=kept["short_description"]["value"],
            text=kept["description"]["value"],
            reference=kept["correlation_id"]["value"],
            files={one["file_name"]: int(one.get("size_bytes") or -1) for one in files},
            comments=[one["value"] for one in said],
            status=_status_of(kept),
        )

    def status(self, ticket: Ticket) -> Status:
        """The state of the record."""
        return _status_of(self._record(ticket))

    def check(self) -> None:
        """Looks up what is not there, and the group that the settings name."""
        if "result" not in self.http.json("GET", TABLE, params={"sysparm_limit": "1"}):
            raise Refused("the address does not answer like ServiceNow")
        if self._search(TABLE, f"correlation_id={NOBODY}"):
            raise Refused("a look-up by correlation_id finds everything: may we read that field?")
        if self.group:
            with about(f"operator_group {self.group}"):
                self.http.call("GET", f"/table/sys_user_group/{self.group}")

    def _caller(self, email: str) -> str:
        """The user with this address; "" when there is none, or when the address is no word."""
        if "^" in email:
            return ""
        found = self._search("/table/sys_user", f"email={email}")
        same = [one["sys_id"] for one in found if one.get("email") == email]
        return str(same[0]) if same else ""

    def _search(self, path: str, query: str) -> list[dict[str, Any]]:
        params = {"sysparm_query": query, "sysparm_limit": "1000"}
        return list(self.http.json("GET", path, params=params)["result"])

    def _record(self, ticket: Ticket) -> dict[str, dict[str, str]]:
        """Every field with its value and what people see for it."""
        params = {"sysparm_display_value": "all"}
        found: dict[str, dict[str, str]] = self.http.json(
            "GET", f"{TABLE}/{ticket.id}", params=params
        )["result"]
        return found

    def _ticket(self, record: dict[str, Any]) -> Ticket:
        page = f"{self.url}/nav_to.do?uri=incident.do?sys_id={record['sys_id']}"
        return Ticket(record["sys_id"], record["number"], page)


def _status_of(record: dict[str, dict[str, str]]) -> Status:
    state = record["state"]
    return Status(STATES.get(state["value"], Progress.UNKNOWN), state["display_value"])
