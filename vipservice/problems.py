"""Refusals as the outside sees them: problem details (RFC 9457) in the reader's language."""

import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from vipservice.i18n import translator
from vipservice.rules.refusals import N_, FieldError, Invalid, Later, Refusal

Location = tuple[int | str, ...]
"""The way to a field: names, and numbers in a list."""
SESSION_COOKIE = "vipservice_session"

_FAILED = (
    N_("Something went wrong here"),
    N_("This is our mistake. Nothing was lost; try again, and call us if it happens again."),
)

NO_DATE = N_("Give a date such as 2026-04-24.")
_SENTENCES = {
    "missing": N_("This must be filled in."),
    "string_too_short": N_("This must be filled in."),
    "string_too_long": N_("This is too long: %(max_length)d characters at most."),
    "string_pattern_mismatch": N_("This does not have the right form."),
    "extra_forbidden": N_("This is not a field that we know."),
    "enum": N_("Choose one of: %(expected)s."),
    "literal_error": N_("Choose one of: %(expected)s."),
    "date_from_datetime_parsing": NO_DATE,
    "date_parsing": NO_DATE,
    "int_parsing": N_("Give a whole number."),
    "union_tag_not_found": N_("This must be filled in."),
    "union_tag_invalid": N_("Choose one of: %(expected)s."),
}
_NO_ADDRESS = N_("This is not an e-mail address.")
_OTHERWISE = N_("This does not have the right form.")
_QUOTED = re.compile(r"'\w+'")


def problem(refusal: Refusal | None, language: str) -> dict[str, Any]:
    """``{status, title, detail, errors?, retryAfter?}``; None stands for a mistake of our own."""
    say = translator(language)
    if refusal is None:
        return {"status": 500, "title": say(_FAILED[0]), "detail": say(_FAILED[1])}
    body: dict[str, Any] = {
        "status": refusal.status,
        "title": say(refusal.title),
        "detail": _filled(say(refusal.detail), refusal.params),
    }
    if isinstance(refusal, Later):
        body["retryAfter"] = refusal.seconds
    if isinstance(refusal, Invalid):
        body["errors"] = [
            {"field": error.field, "detail": _filled(say(error.detail), dict(error.params))}
            for error in refusal.errors
        ]
    return body


def dotted(location: Location) -> str:
    """A field's name as a program knows it: "blocks.0.start"."""
    return ".".join(map(str, location))


def invalid(error: ValidationError, name_of: Callable[[Location], str] = dotted) -> Invalid:
    """Every bad field of an input at once, each under the name that it has there."""
    return Invalid([_field(mistake, name_of(mistake["loc"])) for mistake in error.errors()])


def _field(mistake: Any, name: str) -> FieldError:
    context = mistake.get("ctx", {})
    if mistake["type"] == "value_error":
        return FieldError(name, str(context["error"]) if "error" in context else _NO_ADDRESS)
    if "discriminator" in context:
        name = context["discriminator"].strip("'")
        context = {"expected": ", ".join(_QUOTED.findall(context.get("expected_tags", "")))}
    sentence = _SENTENCES.get(mistake["type"], _OTHERWISE)
    return FieldError(name, sentence, tuple(context.items()))


def _filled(text: str, params: dict[str, object]) -> str:
    return text % params if params else text
