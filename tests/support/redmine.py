"""Setting a real Redmine 5 up, from Debian's packages, with SQLite."""

import json
import os
import re
import secrets
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from tests.support.debian import Frozen, Pristine, are_installed, end, fill
from tests.support.server import free_port

PACKAGES = ("redmine", "redmine-sqlite", "puma")
RUBY, PUMA = "/usr/bin/ruby", "/usr/bin/puma"  # Debian's own
SEED = Path(__file__).with_name("redmine_seed.rb")
ADMIN, PASSWORD = "root", "vip-secret-1"  # everybody's
GEMFILE = """
eval_gemfile '/usr/share/redmine/Gemfile'
gem 'puma'
gem 'sqlite3'  # Redmine's own file asks for it only if there is a database in /etc
"""
DATABASE = """
production:
  adapter: sqlite3
  database: @FOLDER@/redmine.db
  timeout: 5000
"""
CONFIG = """
require '/usr/share/redmine/config/environment'
folder = Struct.new(:settings) do  # one file for every mail, nothing is sent
  def deliver!(mail)
    name = Process.clock_gettime(Process::CLOCK_REALTIME, :nanosecond)
    File.binwrite("@FOLDER@/mails/#{name}.part", mail.encoded)
    File.rename("@FOLDER@/mails/#{name}.part", "@FOLDER@/mails/#{name}.eml")
  end
end
ActionMailer::Base.add_delivery_method(:folder, folder)
ActionMailer::Base.delivery_method = :folder
ActionMailer::Base.perform_deliveries = true
ActiveJob::Base.queue_adapter = :inline  # the mails are there when the answer is
run Rails.application
"""
_pristine: Pristine = {}  # a filled database and its keys, once per test session


def is_there() -> bool:
    """Whether Debian's packages are installed."""
    return are_installed(PACKAGES)


@dataclass
class Redmine(Frozen):
    """A running Redmine with a project "support" and a tracker "Melding"."""

    url: str
    key: str
    outsider_key: str
    root_key: str
    requester_key: str
    project: int
    tracker: int
    other_tracker: int
    field: int
    nofilter_field: int
    other_field: int
    role: int
    folder: Path
    process: subprocess.Popen[bytes]

    def get(self, path: str, **params: str) -> requests.Response:
        """An authenticated read of its REST interface."""
        return self.call("GET", path, params=params)

    def call(self, method: str, path: str, key: str = "", **more: Any) -> requests.Response:
        """Any call of its REST interface, by our user or whose key is given."""
        headers = {"X-Redmine-API-Key": key or self.key} | more.pop("headers", {})
        return requests.request(method, f"{self.url}{path}", headers=headers, timeout=10, **more)

    def set_status(self, issue: int | str, status: str) -> None:
        """As an administrator would; Redmine says nothing about a change that it refuses."""
        found = self.get("/issue_statuses.json").json()["issue_statuses"]
        (number,) = [each["id"] for each in found if each["name"] == status]
        issue_now = self._change(issue, status_id=number)
        assert issue_now["status"]["name"] == status, issue_now

    def move(self, issue: int | str, project: str) -> None:
        """As an administrator would, to "other" or to "elsewhere", which we do not see."""
        found = self.call("GET", f"/projects/{project}.json", self.root_key).json()["project"]
        issue_now = self._change(issue, project_id=found["id"])
        assert issue_now["project"]["id"] == found["id"], issue_now

    def delete(self, issue: int | str) -> None:
        """As an administrator would."""
        self.call("DELETE", f"/issues/{issue}.json", self.root_key).raise_for_status()

    def _change(self, issue: int | str, **values: Any) -> dict[str, Any]:
        path = f"/issues/{issue}.json"
        self.call("PUT", path, self.root_key, json={"issue": values}).raise_for_status()
        changed: dict[str, Any] = self.call("GET", path, self.root_key).json()["issue"]
        return changed

    def set_formatting(self, name: str) -> None:
        """As an administrator would: "textile", "markdown" or "common_mark"."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")  # by this it knows of a change
        change = "UPDATE settings SET value = ?, updated_on = ? WHERE name = 'text_formatting'"
        self._write(change, name, now)

    def forbid(self, permission: str) -> None:
        """Takes a permission from our role, such as "set_notes_private"."""
        change = "UPDATE roles SET permissions = replace(permissions, ?, '') WHERE id = ?"
        self._write(change, f"- :{permission}\n", self.role)

    def allow(self, permission: str) -> None:
        """Gives our role a permission."""
        change = "UPDATE roles SET permissions = permissions || ? WHERE id = ?"
        self._write(change, f"- :{permission}\n", self.role)

    def _write(self, change: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.folder / "redmine.db")) as database, database:
            assert database.execute(change, values).rowcount == 1

    def page(self, path: str, login: str = ADMIN) -> str:
        """A page as somebody's browser gets it; the keys are for the interface only."""
        with requests.Session() as browser:
            form = browser.get(f"{self.url}/login", timeout=10).text
            token = re.findall(r'name="authenticity_token" value="([^"]+)"', form)[-1]
            sent = {"authenticity_token": token, "username": login, "password": PASSWORD}
            browser.post(f"{self.url}/login", data=sent, timeout=10).raise_for_status()
            answer = browser.get(f"{self.url}{path}", timeout=10)
            answer.raise_for_status()
            return answer.text

    def mails(self) -> list[str]:
        """The mails that were sent so far, from the first to the last, as they are on the wire."""
        files = sorted((self.folder / "mails").glob("*.eml"))
        return [file.read_bytes().decode() for file in files]


@contextmanager
def running(folder: Path) -> Iterator[Redmine]:
    """A fresh Redmine with our projects, people and fields, answering."""
    port = free_port()
    environment = _prepare(folder)
    command = [RUBY, str(SEED), str(folder / "made.json")]
    fill(folder, command, environment, _pristine, ("redmine.db", "made.json", "Gemfile.lock"))
    made = json.loads((folder / "made.json").read_text())
    process = _start(folder, port, environment)
    redmine = Redmine(f"http://127.0.0.1:{port}", **made, folder=folder, process=process)
    try:
        redmine.wait(lambda: redmine.get("/users/current.json").ok)
        yield redmine
    finally:
        end(process)


def _prepare(folder: Path) -> dict[str, str]:
    for name in ("config", "files", "log", "mails", "public/plugin_assets", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "Gemfile").write_text(GEMFILE)
    (folder / "config.ru").write_text(CONFIG.replace("@FOLDER@", str(folder)))
    (folder / "config/database.yml").write_text(DATABASE.replace("@FOLDER@", str(folder)))
    (folder / "config/secret_key.txt").write_text(secrets.token_hex(32))
    return os.environ | {
        "REDMINE_INSTANCE": "../" * 9 + str(folder.resolve()).lstrip("/"),  # from its own folder
        "RAILS_ENV": "production",
        "RAILS_LOG_TO_STDOUT": "1",
        "BUNDLE_GEMFILE": str(folder / "Gemfile"),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def _start(folder: Path, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            [RUBY, PUMA, "--bind", f"tcp://127.0.0.1:{port}", "--threads", "2:2", "config.ru"],
            env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
