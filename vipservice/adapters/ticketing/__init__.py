"""Ticketing systems behind one Protocol, each by the name that its incidents hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from vipservice.config import Settings, SystemSettings

SYSTEMS: dict[str, Callable[[SystemSettings], Ticketing]] = {
    "topdesk": TopdeskTicketing,
    "servicenow": ServicenowTicketing,
    "jira": JiraTicketing,
    "zammad": ZammadTicketing,
    "rt": RtTicketing,
    "redmine": RedmineTicketing,
    "roundup": RoundupTicketing,
    "webhook": WebhookTicketing,
}


@dataclass(frozen=True)
class Systems:
    """Every configured system by its name; new incidents go to the one called ``main``."""

    main: str
    by_name: Mapping[str, Ticketing]

    @property
    def names(self) -> frozenset[str]:
        """The systems whose tickets are followed."""
        return frozenset(self.by_name)


def one_system(ticketing: Ticketing) -> Systems:
    """One system, under its own name."""
    return Systems(ticketing.name, {ticketing.name: ticketing})


def make_systems(settings: Settings) -> Systems:
    """The systems that the settings name."""
    page = f"{settings.server.public_url.rstrip('/')}/console-incidents"
    chosen = settings.ticketing
    return Systems(
        chosen.own_name, {name: _made(one, page) for name, one in chosen.systems.items()}
    )


def _made(settings: SystemSettings, page: str) -> Ticketing:
    if settings.system in SYSTEMS:
        return SYSTEMS[settings.system](settings)
    return ConsoleTicketing(Path(settings.folder), page)
