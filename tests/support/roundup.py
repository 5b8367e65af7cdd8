"""Setting a real Roundup tracker up, with the fields that the adapter needs."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.support.server import free_port

USER, OUTSIDER, PASSWORD = "vipservice", "outsider", "vip-secret-1"
FIELDS = """                status=Link("status"),
                external_ref=String(indexme="no"),
                requester_email=String(indexme="no"),
                chat_url=String(indexme="no"))
issue.setkey("external_ref")
"""


@dataclass
class Roundup:
    """A running tracker."""

    url: str
    process: subprocess.Popen[bytes]
    tracker: Path

    def get(self, path: str, **params: str) -> requests.Response:
        """An authenticated read of its REST interface."""
        headers = {"X-Requested-With": "rest"}
        return requests.get(
            f"{self.url}/rest/data{path}", params=params, headers=headers,
            auth=(USER, PASSWORD), timeout=10,
        )  # fmt: skip

    def get_raw(self, path: str) -> bytes:
        """A file as its pages give it."""
        answer = requests.get(f"{self.url}{path}", auth=(USER, PASSWORD), timeout=10)
        answer.raise_for_status()
        return answer.content

    def set_status(self, number: int | str, status: str) -> None:
        """As an administrator would."""
        _admin(self.tracker, "set", f"issue{number}", f"status={status}")

    def retire(self, number: int | str) -> None:
        """As an administrator would."""
        _admin(self.tracker, "retire", f"issue{number}")

    def stop(self) -> None:
        """Freezes it: connections are accepted by the kernel, nobody answers."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Goes on where it was frozen, with the requests that wait."""
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def running(folder: Path) -> Iterator[Roundup]:
    """A fresh tracker with our fields, answering."""
    tracker, port = folder / "tracker", free_port()
    url = f"http://127.0.0.1:{port}"
    settings = f"tracker_web={url}/,mail_domain=test.example,admin_email=admin@test.example"
    _admin(tracker, "install", "classic", "sqlite", f"{settings},mail_host=127.0.0.1")
    _prepare(tracker)
    _admin(tracker, "initialise", "admin-secret-1")
    _admin(
        tracker, "create", "user", f"username={USER}", f"password={PASSWORD}",
        "address=vipservice@test.example", "roles=User",
    )  # fmt: skip
    _admin(
        tracker, "create", "user", f"username={OUTSIDER}", f"password={PASSWORD}",
        "address=outsider@test.example", "roles=Anonymous",
    )  # fmt: skip
    command = [sys.executable, "-m", "tests.support.roundup_server", str(tracker), str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield _answering(Roundup(url, process, tracker))
    finally:
        process.kill()
        process.wait(10)


def _prepare(tracker: Path) -> None:
    schema = tracker / "schema.py"
    text = schema.read_text()
    changed = text.replace('                status=Link("status"))\n', FIELDS, 1)
    assert changed != text, "Roundup's classic schema is not what this test knows"
    schema.write_text(changed)
    config = tracker / "config.ini"
    quick = re.sub(r"(?m)^(password_pbkdf2_default_rounds =).*", r"\1 1000", config.read_text())
    config.write_text(quick)


def _admin(tracker: Path, *arguments: str) -> None:
    command = [str(Path(sys.executable).parent / "roundup-admin"), "-i", str(tracker), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _answering(roundup: Roundup) -> Roundup:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            if roundup.get("/issue").status_code < 500:
                return roundup
        except requests.ConnectionError:
            time.sleep(0.05)  # waits for another process to open its port
    raise AssertionError("Roundup does not answer")
