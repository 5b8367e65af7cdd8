"""Flags reach people once, whatever dies in between, and whatever the machine's clock does."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.conftest import absent
from tests.support import sqlite
from tests.support.server import free_port, running
from vipservice.adapters.base import Unavailable
from vipservice.adapters.mail import SmtpMail
from vipservice.adapters.webhook import Webhook, sign
from vipservice.config import MailSettings, WebhookSettings
from vipservice.rules.notices import Channel, Letter
from vipservice.services.flags import flag_due
from vipservice.services.notices import deliver_mail, deliver_webhook
from vipservice.services.routing import serving
from vipservice.store.tables import Team
from vipservice.testing.queues import drain_mail
from vipservice.testing.world import World

URL = "https://chat.example"
TEAM = "team@kenniscentrum.example"


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Mailbox:
    """A mail server that keeps what it accepts; it can be told to refuse at first."""

    letters: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        self.letters.append((envelope.original_content or b"").decode())
        return "250 kept"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, SmtpMail]]:
    """A real SMTP server, and our mail going there."""
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, SmtpMail(MailSettings(host="127.0.0.1", port=port, starttls=False))
    controller.stop()


@dataclass
class Recorder:
    """A way for mail that dies or fails where the test says so."""

    sent: list[tuple[str, Letter]] = field(default_factory=list)
    mishaps: list[BaseException] = field(default_factory=list)

    def send(self, letter: Letter, key: str) -> None:
        if self.mishaps:
            raise self.mishaps.pop(0)
        self.sent.append((key, letter))

    def check(self) -> None:
        """Fine."""


def late(world: World, until: str = "2026-04-28T08:15+02:00") -> str:
    """A question asked on Friday 16:45, and the team's address; the clock at ``until``."""
    with world.store.work() as work:
        work.session.get_one(Team, world.team_id).email = TEAM
    chat_id = world.ask()
    world.clock.set(until)
    return chat_id


def test_warning_breach_and_manager_get_one_mail_each(
    world: World, mailbox: tuple[Mailbox, SmtpMail]
) -> None:
    box, mail = mailbox
    late(world, "2026-04-28T08:30+02:00")
    for _ in range(3):
        flag_due(world.store, world.capacity)
    assert drain_mail(world, mail) == 3
    subjects = [line for text in box.letters for line in text.splitlines() if "Subject:" in line]
    assert [subject.split(":")[1].strip() for subject in subjects] == [
        "Bijna te laat", "Te laat", "Wacht nog steeds",
    ]  # fmt: skip
    receivers = [line for text in box.letters for line in text.splitlines() if "To:" in line]
    assert receivers == [f"To: {TEAM}"] * 2 + ["To: annet@test.example"]
    assert "Hoe druk ik" not in "".join(box.letters), "a mail holds no words of the chat"


def test_killed_between_flag_and_mail_it_is_sent_once_afterwards(world: World) -> None:
    late(world)
    flag_due(world.store, world.capacity)
    mail = Recorder(mishaps=[Killed()])
    with pytest.raises(Killed):
        deliver_mail(world.store, mail, URL, "first")
    assert drain_mail(world, mail) == 1, "the other flag's mail is not held up"
    world.clock.forward(minutes=3)
    assert drain_mail(world, mail) == 1
    assert len({key for key, _ in mail.sent}) == 2
    world.clock.forward(hours=1)
    assert drain_mail(world, mail) == 0


def test_a_mail_server_that_is_away_gets_it_later(
    world: World, mailbox: tuple[Mailbox, SmtpMail]
) -> None:
    box, mail = mailbox
    late(world)
    flag_due(world.store, world.capacity)
    box.refusals = ["451 greylisted"] * 2
    drain_mail(world, mail)
    assert box.letters == []
    world.clock.forward(minutes=2)
    drain_mail(world, mail)
    assert len(box.letters) == 2


def test_a_refused_mail_is_not_tried_for_ever(
    world: World, mailbox: tuple[Mailbox, SmtpMail]
) -> None:
    box, mail = mailbox
    late(world)
    flag_due(world.store, world.capacity)
    box.refusals = ["554 never"] * 2
    drain_mail(world, mail)
    world.clock.forward(hours=5)
    assert drain_mail(world, mail) == 0


def test_quiet_outside_opening_hours(world: World) -> None:
    """The scheduler was down and looks at night: the chat and the board know, people sleep."""
    late(world, "2026-04-28T22:00+02:00")
    assert flag_due(world.store, world.capacity) == 3
    mail = Recorder()
    assert drain_mail(world, mail) == 0
    world.clock.set("2026-04-29T08:00+02:00")
    assert drain_mail(world, mail) == 3


def test_a_picked_up_late_question_is_told_too_when_no_scheduler_ran(world: World) -> None:
    chat_id = late(world, "2026-04-28T09:00+02:00")
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    mail = Recorder()
    assert drain_mail(world, mail) == 3


class Hook:
    """A receiver of the webhook that can be told how to answer."""

    def __init__(self) -> None:
        from http.server import BaseHTTPRequestHandler, HTTPServer
        from threading import Thread

        hook = self
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((dict(self.headers), body))
                self.send_response(hook.answers.pop(0) if hook.answers else 204)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def hook(world: World) -> Iterator[Hook]:
    """A receiver, with the webhook switched on."""
    world.store.channels |= {Channel.WEBHOOK}
    found = Hook()
    yield found
    found.close()


def test_the_webhook_is_signed_and_carries_its_key(world: World, hook: Hook) -> None:
    webhook = Webhook(WebhookSettings(allow_private=True, url=hook.url, secret="secret"))
    late(world)
    flag_due(world.store, world.capacity)
    while deliver_webhook(world.store, webhook, "holder"):
        pass
    assert [json.loads(body)["level"] for _, body in hook.got] == ["warning", "breach"]
    headers, body = hook.got[0]
    assert headers["X-Vipservice-Signature"] == f"sha256={sign(body, b'secret')}"
    assert headers["Idempotency-Key"].endswith(":warning:webhook")


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (429, True), (302, False), (410, False)]
)
def test_what_the_webhook_answers(world: World, hook: Hook, status: int, again: bool) -> None:
    webhook = Webhook(WebhookSettings(allow_private=True, url=hook.url))
    late(world, "2026-04-28T08:05+02:00")
    flag_due(world.store, world.capacity)
    hook.answers = [status]
    assert deliver_webhook(world.store, webhook, "holder")
    world.clock.forward(minutes=2)
    assert deliver_webhook(world.store, webhook, "holder") is again


def test_an_unreachable_webhook_is_tried_later() -> None:
    webhook = Webhook(
        WebhookSettings(
            allow_private=True, url=f"http://127.0.0.1:{free_port()}/", timeout_seconds=1
        )
    )
    with pytest.raises(Unavailable):
        webhook.send({}, "key")


def libfaketime() -> str:
    """Where Debian puts the library that moves a process's clock."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        absent("libfaketime")
    return str(found[0])


FLAG = """
import sys
from vipservice.clock import utc_now
from vipservice.rules.routing import Capacity
from vipservice.services.flags import flag_due
from vipservice.store.work import Store
store = Store(sys.argv[1], utc_now)
print(flag_due(store, Capacity(2, 120)))
"""


@pytest.mark.parametrize(
    ("asked", "clock", "zone", "flags"),
    [
        ("", "-2h", "Europe/Amsterdam", 0),  # stepped back
        ("", "+0", "America/New_York", 0),  # somebody changed the machine's zone
        ("", "+40m", "Europe/Amsterdam", 3),  # stepped ahead: as far as anybody knows it is then
        # Asked in the hour that comes twice: 75 minutes have passed, where wall clocks differ 15.
        ("2026-10-25T02:45+02:00", "@2026-10-25 03:00:00", "Europe/Amsterdam", 3),
        # The hour that does not exist: 15 minutes have passed, where wall clocks differ 75.
        ("2026-03-29T01:50+01:00", "@2026-03-29 03:05:00", "Europe/Amsterdam", 0),
    ],
)
def test_a_clock_step_of_the_machine_flags_nothing_wrongly(
    tmp_path: Path, asked: str, clock: str, zone: str, flags: int
) -> None:
    """Real processes under libfaketime: due times are instants, whatever the local clock shows."""
    library = libfaketime()
    database = sqlite.database(tmp_path)
    with running(tmp_path, database, "eventlet") as server:
        server.stop()
        if asked:
            server.world.clock.set(asked)
        server.world.ask()
    environment = {"LD_PRELOAD": library, "FAKETIME": clock, "TZ": zone, "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-c", FLAG, database], env=environment, capture_output=True, text=True,
        check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert int(done.stdout) == flags


def test_a_clock_that_steps_back_after_a_flag_takes_nothing_back(world: World) -> None:
    late(world)
    assert flag_due(world.store, world.capacity) == 2
    world.clock.forward(hours=-2)
    assert flag_due(world.store, world.capacity) == 0
    world.clock.forward(hours=2)
    assert flag_due(world.store, world.capacity) == 0


def test_summer_time_moves_no_due_time(world: World) -> None:
    """Asked on the Friday before the clocks go back: still 30 opening minutes."""
    world.clock.set("2026-10-23T16:45+02:00")
    world.ask()
    world.clock.set("2026-10-26T08:04:59+01:00")
    assert flag_due(world.store, world.capacity) == 0
    world.clock.set("2026-10-26T08:05+01:00")
    assert flag_due(world.store, world.capacity) == 1
    world.clock.set("2026-10-26T08:14:59+01:00")
    assert flag_due(world.store, world.capacity) == 0
    world.clock.set("2026-10-26T08:15+01:00")
    assert flag_due(world.store, world.capacity) == 1
