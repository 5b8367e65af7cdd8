"""The line between a page and the server: cut, frozen, asleep, behind a proxy, answers lost."""

import random
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, status_of, wait_until
from tests.browser.test_whole_job import say
from tests.support import sqlite
from tests.support.line import Line, Through, through
from tests.support.server import Server, running
from tests.support.sizes import size
from vipservice.services.chats import access
from vipservice.services.routing import serving
from vipservice.store.types import new_id

pytestmark = pytest.mark.browser
LOST = "De verbinding is weg."
ON_ITS_WAY = "Wordt verstuurd…"


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def desk(
    tmp_path_factory: pytest.TempPathFactory, line: Line, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """A server whose public address is the beginning of the line."""
    folder = tmp_path_factory.mktemp("line")
    monkeypatch.setenv("VIPSERVICE_SERVER__PUBLIC_URL", line.url)
    with running(folder, sqlite.database(folder), "eventlet") as server:
        yield server


@pytest.fixture
def far(desk: Server, line: Line) -> Iterator[Through]:
    with through(desk, line) as found:
        yield found


def own_chat(desk: Server, who: str = "jeroen") -> tuple[str, str]:
    """A chat of theirs that Sanne has: its id and number."""
    world = desk.world
    chat_id = world.ask(who)
    serving.pick_up(world.store, world.sanne, chat_id, 99)
    return chat_id, str(access.get_chat(world.store, world.sanne, chat_id).number)


def said(desk: Server, chat_id: str) -> list[str]:
    """What the chat holds of words, in order."""
    session = desk.http("sanne")
    entries = session.get(f"{desk.url}/api/v1/chats/{chat_id}/entries", timeout=30).json()["items"]
    return [one["body"] for one in entries if one["kind"] == "message"][1:]


def test_a_proxy_without_websocket_is_no_hindrance(
    desk: Server, far: Through, line: Line, open_page: Open
) -> None:
    line.upgrades = False
    chat_id, number = own_chat(far)
    asked: list[str] = []
    page = open_page(far, "jeroen", f"/chats/{number}")
    page.on("request", lambda request: asked.append(request.url))
    say(page, "over een proxy")
    expect(page.get_by_role("log").get_by_text("over een proxy")).to_be_visible()
    expect(page.get_by_text(ON_ITS_WAY)).to_have_count(0)
    expect(page.get_by_text(LOST)).to_have_count(0)
    assert said(desk, chat_id)[0] == "over een proxy"
    assert any("transport=polling" in url and "client=" in url for url in asked)


def test_what_is_said_on_a_frozen_line_goes_by_itself_and_in_order(
    desk: Server, far: Through, line: Line, open_page: Open
) -> None:
    chat_id, number = own_chat(far)
    page = open_page(far, "jeroen", f"/chats/{number}")
    say(page, "nul")
    expect(page.get_by_text("✓ ")).to_have_count(2)
    line.freeze()
    for word in ("een", "twee", "drie"):
        say(page, word)
    expect(page.get_by_text(LOST)).to_be_visible()
    expect(page.get_by_text(ON_ITS_WAY)).to_have_count(3)
    line.bring_back()
    expect(page.get_by_text(ON_ITS_WAY)).to_have_count(0)
    expect(page.get_by_text(LOST)).to_have_count(0)
    expect(page.get_by_text("Niet verstuurd")).to_have_count(0)
    assert said(desk, chat_id) == ["nul", "een", "twee", "drie"]


def test_after_a_sleep_the_page_says_what_the_server_says(
    desk: Server, far: Through, line: Line, open_page: Open
) -> None:
    page = open_page(far, "sanne")
    page.get_by_role("button", name="Beschikbaar melden").click()
    expect(page.get_by_text("U bent beschikbaar")).to_be_visible()
    line.take_away()
    expect(page.get_by_text(LOST)).to_be_visible()
    try:
        desk.shift_clock(300)
        wait_until(page, lambda: status_of(desk, "Sanne") == "offline")
        line.bring_back()
        expect(page.get_by_text(LOST)).to_have_count(0)
        expect(page.locator(".presence__state")).to_contain_text("U bent offline")
        expect(page.get_by_role("button", name="Ik ben er weer")).to_be_visible()
        page.get_by_role("button", name="Beschikbaar melden").click()
        expect(page.get_by_text("U bent beschikbaar")).to_be_visible()
        assert status_of(desk, "Sanne") == "available"
    finally:
        desk.shift_clock(0)


def test_what_was_read_while_the_line_was_down_is_told_later(
    desk: Server, far: Through, line: Line, open_page: Open
) -> None:
    chat_id, number = own_chat(desk)
    requester = open_page(far, "jeroen", f"/chats/{number}")
    expect(requester.get_by_role("log")).to_be_visible()
    line.take_away()
    expect(requester.get_by_text(LOST)).to_be_visible()
    send(desk, "sanne", chat_id, "tijdens de stilte")
    line.bring_back()
    expect(requester.get_by_text("tijdens de stilte")).to_be_visible()
    wait_until(requester, lambda: _chat(desk, "jeroen", chat_id)["unread"] == 0)


def send(desk: Server, who: str, chat_id: str, body: str) -> None:
    """Something said over HTTP."""
    path = f"{desk.url}/api/v1/chats/{chat_id}/messages"
    data = {"body": body, "clientId": new_id()}
    assert desk.http(who).post(path, json=data, timeout=30).status_code == 201


def _chat(desk: Server, who: str, chat_id: str) -> Any:
    return desk.http(who).get(f"{desk.url}/api/v1/chats/{chat_id}", timeout=30).json()


def lose_answer(page: Page, pattern: str) -> None:
    """To the first POST: the server did it, and the page never hears."""

    lost: list[Route] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route)
        route.fetch()
        route.abort()

    page.route(pattern, lose)


def test_a_question_whose_answer_was_lost_is_asked_once(
    desk: Server, far: Through, open_page: Open
) -> None:
    page = open_page(far, "klarinda", "/chats/new")
    lose_answer(page, "**/api/v1/chats")
    page.get_by_label("Waar gaat het over?").select_option(label="BRP")
    page.locator("#body").fill("Wordt dit twee keer gevraagd?")
    page.locator("form button[type=submit]").click()
    expect(page.get_by_text("geen verbinding")).to_be_visible()
    page.locator("form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/chats/VIP-"))
    items = desk.http("klarinda").get(f"{desk.url}/api/v1/chats", timeout=30).json()["items"]
    assert len(items) == 1


def test_an_incident_whose_answer_was_lost_is_made_once(
    desk: Server, far: Through, open_page: Open
) -> None:
    chat_id, _ = own_chat(desk)
    page = open_page(far, "sanne", f"/workbench?chat={chat_id}")
    lose_answer(page, "**/chats/*/incidents")
    page.get_by_role("button", name="Incident maken").click()
    page.get_by_role("button", name="Incident versturen en afsluiten").click()
    expect(page.get_by_text("geen verbinding").first).to_be_visible()
    page.get_by_role("button", name="Incident versturen en afsluiten").click()
    expect(page.get_by_role("button", name="Incident versturen en afsluiten")).to_have_count(0)
    path = f"{desk.url}/api/v1/chats/{chat_id}/incidents"
    assert len(desk.http("sanne").get(path, timeout=30).json()["items"]) == 1


def test_a_client_that_was_cut_at_random_equals_one_that_never_was(
    desk: Server, far: Through, line: Line, open_page: Open
) -> None:
    chance = random.Random(7)
    chat_id, number = own_chat(desk)
    cut, calm = (open_page(far, "sanne", f"/workbench?chat={chat_id}") for _ in range(2))
    other = open_page(far, "jeroen", f"/chats/{number}")
    for turn in range(size(40, 8)):
        send(desk, chance.choice(["sanne", "jeroen"]), chat_id, f"woord {turn}")
        if chance.random() < 0.3:
            desk.world.ask("klarinda", f"Vraag {turn}: hoe werkt dit?")
        if chance.random() < 0.5:
            line.cut()
        if chance.random() < 0.3:
            say(cut, f"getypt {turn}")
    calm.reload()
    last = f"woord {size(40, 8) - 1}"
    for page in (cut, calm, other):
        expect(page.get_by_role("log").get_by_text(last, exact=True)).to_be_visible()
        expect(page.get_by_text(ON_ITS_WAY)).to_have_count(0)
        expect(page.get_by_text(LOST)).to_have_count(0)
    for place in (".timeline__entries", ".queue-panel"):
        wait_until(cut, partial(_are_equal, cut, calm, place))
    wait_until(other, lambda: _chat(desk, "jeroen", chat_id)["unread"] == 0)


def _are_equal(one: Page, other: Page, place: str) -> bool:
    texts = [page.locator(place).inner_text() for page in (one, other)]
    return texts[0] == texts[1] != ""
