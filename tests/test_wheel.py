"""The wheel: holds the built pages and the translations, and runs without Node."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, as pip would lay it out."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "installed")
    return folder / "installed"


def test_it_holds_what_it_needs_and_no_sources_of_the_pages(unpacked: Path) -> None:
    package = unpacked / "vipservice"
    for part in (
        "web/static/.vite/manifest.json",
        "web/templates/base.html",
        "translations/nl/LC_MESSAGES/messages.mo",
        "translations/nl/LC_MESSAGES/frontend.mo",
        "store/migrations/versions/0001_first_tables.py",
        "cli/demonstration/conversations.txt",
    ):
        assert (package / part).is_file(), part
    assert not (package / "frontend").exists()


def test_it_runs_from_there_without_node(unpacked: Path, tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(unpacked), "PATH": "/nowhere", "LANG": "C.UTF-8"}
    commands = (["migrate"], ["migrate", "--check"], ["due", "--opened", "2026-04-20T09:00+02:00"])
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "vipservice", *command],
            cwd=tmp_path, env=os.environ | environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
