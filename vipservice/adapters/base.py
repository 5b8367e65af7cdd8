"""What every way to the outside can answer."""


class OutsideError(Exception):
    """It was not done; the text holds the other side's own words."""


class Refused(OutsideError):
    """Refused for good: the same request would be refused again."""


class Unavailable(OutsideError):
    """Not now: trying again later can help. ``retry_after`` is in seconds, None if unsaid."""

    def __init__(self, words: str, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.retry_after = retry_after
