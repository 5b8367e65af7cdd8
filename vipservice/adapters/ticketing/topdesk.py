"""TOPdesk, through its incident API (developers.topdesk.com, "Incident Management")."""

from html import escape
from typing import Any

from vipservice.adapters.base import Refused
from vipservice.adapters.ticketing.base import Ticket
from vipservice.adapters.ticketing.http import Http, json_of
from vipservice.rules.incidents import Impact, IncidentDraft, Urgency
from vipservice.rules.wording import cut

TITLE_LENGTH = 80
IMPACTS = {
    Impact.PERSON: "Persoon",
    Impact.DEPARTMENT: "Afdeling",
    Impact.ORGANISATION: "Organisatie",
}
URGENCIES = {Urgency.LOW: "Laag", Urgency.NORMAL: "Normaal", Urgency.HIGH: "Hoog"}


class TopdeskTicketing:
    """A TOPdesk at an address such as https://host; signs in with an application password."""

    name = "topdesk"

    def __init__(
        self, url: str, user: str, password: str, operator_group: str = "", timeout: float = 10
    ) -> None:
        self.url = url.rstrip("/")
        self.operator_group = operator_group
        self.http = Http(self.url + "/tas", user, password, timeout)

    def find(self, reference: str) -> Ticket | None:
        """Looks the external number up; 204 means none. The answer is verified."""
        params = {
            "query": f"externalNumber=='{reference}'",
            "fields": "id,number,externalNumber",
            "all": "true",
        }
        answer = self.http.call("GET", "/api/incidents", params=params)
        found = [] if answer.status_code == 204 else json_of(answer)
        same = [item for item in found if item.get("externalNumber", reference) == reference]
        return self._ticket(same[0]) if same else None

    def create(self, draft: IncidentDraft) -> Ticket:
        """A first-line incident for the caller with this e-mail address."""
        return self._ticket(
            json_of(self.http.call("POST", "/api/incidents", json=self._body(draft)))
        )

    def check(self) -> None:
        """Asks for the version, which takes a valid log-in."""
        if "version" not in json_of(self.http.call("GET", "/api/version")):
            raise Refused("the address does not answer like TOPdesk")

    def _body(self, draft: IncidentDraft) -> dict[str, Any]:
        body: dict[str, Any] = {
            "status": "firstLine",
            "callerLookup": {"email": draft.email},
            "briefDescription": cut(draft.title, TITLE_LENGTH),
            "request": to_html(draft),
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

    def _ticket(self, incident: dict[str, Any]) -> Ticket:
        page = f"{self.url}/tas/secure/incident?unid={incident['id']}"
        return Ticket(str(incident["number"]), page)


def to_html(draft: IncidentDraft) -> str:
    """The description with the few tags that TOPdesk lets through; all else is escaped."""
    first, *rest = escape(draft.description, quote=False).split("\n")
    return "<br>".join([f"<b>{first}</b>", *rest])
