"""Ticketing systems behind one Protocol."""

from collections.abc import Callable
from pathlib import Path

from vipservice.adapters.ticketing.base import Ticketing
from vipservice.adapters.ticketing.console import ConsoleTicketing
from vipservice.adapters.ticketing.jira import JiraTicketing
from vipservice.adapters.ticketing.redmine import RedmineTicketing
from vipservice.adapters.ticketing.roundup import RoundupTicketing
from vipservice.adapters.ticketing.rt import RtTicketing
from vipservice.adapters.ticketing.servicenow import ServicenowTicketing
from vipservice.adapters.ticketing.topdesk import TopdeskTicketing
from vipservice.adapters.ticketing.webhook import WebhookTicketing
from vipservice.adapters.ticketing.zammad import ZammadTicketing
from vipservice.config import Settings, TicketingSettings

SYSTEMS: dict[str, Callable[[TicketingSettings], Ticketing]] = {
    "topdesk": TopdeskTicketing,
    "servicenow": ServicenowTicketing,
    "jira": JiraTicketing,
    "zammad": ZammadTicketing,
    "rt": RtTicketing,
    "redmine": RedmineTicketing,
    "roundup": RoundupTicketing,
    "webhook": WebhookTicketing,
}


def make_ticketing(settings: Settings) -> Ticketing:
    """The system that the settings name."""
    chosen = settings.ticketing
    if chosen.system in SYSTEMS:
        return SYSTEMS[chosen.system](chosen)
    page = f"{settings.server.public_url.rstrip('/')}/console-incidents"
    return ConsoleTicketing(Path(chosen.folder), page)
