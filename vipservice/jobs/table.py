"""Every job, with how often and where it runs: `vipservice jobs` prints it."""

from collections.abc import Callable
from dataclasses import dataclass

from vipservice.config import Settings
from vipservice.jobs import duties
from vipservice.jobs.live import Live
from vipservice.services.context import Service
from vipservice.services.leases import take

LEASE_SECONDS = 15
LOOKS = 5
"""A flag falls within ``check_seconds``; the job looks so many times in that time, because the
flags that fall together take time too."""


@dataclass(frozen=True)
class Job:
    """What is done every so many seconds; with a ``lease`` in one process at a time."""

    seconds: float
    does: str
    run: Callable[[Service, Live], object]
    lease: str = ""

    def once(self, service: Service, live: Live) -> None:
        """Does it, if it is ours to do."""
        if not self.lease or take(service.store, self.lease, duties.HOLDER, LEASE_SECONDS):
            self.run(service, live)

    @property
    def sentence(self) -> str:
        """The job as a sentence."""
        where = "one process" if self.lease else "each process"
        return f"Every {self.seconds:g} s {where} {self.does}."


def jobs(settings: Settings) -> tuple[Job, ...]:
    """All of them."""
    return (
        Job(settings.sla.check_seconds / LOOKS, "flags what fell due", duties.flag, "sla"),
        Job(2, "adds what happened to the figures", duties.count, "figures"),
        Job(1, "delivers the incidents that are due", duties.deliver),
        Job(1, "delivers what was added to incidents", duties.add),
        Job(5, "asks how far incidents are", duties.poll),
        Job(30, "raises the alarm when something does not get out", duties.alarm),
        Job(1, "sends the mail that is due", duties.mail),
        Job(1, "calls the webhook for what is due", duties.call_webhook),
        Job(1, "takes what SQLite has in its log to the database", duties.take_up_log),
        Job(600, "forgets what is done with", duties.tidy, "forgetting"),
        Job(1, "closes lines on which nobody signs in", lambda _, live: live.close_strangers()),
        Job(1, "tells who looks what is out of date", lambda _, live: live.refresh()),
        Job(3, "tells managers the forecast, if it changed", lambda _, live: live.foresee()),
        Job(30, "tells the centre what does not get out", lambda _, live: live.look_outside()),
        Job(20, "has everything told anew", lambda _, live: live.mark_stale()),
        Job(10, "notes which specialists are connected, and who was away too long", duties.see),
        Job(5, "parks the silent, and brings back what was parked", duties.keep, "keep"),
        Job(2, "finds somebody for the chats of who left", duties.visit, "visits"),
        Job(0.5, "closes the connections of whose rights ended", lambda _, live: live.end_rights()),
    )
