"""The scheduler: APScheduler runs the table of jobs."""

import logging

from apscheduler.schedulers.background import BackgroundScheduler

from vipservice.jobs.live import Live
from vipservice.jobs.table import jobs
from vipservice.services.context import Service


def start_jobs(service: Service, live: Live) -> BackgroundScheduler:
    """Starts every job of this process; the scheduler, to shut down later."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    live.end_rights()  # what ended before this process began is no concern of it
    for job in jobs(service.settings):
        scheduler.add_job(job.once, "interval", args=(service, live), seconds=job.seconds)
    scheduler.start()
    return scheduler
