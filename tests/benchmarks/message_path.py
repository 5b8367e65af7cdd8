"""CPU of the server for one message stored, acknowledged and delivered: `make bench`.

Side by side in one run: the default echo without a database, and vipservice with one commit
a message on SQLite and, where it is there, PostgreSQL. The servers take turns, so that a
noisy machine is noisy to all. Prints the median of the rounds, their spread, and the ratio.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.benchmarks.conversation import talk
from tests.support import postgres, sqlite
from tests.support.server import Server, free_port, running
from vipservice.problems import SESSION_COOKIE
from vipservice.services import routing

CONVERSATIONS = 20
MESSAGES = 50
ROUNDS = 5


@dataclass
class Contender:
    """A server under load, and the microseconds a message of each round."""

    name: str
    url: str
    pid: int
    cookies: tuple[str, str]
    new_chat: Callable[[], str]
    costs: list[float] = field(default_factory=list)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def one_round(contender: Contender) -> None:
    """All conversations at once."""
    chats = [contender.new_chat() for _ in range(CONVERSATIONS)]
    before = cpu_seconds(contender.pid)
    threads = [
        threading.Thread(target=talk, args=(contender.url, contender.cookies, chat, MESSAGES))
        for chat in chats
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = cpu_seconds(contender.pid) - before
    contender.costs.append(spent / (CONVERSATIONS * MESSAGES) * 1e6)


def start_echo(stack: ExitStack) -> Contender:
    """The default echo."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.echo", str(port)],
        stderr=subprocess.DEVNULL,
    )
    stack.callback(process.kill)
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            requests.get(f"{url}/readyz", timeout=2)
            break
        except requests.ConnectionError:
            time.sleep(0.05)
    numbers = iter(range(10_000))
    return Contender(
        "default echo, no database", url, process.pid, ("", ""), lambda: str(next(numbers))
    )


def start_ours(stack: ExitStack, name: str, database: str, folder: Path) -> Contender:
    """vipservice, as it is deployed."""
    server: Server = stack.enter_context(running(folder, database, "eventlet"))
    assert server.process
    world = server.world

    def new_chat() -> str:
        chat_id = world.ask("jeroen")
        routing.pick_up(world.store, world.sanne, chat_id, 10_000)
        return chat_id

    tokens = world.tokens
    cookies = (f"{SESSION_COOKIE}={tokens['jeroen']}", f"{SESSION_COOKIE}={tokens['sanne']}")
    return Contender(name, server.url, server.process.pid, cookies, new_chat)


def main() -> None:
    """Runs the rounds and prints the table."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = sqlite.database(folder)
        contenders = [start_echo(stack), start_ours(stack, "SQLite FULL", ours, folder / "a")]
        if postgres.is_there():
            url = stack.enter_context(postgres.database())
            contenders.append(start_ours(stack, "PostgreSQL", url, folder / "b"))
        for _ in range(ROUNDS):
            for contender in contenders:
                one_round(contender)
    _print_table(contenders)


def _print_table(contenders: list[Contender]) -> None:
    print(f"{CONVERSATIONS} conversations, {MESSAGES} messages each, {ROUNDS} rounds")
    print(f"{'':28}{'µs CPU a message':>18}{'spread':>16}{'ratio':>8}")
    base = statistics.median(contenders[0].costs)
    for contender in contenders:
        middle = statistics.median(contender.costs)
        spread = f"{min(contender.costs):.0f}-{max(contender.costs):.0f}"
        print(f"{contender.name:28}{middle:18.0f}{spread:>16}{middle / base:8.2f}")


if __name__ == "__main__":
    main()
