"""The specialist's page."""

from flask import Blueprint, request

from vipservice.adapters.ticketing.console import ConsoleTicketing
from vipservice.rules.chats import IN_HAND
from vipservice.rules.people import Right
from vipservice.rules.refusals import N_, NotFound
from vipservice.services.chats import access
from vipservice.services.chats.timeline import Wanted
from vipservice.services.conversations import Followed, followed_now
from vipservice.services.people import organisation
from vipservice.services.routing import presence, serving
from vipservice.store.tables import Team
from vipservice.web.access import actor, allow, service
from vipservice.web.rendering import render, render_island
from vipservice.web.state import me

pages = Blueprint("workbench", __name__)


@pages.get("/workbench")
@allow(Right.ANSWER)
def show() -> str:
    """Queue, own chats, who there is to hand over to, and the chat that is asked for."""
    with service().store.moment():
        state = _state() | {"open": _wanted()}
    return render_island(N_("Workbench"), "workbench", state)


def _state() -> dict[str, object]:
    store, capacity = service().store, service().capacity
    loads = presence.specialist_loads(store, capacity)
    return {
        "me": me(),
        "maxChats": capacity.max_chats,
        "warnMinutes": service().settings.sla.warn_minutes,
        "presence": next((load.status for load in loads if load.id == actor().id), "away"),
        "waiting": serving.queue(store),
        "own": access.list_chats(store, actor(), states=IN_HAND, assignee_id=actor().id),
        "specialists": [load for load in loads if load.id != actor().id],
        "teams": [
            {"id": team.id, "name": team.name}
            for team in organisation.list_parts(store, Team, ended=False)
        ],
    }


def _wanted() -> Followed | None:
    """The conversation that is asked for, where that may be read; the page says it when not."""
    try:
        return followed_now(service().store, Wanted(actor(), request.args.get("chat", "")))
    except NotFound:
        return None


@pages.get("/console-incidents")
@allow(Right.CENTRE)
def console_incidents() -> str:
    """The incidents of the console system. Raises NotFound where there is none."""
    systems = service().systems.by_name.values()
    console = next((one for one in systems if isinstance(one, ConsoleTicketing)), None)
    if console is None:
        raise NotFound
    return render("console.html", tickets=console.tickets())
