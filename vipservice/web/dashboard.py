"""The manager's page."""

from datetime import timedelta

from flask import Blueprint

from vipservice.rules.hours import NETHERLANDS
from vipservice.rules.people import Role
from vipservice.rules.refusals import N_
from vipservice.services import reports
from vipservice.web.access import allow, service
from vipservice.web.rendering import render_island
from vipservice.web.state import me

pages = Blueprint("dashboard", __name__)
DAYS = 30


@pages.get("/dashboard")
@allow(Role.MANAGER)
def show() -> str:
    """The live board, and the service level of the last 30 days."""
    store = service().store
    today = store.clock().astimezone(NETHERLANDS).date()
    state = {
        "me": me(),
        "board": reports.board(store, service().desk),
        "days": reports.service_level(store, today - timedelta(days=DAYS - 1), today),
        "targetMinutes": service().settings.sla.pickup_minutes,
    }
    return render_island(N_("Dashboard"), "dashboard", state)
