"""A strict double of Redmine's REST API, version 4 and later.

Documentation: https://www.redmine.org/projects/redmine/wiki/Rest_api (Rest_Issues, Attaching
files, Rest_Enumerations, Rest_Users); where that is silent, Redmine's controllers and its own
tests in test/integration/api_test.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.support.doubles.base import Answer, Double, Kept, Request
from tests.support.doubles.redmine_model import (
    CLOSED,
    FIELDS,
    PRIORITIES,
    PROJECTS,
    STATUSES,
    TRACKERS,
    File,
    Issue,
)

LONGEST_SUBJECT, LARGEST_FILE = 255, 5 * 1024 * 1024
KEY = "redmine-key-1"
PERMISSIONS = (
    "view_issues", "add_issues", "edit_issues", "add_issue_notes", "view_private_notes",
    "set_notes_private",
)  # fmt: skip


class _Refused(Exception):
    def __init__(self, status: int, *errors: str) -> None:
        super().__init__(status, *errors)
        body = {"errors": list(errors)} if errors else None
        unknown = {"WWW-Authenticate": 'Basic realm="Redmine API"'} if status == 401 else {}
        self.answer = Answer(status, body, unknown)


class Redmine(Double):
    """Redmine with a project "service", a tracker "Support" and a custom field for the reference.

    ``largest`` is its limit of a file in bytes (5 MB out of the box), ``permissions`` are those of
    our role, ``filters`` the custom fields by which issues can be found.
    """

    name = "redmine"

    def __init__(self) -> None:
        super().__init__()
        self.largest = LARGEST_FILE
        self.permissions = set(PERMISSIONS)
        self.filters = {7}
        self.settings = {
            "system": "redmine",
            "url": self.url,
            "token": KEY,
            "project": "service",
            "kind": "3",
            "reference_field": "7",
            "allow_private": True,
        }
        self._issues: list[Issue] = []
        self._files: list[File] = []

    def handle(self, request: Request) -> Answer:
        """What Redmine answers."""
        try:
            call, found = self._route(request)
            self._admit(request)
            return call(self, request, *found.groups())
        except _Refused as refused:
            return refused.answer

    def kept(self, number: str) -> Kept:
        """The issue; journals with notes are its comments."""
        issue = self._found(number)
        reference = issue.fields.get(int(self.settings["reference_field"]), "")
        files = {each.name: each.content for each in issue.files}
        said, noted = (
            tuple(
                each["notes"]
                for each in issue.journals
                if each["notes"] and each["private_notes"] is private
            )
            for private in (False, True)
        )
        return Kept(issue.subject, issue.description, reference, files, said, noted)

    def numbers(self) -> list[str]:
        """Oldest first."""
        return [str(each.id) for each in self._issues]

    def remove(self, number: str) -> None:
        """Gone for good."""
        self._issues.remove(self._found(number))

    def set_status(self, number: str, words: str) -> None:
        """One of STATUSES; leaves a journal without notes, as the real one does."""
        issue = self._found(number)
        detail = {
            "property": "attr",
            "name": "status_id",
            "old_value": str(STATUSES[issue.status]),
            "new_value": str(STATUSES[words]),
        }
        issue.status = words
        issue.journal("", [detail])

    def _route(self, request: Request) -> tuple[Callable[..., Answer], re.Match[str]]:
        for method, path, call in _ROUTES:
            found = re.fullmatch(path, request.path)
            if found and method == request.method:
                return call, found
        raise _Refused(404)

    def _admit(self, request: Request) -> None:
        if self.locked_out or request.headers.get("x-redmine-api-key") != KEY:
            raise _Refused(401)
        if self.no_rights and request.method != "GET":
            raise _Refused(403)

    def _me(self, request: Request) -> Answer:
        user = {"id": 9, "login": "vipservice", "admin": False, "mail": "vip@a.test"}
        mine = [{"id": 1, "project": {"id": 4, "name": "Service"}, "roles": [{"id": 6}]}]
        asked = {"memberships": mine} if request.one("include") == "memberships" else {}
        return Answer(200, {"user": {**user, "api_key": KEY, **asked}})

    def _role(self, request: Request, number: str) -> Answer:
        if number != "6":
            raise _Refused(404)
        return Answer(200, {"role": {"id": 6, "permissions": sorted(self.permissions)}})

    def _one_project(self, request: Request, name: str) -> Answer:
        if not _project(name):
            raise _Refused(404)
        return Answer(200, {"project": {"id": _project(name), "identifier": name}})

    def _create_below(self, request: Request, name: str) -> Answer:
        """As a real one: a project that is not ours is a 404 here, and a 422 at /issues.json."""
        if not _project(name):
            raise _Refused(404)
        given = _issue(request) | {"project_id": name}
        return self._create(replace(request, body=json.dumps({"issue": given}).encode()))

    def _priorities(self, request: Request) -> Answer:
        names = [
            {"id": number, "name": name, "is_default": name == "Normal", "active": True}
            for number, name in PRIORITIES.items()
        ]
        return Answer(200, {"issue_priorities": names})

    def _upload(self, request: Request) -> Answer:
        if _type(request) != "application/octet-stream":
            raise _Refused(406)
        if len(request.body) > self.largest:
            raise _Refused(422, "This file cannot be uploaded because it exceeds the maximum size")
        number = len(self._files) + 1
        name = _file_name(request.one("filename")) or f"{number:032x}"
        self._files.append(File(number, name, request.one("content_type"), request.body))
        return Answer(201, {"upload": {"id": number, "token": self._files[-1].token}})

    def _create(self, request: Request) -> Answer:
        given = _issue(request)
        issue = self._made(given)
        issue.files.extend(self._claimed(given.get("uploads")))
        self._issues.append(issue)
        location = {"Location": f"{self.url}/issues/{issue.id}"}
        return Answer(201, {"issue": issue.json()}, location)

    def _made(self, given: dict[str, Any]) -> Issue:
        """An unknown tracker gives the project's first one; unknown fields are dropped."""
        project = _project(given.get("project_id"))
        subject = str(given.get("subject") or "")
        priority = _number(given.get("priority_id", 2))
        errors = _wrong_fields(given) + _wrong(project, subject, priority)
        if errors:
            raise _Refused(422, *errors)
        subject = subject[:20] if "title" in self.losing else subject
        priority = 2 if "priority" in self.losing else priority
        text = "" if "text" in self.losing else str(given.get("description") or "")
        tracker = _number(given.get("tracker_id"))
        tracker = tracker if tracker in TRACKERS else next(iter(TRACKERS))
        number = len(self._issues) + 101
        return Issue(number, project, tracker, subject, text, priority, _fields(given))

    def _claimed(self, uploads: Any) -> list[File]:
        """A token that is wrong or used is passed over in silence."""
        claimed = []
        for each in uploads if isinstance(uploads, list) else []:
            asked = each.get("token") if isinstance(each, dict) else None
            found = next((one for one in self._files if one.token == asked and not one.used), None)
            if found:
                found.used = True
                found.name = _file_name(str(each.get("filename") or "")) or found.name
                found.kind = str(each.get("content_type") or found.kind)
                found.description = str(each.get("description") or "")
                claimed.append(found)
        return claimed

    def _list(self, request: Request) -> Answer:
        for number in self.filters:
            if request.one(f"cf_{number}") == "=":
                raise _Refused(422, f"{FIELDS.get(number, number)} cannot be blank")
        every = [each for each in reversed(self._issues) if self._asked(each, request)]
        asked = request.one("limit")
        limit = min(int(asked), 100) if asked.isdigit() and int(asked) else 25
        offset = int(request.one("offset")) if request.one("offset").isdigit() else 0
        page = [each.json() for each in every[offset : offset + limit]]
        counted = {"total_count": len(every), "offset": offset, "limit": limit}
        return Answer(200, {"issues": page, **counted})

    def _asked(self, issue: Issue, request: Request) -> bool:
        """Filters that Redmine does not know are ignored."""
        project = request.one("project_id")
        if project and not _project(project):
            raise _Refused(404)
        if self.ignores_filters:
            return True
        known = {f"cf_{number}": issue.fields.get(number, "") for number in self.filters}
        known |= {"project_id": str(issue.project), "tracker_id": str(issue.tracker)}
        wanted = {name: request.one(name) for name in known if request.one(name)}
        if project:
            wanted["project_id"] = str(_project(project))
        return _in_status(issue, request.one("status_id")) and all(
            _fits(known[name], value) for name, value in wanted.items()
        )

    def _found(self, number: str) -> Issue:
        for issue in self._issues:
            if str(issue.id) == number:
                return issue
        raise _Refused(404)

    def _show(self, request: Request, number: str) -> Answer:
        issue = self._found(number)
        body, included = issue.json(), request.one("include").split(",")
        if "attachments" in included:
            body["attachments"] = [each.json(self.url) for each in issue.files]
        if "journals" in included:
            body["journals"] = issue.journals
        return Answer(200, {"issue": body})

    def _change(self, request: Request, number: str) -> Answer:
        """Whatever else is asked to change is ignored, with the same answer."""
        issue, given = self._found(number), _issue(request)
        if "subject" in given and not str(given["subject"] or "").strip():
            raise _Refused(422, "Subject cannot be blank")
        files = self._claimed(given.get("uploads"))
        issue.files.extend(files)
        notes = str(given.get("notes") or "")
        details = [
            {"property": "attachment", "name": str(each.id), "new_value": each.name}
            for each in files
        ]
        private = bool(given.get("private_notes")) and "set_notes_private" in self.permissions
        if notes:
            issue.journal(notes, [] if private else details, private)
        if details and (private or not notes):
            issue.journal("", details)
        return Answer(204)

    def _download(self, request: Request, number: str) -> Answer:
        for each in self._files:
            if str(each.id) == number:
                kind = each.kind or "application/octet-stream"
                return Answer(200, each.content, {"Content-Type": kind})
        raise _Refused(404)


def _type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def _issue(request: Request) -> dict[str, Any]:
    """Rails finds no parameters in a body of another type."""
    if _type(request) != "application/json":
        return {}
    try:
        given = request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _Refused(400) from error
    issue = given.get("issue") if isinstance(given, dict) else None
    return issue if isinstance(issue, dict) else {}


def _number(given: object) -> int:
    return int(str(given)) if re.fullmatch(r"\d+", str(given)) else 0


def _project(given: object) -> int:
    """By its identifier or its number; 0 when there is none."""
    if str(given) in PROJECTS:
        return PROJECTS[str(given)]
    return _number(given) if _number(given) in PROJECTS.values() else 0


def _wrong(project: int, subject: str, priority: int) -> list[str]:
    long = f"Subject is too long (maximum is {LONGEST_SUBJECT} characters)"
    checks = {
        "Project cannot be blank": not project,
        "Tracker cannot be blank": not project,
        "Subject cannot be blank": not subject.strip(),
        long: len(subject) > LONGEST_SUBJECT,
        "Priority cannot be blank": priority not in PRIORITIES,
    }
    return [words for words, wrong in checks.items() if wrong]


def _wrong_fields(given: dict[str, Any]) -> list[str]:
    """A field of the tracker takes one value; what is no field of it is passed over."""
    asked = given.get("custom_fields")
    several = [each for each in asked or [] if isinstance(each.get("value"), list)]
    numbers = [_number(each.get("id")) for each in several]
    has = _number(given.get("tracker_id")) == 3
    return [f"{FIELDS[number]} is invalid" for number in numbers if number in FIELDS and has]


def _fields(given: dict[str, Any]) -> dict[int, str]:
    asked = given.get("custom_fields")
    pairs = asked if isinstance(asked, list) else []
    numbered = {_number(each.get("id")): str(each.get("value") or "") for each in pairs}
    return {number: value for number, value in numbered.items() if number in FIELDS}


def _file_name(given: str) -> str:
    return re.sub(r"[/?%*:|\"'<>\n\r]+", "_", re.sub(r"(?s)\A.*[\\/]", "", given))


def _in_status(issue: Issue, asked: str) -> bool:
    closed = issue.status in CLOSED
    if asked in ("", "open", "o"):
        return not closed
    if asked in ("closed", "c"):
        return closed
    return asked == "*" or str(STATUSES[issue.status]) in asked.split("|")


def _fits(value: str, asked: str) -> bool:
    if asked.startswith("~"):
        return asked[1:].lower() in value.lower()
    return bool(value) if asked == "*" else value in asked.split("|")


_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", r"/users/current\.json", Redmine._me),
    ("GET", r"/roles/(\d+)\.json", Redmine._role),
    ("GET", r"/projects/([\w-]+)\.json", Redmine._one_project),
    ("POST", r"/projects/([\w-]+)/issues\.json", Redmine._create_below),
    ("GET", r"/enumerations/issue_priorities\.json", Redmine._priorities),
    ("POST", r"/uploads\.json", Redmine._upload),
    ("POST", r"/issues\.json", Redmine._create),
    ("GET", r"/issues\.json", Redmine._list),
    ("GET", r"/issues/(\d+)\.json", Redmine._show),
    ("PUT", r"/issues/(\d+)\.json", Redmine._change),
    ("GET", r"/attachments/download/(\d+)(?:/[^/]*)?", Redmine._download),
)
