"""The scheduler: APScheduler runs shallow jobs; a lease decides who does the shared ones."""

import logging
import os
import socket
from collections.abc import Callable
from typing import Any, Protocol

from apscheduler.schedulers.background import BackgroundScheduler

from vipservice.rules.events import RightsEnded
from vipservice.services import routing
from vipservice.services.context import Service
from vipservice.services.flags import flag_due
from vipservice.services.forgetting import forget
from vipservice.services.incidents.delivery import add_next, deliver_next
from vipservice.services.incidents.progress import poll_next
from vipservice.services.incidents.undelivered import raise_alarm
from vipservice.services.leases import take
from vipservice.services.notices import deliver_mail, deliver_webhook
from vipservice.services.people.rights import EndsSeen, rights_ended_since
from vipservice.services.reports.figures import fold_all

HOLDER = f"{socket.gethostname()}:{os.getpid()}"
LEASE_SECONDS = 15
LOOKS = 5
"""A flag falls within ``check_seconds``; the job looks so many times in that time, because the
flags that fall together take time too."""


class Live(Protocol):
    """What the jobs ask of the live edge."""

    def refresh(self) -> None:
        """Sends what is out of date."""

    def foresee(self) -> None:
        """Sends the forecast if the desk has changed."""

    def mark_stale(self) -> None:
        """Has the next refresh send everything."""

    def end_connections(self, ended: RightsEnded) -> None:
        """Closes the connections of whose rights ended."""

    def end_expired(self) -> None:
        """Closes the connections of sessions that are over by the clock."""

    def close_strangers(self) -> None:
        """Closes the lines on which nobody has signed in for too long."""

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
    every(service.settings.sla.check_seconds / LOOKS, lambda: flag(service))
    every(1, lambda: count(service, live))
    every(1, lambda: deliver(service))
    every(1, lambda: add(service))
    every(5, lambda: poll(service))
    every(30, lambda: alarm(service))
    every(1, lambda: mail(service))
    every(1, lambda: call_webhook(service))
    every(600, lambda: tidy(service))
    every(0.5, rights.look)
    every(1, live.close_strangers)
    every(0.5, live.refresh)
    every(3, live.foresee)
    every(20, live.mark_stale)
    every(20, lambda: routing.seen(service.store, live.specialists()))
    every(10, lambda: routing.sweep_offline(service.store, service.desk))
    scheduler.start()
    return scheduler


def flag(service: Service) -> None:
    """Flags what fell due; only in the process that holds the lease."""
    if take(service.store, "sla", HOLDER, LEASE_SECONDS):
        flag_due(service.store, service.desk, service.foresight.foretell)


def count(service: Service, live: Live) -> None:
    """Adds what happened to the figures; only in the process that holds the lease."""
    per_specialist = service.settings.reports.per_specialist
    mine = take(service.store, "figures", HOLDER, LEASE_SECONDS)
    if mine and fold_all(service.store, per_specialist=per_specialist):
        live.mark_stale()


def deliver(service: Service) -> None:
    """Delivers everything that is due; claims keep processes out of each other's way."""
    while deliver_next(service.store, service.systems, HOLDER):
        pass


def add(service: Service) -> None:
    """Delivers the additions that are due."""
    url = service.settings.server.public_url
    while add_next(service.store, service.systems, HOLDER, url):
        pass


def poll(service: Service) -> None:
    """Asks after the incidents whose turn it is."""
    seconds = service.settings.ticketing.poll_seconds
    while poll_next(service.store, service.systems, seconds):
        pass


def alarm(service: Service) -> None:
    """Tells operators and managers when something does not get out."""
    raise_alarm(service.store, service.settings.ticketing.alarm_minutes)


def mail(service: Service) -> None:
    """Sends the mail that is due."""
    url = service.settings.server.public_url
    while deliver_mail(service.store, service.mail, url, HOLDER):
        pass


def call_webhook(service: Service) -> None:
    """Calls the webhook, if there is one, with what is due."""
    while service.webhook and deliver_webhook(service.store, service.webhook, HOLDER):
        pass


def tidy(service: Service) -> None:
    """Forgets what is done with; only in the process that holds the lease."""
    if take(service.store, "forgetting", HOLDER, LEASE_SECONDS):
        forget(service.store)


class RightsWatch:
    """Sees rights that were ended by another process, such as the command line."""

    def __init__(self, service: Service, live: Live) -> None:
        self.service = service
        self.live = live
        self.seen = rights_ended_since(service.store, EndsSeen())[1]

    def look(self) -> None:
        """Closes the connections of whose rights ended since the last look."""
        fresh, self.seen = rights_ended_since(self.service.store, self.seen)
        for ended in fresh:
            self.live.end_connections(ended)
        self.live.end_expired()
