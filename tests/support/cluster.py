"""A PostgreSQL of the test's own, which can be stopped, slowed and given a small disk."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from vipservice.store.connecting import connect
from vipservice.store.migrate import migrate

OWNER = "postgres"
"""Who runs it where this process is root, which PostgreSQL refuses to be."""
SETTINGS = {"fsync": "on", "synchronous_commit": "on", "max_connections": "60"}


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, the newest; None where there is none."""
    found = [Path(one) for one in (shutil.which("initdb"),) if one]
    found += Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max(found, key=lambda one: (len(one.parts), one.parts)).parent if found else None


@dataclass
class Cluster:
    """Its folder, which holds everything of it, also its socket: it has no port that others see.

    ``environment`` is what its processes have more than this one.
    """

    folder: Path
    programs: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address of its one database."""
        return f"postgresql://{OWNER}@/postgres?host={self.folder}"

    def database(self) -> str:
        """The same, brought to this version."""
        engine = connect(self.url)
        migrate(engine)
        engine.dispose()
        return self.url

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self._do("pg_ctl", "-w", "-t", "60", "-l", self.folder / "log", "-D", self._data, "start")

    def stop(self, how: str = "fast") -> None:
        """Stops it: ``immediate`` is as if its processes were killed."""
        self._do("pg_ctl", "-w", "-t", "60", "-m", how, "-D", self._data, "stop")

    def is_up(self) -> bool:
        """Whether it runs."""
        done = self._run("pg_ctl", "-D", self._data, "status")
        return done.returncode == 0

    @property
    def pid(self) -> int:
        """Of the process that has all others as its children."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def make(self, settings: Mapping[str, str], segment: int) -> None:
        """An empty one, that lets everybody on this machine in; ``segment`` of its log in MB."""
        self._do("initdb", "-D", self._data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "-N",
                 "--locale=C.UTF-8", f"--wal-segsize={segment}")  # fmt: skip
        told = {
            **SETTINGS, "unix_socket_directories": f"'{self.folder}'", "listen_addresses": "''",
            **settings,
        }  # fmt: skip
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in told.items())

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _do(self, program: str, *arguments: str | Path) -> None:
        done = self._run(program, *arguments)
        log = self.folder / "log"
        told = log.read_text()[-2_000:] if log.exists() else ""
        assert done.returncode == 0, f"{program}: {done.stdout}{told}"

    def _run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Its output goes to a file: what it starts would keep a pipe open."""
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self.programs / program, *arguments], stdout=output, stderr=output, text=True,
                env={**os.environ, **self.environment}, cwd="/", user=_owner(),
                group=_owner(), extra_groups=None if _owner() is None else [],
            )  # fmt: skip
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())


def _owner() -> str | None:
    return OWNER if os.getuid() == 0 else None


@contextmanager
def cluster(
    bin_folder: Path,
    settings: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    segment: int = 1,
) -> Iterator[Cluster]:
    """An empty one that runs, and is gone after that; in a folder of its own, or in this one.

    ``segment``: megabytes of a file of its log.
    """
    with tempfile.TemporaryDirectory(prefix="vipservice-cluster-") as own:
        place = folder or Path(own)
        if owner := _owner():
            shutil.chown(place, owner, owner)
        made = Cluster(place, bin_folder, environment or {})
        made.make(settings or {}, segment)
        made.start()
        try:
            yield made
        finally:
            if made.is_up():
                made.stop("immediate")
