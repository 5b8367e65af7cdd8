"""What opening each page costs: statements, transactions, bytes and processor time.

Beside the built scripts and styles, which browsers keep. In SQLite, in one process, with a chat of
a hundred messages, forty others and an incident.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from flask import Flask

from tests.support import sqlite
from tests.support.client import Client
from tests.support.counting import Counted, talk
from tests.support.listening import Edge
from tests.support.recording import deliver_next, escalated, picked_up
from tests.support.service import service_of
from vipservice.live.inputs import Subscribe
from vipservice.problems import SESSION_COOKIE
from vipservice.services.chats import access
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World, make_world
from vipservice.web import create_web

TIMES = 11
PAGES = (
    ("jeroen", "/chats"), ("jeroen", "/chats/new"), ("jeroen", "/chats/{number}"),
    ("sanne", "/workbench"), ("sanne", "/workbench?chat={chat}"), ("annet", "/dashboard"),
    ("annet", "/wallboard"), ("annet", "/reports"), ("peter", "/settings/people"),
    ("sanne", "/api/v1/chats/{chat}/similar-incidents"),
    ("sanne", "/api/v1/chats/{chat}/incidents"),
)  # fmt: skip


def filled(world: World) -> dict[str, str]:
    """A busy day; the places of the chat that is opened."""
    system = Recording()
    for _ in range(3):
        escalated(world, "Fout UIT-5031 bij afdrukken. Versie 8.4.2.")
        deliver_next(world, system)
    for number in range(40):
        world.ask(("jeroen", "samira", "klarinda")[number % 3])
    chat_id = picked_up(world, "Fout UIT-5031 bij afdrukken.")
    talk(world, chat_id, 100)
    return {
        "chat": chat_id,
        "number": access.get_chat(world.store, world.sanne, chat_id).number,
    }


def measure(web: Flask, world: World, who: str, path: str) -> None:
    """One line: the median of each."""
    client, counted = Client(web, world.tokens[who]), Counted(world)
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    found = [counted.of(partial(client.get, path)) for _ in range(TIMES)]
    spent = [one.spent for one in found]
    statements, transactions = found[0].statements, found[0].transactions
    print(
        f"{path[:44]:46} {statements:3} statements {transactions:3} transactions "
        f"{len(answer.data):7} bytes {median(spent):6.1f} ms "
        f"({min(spent):.1f}-{max(spent):.1f}, {TIMES} x)"
    )


def measure_live(world: World, who: str, chat_id: str) -> None:
    """Two lines: a connection, and following a chat of which the page has everything."""
    edge = Edge(world)
    cookie = {"HTTP_COOKIE": f"{SESSION_COOKIE}={world.tokens[who]}"}
    last = access.get_chat(world.store, world.actors[who], chat_id).last_seq
    wanted = Subscribe(chat_id=chat_id, after=last)
    steps: dict[str, Callable[[], object]] = {
        "connecting": partial(edge.handlers.connect, "line", cookie),
        "following": partial(edge.handlers.subscribe, "line", world.actors[who], wanted),
    }
    for name, act in steps.items():
        cost = Counted(world).of(act)
        print(f"{name:46} {cost.statements:3} statements {cost.transactions:3} transactions")


def main() -> None:
    """Prints the table."""
    none = {name: {"person": 0, "municipality": 0, "address": 0} for name in ("requests", "drafts")}
    with tempfile.TemporaryDirectory() as folder:
        clock = ManualClock("2026-04-28T09:00+02:00")
        world = make_world(Store(sqlite.database(Path(folder)), clock), clock)
        places = filled(world)
        web = create_web(service_of(world.store, Recording(), limits=none))
        for who, path in PAGES:
            measure(web, world, who, path.format(**places))
        measure_live(world, "jeroen", places["chat"])


if __name__ == "__main__":
    main()
