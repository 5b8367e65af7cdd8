"""A form of new hours or targets: looked at beforehand, or saved."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

from flask import flash, make_response, redirect, request
from pydantic import BeforeValidator, Field
from werkzeug.wrappers import Response

from vipservice.i18n import translator
from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.policy import Policy
from vipservice.rules.refusals import N_, Invalid
from vipservice.rules.sla import Calendar
from vipservice.services.hours_and_targets import changes
from vipservice.services.hours_and_targets.clocks import Change
from vipservice.services.inputs import FormInput
from vipservice.web.access import actor, service
from vipservice.web.forms import form
from vipservice.web.rendering import language, refused

SAVED = N_("Saved. It holds from %(moment)s.")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=NETHERLANDS).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(N_("Give a date and a time.")) from None


class ChangeForm(FormInput):
    """From when, whether clocks that run follow, and why; what changes is of each kind."""

    action: Literal["preview", "save", "follow"] = "save"
    valid_from: Annotated[datetime, BeforeValidator(_moment)] | None = None
    """A local date and time, of the browser's own field."""
    running: Literal["keep", "recalculate"] = "keep"
    reason: str = Field(default="", max_length=500)

    def content(self) -> Calendar | Policy | None:
        """The new hours or targets; None lets a team follow the desk."""
        raise NotImplementedError


def look_or_save(
    model: type[ChangeForm], again: Callable[..., str], team_id: str | None = None
) -> Response:
    """Shows what the change of the form would do, or saves it; ``again`` shows the form."""
    store = service().store
    try:
        given = form(model)
        wanted = Change(
            given.content(), team_id, given.valid_from, given.running == "recalculate", given.reason
        )
        seen = changes.preview(store, actor(), wanted)
        if given.action == "preview":
            return make_response(again(preview=seen))
        changes.save(store, actor(), wanted)
    except Invalid as refusal:
        return make_response(again(problem=refused(refusal)), 400)
    local = seen.valid_from.astimezone(NETHERLANDS)
    flash(translator(language())(SAVED) % {"moment": f"{local:%d-%m-%Y %H:%M}"})
    return redirect(request.full_path.rstrip("?"))
