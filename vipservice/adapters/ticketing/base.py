"""What vipservice asks of a ticketing system, whichever it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from vipservice.rules.incidents.model import IncidentDraft, Progress
from vipservice.rules.text import one_line

NOBODY = "vip-check"
"""A reference that no ticket has: a look-up that finds something by it looks nothing up."""


@dataclass(frozen=True)
class Ticket:
    """What the system made: by what its interface finds it, what people call it, their page."""

    id: str
    number: str
    url: str

    def __post_init__(self) -> None:
        for name in ("id", "number", "url"):
            object.__setattr__(self, name, one_line(getattr(self, name)))


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

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", one_line(self.words))


@dataclass(frozen=True)
class Record:
    """What the system has of a ticket, as plain text; ``files`` are names with sizes in bytes.

    A size of -1 is one that the system does not tell. ``comments`` are all texts that came after
    the first, whoever may read them.
    """

    title: str
    text: str
    reference: str
    files: Mapping[str, int]
    comments: Sequence[str]
    status: Status


class Ticketing(Protocol):
    """A ticketing system. The calls raise Refused, Missing or Unavailable.

    A ticket has a requester of its own, who may read it: a person of one municipality.
    ``has_notes``: there are texts that only the engineers read. ``has_internal_files``: files
    too. Without the one ``note``, without the other ``note`` with files, is never called.
    """

    name: str
    has_notes: bool
    has_internal_files: bool

    def find(self, reference: str) -> Ticket | None:
        """The ticket that carries exactly this reference, or None."""
        ...

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """Makes the ticket, with those of the files that it can take in the same step.

        Called only after ``find`` came back empty.
        """
        ...

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """Brings files that ``read`` did not show; nobody is mailed where that can be helped.

        ``internal``: only the engineers have them.
        """
        ...

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """Adds a text, with files, that the ticket's requester may read."""
        ...

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """Adds a text, with files, that only the engineers read."""
        ...

    def read(self, ticket: Ticket) -> Record:
        """Everything that the system kept."""
        ...

    def status(self, ticket: Ticket) -> Status:
        """How far it is."""
        ...

    def check(self) -> None:
        """Whether incidents can be made and found again: log-in, rights, settings, look-up.

        Raises with a sentence that says which of them is wrong.
        """
        ...


def status_of(words: str, known: Mapping[str, Progress], *, closed: bool = False) -> Status:
    """A status by the system's own name; what nobody told us of is not called anything else."""
    otherwise = Progress.CLOSED if closed else Progress.UNKNOWN
    return Status(known.get(words.casefold(), otherwise), words)


def page_of(url: str, base: str) -> str:
    """An address that a system gave, when it is a page of that system's own host; else ""."""
    try:
        parts = urlsplit(url)
        same = parts.hostname == urlsplit(base).hostname
    except ValueError:
        return ""
    return url if same and parts.scheme in ("http", "https") else ""
