"""What vipservice asks of a ticketing system, whichever it is."""

from dataclasses import dataclass
from typing import Protocol

from vipservice.rules.incidents import IncidentDraft


@dataclass(frozen=True)
class Ticket:
    """What the system made: the number that people use, and a page for them."""

    number: str
    url: str


class Ticketing(Protocol):
    """A ticketing system. The calls raise Refused or Unavailable."""

    name: str

    def find(self, reference: str) -> Ticket | None:
        """The ticket that carries exactly this reference, or None."""
        ...

    def create(self, draft: IncidentDraft) -> Ticket:
        """Makes the ticket. Called only after ``find`` came back empty."""
        ...

    def check(self) -> None:
        """Reaches the system and signs in."""
        ...
