"""What every way to the outside can answer."""

from vipservice.rules.text import one_line


class OutsideError(Exception):
    """It was not done; the text holds the other side's own words, as one line."""

    def __init__(self, words: str) -> None:
        super().__init__(one_line(words))


class Refused(OutsideError):
    """Refused for good: the same request would be refused again."""


LONGEST_REST = 3600.0
"""Seconds: who asks for a longer rest is asked again after this."""


class Unavailable(OutsideError):
    """Not now: trying again later can help. ``retry_after`` is in seconds, None if unsaid."""

    def __init__(self, words: str, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.retry_after = None if retry_after is None else min(retry_after, LONGEST_REST)


class Missing(Unavailable):
    """The system answers that what was asked for is not there, or not for us (403, 404, 410).

    About a ticket that was there it is an answer; about anything else the settings may be wrong.
    """
