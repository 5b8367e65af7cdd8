"""What Request Tracker keeps."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Attachment:
    id: int
    change: int
    parent: int
    name: str
    kind: str
    content: bytes


@dataclass(eq=False)
class Change:
    id: int
    ticket: int
    kind: str
    attachments: list[Attachment] = field(default_factory=list)

    def text(self) -> str:
        bodies = [each for each in self.attachments if not each.name and each.kind[:5] == "text/"]
        return bodies[0].content.decode() if bodies else ""


@dataclass(eq=False)
class Ticket:
    id: int
    subject: str
    priority: int
    requestors: list[str]
    fields: dict[str, list[str]]
    status: str = "new"
