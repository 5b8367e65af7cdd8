"""Work beside the server: in a process of its own, one piece at a time, with a limit.

`re` and the like hold the GIL: in a thread they would stop everybody just as well. The process
stays warm; who goes over the limit is ended by the system, and the next piece finds a new one.
Run as ``python -m vipservice.adapters.aside DESCRIPTOR``.
"""

import logging
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from vipservice.rules.refusals import N_, Refusal

log = logging.getLogger(__name__)
Result = TypeVar("Result")

_LENGTH = struct.Struct("!Q")
_FAILED = "failed"
PATIENCE = 10.0
"""Seconds on the clock for a piece of work beyond its limit: a busy machine gives it no turn."""


class TooLong(Refusal):
    """The work did not end within its limit, or not at all."""

    def __init__(self) -> None:
        super().__init__(N_("This takes too long. Ask for less at a time."))


class Aside:
    """A process that works for this one. Made at the first piece of work, or by ``start``."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def start(self, warm: Callable[[], Any]) -> None:
        """Makes the process and has it do ``warm``, so that the first to ask does not wait."""
        self.run(PATIENCE, warm)

    def run(self, seconds: float, function: Callable[..., Result], *given: Any) -> Result:
        """What ``function``, of the top of a module, answers to ``given``; both can be pickled.

        ``seconds`` are of processor time, from when the function is known to the process. Raises
        TooLong beyond that, and what the function raises.
        """
        if not self._turn.acquire(timeout=PATIENCE):
            raise TooLong
        try:
            return self._run(seconds, function, given)  # type: ignore[no-any-return]
        finally:
            self._turn.release()

    def _run(self, seconds: float, function: Callable[..., Result], given: tuple[Any, ...]) -> Any:
        try:
            failed, answer = self._ask(seconds, (function, given))
        except (OSError, EOFError):
            self.close()
            log.warning("%s took more than %s s", function.__name__, seconds)
            raise TooLong from None
        except BaseException:
            self.close()  # given up half-way: what comes back would answer another question
            raise
        if failed == _FAILED:
            raise answer
        return answer

    def close(self) -> None:
        """Ends the process."""
        process, line = self._process, self._line
        self._process = self._line = None
        if line:
            line.close()
        if process:
            process.kill()
            process.wait()

    def _ask(self, seconds: float, work: Any) -> Any:
        if self._process and self._process.poll() is not None:
            self.close()  # it died while it had nothing to do
        if self._line is None:
            self._begin()
        assert self._line
        self._line.settimeout(seconds + PATIENCE)
        _send(self._line, (seconds, pickle.dumps(work)))
        return _receive(self._line)

    def _begin(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
            )


def _send(line: socket.socket, message: Any) -> None:
    told = pickle.dumps(message)
    line.sendall(_LENGTH.pack(len(told)) + told)


def _receive(line: socket.socket) -> Any:
    (length,) = _LENGTH.unpack(_exactly(line, _LENGTH.size))
    return pickle.loads(_exactly(line, length))  # noqa: S301 - from our own process


def _exactly(line: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = line.recv(min(length - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def work(line: socket.socket) -> None:
    """Does what comes over the line until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends when the server does
    while True:
        try:
            seconds, packed = _receive(line)
        except EOFError:
            return
        _send(line, _done(seconds, packed))


def _done(seconds: float, packed: bytes) -> tuple[str, Any]:
    """The answer; SIGPROF, which nobody handles, ends the process beyond the limit."""
    function, given = pickle.loads(packed)  # noqa: S301 - from our own process
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return "done", function(*given)
    except Exception as error:
        return _FAILED, error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as ours:
        ours.setblocking(True)  # under eventlet the server's ends never block, and this is one
        work(ours)
