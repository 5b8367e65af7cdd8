"""What is told to people outside the pages: by which way, to whom, in which words."""

from dataclasses import dataclass
from enum import StrEnum

from vipservice.rules.sentences import Reader, Say, tell
from vipservice.rules.shape import Json


class Channel(StrEnum):
    """By which way something leaves the service."""

    INCIDENT = "incident"
    ADDITION = "addition"
    MAIL = "mail"
    WEBHOOK = "webhook"


class Level(StrEnum):
    """What a clock has reached. ``MANAGER``: late for so long that the manager is told."""

    WARNING = "warning"
    BREACH = "breach"
    MANAGER = "manager"


@dataclass(frozen=True)
class Letter:
    """A mail: plain text, without a word of what was said in the chat."""

    to: tuple[str, ...]
    subject: str
    body: str


def letter(facts: Json, public_url: str, say: Say) -> Letter:
    """The mail about something: ``kind`` and ``to`` are among its facts."""
    kind, to = str(facts["kind"]), facts["to"]
    known = facts | {"site": public_url.rstrip("/")}
    return Letter(
        to=tuple(map(str, to if isinstance(to, list) else [to])),
        subject=" ".join(tell(kind, Reader.SUBJECT, known, say)),
        body="\n\n".join(tell(kind, Reader.MAIL, known, say)) + "\n",
    )
