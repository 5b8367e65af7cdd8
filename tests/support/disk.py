"""Disks that are slow or full: a small one of our own in memory, or `disk.c` before a process."""

import shutil
import subprocess
import tempfile
from atexit import register
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

PIECE = 64 * 1024


@cache
def library() -> Path | None:
    """`disk.c`, compiled for this machine; None where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="vipservice-disk-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    made = folder / "disk.so"
    source = Path(__file__).with_name("disk.c")
    told = ["-O2", "-shared", "-fPIC", "-Wall", "-Werror", "-o", str(made), str(source), "-ldl"]
    subprocess.run([compiler, *told], check=True)
    return made


def slowed(milliseconds: float) -> dict[str, str] | None:
    """The environment in which each wait for the disk takes so much longer; None: no compiler."""
    made = library()
    if made is None:
        return None
    return {"LD_PRELOAD": str(made), "DISK_SLOW": str(round(milliseconds * 1000))}


@dataclass
class Disk:
    """A place for a database whose disk can be full; ``environment`` is for its processes."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def fill(self) -> None:
        """From now on nothing fits."""
        with (self.folder / "ballast").open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"\0" * PIECE):
                pass

    def make_room(self) -> None:
        """There is room again."""
        (self.folder / "ballast").unlink()


class Pretended(Disk):
    """One that says it is full, to whom asks in its environment."""

    def fill(self) -> None:
        """While this file is there."""
        Path(self.environment["DISK_FULL"]).touch()

    def make_room(self) -> None:
        """As before."""
        Path(self.environment["DISK_FULL"]).unlink()


@contextmanager
def small(folder: Path, megabytes: int) -> Iterator[Disk | None]:
    """A disk of its own at this folder; None where this person may not make one."""
    told = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", str(folder)]
    if subprocess.run(told, capture_output=True).returncode:
        yield None
        return
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def pretended(folder: Path) -> Disk | None:
    """As if it were full, at this folder; None where there is no compiler."""
    made, flag = library(), folder.parent / "full"
    told = {"LD_PRELOAD": str(made), "DISK_FULL": str(flag), "DISK_FOLDER": str(folder)}
    return Pretended(folder, told) if made else None
