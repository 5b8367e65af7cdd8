"""What vipservice asks of a ticketing system, whichever it is."""

from dataclasses import dataclass
from typing import Protocol

from vipservice.rules.incidents import IncidentDraft


@dataclass(frozen=True)
class Ticket:
    """What the system made: the number that people use, and a page for them."""

    number: str
    url: str


class TicketingError(Exception):
    """The system did not do it; the text holds its own words."""


class TicketingRefused(TicketingError):
    """Refused for good: the same request would be refused again, so a person must mend it."""


class TicketingUnavailable(TicketingError):
    """Not now: trying again later can help. ``retry_after`` is in seconds, None if unsaid."""

    def __init__(self, words: str, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.retry_after = retry_after


class Ticketing(Protocol):
    """A ticketing system. Both calls raise TicketingRefused or TicketingUnavailable."""

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
