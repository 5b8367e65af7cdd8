"""The seats of the load: who sits there can talk."""

import json
from pathlib import Path

from tests.benchmarks import seats
from tests.support.shapes import plain
from vipservice.clock import utc_now
from vipservice.services.chats import access
from vipservice.services.people.sessions import actor_of
from vipservice.store.work import Store


def test_each_seat_has_a_chat_that_its_specialist_has(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/load.db", tmp_path / "seats.json"
    seats.main(url, 5, file)
    found = json.loads(file.read_text())
    assert len(found) == 5
    store = Store(url, utc_now)
    for seat in found:
        requester, specialist = (actor_of(store, cookie) for cookie in seat["cookies"])
        assert requester
        assert specialist
        chat = access.get_chat(store, requester, seat["chat"])
        assert (chat.state, plain(chat)["assignee"]["id"]) == ("active", specialist.id)
        assert plain(chat)["requester"]["id"] == requester.id
    store.close()
