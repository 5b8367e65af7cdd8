"""Opening a page: one transaction beside who asks, one moment, and no more than it shows."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.support.client import Client
from tests.support.counting import Counted, talk
from tests.support.recording import picked_up
from vipservice.services.chats import access
from vipservice.services.conversations import Opened, follow, open_conversation
from vipservice.store.types import new_id
from vipservice.testing.world import World

PAGES = (
    ("jeroen", "/chats"), ("jeroen", "/chats/new"), ("jeroen", "/chats/{number}"),
    ("sanne", "/workbench"), ("sanne", "/workbench?chat={chat}"),
    ("annet", "/dashboard"), ("annet", "/wallboard"),
    ("annet", "/reports"), ("annet", "/reports/statements/{town}"), ("peter", "/settings/people"),
)  # fmt: skip
WHO_ASKS, THE_PAGE = 1, 1
SMALL = 8_000


def number_of(world: World, chat_id: str) -> str:
    return access.get_chat(world.store, world.sanne, chat_id).number


@pytest.mark.parametrize(("who", "path"), PAGES)
@pytest.mark.parametrize("waits", [True, False])
def test_a_page_is_read_in_one_transaction(
    web: Flask, world: World, who: str, path: str, waits: bool
) -> None:
    chat_id = world.ask() if waits else picked_up(world, "Hoe dan?")
    places = {
        "chat": chat_id,
        "number": number_of(world, chat_id),
        "town": world.jeroen.municipality_id,
    }
    client = Client(web, world.tokens[who])
    cost = Counted(world).of(partial(client.get, path.format(**places)))
    assert cost.transactions == WHO_ASKS + THE_PAGE


def test_the_conversation_that_is_asked_for_comes_with_the_workbench(
    web: Flask, world: World
) -> None:
    """As who has it open holds it; of what is not there the page asks, and says so."""
    chat_id, desk = picked_up(world, "Hoe dan?"), Client(web, world.tokens["sanne"])

    def opened(asked: str) -> object:
        page = desk.get(f"/workbench?{urlencode({'chat': asked})}").text
        state = page.partition('id="state">')[2].partition("</script>")[0]
        return json.loads(state)["open"]

    assert opened(chat_id) == follow(world.store, world.sanne, chat_id).public()
    assert [opened(one) for one in ("", "strange", new_id(), "\0")] == [None] * 4


def test_a_short_conversation_is_small(web: Flask, world: World) -> None:
    chat_id = picked_up(world, "Hoe druk ik een uittreksel af?")
    talk(world, chat_id, 8)
    page = Client(web, world.tokens["jeroen"]).get(f"/chats/{number_of(world, chat_id)}")
    assert len(page.data) <= SMALL


def test_what_can_be_expected_is_worked_out_for_who_waits_alone(world: World) -> None:
    def opened_by(chat_id: str) -> Opened:
        number = number_of(world, chat_id)
        return open_conversation(world.store, world.jeroen, number, world.capacity, lambda _: None)

    opened = opened_by(picked_up(world, "Hoe dan?"))
    assert (opened.availability, opened.expected_at) == (None, None)
    told = opened_by(world.ask())
    assert told.availability is not None
    assert told.availability.waiting == 1


def test_within_a_moment_nothing_changes(world: World) -> None:
    with world.store.moment():
        before = access.list_chats(world.store, world.sanne)
        with ThreadPoolExecutor(1) as somebody_else:
            chat_id = somebody_else.submit(world.ask).result()
        with pytest.raises(AssertionError, match="within a moment"):
            world.ask()
        assert access.list_chats(world.store, world.sanne) == before
    assert chat_id in {one.id for one in access.list_chats(world.store, world.sanne)}
    with pytest.raises(ZeroDivisionError), world.store.moment():
        raise ZeroDivisionError
    world.ask()
    assert len(access.list_chats(world.store, world.sanne)) > 1
