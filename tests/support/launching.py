"""Two ways to start a server's process: each anew, or forked from one that is ready."""

import socket
import subprocess
import sys
from atexit import register
from collections.abc import Callable
from functools import cache
from typing import IO, Protocol

import orjson


class Process(Protocol):
    """What of `subprocess.Popen` the tests use."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None:
        """Its status; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Its status, when it is over."""

    def kill(self) -> None:
        """SIGKILL."""

    def terminate(self) -> None:
        """SIGTERM."""

    def send_signal(self, sig: int) -> None:
        """Any other."""


Launch = Callable[[str, dict[str, str], socket.socket, IO[bytes]], Process]
"""Mode, environment, the socket that it listens on and its log: the process."""


def anew(
    mode: str, environment: dict[str, str], listener: socket.socket, log: IO[bytes]
) -> Process:
    """As an administrator would start it."""
    number = listener.fileno()
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.serve", mode],
        env=environment | {"TEST_LISTENER": str(number)}, stdout=log, stderr=log,
        pass_fds=[number],
    )  # fmt: skip


class Forked:
    """A server that `nest` forked; it can only be killed."""

    def __init__(self, door: socket.socket, pid: int) -> None:
        self.door, self.pid = door, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it was not killed."""
        return self.returncode

    def kill(self) -> None:
        """SIGKILL; it is gone when this returns."""
        if self.returncode is None:
            self.door.sendall(orjson.dumps({"pid": self.pid}))
            self.returncode = int(self.door.recv(100))

    def wait(self, timeout: float | None = None) -> int:
        """Its status."""
        assert self.returncode is not None, "kill it first"
        return self.returncode

    def terminate(self) -> None:
        """Kills it: nobody waits for how it ends."""
        self.kill()

    def send_signal(self, sig: int) -> None:
        """Kills it, too."""
        self.kill()


def forked(
    mode: str, environment: dict[str, str], listener: socket.socket, log: IO[bytes]
) -> Process:
    """Forked from a process that has all imported; for eventlet."""
    assert mode == "eventlet"
    door = _nest()
    asked = orjson.dumps({"environment": environment})
    socket.send_fds(door, [asked], [listener.fileno(), log.fileno()])
    return Forked(door, int(door.recv(100)))


@cache
def _nest() -> socket.socket:
    """The way to such a process; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.nest", "eventlet", str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
    )
    theirs.close()
    register(process.wait, 10)
    register(ours.close)
    return ours
