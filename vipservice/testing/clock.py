"""Time as the test says it is."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    """Stands still until it is moved."""

    def __init__(self, at: str) -> None:
        self.now = datetime.fromisoformat(at).astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, at: str) -> None:
        """To this moment, written with its offset."""
        self.now = datetime.fromisoformat(at).astimezone(UTC)

    def forward(self, **delta: float) -> None:
        """By this much."""
        self.now += timedelta(**delta)
