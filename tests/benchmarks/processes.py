"""Processes that are measured: on a processor of their own, and what of it they used."""

import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

SERVER, CLIENT = 0, 1
"""The processor of what is measured, and of who asks."""
OURS = os.sched_getaffinity(0)
"""The processors that whoever started this lets it use."""


def machine() -> str:
    """What kind of machine this is: its processors and the system."""
    info = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in info if line.startswith("model name")), "?")
    return f"{os.cpu_count()} x {model}, {platform.system()} {platform.machine()}"


def pin(processor: int, pid: int = 0) -> None:
    """Keeps a process, or this one, to one processor, where it may use two."""
    if {SERVER, CLIENT} <= OURS:
        os.sched_setaffinity(pid, {processor})


def pin_postgres(processor: int) -> None:
    """Keeps every process of PostgreSQL to one processor; needs the right to."""
    for pid in postgres():
        with suppress(PermissionError, ProcessLookupError):
            pin(processor, pid)


def postgres() -> list[int]:
    """The processes of PostgreSQL on this machine."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "comm").read_text().strip() == "postgres":
                found.append(int(folder.name))
    return found


def with_children(pids: Iterable[int]) -> set[int]:
    """These processes and all that they started, each once."""
    found: set[int] = set()
    todo = list(pids)
    while todo:
        pid = todo.pop()
        found.add(pid)
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                todo += map(int, (task / "children").read_text().split())
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """What these processes and their children have used, exactly: the scheduler's own count."""
    spent = 0
    for pid in with_children(pids):
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e9
