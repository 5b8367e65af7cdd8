"""The manager's page."""

from datetime import timedelta

from flask import Blueprint

from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.people import Right
from vipservice.rules.refusals import N_
from vipservice.services.reports import tables
from vipservice.services.reports.board import board
from vipservice.services.reports.tables import Selection
from vipservice.web import charts
from vipservice.web.access import allow, service
from vipservice.web.periods import DAYS
from vipservice.web.rendering import render_island
from vipservice.web.state import me

pages = Blueprint("dashboard", __name__)


@pages.get("/dashboard")
@allow(Right.WATCH)
def show() -> str:
    """The live board, and the service level of the last 30 days."""
    store = service().store
    today = store.clock().astimezone(NETHERLANDS).date()
    last = Selection(today - timedelta(days=DAYS - 1), today)
    with store.moment():
        state, trend = _state(), charts.trend(last)
    return render_island(
        N_("Dashboard"), "dashboard", state, template="dashboard.html", trend=trend
    )


@pages.get("/wallboard")
@allow(Right.WATCH)
def wallboard() -> str:
    """The board for a screen on the wall."""
    with service().store.moment():
        state = _state()
    return render_island(N_("Wallboard"), "wallboard", state)


def _state() -> dict[str, object]:
    store = service().store
    return {
        "me": me(),
        "board": board(store, service().capacity, service().settings.reports.goal_percent),
        "targetMinutes": tables.target_minutes(store),
    }
