"""What a running service consists of, handed to its edges."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vipservice.adapters.aside import Aside
from vipservice.adapters.drafts import Drafts
from vipservice.adapters.foresight import Foresight
from vipservice.adapters.mail import Mail
from vipservice.adapters.ticketing import Systems
from vipservice.adapters.webhook import Webhook
from vipservice.beside import Beside, at_once
from vipservice.config import Settings
from vipservice.config.limits import LimitsSettings
from vipservice.rules.routing import Capacity, Patience
from vipservice.services.incidents.drafting import Drafter
from vipservice.services.shares import Shares
from vipservice.store.work import Store


@dataclass(frozen=True)
class Service:
    """Settings, store and the ways to the outside of one process.

    ``beside`` is for what frees the interpreter while it works, such as argon2; ``drafts``,
    forecasts and ``exports`` are made in processes of their own. ``up_since``: when it began.
    """

    settings: Settings
    store: Store
    systems: Systems
    mail: Mail
    drafts: Drafts
    foresight: Foresight
    webhook: Webhook | None = None
    beside: Beside = at_once
    shares: Shares = field(default_factory=lambda: Shares(LimitsSettings()))
    exports: Aside = field(default_factory=Aside)
    up_since: datetime | None = None

    @property
    def capacity(self) -> Capacity:
        """How much a specialist takes on, from the settings."""
        routing = self.settings.routing
        return Capacity(routing.max_chats, routing.offline_seconds, self.up_since)

    @property
    def patience(self) -> Patience:
        """How long customers may be silent, from the settings."""
        routing = self.settings.routing
        return Patience(
            timedelta(minutes=routing.idle_minutes),
            timedelta(hours=routing.remind_hours),
            timedelta(hours=routing.close_hours),
        )

    @property
    def drafter(self) -> Drafter:
        """Makes drafts of incidents, in the service's own language: engineers read them."""
        return Drafter(self.drafts.make, self.settings.server.public_url)
