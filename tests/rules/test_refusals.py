"""Every refusal has its status, its sentence and what the edge fills in."""

from collections.abc import Callable
from functools import partial

import pytest

from vipservice.rules.refusals import (
    BeingDone,
    Busy,
    FieldError,
    Invalid,
    Later,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refusal,
    SomebodyElse,
    TooManyAttempts,
)  # fmt: skip
from vipservice.rules.sla import NeverOpens


@pytest.mark.parametrize(
    ("make", "status", "detail"),
    [
        (partial(Refusal, "No."), 409, "No."),
        (NotFound, 404, "This does not exist, or you may not see it."),
        (NotSignedIn, 401, "Sign in and try again."),
        (
            SomebodyElse, 401,
            "Somebody else has signed in in this browser. Your text stays here for you: sign in "
            "again to go on.",
        ),
        (partial(NotAllowed, "Not you."), 403, "Not you."),
        (partial(Invalid, []), 400, "Check the fields that are named and try again."),
        (partial(Invalid, [], "No object."), 400, "No object."),
        (
            partial(TooManyAttempts, 8), 429,
            "Too many attempts to sign in. Try again in %(seconds)d seconds.",
        ),
        (Busy, 503, "It is very busy now. Nothing was lost: try again in a moment."),
        (BeingDone, 409, "This is being done already. Wait a moment."),
        (
            NeverOpens, 409,
            "The opening hours hold no time for this. Tell the knowledge centre.",
        ),
    ],
)  # fmt: skip
def test_what_is_answered(make: Callable[[], Refusal], status: int, detail: str) -> None:
    refusal = make()
    assert (refusal.status, refusal.detail) == (status, detail)


def test_what_is_filled_in_goes_apart_and_stands_in_the_log() -> None:
    refusal = Refusal("At most %(most)d.", most=3)
    assert (refusal.detail, refusal.params) == ("At most %(most)d.", {"most": 3})
    assert str(refusal) == "At most 3."
    assert str(Refusal("100 % sure")) == "100 % sure"


def test_when_to_try_again() -> None:
    later = (Later("Wait.", 7), TooManyAttempts(8), Busy(), BeingDone())
    assert [refusal.seconds for refusal in later] == [7, 8, 2, 1]
    assert TooManyAttempts(8).params == {"seconds": 8}
    assert Later("%(n)d", 1, n=2).params == {"n": 2}


def test_every_bad_field_is_named() -> None:
    errors = [FieldError("a", "Wrong."), FieldError("b", "Too long.")]
    assert Invalid(errors).errors == tuple(errors)
