"""Opening hours and targets: read from forms, looked at beforehand, saved as a new version."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import holidays
from flask import Blueprint, flash, make_response, redirect, request
from werkzeug.wrappers import Response

from vipservice.i18n import translator
from vipservice.rules.hours import NETHERLANDS, WEEKDAYS, format_blocks, read_blocks
from vipservice.rules.people import Right
from vipservice.rules.policy import Agreement, Policy, Promise, Target
from vipservice.rules.refusals import N_, FieldError, Invalid
from vipservice.rules.sla import Block, Calendar
from vipservice.rules.text import one_line
from vipservice.services import planning
from vipservice.services.people import organisation
from vipservice.services.planning import Change, Preview
from vipservice.store.tables import CalendarVersion, Municipality, PolicyVersion, Team, Topic
from vipservice.web.access import actor, allow, service
from vipservice.web.rendering import language, refused, render

pages = Blueprint("planning", __name__, url_prefix="/settings")
EMPTY_ROWS = 3
MOST_MINUTES = 10_000
LONGEST_NUMBER = 5
AGREEMENT = ("agreement_municipality", "agreement_topic", "agreement_minutes", "agreement_warn")
_ROW = re.compile(r"([a-z_]{1,40})_(\d{1,3})")
SAVED = N_("Saved. It holds from %(moment)s.")
NO_DATE = N_("Give a date such as 2026-04-24.")
NO_MINUTES = N_("Give a whole number of minutes.")
WARN_FIRST = N_("The warning comes before the target, and both are more than nothing.")


@pages.get("/hours")
@allow(Right.PLAN)
def hours() -> str:
    """The hours of the desk, or of one team."""
    calendar, own = planning.current_hours(service().store, _team_id())
    return _hours_page(_hours_values(calendar), own)


@pages.post("/hours")
@allow(Right.PLAN)
def save_hours() -> Response:
    """Looks at new hours or saves them; or lets a team follow the desk again."""
    _, own = planning.current_hours(service().store, _team_id())

    def change() -> Change:
        follows = request.form.get("action") == "follow"
        return _change(None if follows else _read_hours())

    return _look_or_save(change, lambda **more: _hours_page(request.form, own, **more))


@pages.get("/targets")
@allow(Right.PLAN)
def targets() -> str:
    """The targets."""
    return _targets_page(_target_values(planning.current_targets(service().store)))


@pages.post("/targets")
@allow(Right.PLAN)
def save_targets() -> Response:
    """Looks at new targets or saves them."""
    return _look_or_save(
        lambda: _change(_read_targets()), lambda **more: _targets_page(request.form, **more)
    )


def _look_or_save(change: Callable[[], Change], again: Callable[..., str]) -> Response:
    store = service().store
    try:
        wanted = change()
        seen = planning.preview(store, actor(), wanted)
        if request.form.get("action") == "preview":
            return make_response(again(preview=seen))
        planning.save(store, actor(), wanted)
    except Invalid as refusal:
        return make_response(again(problem=refused(refusal)), 400)
    local = seen.valid_from.astimezone(NETHERLANDS)
    flash(translator(language())(SAVED) % {"moment": f"{local:%d-%m-%Y %H:%M}"})
    return redirect(request.full_path.rstrip("?"))


def _change(content: Calendar | Policy | None) -> Change:
    return Change(
        content,
        team_id=_team_id(),
        valid_from=_moment("valid_from"),
        reckon=request.form.get("running") == "reckon",
        reason=one_line(request.form.get("reason", ""))[:500],
    )


def _team_id() -> str | None:
    return one_line(request.args.get("team", "")) or None


def _hours_page(
    values: Any, own: bool, *, preview: Preview | None = None, problem: Any = None
) -> str:
    store = service().store
    today = store.clock().astimezone(NETHERLANDS).date()
    return render(
        "settings/hours.html", values=values, own=own, preview=preview, problem=problem,
        weekdays=WEEKDAYS, team_id=_team_id(), holidays=_holidays(today),
        open_on=_open_on(values), rows=_rows(values, "special_day", "special_hours"),
        teams=organisation.list_parts(store, Team, ended=False),
        versions=planning.versions_of(store, CalendarVersion, _team_id()),
        now=store.clock(),
    )  # fmt: skip


def _targets_page(values: Any, *, preview: Preview | None = None, problem: Any = None) -> str:
    store = service().store
    return render(
        "settings/targets.html", values=values, preview=preview, problem=problem,
        rows=_rows(values, *AGREEMENT),
        topics=organisation.list_parts(store, Topic, ended=False),
        municipalities=organisation.list_parts(store, Municipality, ended=False),
        versions=planning.versions_of(store, PolicyVersion), now=store.clock(),
    )  # fmt: skip


def _hours_values(calendar: Calendar) -> dict[str, Any]:
    """A calendar as its form holds it."""
    values: dict[str, Any] = {
        name: ", ".join(format_blocks(calendar.weekly[index]))
        for index, name in enumerate(WEEKDAYS)
    }
    for row, (day, blocks) in enumerate(sorted(calendar.special.items())):
        values[f"special_day_{row}"] = day.isoformat()
        values[f"special_hours_{row}"] = ", ".join(format_blocks(blocks))
    values["holidays"] = "NL" if calendar.country else ""
    values["open_on"] = [day.isoformat() for day in calendar.open_on]
    return values


def _read_hours() -> Calendar:
    """The calendar of the form. Raises Invalid with every bad field at once."""
    mistakes: list[FieldError] = []
    weekly = tuple(_blocks(name, mistakes) for name in WEEKDAYS)
    special: dict[date, tuple[Block, ...]] = {}
    for row in _given_rows("special_day"):
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


def _moment(field: str) -> datetime | None:
    """A local date and time, of the browser's own field."""
    text = request.form.get(field, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=NETHERLANDS).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid([FieldError(field, N_("Give a date and a time."))]) from None


def _open_on(values: Any) -> list[str]:
    """The dates of holidays that are ticked; what is no date was not ticked on our page."""
    given = values.getlist("open_on") if hasattr(values, "getlist") else values["open_on"]
    return [day for day in given if _is_date(day)]


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


def _target_values(policy: Policy) -> dict[str, Any]:
    """Targets as their form holds them."""
    values: dict[str, Any] = {"manager_minutes": policy.manager_minutes}
    for promise in Promise:
        target: Target = getattr(policy, promise)
        values[f"{promise}_minutes"], values[f"{promise}_warn"] = target.minutes, target.warn
    for row, agreement in enumerate(policy.agreements):
        values[f"agreement_municipality_{row}"] = agreement.municipality_id or ""
        values[f"agreement_topic_{row}"] = agreement.topic_id or ""
        values[f"agreement_minutes_{row}"] = agreement.target.minutes
        values[f"agreement_warn_{row}"] = agreement.target.warn
    return values


def _read_targets() -> Policy:
    """The targets of the form. Raises Invalid with every bad field at once."""
    mistakes: list[FieldError] = []
    pickup, reply, callback = (
        _target(f"{promise}_minutes", f"{promise}_warn", mistakes) for promise in Promise
    )
    manager = _minutes("manager_minutes", mistakes)
    agreements = [_agreement(row, mistakes) for row in _given_rows(*AGREEMENT) if _is_filled(row)]
    if mistakes:
        raise Invalid(mistakes)
    return Policy(pickup, reply, callback, manager, tuple(agreements))


def _is_filled(row: int) -> bool:
    return any(request.form.get(f"{name}_{row}", "").strip() for name in AGREEMENT)


def _agreement(row: int, mistakes: list[FieldError]) -> Agreement:
    target = _target(f"agreement_minutes_{row}", f"agreement_warn_{row}", mistakes)
    municipality = request.form.get(f"agreement_municipality_{row}") or None
    topic = request.form.get(f"agreement_topic_{row}") or None
    if not (municipality or topic):
        words = N_("Choose a municipality, a topic, or both.")
        mistakes.append(FieldError(f"agreement_municipality_{row}", words))
    return Agreement(target, municipality, topic)


def _target(minutes: str, warn: str, mistakes: list[FieldError]) -> Target:
    try:
        return Target(_minutes(minutes, mistakes), _minutes(warn, mistakes))
    except ValueError:
        mistakes.append(FieldError(warn, WARN_FIRST))
        return Target(2, 1)


def _minutes(field: str, mistakes: list[FieldError]) -> int:
    text = request.form.get(field, "").strip()
    short = len(text) <= LONGEST_NUMBER
    if short and text.isascii() and text.isdigit() and int(text) <= MOST_MINUTES:
        return int(text)
    mistakes.append(FieldError(field, NO_MINUTES))
    return 1


def _rows(values: Any, *fields: str) -> range:
    """The rows to show: up to the last that is filled in, and some to fill."""
    return range(_last(values, fields, filled=True) + 1 + EMPTY_ROWS)


def _given_rows(*fields: str) -> range:
    """Every row that was sent, also below one that was emptied."""
    return range(_last(request.form, fields, filled=False) + 1)


def _last(values: Any, fields: tuple[str, ...], *, filled: bool) -> int:
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
