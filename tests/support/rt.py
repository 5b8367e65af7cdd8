"""Setting a real Request Tracker 5 up, from Debian's packages, with SQLite."""

import json
import os
import re
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.support.debian import Frozen, Pristine, are_installed, end, fill
from tests.support.server import free_port

PACKAGES = ("request-tracker5", "rt5-standalone", "rt5-db-sqlite")
PERL = "/usr/bin/perl"  # Debian's own
SERVER = "/usr/share/request-tracker5/libexec/rt-server"
SEED = Path(__file__).with_name("rt_seed.pl")
CONFIG = """
Set($rtname, 'test.example');
Set($Organization, 'test.example');
Set($CorrespondAddress, 'rt@test.example');
Set($CommentAddress, 'rt-comment@test.example');
Set($WebDomain, '127.0.0.1');
Set($WebPort, @PORT@);
Set($Timezone, 'UTC');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '@FOLDER@/rt.db');
Set($BcryptCost, 1);  # the usual cost takes half a second for every request
Set($MailCommand, 'mbox');  # to a file in VarPath, nothing is sent
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
Set(%GnuPG, Enable => 0);
Set(%SMIME, Enable => 0);
$RT::VarPath = '@FOLDER@';
$RT::MasonDataDir = '@FOLDER@/mason';
$RT::MasonSessionDir = '@FOLDER@/session';
1;
"""
_pristine: Pristine = {}  # a filled database and its tokens, once per test session


def is_there() -> bool:
    """Whether Debian's packages are installed."""
    return are_installed(PACKAGES)


@dataclass
class RequestTracker(Frozen):
    """A running Request Tracker with a queue "Support"."""

    url: str
    token: str
    outsider_token: str
    root_token: str
    requester_token: str
    folder: Path
    process: subprocess.Popen[bytes]

    def get(self, path: str, **params: str) -> requests.Response:
        """An authenticated read of its REST interface."""
        headers = {"Authorization": f"token {self.token}"}
        return requests.get(
            f"{self.url}/REST/2.0{path}", params=params, headers=headers, timeout=10
        )

    def set_status(self, ticket_id: int | str, status: str) -> None:
        """As an administrator would; RT says a refusal with 200 and a sentence."""
        answer = requests.put(
            f"{self.url}/REST/2.0/ticket/{ticket_id}", json={"Status": status},
            headers={"Authorization": f"token {self.root_token}"}, timeout=10,
        )  # fmt: skip
        answer.raise_for_status()
        assert self.get(f"/ticket/{ticket_id}").json()["Status"] == status, answer.text

    def mails(self) -> list[str]:
        """Every mail that it sent so far, whole; a worker has a file of its own."""
        files = sorted(self.folder.glob("*.mbox"))
        texts = [file.read_text(errors="replace") for file in files]
        return [mail for text in texts for mail in re.split(r"(?m)^From \S+@\S+ ", text)[1:]]

    def seen_by_requester(self, ticket_id: int | str) -> str:
        """All that jeroen@test.example can read of a ticket that is for them."""
        headers = {"Authorization": f"token {self.requester_token}"}

        def get(path: str) -> requests.Response:
            return requests.get(f"{self.url}/REST/2.0{path}", headers=headers, timeout=10)

        ticket = get(f"/ticket/{ticket_id}")
        assert ticket.status_code == 200, "the ticket is for this person"
        every = self.get(f"/ticket/{ticket_id}/attachments", per_page="100").json()["items"]
        answers = [get(f"/attachment/{one['id']}") for one in every]
        told = [b64decode(one.json()["Content"] or "").decode(errors="replace") + one.text
                for one in answers if one.ok]  # fmt: skip
        return ticket.text + get(f"/ticket/{ticket_id}/history").text + "".join(told)


@contextmanager
def running(folder: Path) -> Iterator[RequestTracker]:
    """A fresh tracker with our queue and fields, answering."""
    port = free_port()
    environment = _prepare(folder, port)
    command = [PERL, str(SEED), str(folder / "tokens.json")]
    fill(folder, command, environment, _pristine, ("rt.db", "tokens.json"))
    tokens = json.loads((folder / "tokens.json").read_text())
    process = _start(folder, port, environment)
    tracker = RequestTracker(
        f"http://127.0.0.1:{port}", tokens["vipservice"], tokens["outsider"], tokens["root"],
        tokens["jeroen"], folder, process,
    )  # fmt: skip
    try:
        tracker.wait(lambda: tracker.get("/rt").ok)
        yield tracker
    finally:
        end(process)


def _prepare(folder: Path, port: int) -> dict[str, str]:
    for name in ("mason", "session", "more"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    config = folder / "RT_SiteConfig.pm"
    config.write_text(CONFIG.replace("@FOLDER@", str(folder)).replace("@PORT@", str(port)))
    return os.environ | {
        "RT_SITE_CONFIG": str(config),
        "RT_SITE_CONFIG_DIR": str(folder / "more"),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
    }


def _start(folder: Path, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            [PERL, SERVER, "--server", "Starlet", "--host", "127.0.0.1",
             "--port", str(port), "--max-workers", "2"],
            env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
