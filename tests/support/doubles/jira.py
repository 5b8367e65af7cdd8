"""A strict double of Jira Service Management Cloud (developer.atlassian.com, servicedeskapi)."""

import base64
import re
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request
from tests.support.doubles.multipart import parts_of

LOGIN, TOKEN = "bot@supplier.example", "api-token"
DESK, KIND = "4", "17"
LONGEST_SUMMARY, LONGEST_TEXT = 255, 32_767
FIELDS = {"summary", "description", "labels"}
DONE = {"Resolved", "Closed", "Canceled", "Done"}
REQUEST = r"/rest/servicedeskapi/request/(SUP-\d+)"


class Jira(Double):
    """The double; ``issues`` by key. A fresh one is not in the index for ``index_delay`` looks."""

    name = "jira"

    def __init__(self) -> None:
        super().__init__()
        self.index_delay = 0
        self.issues: dict[str, dict[str, Any]] = {}
        self.temporary: dict[str, tuple[str, bytes]] = {}
        self.settings = {
            "system": "jira", "url": self.url, "user": LOGIN, "password": TOKEN, "project": DESK,
            "kind": KIND, "allow_private": True,
        }  # fmt: skip

    def handle(self, request: Request) -> Answer:
        """What Jira answers."""
        given = base64.b64encode(f"{LOGIN}:{TOKEN}".encode()).decode()
        if self.locked_out or request.headers.get("authorization") != f"Basic {given}":
            return Answer(401, {"errorMessages": ["Client must be authenticated to access this."]})
        if self.no_rights and request.method != "GET":
            return _wrong("You do not have permission for this service desk.", 403)
        if request.path == "/rest/api/3/search/jql":
            return self._search(request)
        if request.path == "/rest/servicedeskapi/request" and request.method == "POST":
            return self._create(request.json())
        if request.path == f"/rest/servicedeskapi/servicedesk/{DESK}/attachTemporaryFile":
            return self._upload(request)
        found = re.fullmatch(r"/rest/api/3/issue/(SUP-\d+)", request.path)
        if found and found[1] in self.issues and request.method == "GET":
            return self._issue(request, self.issues[found[1]])
        found = re.fullmatch(REQUEST + r"(/comment|/attachment)?", request.path)
        if found and found[1] in self.issues:
            return self._request(request, self.issues[found[1]], found[2] or "")
        return _wrong("The request does not exist, or you do not have permission.", 404)

    def kept(self, number: str) -> Kept:
        """The issue as it is stored."""
        one = self.issues[number]
        reference = next(iter(one["labels"]), "")
        return Kept(
            one["summary"], one["description"], reference, one["files"], tuple(one["comments"])
        )

    def numbers(self) -> list[str]:
        """Oldest first."""
        return list(self.issues)

    def set_status(self, number: str, words: str) -> None:
        """The name of a status."""
        self.issues[number]["status"] = words

    def _create(self, body: dict[str, Any]) -> Answer:
        fields = body.get("requestFieldValues", {})
        if unknown := set(body) - {"serviceDeskId", "requestTypeId", "requestFieldValues"}:
            return _wrong(f"Unrecognised field {sorted(unknown)}")
        if (body.get("serviceDeskId"), body.get("requestTypeId")) != (DESK, KIND):
            return _wrong("The service desk or the request type does not exist.", 404)
        if unknown := set(fields) - FIELDS:
            return _wrong(f"Field '{sorted(unknown)[0]}' cannot be set: it is not on the form.")
        summary, text = fields.get("summary", ""), fields.get("description", "")
        if not summary or "\n" in summary or len(summary) > LONGEST_SUMMARY:
            return _wrong("Summary: one line of at most 255 characters is required.")
        if len(text) > LONGEST_TEXT:
            return _wrong("The entered text is too long. It exceeds 32,767 characters.")
        if any(" " in label for label in fields.get("labels", ())):
            return _wrong("The label can't contain spaces.")
        return self._store(summary, text, list(fields.get("labels", ())))

    def _store(self, summary: str, text: str, labels: list[str]) -> Answer:
        key = f"SUP-{len(self.issues) + 1}"
        self.issues[key] = {
            "key": key, "summary": summary[:20] if "title" in self.losing else summary,
            "description": "" if "text" in self.losing else text, "labels": labels,
            "status": "Waiting for support", "files": {}, "comments": [],
            "unseen": self.index_delay,
        }  # fmt: skip
        shown = {"issueId": key[4:], "issueKey": key, "currentStatus": self._status(key)}
        return Answer(201, shown | {"_links": {"web": f"{self.url}/servicedesk/{key}"}})

    def _search(self, request: Request) -> Answer:
        wanted = re.fullmatch(r'labels = "?([\w-]+)"?', request.one("jql"))
        if not wanted:
            return Answer(400, {"errorMessages": ["Error in the JQL Query"], "errors": {}})
        found = [one for one in self.issues.values() if self._indexed(one)]
        if not self.ignores_filters:
            found = [one for one in found if wanted[1] in one["labels"]]
        shown = [{"key": one["key"], "fields": {"labels": one["labels"]}} for one in found]
        return Answer(200, {"issues": shown, "isLast": True})

    def _indexed(self, issue: dict[str, Any]) -> bool:
        issue["unseen"] -= 1
        return bool(issue["unseen"] < 0)

    def _upload(self, request: Request) -> Answer:
        if request.headers.get("x-atlassian-token") != "no-check":
            return Answer(403, b"XSRF check failed", {"Content-Type": "text/plain"})
        files = [part for part in parts_of(request) if part.field == "file"]
        if not files or not all(part.file and part.content for part in files):
            return _wrong("Send at least one file, that is not empty.")
        made = []
        for part in files:
            number = f"temp{len(self.temporary)}"
            self.temporary[number] = (part.file, part.content)
            made.append({"temporaryAttachmentId": number, "fileName": part.file})
        return Answer(201, {"temporaryAttachments": made})

    def _request(self, request: Request, issue: dict[str, Any], part: str) -> Answer:
        body = request.json() if request.method == "POST" else {}
        match request.method, part:
            case "GET", "":
                return Answer(200, {"issueKey": issue["key"],
                                    "currentStatus": self._status(issue["key"])})  # fmt: skip
            case "GET", "/comment":
                start, limit = int(request.one("start") or 0), int(request.one("limit") or 50)
                page = issue["comments"][start : start + limit]
                last = start + limit >= len(issue["comments"])
                return Answer(200, {"values": [{"body": c} for c in page], "isLastPage": last})
            case "POST", "/comment" if body.get("body"):
                issue["comments"].append(body["body"])
                return Answer(201, {"body": body["body"], "public": body.get("public", True)})
            case "POST", "/attachment":
                return self._take_over(issue, body.get("temporaryAttachmentIds", ()))
        return _wrong("This is not possible.")

    def _take_over(self, issue: dict[str, Any], numbers: list[str]) -> Answer:
        if not numbers or not all(number in self.temporary for number in numbers):
            return _wrong("The temporary attachment does not exist.")
        issue["files"] |= dict(self.temporary.pop(number) for number in numbers)
        return Answer(201, {"attachments": {"size": len(numbers)}})

    def _issue(self, request: Request, issue: dict[str, Any]) -> Answer:
        files = [{"filename": name, "size": len(content)}
                 for name, content in issue["files"].items()]  # fmt: skip
        fields = {
            "summary": issue["summary"], "description": _document(issue["description"]),
            "labels": issue["labels"], "status": {"name": issue["status"]}, "attachment": files,
        }  # fmt: skip
        wanted = request.one("fields").split(",")
        return Answer(200, {"key": issue["key"], "fields": {n: fields[n] for n in wanted}})

    def _status(self, key: str) -> dict[str, str]:
        words = self.issues[key]["status"]
        return {"status": words, "statusCategory": "DONE" if words in DONE else "INDETERMINATE"}


def _document(text: str) -> dict[str, Any] | None:
    """The Atlassian Document Format: a paragraph a line."""
    if not text:
        return None
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []}
        for line in text.split("\n")
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def _wrong(message: str, status: int = 400) -> Answer:
    return Answer(status, {"errorMessage": message})
