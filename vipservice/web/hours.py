"""The opening hours: of all, or of one team."""

from datetime import date

import holidays
from flask import Blueprint, request
from werkzeug.wrappers import Response

from vipservice.rules.hours import NETHERLANDS, WEEKDAYS, format_blocks, read_blocks
from vipservice.rules.people import Right
from vipservice.rules.refusals import N_, FieldError, Invalid
from vipservice.rules.sla import Block, Calendar
from vipservice.rules.text import one_line
from vipservice.services.hours_and_targets import changes
from vipservice.services.hours_and_targets.changes import Preview
from vipservice.services.hours_and_targets.clocks import Change
from vipservice.services.people import organisation
from vipservice.store.tables import CalendarVersion, Team
from vipservice.web.access import allow, service
from vipservice.web.changing import FormValues, given_rows, look_or_save, read_change, rows_to_fill
from vipservice.web.rendering import Problem, language, render

pages = Blueprint("hours", __name__, url_prefix="/settings")
NO_DATE = N_("Give a date such as 2026-04-24.")


@pages.get("/hours")
@allow(Right.PLAN)
def hours() -> str:
    """The hours of the desk, or of one team."""
    calendar, own = changes.current_hours(service().store, _team_id())
    return _hours_page(_hours_values(calendar), own)


@pages.post("/hours")
@allow(Right.PLAN)
def save_hours() -> Response:
    """Looks at new hours or saves them; or lets a team follow the desk again."""
    _, own = changes.current_hours(service().store, _team_id())

    def change() -> Change:
        follows = request.form.get("action") == "follow"
        return read_change(None if follows else _read_hours(), _team_id())

    return look_or_save(change, lambda **more: _hours_page(request.form, own, **more))


def _team_id() -> str | None:
    return one_line(request.args.get("team", "")) or None


def _hours_page(
    values: FormValues,
    own: bool,
    *,
    preview: Preview | None = None,
    problem: Problem | None = None,
) -> str:
    store = service().store
    today = store.clock().astimezone(NETHERLANDS).date()
    return render(
        "settings/hours.html", values=values, own=own, preview=preview, problem=problem,
        weekdays=WEEKDAYS, team_id=_team_id(), holidays=_holidays(today),
        open_on=_open_on(values), rows=rows_to_fill(values, "special_day", "special_hours"),
        teams=organisation.list_parts(store, Team, ended=False),
        versions=changes.versions_of(store, CalendarVersion, _team_id()),
        now=store.clock(),
    )  # fmt: skip


def _hours_values(calendar: Calendar) -> FormValues:
    """A calendar as its form holds it."""
    values = FormValues(
        {
            name: ", ".join(format_blocks(calendar.weekly[index]))
            for index, name in enumerate(WEEKDAYS)
        }
    )
    for row, (day, blocks) in enumerate(sorted(calendar.special.items())):
        values[f"special_day_{row}"] = day.isoformat()
        values[f"special_hours_{row}"] = ", ".join(format_blocks(blocks))
    values["holidays"] = "NL" if calendar.country else ""
    values.setlist("open_on", [day.isoformat() for day in calendar.open_on])
    return values


def _read_hours() -> Calendar:
    """The calendar of the form. Raises Invalid with every bad field at once."""
    mistakes: list[FieldError] = []
    weekly = tuple(_blocks(name, mistakes) for name in WEEKDAYS)
    special: dict[date, tuple[Block, ...]] = {}
    for row in given_rows("special_day"):
        day = _date(f"special_day_{row}", mistakes)
        if day:
            special[day] = _blocks(f"special_hours_{row}", mistakes)
    if mistakes:
        raise Invalid(mistakes)
    open_on = frozenset(date.fromisoformat(day) for day in _open_on(request.form))
    country = "NL" if request.form.get("holidays") else ""
    return Calendar(NETHERLANDS.key, weekly, country, open_on, special)


def _blocks(field: str, mistakes: list[FieldError]) -> tuple[Block, ...]:
    try:
        return read_blocks(request.form.get(field, ""))
    except ValueError as error:
        mistakes.append(FieldError(field, str(error)))
        return ()


def _date(field: str, mistakes: list[FieldError]) -> date | None:
    text = request.form.get(field, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        mistakes.append(FieldError(field, NO_DATE))
        return None


def _open_on(values: FormValues) -> list[str]:
    """The dates of holidays that are ticked; what is no date was not ticked on our page."""
    return [day for day in values.getlist("open_on") if _is_date(day)]


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _holidays(today: date) -> list[tuple[date, str]]:
    """The public holidays from now until the end of next year, with their names."""
    words = "nl" if language() == "nl" else "en_US"
    named = holidays.country_holidays("NL", years=(today.year, today.year + 1), language=words)
    return [(day, name) for day, name in sorted(named.items()) if day >= today]
