"""One person does too much, an honest one waits: `python -m tests.benchmarks.attacks`.

Each attack is a process of its own, as fast as it can on four connections, with the default
limits of the product. Beside it an honest user reads a chat and says something now and then.
Quiet and attacked take turns in one run. First, how late /healthz is while one heavy thing is
done. Prints the honest user's p50 and p99 in milliseconds,
the ratio of the p99 to the quiet server's, and what the attacker was told.
"""

import itertools
import multiprocessing
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.support import postgres, sqlite
from tests.support.server import Server, running
from vipservice.rules.chats import BODY_LENGTH
from vipservice.services.routing import serving
from vipservice.store.types import new_id

CONNECTIONS = 4
READS, WORDS_EVERY = 200, 10
PAUSE = 0.07
SINGLES = 5
ELSEWHERE = "127.0.0.2"
"""Its own network: who shares an address with a thousand connections is turned away with them."""
NASTY = (": A" * BODY_LENGTH)[:BODY_LENGTH]
PERIOD = "from=2026-01-01&until=2026-12-31&format=xlsx"

Attack = Callable[[requests.Session, str, dict[str, str]], Any]


def main(kind: str) -> None:
    """The table, on SQLite or PostgreSQL."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _database(kind, Path(folder)) as url,
        running(Path(folder) / "server", url, "eventlet", extra="[limits]\n") as server,
    ):
        places = _places(server)
        _singles(server, places)
        print(f"{kind}: {READS} reads and messages each, in milliseconds")
        print(
            f"{'attack':<14}{'p50':>8}{'p99':>8}{'quiet p99':>12}{'ratio':>8}   attacker was told"
        )
        for name in ATTACKS:
            quiet = _honest(server, "samira", places["quiet"])
            found, told = _attacked(server, name, places)
            ratio = found[1] / quiet[1]
            figures = f"{found[0]:>8.1f}{found[1]:>8.1f}{quiet[1]:>12.1f}{ratio:>8.1f}"
            print(f"{name:<14}{figures}   {told}", flush=True)


def _singles(server: Server, places: dict[str, str]) -> None:
    """How late /healthz is while one heavy thing is done, some times each."""
    chat = f"{server.url}/api/v1/chats/{places['dear']}"
    heavy: dict[str, tuple[str, Callable[[requests.Session], Any]]] = {
        "(quiet)": ("ilias", lambda _: time.sleep(0.3)),
        "a nasty draft": ("ilias", lambda it: it.get(f"{chat}/incident-draft", timeout=60)),
        "a spreadsheet": (
            "annet",
            lambda it: it.get(f"{server.url}/api/v1/reports/topics?{PERIOD}", timeout=60),
        ),
        "a log-in": ("klarinda", lambda it: _log_in(it, server.url, places)),
        "the forecast": ("annet", lambda it: it.get(f"{server.url}/api/v1/forecast", timeout=60)),
        "a nasty question": (
            "klarinda",
            lambda it: it.post(
                f"{server.url}/api/v1/chats", timeout=60,
                json={"topicId": places["topic"], "body": NASTY, "clientId": new_id()},
            ),
        ),
        "ten megabytes": ("klarinda", lambda it: _file(it, server.url, places, 10)),
    }  # fmt: skip
    print(f"{'while':<20}{'done in':>9}{'/healthz p50':>14}{'slowest':>9}   milliseconds")
    for name, (who, act) in heavy.items():
        session, done, seconds = server.http(who), threading.Event(), list[float]()

        def watch(done: threading.Event = done, seconds: list[float] = seconds) -> None:
            with requests.Session() as watcher:
                while not done.is_set():
                    started = time.perf_counter()
                    watcher.get(f"{server.url}/healthz", timeout=60)
                    seconds.append(time.perf_counter() - started)

        watcher = threading.Thread(target=watch)
        watcher.start()
        started = time.perf_counter()
        for _ in range(SINGLES):
            act(session)
        took = (time.perf_counter() - started) / SINGLES
        done.set()
        watcher.join()
        middle, slowest = statistics.median(seconds), max(seconds)
        print(
            f"{name:<20}{1000 * took:>9.0f}{1000 * middle:>14.1f}{1000 * slowest:>9.1f}", flush=True
        )


def _database(kind: str, folder: Path) -> Any:
    if kind == "postgresql":
        return postgres.database()
    return _Given(sqlite.database(folder))


class _Given:
    """A context that gives what is there already."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __enter__(self) -> str:
        return self.value

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""


def _places(server: Server) -> dict[str, str]:
    """Chats: one of the honest user, one of the attacker, one that is dear to read."""
    world = server.world
    found = {"own": world.ask("jeroen"), "quiet": world.ask("samira"), "topic": world.topic_id}
    found["theirs"] = world.ask("klarinda")
    found["dear"] = world.ask("klarinda", NASTY)
    for name, who in (("own", "sanne"), ("theirs", "ilias"), ("dear", "ilias")):
        serving.pick_up(world.store, getattr(world, who), found[name], 9)
    for _ in range(29):
        world.say("klarinda", found["dear"], NASTY)
    return found


def _honest(server: Server, who: str, chat_id: str) -> tuple[float, float]:
    """p50 and p99 of what an honest user waits for, in milliseconds."""
    session, seconds = server.http(who), []
    path = f"{server.url}/api/v1/chats/{chat_id}"
    for turn in range(READS):
        started = time.perf_counter()
        if turn % WORDS_EVERY:
            answer = session.get(path, timeout=60)
        else:
            said = {"body": "Hallo", "clientId": new_id()}
            answer = session.post(f"{path}/messages", json=said, timeout=60)
        seconds.append(time.perf_counter() - started)
        assert answer.ok, answer.text[:200]
        time.sleep(PAUSE)
    ordered = sorted(seconds)
    return 1000 * statistics.median(ordered), 1000 * ordered[len(ordered) * 99 // 100]


def _attacked(
    server: Server, name: str, places: dict[str, str]
) -> tuple[tuple[float, float], dict[str, int]]:
    who, _ = ATTACKS[name]
    sessions = [server.http(who) for _ in range(CONNECTIONS)]
    stop, told = multiprocessing.Event(), multiprocessing.SimpleQueue()  # type: ignore[var-annotated]
    attacker = multiprocessing.Process(
        target=_attack, args=(name, server.url, sessions, places, stop, told)
    )
    attacker.start()
    time.sleep(1)
    found = _honest(server, "jeroen", places["own"])
    stop.set()
    answers = told.get()
    attacker.join()
    return found, answers


def _attack(
    name: str,
    url: str,
    sessions: list[requests.Session],
    places: dict[str, str],
    stop: Any,
    told: Any,
) -> None:
    answers: Counter[str] = Counter()
    act = ATTACKS[name][1]

    def on(session: requests.Session) -> None:
        while not stop.is_set():
            with suppress(requests.RequestException, OSError):
                answers[str(act(session, url, places))] += 1

    with ThreadPoolExecutor(len(sessions)) as pool:
        list(pool.map(on, sessions))
    told.put(dict(answers))


def _post(path: str, body: Callable[[dict[str, str]], Any]) -> Attack:
    def act(session: requests.Session, url: str, places: dict[str, str]) -> int:
        address = f"{url}/api/v1{path.format(**places)}"
        return session.post(address, json=body(places), timeout=60).status_code

    return act


def _get(path: str) -> Attack:
    def act(session: requests.Session, url: str, places: dict[str, str]) -> int:
        return session.get(f"{url}/api/v1{path.format(**places)}", timeout=60).status_code

    return act


def _file(session: requests.Session, url: str, places: dict[str, str], megabytes: int = 1) -> int:
    path = f"{url}/api/v1/chats/{places['theirs']}/attachments"
    files = {"file": ("a.bin", b"x" * (megabytes << 20))}
    return session.post(path, data={"clientId": new_id()}, files=files, timeout=60).status_code


def _log_in(session: requests.Session, url: str, _places: dict[str, str]) -> int:
    form = {"email": "klarinda@test.example", "password": "guess"}
    headers = {"X-CSRF-Token": str(session.headers["X-CSRF-Token"])}
    return session.post(f"{url}/login", data=form, headers=headers, timeout=60).status_code


_held: list[socket.socket] = []
_numbers = itertools.count()


def _stand_there(_session: requests.Session, url: str, _places: dict[str, str]) -> str:
    """Another connection that says half a line, up to a thousand, from a network of its own."""
    if next(_numbers) > 1000:
        time.sleep(0.01)
        return "held"
    address = urlsplit(url)
    there = address.hostname or "", address.port or 0
    opened = socket.create_connection(there, 10, source_address=(ELSEWHERE, 0))
    opened.sendall(b"GET /login HT")
    _held.append(opened)
    return "connected"


ATTACKS: dict[str, tuple[str, Attack]] = {
    "messages": (
        "klarinda",
        _post("/chats/{theirs}/messages", lambda _: {"body": "x" * 4000, "clientId": new_id()}),
    ),
    "questions": (
        "klarinda",
        _post("/chats", lambda it: {"body": "x", "clientId": new_id(), "topicId": it["topic"]}),
    ),
    "files": ("klarinda", _file),
    "searches": ("klarinda", _get("/chats?q=a")),
    "drafts": ("ilias", _get("/chats/{dear}/incident-draft")),
    "exports": ("annet", _get(f"/reports/topics?{PERIOD}")),
    "log-ins": ("klarinda", _log_in),
    "connections": ("klarinda", _stand_there),
}

if __name__ == "__main__":
    for each in sys.argv[1:] or ["sqlite", *(["postgresql"] if postgres.is_there() else [])]:
        main(each)
