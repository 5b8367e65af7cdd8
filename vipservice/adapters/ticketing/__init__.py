"""Ticketing systems behind one Protocol."""

from pathlib import Path

from vipservice.adapters.ticketing.base import Ticketing
from vipservice.adapters.ticketing.console import ConsoleTicketing
from vipservice.adapters.ticketing.roundup import RoundupTicketing
from vipservice.adapters.ticketing.topdesk import TopdeskTicketing
from vipservice.config import Settings


def make_ticketing(settings: Settings) -> Ticketing:
    """The system that the settings name."""
    chosen = settings.ticketing
    password = chosen.password.get_secret_value()
    if chosen.system == "topdesk":
        return TopdeskTicketing(
            chosen.url, chosen.user, password, chosen.operator_group, chosen.timeout_seconds
        )
    if chosen.system == "roundup":
        return RoundupTicketing(chosen.url, chosen.user, password, chosen.timeout_seconds)
    page = f"{settings.server.public_url.rstrip('/')}/console-incidents"
    return ConsoleTicketing(Path(chosen.folder), page)
