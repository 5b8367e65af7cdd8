"""What Redmine keeps, and how it shows it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

PROJECTS = {"service": 4, "intern": 5}
TRACKERS = {1: "Bug", 3: "Support"}
PRIORITIES = {1: "Low", 2: "Normal", 3: "High", 4: "Urgent", 5: "Immediate"}
STATUSES = {"New": 1, "In Progress": 2, "Resolved": 3, "Feedback": 4, "Closed": 5, "Rejected": 6}
CLOSED = ("Closed", "Rejected")
FIELDS = {7: "External reference"}
WHEN = "2026-01-05T09:00:00Z"


@dataclass(eq=False)
class File:
    id: int
    name: str
    kind: str
    content: bytes
    description: str = ""
    used: bool = False

    @property
    def token(self) -> str:
        return f"{self.id}.{hashlib.sha256(self.content).hexdigest()}"

    def json(self, url: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "filename": self.name,
            "filesize": len(self.content),
            "content_type": self.kind,
            "description": self.description,
            "content_url": f"{url}/attachments/download/{self.id}/{quote(self.name)}",
            "created_on": WHEN,
        }


@dataclass(eq=False)
class Issue:
    id: int
    project: int
    tracker: int
    subject: str
    description: str
    priority: int
    fields: dict[int, str]
    files: list[File] = field(default_factory=list)
    journals: list[dict[str, Any]] = field(default_factory=list)
    status: str = "New"

    def json(self) -> dict[str, Any]:
        values = [
            {"id": number, "name": name, "value": self.fields.get(number, "")}
            for number, name in FIELDS.items()
        ]
        return {
            "id": self.id,
            "project": {"id": self.project, "name": "Service"},
            "tracker": {"id": self.tracker, "name": TRACKERS[self.tracker]},
            "status": {
                "id": STATUSES[self.status],
                "name": self.status,
                "is_closed": self.status in CLOSED,
            },
            "priority": {"id": self.priority, "name": PRIORITIES[self.priority]},
            "author": {"id": 9, "name": "VIP service"},
            "subject": self.subject,
            "description": self.description,
            "custom_fields": values,
            "created_on": WHEN,
            "updated_on": WHEN,
        }

    def journal(self, notes: str, details: list[dict[str, Any]], private: bool = False) -> None:
        number = self.id * 1000 + len(self.journals)
        self.journals.append(
            {
                "id": number,
                "user": {"id": 9, "name": "VIP service"},
                "notes": notes,
                "created_on": WHEN,
                "private_notes": private,
                "details": details,
            }
        )
