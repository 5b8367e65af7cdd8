"""A form of new hours or targets: looked at beforehand, or saved."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from flask import flash, make_response, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from vipservice.i18n import translator
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.policy import Policy
from vipservice.rules.refusals import N_, FieldError, Invalid
from vipservice.rules.sla import Calendar
from vipservice.rules.text import one_line
from vipservice.services.hours_and_targets import changes
from vipservice.services.hours_and_targets.clocks import Change
from vipservice.web.access import actor, service
from vipservice.web.rendering import language, refused

FormValues = MultiDict[str, str]
"""What stands in a form: as it was sent, or as there is."""
EMPTY_ROWS = 3
_ROW = re.compile(r"([a-z_]{1,40})_(\d{1,3})")
SAVED = N_("Saved. It holds from %(moment)s.")


def look_or_save(change: Callable[[], Change], again: Callable[..., str]) -> Response:
    """Shows what the change of the form would do, or saves it; ``again`` shows the form."""
    store = service().store
    try:
        wanted = change()
        seen = changes.preview(store, actor(), wanted)
        if request.form.get("action") == "preview":
            return make_response(again(preview=seen))
        changes.save(store, actor(), wanted)
    except Invalid as refusal:
        return make_response(again(problem=refused(refusal)), 400)
    local = seen.valid_from.astimezone(NETHERLANDS)
    flash(translator(language())(SAVED) % {"moment": f"{local:%d-%m-%Y %H:%M}"})
    return redirect(request.full_path.rstrip("?"))


def read_change(content: Calendar | Policy | None, team_id: str | None = None) -> Change:
    """The change that the form asks for. Raises Invalid."""
    return Change(
        content,
        team_id=team_id,
        valid_from=_moment("valid_from"),
        reckon=request.form.get("running") == "reckon",
        reason=one_line(request.form.get("reason", ""))[:500],
    )


def _moment(field: str) -> datetime | None:
    """A local date and time, of the browser's own field."""
    text = request.form.get(field, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=NETHERLANDS).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid([FieldError(field, N_("Give a date and a time."))]) from None


def rows_to_fill(values: FormValues, *fields: str) -> range:
    """The rows to show: up to the last that is filled in, and some to fill."""
    return range(_last(values, fields, filled=True) + 1 + EMPTY_ROWS)


def given_rows(*fields: str) -> range:
    """Every row that was sent, also below one that was emptied."""
    return range(_last(request.form, fields, filled=False) + 1)


def _last(values: FormValues, fields: tuple[str, ...], *, filled: bool) -> int:
    """The highest number of a row; -1 without any."""
    found = (_ROW.fullmatch(name) for name in values)
    return max(
        (
            int(match[2])
            for match in found
            if match and match[1] in fields and (values[match[0]] or not filled)
        ),
        default=-1,
    )
