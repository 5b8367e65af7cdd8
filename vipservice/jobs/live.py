"""What the jobs ask of the live edge."""

from typing import Protocol


class Live(Protocol):
    """The live edge, as far as jobs know it."""

    def refresh(self) -> None:
        """Sends what is out of date."""

    def foresee(self) -> None:
        """Sends the forecast if the desk has changed."""

    def mark_stale(self) -> None:
        """Has the next refresh send everything."""

    def look_outside(self) -> None:
        """Tells the centre what does not get out, when that has changed."""

    def end_rights(self) -> None:
        """Closes the connections of whose rights ended, by whatever process, or are over."""

    def close_strangers(self) -> None:
        """Closes the lines on which nobody has signed in for too long."""

    def specialists(self) -> set[str]:
        """The specialists with a connection to this process."""
        ...
