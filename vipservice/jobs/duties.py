"""What the jobs do: each is one call of a use case, or one until nothing is left."""

import os
import socket

from vipservice.jobs.live import Live
from vipservice.services.context import Service
from vipservice.services.flags import flag_due
from vipservice.services.forgetting import forget
from vipservice.services.incidents.delivery import add_next, deliver_next
from vipservice.services.incidents.progress import poll_next
from vipservice.services.incidents.undelivered import raise_alarm
from vipservice.services.notices import deliver_mail, deliver_webhook
from vipservice.services.reports.folding import fold_all
from vipservice.services.routing import presence
from vipservice.services.routing.keeping import keep_moving
from vipservice.services.routing.leaving import visit_left

HOLDER = f"{socket.gethostname()}:{os.getpid()}"
"""Who claims and leases: this process."""


def flag(service: Service, _live: Live) -> None:
    """Flags what fell due."""
    flag_due(service.store, service.capacity, service.foresight.foretell)


def take_up_log(service: Service, _live: Live) -> None:
    """Keeps the log of SQLite short."""
    service.store.take_up_log()


def count(service: Service, live: Live) -> None:
    """Adds what happened to the figures."""
    if fold_all(service.store, per_specialist=service.settings.reports.per_specialist):
        live.mark_stale()


def deliver(service: Service, _live: Live) -> None:
    """Delivers everything that is due; claims keep processes out of each other's way."""
    while deliver_next(service.store, service.systems, HOLDER):
        pass


def add(service: Service, _live: Live) -> None:
    """Delivers the additions that are due."""
    url = service.settings.server.public_url
    while add_next(service.store, service.systems, HOLDER, url):
        pass


def poll(service: Service, _live: Live) -> None:
    """Asks after the incidents whose turn it is."""
    seconds = service.settings.ticketing.poll_seconds
    while poll_next(service.store, service.systems, seconds):
        pass


def alarm(service: Service, _live: Live) -> None:
    """Tells operators and managers when something does not get out."""
    raise_alarm(service.store, service.settings.ticketing.alarm_minutes)


def mail(service: Service, _live: Live) -> None:
    """Sends the mail that is due."""
    url = service.settings.server.public_url
    while deliver_mail(service.store, service.mail, url, HOLDER):
        pass


def call_webhook(service: Service, _live: Live) -> None:
    """Calls the webhook, if there is one, with what is due."""
    while service.webhook and deliver_webhook(service.store, service.webhook, HOLDER):
        pass


def tidy(service: Service, _live: Live) -> None:
    """Forgets what is done with."""
    forget(service.store)


def see(service: Service, live: Live) -> None:
    """Notes which specialists are connected, and who was away for too long.

    In this order: after a pause of the whole machine nobody has been seen for a while.
    """
    presence.seen(service.store, live.specialists())
    presence.sweep_offline(service.store, service.capacity)


def keep(service: Service, _live: Live) -> None:
    """Parks where the customer is silent, and brings back what was parked until now."""
    keep_moving(service.store, service.capacity, service.patience)


def visit(service: Service, _live: Live) -> None:
    """Finds somebody for the chats of who left."""
    visit_left(service.store)
