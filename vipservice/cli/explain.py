"""due, incident and jobs: what the product computes and does, explained."""

import argparse
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from vipservice.cli.opening import Commands, command, open_store, settings_of


def register(commands: Commands) -> None:
    """Adds the commands."""
    parser = command(commands, "due", due, "the due time of a question, and how it comes about")
    parser.add_argument(
        "--opened", type=_moment, required=True, metavar="MOMENT",
        help="with its offset, such as 2026-04-24T16:45+02:00",
    )  # fmt: skip
    parser.add_argument("--minutes", type=int, help="opening minutes; the target's when left out")
    parser.add_argument("--json", action="store_true", help="for machines")
    incident = commands.add_parser("incident", help="look at incidents").add_subparsers(
        required=True, metavar="ACTION"
    )
    parser = command(incident, "draft", incident_draft, "the draft of a chat, as JSON")
    parser.add_argument("chat", help="the chat's number, such as VIP-2026-000123")
    command(commands, "jobs", list_jobs, "what is done by itself, how often and where")


def due(options: argparse.Namespace) -> None:
    """Prints every opening interval that counts."""
    from vipservice.services.sla.versions import explain

    store = open_store(settings_of(options))
    version, calendar, found = explain(store, options.opened, options.minutes)
    zone = ZoneInfo(calendar.zone)
    if options.json:
        counted = [[start.isoformat(), end.isoformat()] for start, end in found.counted]
        print(json.dumps({
            "openedAt": found.opened_at.isoformat(), "minutes": found.minutes,
            "dueAt": found.due_at.isoformat(), "counted": counted, "calendarVersion": version,
        }))  # fmt: skip
        return
    print(f"opened   {_local(found.opened_at, zone)}")
    for start, end in found.counted:
        length = (end - start).total_seconds() / 60
        print(f"counted  {_local(start, zone)} - {end.astimezone(zone):%H:%M}  {length:g} minutes")
    print(f"due      {_local(found.due_at, zone)}")
    print(f"because  {found.minutes} opening minutes, calendar version {version}, {calendar.zone}")


def list_jobs(options: argparse.Namespace) -> None:
    """Prints a sentence a job."""
    from vipservice.jobs.table import jobs

    for job in jobs(settings_of(options)):
        print(job.sentence)


def incident_draft(options: argparse.Namespace) -> None:
    """Prints the draft as JSON."""
    from vipservice.adapters.aside import Aside
    from vipservice.adapters.drafts import Drafts
    from vipservice.services.incidents.drafting import Drafter, draft_of

    settings = settings_of(options)
    store, url = open_store(settings), settings.server.public_url
    aside = Aside()
    found = draft_of(store, options.chat, Drafter(Drafts(aside).make, url))
    aside.close()
    print(json.dumps(found.public(), ensure_ascii=False, indent=1))


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a moment") from None
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} lacks its offset, such as +02:00")
    return found.astimezone(UTC)


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"
