"""Refusals: every "no" of the product, as a sentence that can be translated.

``title`` and ``detail`` are message ids; the edge translates them for the reader and
fills in ``params``. Nothing else that the product raises on purpose reaches a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass


def N_(text: str) -> str:
    """Marks a text for the catalogue; it is translated at the edge."""
    return text


@dataclass(frozen=True)
class FieldError:
    """One bad field of an input: its name as the client knows it and what is wrong."""

    field: str
    detail: str
    params: tuple[tuple[str, object], ...] = ()


class Refusal(Exception):
    """The request is understood and not done; ``detail`` says what to do about it."""

    status = 409
    title = N_("This is not possible now")

    def __init__(self, detail: str, **params: object) -> None:
        super().__init__(detail % params if params else detail)
        self.detail = detail
        self.params = params


class NotFound(Refusal):
    """No such thing, or none that this reader may see: the two answer alike."""

    status = 404
    title = N_("Not found")

    def __init__(self, detail: str = N_("This does not exist, or you may not see it.")) -> None:
        super().__init__(detail)


class NotSignedIn(Refusal):
    """Nobody is signed in on this request."""

    status = 401
    title = N_("You are not signed in")

    def __init__(self, detail: str = N_("Sign in and try again.")) -> None:
        super().__init__(detail)


class SomebodyElse(NotSignedIn):
    """The page is of one person and the session behind it is of another."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Somebody else has signed in in this browser. Your text stays here for you: sign "
                "in again to go on."
            )
        )


class NotAllowed(Refusal):
    """Signed in, but this is for somebody else to do."""

    status = 403
    title = N_("You may not do this")


class Invalid(Refusal):
    """The input does not hold; ``errors`` names every bad field at once."""

    status = 400
    title = N_("Something is not filled in correctly")

    def __init__(
        self,
        errors: Sequence[FieldError],
        detail: str = N_("Check the fields that are named and try again."),
    ) -> None:
        super().__init__(detail)
        self.errors = tuple(errors)


class Later(Refusal):
    """Not now, but perhaps in ``seconds``: the same request can be sent again then."""

    def __init__(self, detail: str, seconds: int, /, **params: object) -> None:
        super().__init__(detail, **params)
        self.seconds = seconds


class TooManyAttempts(Later):
    """Slowed down: try again after ``seconds``."""

    status = 429
    title = N_("Too many attempts")

    def __init__(self, seconds: int) -> None:
        words = N_("Too many attempts to sign in. Try again in %(seconds)d seconds.")
        super().__init__(words, seconds, seconds=seconds)


class Busy(Later):
    """The database, or what else is needed, could not be had in time. Nothing was done."""

    status = 503
    title = N_("Busy")

    def __init__(self) -> None:
        super().__init__(N_("It is very busy now. Nothing was lost: try again in a moment."), 2)


class BeingDone(Later):
    """The same request is being worked on: its answer comes with the next try."""

    def __init__(self) -> None:
        super().__init__(N_("This is being done already. Wait a moment."), 1)
