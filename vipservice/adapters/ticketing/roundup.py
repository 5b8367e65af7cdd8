"""Roundup, through its REST interface (roundup-tracker.org/docs/rest.html).

The tracker's issue class needs the properties ``external_ref`` (its key, so that a second
create with the same reference is refused), ``requester_email`` and ``chat_url``.
"""

from urllib.parse import urlsplit

from vipservice.adapters.base import Refused
from vipservice.adapters.ticketing.base import Ticket
from vipservice.adapters.ticketing.http import Http, json_of
from vipservice.rules.incidents import IncidentDraft, Urgency
from vipservice.rules.wording import cut

TITLE_LENGTH = 250
PRIORITIES = {Urgency.HIGH: "urgent", Urgency.NORMAL: "bug", Urgency.LOW: "wish"}


class RoundupTicketing:
    """A tracker at an address such as https://host/tracker."""

    name = "roundup"

    def __init__(self, url: str, user: str, password: str, timeout: float = 10) -> None:
        self.url = url.rstrip("/")
        self.user = user
        self.http = Http(self.url + "/rest/data", user, password, timeout)
        parts = urlsplit(url)
        self.http.session.headers.update(
            {"X-Requested-With": "rest", "Origin": f"{parts.scheme}://{parts.netloc}"}
        )

    def find(self, reference: str) -> Ticket | None:
        """``:=`` asks for equality; a single ``=`` would find substrings."""
        params = {"external_ref:": reference, "@fields": "external_ref"}
        found = json_of(self.http.call("GET", "/issue", params=params))["data"]["collection"]
        numbers = [str(issue["id"]) for issue in found if issue.get("external_ref") == reference]
        return self._ticket(min(numbers, key=int)) if numbers else None

    def create(self, draft: IncidentDraft) -> Ticket:
        """A message with the whole text, then the issue that points to it.

        Roundup needs the message's author: it makes the issue's followers from it.
        """
        text = {"content": draft.description, "type": "text/plain", "author": self.user}
        message = json_of(self.http.call("POST", "/msg", data=text))["data"]["id"]
        issue = {
            "title": cut(draft.title, TITLE_LENGTH),
            "messages": message,
            "priority": PRIORITIES[draft.urgency],
            "external_ref": draft.reference,
            "requester_email": draft.email,
            "chat_url": draft.chat_url,
        }
        made = json_of(self.http.call("POST", "/issue", data=issue))
        return self._ticket(str(made["data"]["id"]))

    def check(self) -> None:
        """Asks for one issue, which takes a valid log-in."""
        answer = json_of(self.http.call("GET", "/issue", params={"@page_size": "1"}))
        if "data" not in answer:
            raise Refused("the address does not answer like a Roundup tracker")

    def _ticket(self, number: str) -> Ticket:
        return Ticket(number, f"{self.url}/issue{number}")
