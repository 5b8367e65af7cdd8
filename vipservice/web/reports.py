"""The manager's reports: pages over the same tables as the API and the exports."""

from datetime import date, datetime, time, timedelta
from typing import Any

from babel.dates import format_date
from flask import Blueprint, request
from pydantic import Field

from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.measures import month_end
from vipservice.rules.people import Right
from vipservice.rules.refusals import N_
from vipservice.services.inputs import Input
from vipservice.services.people import accounts, organisation
from vipservice.services.reports import tables
from vipservice.services.reports.behind import PAGE, chats_behind
from vipservice.services.reports.tables import Figures, Selection
from vipservice.services.reports.words import DEFINITIONS, HEADINGS
from vipservice.store.tables import Municipality, Team, Topic
from vipservice.web import charts
from vipservice.web.access import allow, service
from vipservice.web.api.endpoint import query
from vipservice.web.periods import Period, require_specialists
from vipservice.web.rendering import language, render

pages = Blueprint("reports", __name__)
MOST_LATE = 10_000
CHANGE = (
    "percent_within", "median_pickup_minutes", "p90_pickup_minutes", "late", "closed",
    "percent_first_contact", "percent_repeats", "incident", "average_handling_minutes",
    "average_parked_minutes", "percent_reply_within", "chats",
)  # fmt: skip
"""The figures at the head of the page, in this order."""
BETTER_WHEN_LESS = {
    "median_pickup_minutes", "p90_pickup_minutes", "late", "percent_repeats",
    "average_handling_minutes", "average_parked_minutes",
}  # fmt: skip
NEUTRAL = {"closed", "chats", "incident"}
LINKED = {"percent_within": "breached", "percent_first_contact": "answered",
          "percent_repeats": "repeats", "percent_reply_within": "reply_offered",
          "median_pickup_minutes": "picked", "p90_pickup_minutes": "picked",
          "average_handling_minutes": "closed", "average_parked_minutes": "closed"}  # fmt: skip
"""Whose chats a figure opens that is not itself a count."""
BY = {
    "topic": (tables.by_topic, N_("By topic")),
    "municipality": (tables.by_municipality, N_("By municipality")),
    "team": (tables.by_team, N_("By team")),
    "specialist": (tables.by_specialist, N_("By specialist")),
}


class ReportQuery(Period):
    """A period, and by whom the table is split."""

    by: str = Field(default="topic", pattern="^(topic|municipality|team|specialist)$")


class BehindQuery(Period):
    """A period, a figure, and of whom."""

    figure: str
    weekday: int | None = Field(default=None, ge=0, le=6)
    hour: int | None = Field(default=None, ge=0, le=23)
    team_id: str = ""
    specialist_id: str = ""
    skip: int = Field(default=0, ge=0, le=1_000_000)


class Month(Input):
    """A month such as 2026-04; the last whole one when nothing is said."""

    month: str = Field(default="", pattern=r"^(20\d{2}-(0[1-9]|1[0-2]))?$")


@pages.get("/reports")
@allow(Right.WATCH)
def show() -> str:
    """The figures of a period, beside those of the period before."""
    wanted: ReportQuery = query(ReportQuery)
    with service().store.moment():
        told = _report(wanted)
    return render("reports/report.html", **told)


def _report(wanted: ReportQuery) -> dict[str, object]:
    question = wanted.question()
    store, before, ways = service().store, question.before(), _ways(question)
    by = wanted.by if wanted.by in ways else "topic"
    summary = tables.summary(store, question)
    return dict(
        question=question, before=before, by=by, ways=ways,
        summary=summary, cards=_cards(summary, tables.summary(store, before)),
        trend=charts.trend(question), times=charts.times(question), heat=_heat(question),
        rows=BY[by][0](store, question), presets=_presets(), arguments=_arguments(),
        target=tables.target_minutes(store),
        goal=service().settings.reports.goal_percent, definitions=DEFINITIONS, headings=HEADINGS,
        municipalities=organisation.list_parts(store, Municipality),
        topics=organisation.list_parts(store, Topic),
    )  # fmt: skip


@pages.get("/reports/chats")
@allow(Right.WATCH)
def behind() -> str:
    """The chats behind a figure."""
    wanted: BehindQuery = query(BehindQuery)
    if wanted.specialist_id:
        require_specialists()
    store = service().store
    question = wanted.question()
    chats = chats_behind(
        store, wanted.figure, question, weekday=wanted.weekday, hour=wanted.hour,
        team_id=wanted.team_id, specialist_id=wanted.specialist_id, skip=wanted.skip,
    )  # fmt: skip
    return render(
        "reports/chats.html", chats=chats, question=question, wanted=wanted,
        heading=HEADINGS[wanted.figure], whom=_whom(wanted), arguments=_arguments(),
        more=wanted.skip + PAGE if len(chats) == PAGE else None,
    )  # fmt: skip


@pages.get("/reports/statements/<municipality_id>")
@allow(Right.WATCH)
def statement(municipality_id: str) -> str:
    """What a municipality can be sent about a month, to print."""
    wanted: Month = query(Month)
    with service().store.moment():
        told = _statement(wanted, municipality_id)
    return render("reports/statement.html", **told)


def _statement(wanted: Month, municipality_id: str) -> dict[str, object]:
    store = service().store
    municipality = organisation.get_part(store, Municipality, municipality_id)
    first = _first_day(wanted.month)
    question = Selection(first, month_end(first), municipality.id)
    return dict(
        municipality=municipality, first=first,
        title_month=format_date(first, "LLLL y", locale=language()),
        summary=tables.summary(store, question), days=tables.days(store, question),
        topics=tables.by_topic(store, question),
        late=chats_behind(store, "breached", question, limit=MOST_LATE),
        times=charts.times(question), target=tables.target_minutes(store, municipality.id),
        definitions=DEFINITIONS, question=question, made=store.clock(),
        this_month=store.clock() < _midnight_after(question),
        before=(first - timedelta(days=1)).strftime("%Y-%m"),
        after=(question.until + timedelta(days=1)).strftime("%Y-%m"),
    )  # fmt: skip


def _ways(question: Selection) -> dict[str, str]:
    """By whom a table can be split here: (name, words)."""
    narrowed = bool(question.municipality_id or question.topic_id)
    shown = {"topic", "municipality"} if narrowed else set(BY)
    if not service().settings.reports.per_specialist:
        shown.discard("specialist")
    return {name: words for name, (_, words) in BY.items() if name in shown}


def _cards(now: Figures, before: Figures) -> list[dict[str, Any]]:
    """The figures at the head, each with what it was and whether that is better or worse."""
    return [_card(name, getattr(now, name), getattr(before, name)) for name in CHANGE]


def _card(name: str, now: float | None, before: float | None) -> dict[str, Any]:
    trend = ""
    if now is not None and before is not None and now != before and name not in NEUTRAL:
        trend = "better" if (now < before) == (name in BETTER_WHEN_LESS) else "worse"
    figure = LINKED.get(name, name)
    return {"name": name, "now": now, "before": before, "trend": trend, "figure": figure}


def _heat(question: Selection) -> dict[str, Any] | None:
    """Weekdays × hours with a level from 0 to 4; None when it is not kept."""
    if question.municipality_id and question.topic_id:
        return None
    cells = tables.heat(service().store, question)
    most = max((cell.contacts for cell in cells), default=0)
    table = {(cell.weekday, cell.hour): cell for cell in cells}
    levels = {key: -(-4 * cell.contacts // most) if most else 0 for key, cell in table.items()}
    hours = sorted({cell.hour for cell in cells})
    days = sorted({cell.weekday for cell in cells} | set(range(5)))
    return {"cells": table, "levels": levels, "hours": hours, "days": days}


def _presets() -> list[tuple[str, str, str]]:
    """Periods that are asked for often: (words, from, until)."""
    today = service().store.clock().astimezone(NETHERLANDS).date()
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    return [
        (N_("Today"), today.isoformat(), today.isoformat()),
        (N_("This week"), monday.isoformat(), today.isoformat()),
        (N_("This month"), first.isoformat(), today.isoformat()),
        (N_("Last month"), last_month.replace(day=1).isoformat(), last_month.isoformat()),
        (N_("This year"), today.replace(month=1, day=1).isoformat(), today.isoformat()),
    ]


def _arguments() -> dict[str, str]:
    """What is asked for now, to ask for nearly the same with a link."""
    return {name: value for name, value in request.args.items() if value and name != "skip"}


def _whom(wanted: BehindQuery) -> list[str]:
    """The names of whom the chats are of."""
    store = service().store
    given: tuple[tuple[Any, str], ...] = (
        (Municipality, wanted.municipality_id), (Topic, wanted.topic_id), (Team, wanted.team_id),
    )  # fmt: skip
    names = [str(organisation.get_part(store, table, id_).name) for table, id_ in given if id_]
    if wanted.specialist_id:
        names.append(accounts.get_person(store, wanted.specialist_id).name)
    return names


def _first_day(month: str) -> date:
    if month:
        return date.fromisoformat(f"{month}-01")
    today = service().store.clock().astimezone(NETHERLANDS).date()
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _midnight_after(question: Selection) -> datetime:
    return datetime.combine(question.until + timedelta(days=1), time(), NETHERLANDS)
