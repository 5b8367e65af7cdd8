"""The opening hours: of all, or of one team."""

from contextlib import suppress
from datetime import date
from typing import Annotated, Literal

import holidays
from flask import Blueprint, request
from pydantic import BeforeValidator
from werkzeug.wrappers import Response

from vipservice.rules.hours import NETHERLANDS, WEEKDAYS, format_blocks, read_blocks
from vipservice.rules.people import Right
from vipservice.rules.sla import Block, Calendar
from vipservice.rules.text import one_line
from vipservice.services.hours_and_targets import changes
from vipservice.services.hours_and_targets.changes import Preview
from vipservice.services.inputs import Day, FormInput
from vipservice.services.people import organisation
from vipservice.store.tables import CalendarVersion, Team
from vipservice.web.access import allow, service
from vipservice.web.changing import ChangeForm, look_or_save
from vipservice.web.forms import FormValues, posted, rows_to_fill
from vipservice.web.rendering import Problem, language, render

pages = Blueprint("hours", __name__, url_prefix="/settings")
Hours = Annotated[tuple[Block, ...], BeforeValidator(read_blocks)]


def _dates(texts: list[str]) -> frozenset[date]:
    """The dates that are ticked; what is no date was not ticked on our page."""
    found = set()
    for text in texts:
        with suppress(ValueError):
            found.add(date.fromisoformat(text))
    return frozenset(found)


class SpecialDay(FormInput):
    """A day with hours of its own; none is closed."""

    day: Day
    hours: Hours = ()


class HoursForm(ChangeForm):
    """Opening hours: every week, on public holidays, on other days."""

    monday: Hours = ()
    tuesday: Hours = ()
    wednesday: Hours = ()
    thursday: Hours = ()
    friday: Hours = ()
    saturday: Hours = ()
    sunday: Hours = ()
    holidays: Literal["", "NL"] = ""
    """Closed on the public holidays of this country."""
    open_on: Annotated[frozenset[date], BeforeValidator(_dates)]
    special: dict[int, SpecialDay]

    def content(self) -> Calendar | None:
        """As the clocks take it."""
        if self.action == "follow":
            return None
        weekly = tuple(getattr(self, name) for name in WEEKDAYS)
        special = {row.day: row.hours for row in self.special.values()}
        return Calendar(NETHERLANDS.key, weekly, self.holidays, self.open_on, special)


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
    return look_or_save(HoursForm, lambda **more: _hours_page(posted(), own, **more), _team_id())


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
        open_on=sorted(map(str, _dates(values.getlist("open_on")))),
        rows=rows_to_fill(values, "special"),
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


def _holidays(today: date) -> list[tuple[date, str]]:
    """The public holidays from now until the end of next year, with their names."""
    words = "nl" if language() == "nl" else "en_US"
    named = holidays.country_holidays("NL", years=(today.year, today.year + 1), language=words)
    return [(day, name) for day, name in sorted(named.items()) if day >= today]
