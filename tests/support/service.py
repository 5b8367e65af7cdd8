"""A service around a store, without ways to the outside and without a process beside it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from vipservice.adapters.aside import Aside
from vipservice.adapters.drafts import Drafts
from vipservice.adapters.foresight import Foresight
from vipservice.adapters.mail import FolderMail
from vipservice.adapters.ticketing import one_system
from vipservice.adapters.ticketing.base import Ticketing
from vipservice.adapters.ticketing.console import ConsoleTicketing
from vipservice.config import Settings
from vipservice.services.context import Service
from vipservice.services.shares import Shares
from vipservice.store.work import Store

NOWHERE = Path("/nonexistent")


class Here(Aside):
    """Does the work at once, in this process."""

    def run(self, seconds: float, function: Callable[..., Any], *given: Any) -> Any:
        del seconds
        return function(*given)


def service_of(store: Store, system: Ticketing | None = None, **sections: Any) -> Service:
    """A service with these sections of the configuration."""
    settings = Settings(**{"security": {"secret_key": "for tests only"}} | sections)
    systems = one_system(system or ConsoleTicketing(NOWHERE, "page"))
    return Service(
        settings, store, systems, FolderMail(NOWHERE), Drafts(Here()), Foresight(Here()),
        shares=Shares(settings.limits), exports=Here(),
    )  # fmt: skip
