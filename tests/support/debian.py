"""What real systems from Debian's packages share: filled once, waited for, frozen and ended."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import requests

Pristine = dict[str, bytes]
"""A filled database and what belongs to it, by file name: made once per test session."""


class Frozen:
    """A system whose process can be frozen."""

    folder: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Freezes it: connections are accepted by the kernel, nobody answers."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Goes on where it was frozen, with the requests that wait."""
        os.killpg(self.process.pid, signal.SIGCONT)

    def log(self) -> str:
        """What the server said so far."""
        return (self.folder / "server.log").read_text()

    def wait(self, answers: Callable[[], bool]) -> None:
        """Until it answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log()
            try:
                if answers():
                    return
            except requests.ConnectionError:
                time.sleep(0.1)  # waits for another process to open its port
        raise AssertionError(self.log())


def are_installed(packages: Sequence[str]) -> bool:
    """Whether these packages of Debian are there."""
    if not shutil.which("dpkg-query"):
        return False
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status} ", *packages]
    answer = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    return answer.split() == ["installed"] * len(packages)


def fill(
    folder: Path,
    command: Sequence[str],
    environment: dict[str, str],
    pristine: Pristine,
    names: Sequence[str],
) -> None:
    """Files of these names in the folder: made by the command, or as they were made before."""
    if not pristine:
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        pristine.update({name: (folder / name).read_bytes() for name in names})
    for name, content in pristine.items():
        (folder / name).write_bytes(content)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends it and its children, also when it is frozen."""
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGCONT)
        process.terminate()
        process.wait(5)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(5)
