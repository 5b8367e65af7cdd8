"""The command line, as a person uses it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vipservice.config import Settings
from vipservice.rules.refusals import Refusal
from vipservice.store.connecting import connect


def run(*arguments: str, folder: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vipservice", *arguments],
        cwd=folder, input=typed, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `init` was run."""
    folder = tmp_path_factory.mktemp("home")
    done = run(
        "init", "--email", "peter@test.example", "--name", "Peter",
        folder=folder, typed="a long enough password\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_init_writes_a_secret_for_its_owner_alone(home: Path) -> None:
    file = home / "config.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "secret_key" in file.read_text()
    again = run("init", folder=home)
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_migrate_check_only_looks(home: Path, tmp_path: Path) -> None:
    assert run("migrate", "--check", folder=home).returncode == 0
    assert run("migrate", "--check", folder=tmp_path).returncode == 1
    assert run("migrate", folder=tmp_path).returncode == 0
    assert run("migrate", "--check", folder=tmp_path).returncode == 0


def test_due_explains_itself(home: Path) -> None:
    done = run("due", "--opened", "2026-04-24T16:45+02:00", folder=home)
    assert done.stdout.splitlines() == [
        "opened   Fri 2026-04-24 16:45",
        "counted  Fri 2026-04-24 16:45 - 17:00  15 minutes",
        "counted  Tue 2026-04-28 08:00 - 08:15  15 minutes",
        "due      Tue 2026-04-28 08:15",
        "because  30 opening minutes, calendar version 1, Europe/Amsterdam",
    ]
    machine = run(
        "due", "--opened", "2026-04-20T09:00+02:00", "--minutes", "45", "--json", folder=home
    )
    assert json.loads(machine.stdout)["dueAt"] == "2026-04-20T07:45:00+00:00"
    assert run("due", "--opened", "2026-04-24T16:45", folder=home).returncode == 2


def test_people_and_municipalities(home: Path) -> None:
    assert run("municipality", "add", "Amersfoort", "0307", folder=home).returncode == 0
    added = run(
        "user", "add", "jeroen@test.example", "Jeroen", "--municipality", "0307",
        "--may-create-incidents", folder=home, typed="another long password\n",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    assert run("user", "disable", "jeroen@test.example", folder=home).returncode == 0
    listed = json.loads(run("user", "list", "--json", folder=home).stdout)
    assert [(row["email"], row["disabled"]) for row in listed] == [
        ("peter@test.example", False),
        ("jeroen@test.example", True),
    ]
    assert "0307" in run("municipality", "list", folder=home).stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("user", "disable", "nobody@test.example"), "no account"),
        (("municipality", "add", "X", "12"), "code:"),
        (("incident", "draft", "VIP-2026-999999"), "no chat"),
        (("--config", "nowhere.toml", "check"), "no configuration file"),
    ],
)
def test_refusals_are_sentences_and_exit_one(
    home: Path, arguments: tuple[str, ...], word: str
) -> None:
    done = run(*arguments, folder=home)
    assert done.returncode == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_ticketing_system_without_what_it_needs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[ticketing]\nsystem = "zammad"\nurl = "https://z"\n')
    done = run("check", folder=tmp_path)
    assert done.returncode == 1
    assert "zammad also needs token, project, reference_field" in done.stderr


def test_check_says_what_is_wrong(home: Path, tmp_path: Path) -> None:
    assert run("check", folder=home).returncode == 0
    file = tmp_path / "config.toml"
    account = 'user = "u"\npassword = "p"\nallow_private = true\n'
    file.write_text(f'[ticketing]\nsystem = "roundup"\nurl = "http://127.0.0.1:9/t"\n{account}')
    done = run("check", folder=tmp_path)
    assert done.returncode == 1
    for part in ("secret_key is not set", "not at this version", "roundup does not answer"):
        assert part in done.stdout
    file.write_text("[server]\nprot = 1\n")
    assert "server.prot" in run("check", folder=tmp_path).stderr


def test_wrong_usage_exits_two(home: Path) -> None:
    assert run("nonsense", folder=home).returncode == 2


def test_serve_refuses_demonstration_accounts(tmp_path: Path) -> None:
    from vipservice.services.demonstration import add_people
    from vipservice.services.setup import seed_versions
    from vipservice.store.migrate import migrate
    from vipservice.store.work import Store
    from vipservice.testing.clock import ManualClock

    url = f"sqlite:///{tmp_path}/v.db"
    (tmp_path / "config.toml").write_text(
        f'[database]\nurl = "{url}"\n[security]\nsecret_key = "x"\n'
    )
    store = Store(url, ManualClock("2026-04-24T12:00+02:00"))
    migrate(store.engine)
    seed_versions(store, Settings())
    add_people(store)
    store.close()
    done = run("serve", folder=tmp_path)
    assert done.returncode == 1
    assert "demonstration accounts" in done.stderr


def test_a_changed_row_is_named_and_figures_are_counted_anew(tmp_path: Path) -> None:
    from sqlalchemy import text

    from vipservice.services.routing import serving
    from vipservice.store.migrate import migrate
    from vipservice.store.work import Store
    from vipservice.testing.clock import ManualClock
    from vipservice.testing.world import make_world

    url = f"sqlite:///{tmp_path}/v.db"
    (tmp_path / "config.toml").write_text(f'[database]\nurl = "{url}"\n')
    store = Store(url, ManualClock("2026-04-22T10:00+02:00"))
    migrate(store.engine)
    world = make_world(store, ManualClock("2026-04-22T10:00+02:00"))
    serving.pick_up(store, world.sanne, world.ask(), 2)
    fine = run("sla", "verify", folder=tmp_path)
    assert (fine.returncode, fine.stdout) == (
        0, "The stored ledger is what the timelines tell.\n",
    )  # fmt: skip
    assert run("figures", "rebuild", folder=tmp_path).stdout == "Counted 1 chats.\n"
    with store.work() as work:
        work.session.execute(text("UPDATE sla_clock SET due_at = warn_at"))
    changed = run("sla", "verify", folder=tmp_path)
    assert changed.returncode == 1
    assert "VIP-2026-000001  pickup cycle 1 turn 1: due_at is" in changed.stderr
    assert json.loads(run("sla", "verify", "--json", folder=tmp_path).stdout)
    store.close()


def test_figures_are_not_counted_anew_while_a_server_runs(tmp_path: Path) -> None:
    from vipservice.clock import utc_now
    from vipservice.services.leases import take
    from vipservice.store.work import Store

    assert run("migrate", folder=tmp_path).returncode == 0
    store = Store(f"sqlite:///{tmp_path}/data/vipservice.db", utc_now)
    assert take(store, "figures", "a server", 60)
    done = run("figures", "rebuild", folder=tmp_path)
    assert done.returncode == 1
    assert "A server is running" in done.stderr
    store.close()


def test_a_second_server_on_a_port_is_refused_with_a_sentence(tmp_path: Path) -> None:
    import socket

    assert run("migrate", folder=tmp_path).returncode == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        (tmp_path / "config.toml").write_text('[security]\nsecret_key = "x"\n')
        done = run("serve", "--port", str(port), folder=tmp_path)
    assert done.returncode == 1
    assert f"Cannot listen on port {port}" in done.stderr


@pytest.mark.parametrize("url", ["mysql://localhost/chat", "no address"])
def test_another_database_is_refused_and_not_taken_for_postgresql(url: str) -> None:
    with pytest.raises(Refusal, match="postgresql://"):
        connect(url)
