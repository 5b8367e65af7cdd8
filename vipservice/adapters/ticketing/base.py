"""What vipservice asks of a ticketing system, whichever it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from vipservice.rules.incidents.model import IncidentDraft, Progress


@dataclass(frozen=True)
class Ticket:
    """What the system made: by what its interface finds it, what people call it, their page."""

    id: str
    number: str
    url: str


@dataclass(frozen=True)
class File:
    """A file that goes along; ``name`` is of its own within an incident."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Status:
    """How far the engineers are, and what their system calls that."""

    progress: Progress
    words: str


@dataclass(frozen=True)
class Record:
    """What the system has of a ticket, as plain text; ``files`` are names with sizes in bytes.

    A size of -1 is one that the system does not tell.
    """

    title: str
    text: str
    reference: str
    files: Mapping[str, int]
    comments: Sequence[str]
    status: Status


class Ticketing(Protocol):
    """A ticketing system. The calls raise Refused or Unavailable."""

    name: str

    def find(self, reference: str) -> Ticket | None:
        """The ticket that carries exactly this reference, or None."""
        ...

    def create(self, draft: IncidentDraft) -> Ticket:
        """Makes the ticket, without files. Called only after ``find`` came back empty."""
        ...

    def attach(self, ticket: Ticket, files: Sequence[File]) -> None:
        """Adds files that ``read`` did not show."""
        ...

    def comment(self, ticket: Ticket, text: str) -> None:
        """Adds a text that ``read`` did not show."""
        ...

    def read(self, ticket: Ticket) -> Record:
        """Everything that the system kept."""
        ...

    def status(self, ticket: Ticket) -> Status:
        """How far it is."""
        ...

    def check(self) -> None:
        """Reaches the system and signs in."""
        ...


def status_of(words: str, known: Mapping[str, Progress], *, closed: bool = False) -> Status:
    """A status by the system's own name; a name nobody told us means that they are at work."""
    otherwise = Progress.CLOSED if closed else Progress.IN_PROGRESS
    return Status(known.get(words.casefold(), otherwise), words)
