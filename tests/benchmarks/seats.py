"""Fills an empty database for a load.

`python -m tests.benchmarks.seats DATABASE_URL K FILE [SAID [OTHERS]]`: K requesters over K/2
municipalities, K/2 specialists in one team with two active chats each, in which each side has said
something SAID / 2 times, and OTHERS more chats like those. FILE becomes a JSON list of
``{chat, cookies: [requester's, specialist's]}``.
PostgreSQL has looked at its tables after that, as it does by itself within minutes.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.benchmarks.open_chats import fill
from vipservice.clock import utc_now
from vipservice.config import Settings
from vipservice.rules.people import Actor, Role
from vipservice.rules.routing import Capacity
from vipservice.services.chats import messages
from vipservice.services.chats.saying import Said, say_all
from vipservice.services.people import sessions
from vipservice.services.people.guessing import Origin
from vipservice.services.routing import serving
from vipservice.services.setup import seed_versions
from vipservice.store.migrate import migrate
from vipservice.store.tables import Grant, Membership, Municipality, Person, Team, Topic
from vipservice.store.types import new_id
from vipservice.store.work import Store, Work

CHATS_EACH = 2
SAID = 10
HOURS = 240
Seat = tuple[str, Actor]
"""A session cookie, and whose it is."""


def main(url: str, count: int, file: Path, said: int = SAID, others: int = 0) -> None:
    """Fills the database and writes the file."""
    store = Store(url, utc_now)
    migrate(store.engine)
    seed_versions(store, Settings())
    with store.work() as work:
        topic_id, requesters, specialists = _people(work, count)
    seats = [_signed_in(store, one) for one in requesters]
    desks = [_signed_in(store, one) for one in specialists]
    pairs = [(seat, desks[number // CHATS_EACH]) for number, seat in enumerate(seats)]
    chats = list(_chats(store, topic_id, pairs))
    for turn in range(said):
        _say(
            store,
            [(pair[turn % 2][1], chat["chat"]) for pair, chat in zip(pairs, chats, strict=True)],
        )
    fill(store, [one["chat"] for one in chats], others)
    if store.engine.dialect.name == "postgresql":
        with store.work() as work:
            work.session.execute(text("ANALYZE"))
    file.write_text(json.dumps(chats))
    store.close()


def _say(store: Store, who: list[tuple[Actor, str]]) -> None:
    """Each says something in a chat, by the service's own use case."""
    words = [messages.NewMessage(body="Zo werkt dat.", client_id=new_id()) for _ in who]
    capacity = Capacity(CHATS_EACH, Settings().routing.offline_seconds)
    with store.work(in_bulk=True) as work:
        said = [Said(*one, message, capacity) for one, message in zip(who, words, strict=True)]
        answers = say_all(work, said)
    assert not any(isinstance(one, Exception) for one in answers)


def _people(work: Work, count: int) -> tuple[str, list[str], list[str]]:
    """The topic's id, and the ids of requesters and specialists."""
    team = Team(name="Burgerzaken")
    towns = [Municipality(name=f"Gemeente {n}", code=f"{n:04}") for n in range(max(1, count // 2))]
    work.session.add_all([team, *towns])
    work.session.flush()
    topic = Topic(name="BRP", team_id=team.id)
    askers = [
        _person(f"r{n}", Role.REQUESTER, municipality_id=towns[n % len(towns)].id)
        for n in range(count)
    ]
    desk = [_person(f"s{n}", Role.SPECIALIST) for n in range((count + 1) // CHATS_EACH)]
    work.session.add_all([topic, *askers, *desk])
    work.session.flush()
    work.session.add_all(Grant(person_id=one.id, starts_on=date(2020, 1, 1)) for one in askers)
    work.session.add_all(Membership(team_id=team.id, person_id=one.id) for one in desk)
    return topic.id, [one.id for one in askers], [one.id for one in desk]


def _person(name: str, role: Role, **more: Any) -> Person:
    asks = role is Role.REQUESTER
    return Person(
        email=f"{name}@load.example", name=name, role=role, password_hash="nobody signs in",
        can_create_incidents=asks, **more,
    )  # fmt: skip


def _signed_in(store: Store, person_id: str) -> Seat:
    with store.work() as work:
        token = sessions.begin(work, person_id, Origin("load"), HOURS)
    actor = sessions.actor_of(store, token)
    assert actor
    return token, actor


def _chats(store: Store, topic_id: str, pairs: list[tuple[Seat, Seat]]) -> Iterator[dict[str, Any]]:
    """A chat for each pair of seats, picked up."""
    for (asker, requester), (desk, specialist) in pairs:
        data = messages.NewChat(topic_id=topic_id, body="Hoe werkt dit?", client_id=new_id())
        chat_id = str(messages.open_chat(store, requester, data).id)
        serving.pick_up(store, specialist, chat_id, CHATS_EACH)
        yield {"chat": chat_id, "cookies": [asker, desk]}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), *map(int, sys.argv[4:]))
