"""The scheduler: APScheduler runs shallow jobs; a lease decides who does the shared ones."""

import logging
import os
import socket
from collections.abc import Callable
from typing import Any, Protocol

from apscheduler.schedulers.background import BackgroundScheduler

from vipservice.rules.events import RightsEnded
from vipservice.services import routing
from vipservice.services.chats.moves import flag_due
from vipservice.services.context import Service
from vipservice.services.incidents.delivery import deliver_next
from vipservice.services.leases import take
from vipservice.services.people.rights import latest_rights_ended

HOLDER = f"{socket.gethostname()}:{os.getpid()}"
LEASE_SECONDS = 15
MARGIN = 0.8
"""A flag falls within ``check_seconds``; the job runs a little more often than that."""


class Live(Protocol):
    """What the jobs ask of the live edge."""

    def refresh(self) -> None:
        """Sends what is out of date."""

    def mark_stale(self) -> None:
        """Has the next refresh send everything."""

    def end_connections(self, ended: RightsEnded) -> None:
        """Closes the connections of whose rights ended."""

    def end_expired(self) -> None:
        """Closes the connections of sessions that are over by the clock."""

    def specialists(self) -> set[str]:
        """The specialists with a connection to this process."""
        ...


def start_jobs(service: Service, live: Live) -> BackgroundScheduler:
    """Starts every job of this process; the scheduler, to shut down later."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )

    def every(seconds: float, job: Callable[[], Any]) -> None:
        scheduler.add_job(job, "interval", seconds=seconds)

    rights = RightsWatch(service, live)
    every(service.settings.sla.check_seconds * MARGIN, lambda: flag(service))
    every(1, lambda: deliver(service))
    every(0.5, rights.look)
    every(0.5, live.refresh)
    every(20, live.mark_stale)
    every(20, lambda: routing.seen(service.store, live.specialists()))
    every(10, lambda: routing.sweep_offline(service.store, service.desk))
    scheduler.start()
    return scheduler


def flag(service: Service) -> None:
    """Flags what fell due; only in the process that holds the lease."""
    if take(service.store, "sla", HOLDER, LEASE_SECONDS):
        flag_due(service.store)


def deliver(service: Service) -> None:
    """Delivers everything that is due; claims keep processes out of each other's way."""
    while deliver_next(service.store, service.ticketing, HOLDER):
        pass


class RightsWatch:
    """Sees rights that were ended by another process, such as the command line."""

    def __init__(self, service: Service, live: Live) -> None:
        self.service = service
        self.live = live
        self.seen = set(latest_rights_ended(service.store))

    def look(self) -> None:
        """Closes the connections of whose rights ended since the last look."""
        latest = latest_rights_ended(self.service.store)
        for number in sorted(set(latest) - self.seen):
            self.live.end_connections(latest[number])
        self.seen = set(latest)
        self.live.end_expired()
