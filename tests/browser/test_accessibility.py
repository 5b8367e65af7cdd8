"""axe on every page, in every state, light and dark, wide and narrow."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support import sqlite
from tests.support.recording import escalate
from tests.support.server import Server, running
from vipservice.rules.routing import Presence
from vipservice.services.chats import moves
from vipservice.services.routing import presence, serving

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
AXE = ROOT / "vipservice/frontend/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIEWS: list[dict[str, Any]] = [
    {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    for scheme in ("light", "dark")
    for width in (390, 1440)
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Its own server, with one chat in each state."""
    folder = tmp_path_factory.mktemp("axe")
    ticketing = f'[ticketing]\nfolder = "{folder}/incidents"\n'
    with running(folder, sqlite.database(folder), "eventlet", extra=ticketing) as server:
        world = server.world
        for state in ("waiting", "active", "parked", "proposed", "closed", "escalated"):
            make(server, state)
        presence.set_presence(
            world.store, world.ilias, presence.NewPresence(status=Presence.AVAILABLE)
        )
        yield server


def make(server: Server, state: str) -> None:
    world = server.world
    chat_id = world.ask("jeroen", f"Hoe werkt een gesprek dat {state} is?")
    if state == "waiting":
        return
    serving.pick_up(world.store, world.sanne, chat_id, 10)
    world.say("sanne", chat_id, "Zo werkt het.")
    if state == "escalated":
        escalate(world, "sanne", chat_id)
    elif state == "parked":
        moves.park(world.store, world.sanne, chat_id)
    elif state in ("proposed", "closed"):
        moves.propose(world.store, world.sanne, chat_id)
    if state == "closed":
        moves.confirm(world.store, world.jeroen, chat_id)


RUN = """tags => axe.run(document, {
  runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],
})"""


def violations(page: Page) -> list[str]:
    """What axe finds, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(RUN, TAGS)
    return [
        f"{violation['id']}: {json.dumps(node['target'])} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def chat_in(state: str) -> Callable[[Page, Server], None]:
    def go(page: Page, server: Server) -> None:
        page.goto(f"{server.url}/chats")
        page.get_by_role("link", name=re.compile(f"dat {state} is")).click()
        page.get_by_role("log").wait_for()

    return go


def opened(state: str, button: str = "") -> Callable[[Page, Server], None]:
    """At the workbench, with one of the specialist's own chats open."""

    def go(page: Page, server: Server) -> None:
        page.get_by_role("button", name=re.compile(f"dat {state} is")).first.click()
        page.get_by_role("log").wait_for()
        if button:
            page.get_by_role("button", name=button).click()
        if button == "Incident maken":
            page.get_by_label("Titel").wait_for()

    return go


def new_with_mistakes(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/chats/new")
    page.locator("form button[type=submit]").click()
    page.get_by_text("Schrijf uw vraag op.").wait_for()


def person(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/people")
    page.get_by_role("link", name="Jeroen").click()


def person_with_mistakes(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/people/new")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("alert")).to_be_visible()


def at(path: str) -> Callable[[Page, Server], None]:
    return lambda page, server: page.goto(server.url + path) and None  # type: ignore[return-value]


def hours_with_mistakes(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/hours")
    page.get_by_label("Maandag").fill("altijd")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("alert")).to_be_visible()


def hours_looked_at(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/hours")
    page.get_by_label("Maandag").fill("")
    page.get_by_role("button", name="Bekijk wat dit doet").click()
    page.get_by_role("heading", name="Wat dit doet").wait_for()


def statement(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/reports?by=municipality")
    page.get_by_role("link", name="Openen").first.click()


def clocks_of_chat(page: Page, server: Server) -> None:
    chat_in("active")(page, server)
    page.get_by_text("Hoe wij de tijd berekenen").click()
    page.get_by_text("minuten openingstijd").first.wait_for()


def drafting_opened(page: Page, server: Server) -> None:
    opened("active", "Incident maken")(page, server)
    for words in ("Waar dit vandaan komt", "Welke berichten gaan mee"):
        page.get_by_text(words).click()
    alike = page.get_by_text("hetzelfde probleem?")
    if alike.count():
        alike.click()


def own_number(page: Page, server: Server) -> None:
    chat_in("active")(page, server)
    page.get_by_role("button", name="Eigen nummer van de gemeente noteren").click()


def a_municipality(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/municipalities")
    page.get_by_role("link", name="Amersfoort").click()


STATES = {
    "start": ("jeroen", at("/chats")),
    "nothing yet": ("klarinda", at("/chats")),
    "new": ("jeroen", at("/chats/new")),
    "new with mistakes": ("jeroen", new_with_mistakes),
    **{
        f"chat {state}": ("jeroen", chat_in(state))
        for state in ("waiting", "active", "parked", "proposed", "closed")
    },
    "colleague": ("samira", chat_in("active")),
    "account": ("jeroen", at("/account")),
    "sign out": ("jeroen", at("/logout")),
    "not found": ("jeroen", at("/nergens")),
    "not allowed": ("jeroen", at("/dashboard")),
    "workbench": ("sanne", at("/workbench")),
    "workbench active": ("sanne", opened("active")),
    "workbench note": ("sanne", opened("active", "Interne notitie")),
    "workbench hand over": ("sanne", opened("active", "Overdragen")),
    "workbench incident": ("sanne", opened("active", "Incident maken")),
    "workbench incident opened": ("sanne", drafting_opened),
    "chat with an incident": ("jeroen", chat_in("escalated")),
    "own number": ("jeroen", own_number),
    "nothing undelivered": ("annet", at("/undelivered")),
    "municipality": ("peter", a_municipality),
    "workbench parked": ("sanne", opened("parked")),
    "console": ("sanne", at("/console-incidents")),
    "dashboard": ("annet", at("/dashboard")),
    "wallboard": ("annet", at("/wallboard")),
    "report": ("annet", at("/reports")),
    "report by municipality": ("annet", at("/reports?by=municipality")),
    "chats behind a figure": ("annet", at("/reports/chats?figure=contacts")),
    "statement": ("annet", statement),
    "hours": ("peter", at("/settings/hours")),
    "hours with mistakes": ("annet", hours_with_mistakes),
    "hours looked at": ("annet", hours_looked_at),
    "targets": ("annet", at("/settings/targets")),
    "clocks": ("jeroen", clocks_of_chat),
    "people": ("peter", at("/settings/people")),
    "person": ("peter", person),
    "person with mistakes": ("peter", person_with_mistakes),
    "municipalities": ("peter", at("/settings/municipalities")),
    "new topic": ("peter", at("/settings/topics/new")),
    "teams": ("peter", at("/settings/teams")),
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(desk: Server, open_page: Open, state: str) -> None:
    who, go = STATES[state]
    page = open_page(desk, who, **VIEWS[0])
    go(page, desk)
    found = []
    for view in VIEWS:
        page.emulate_media(color_scheme=view["color_scheme"])
        page.set_viewport_size(view["viewport"])
        found += violations(page)
    assert found == []


def test_the_log_in_page_in_both_languages(desk: Server, open_page: Open) -> None:
    page = open_page(desk, "jeroen")
    page.context.clear_cookies()
    for words in ("Inloggen", "Sign in"):
        page.goto(f"{desk.url}/login")
        if words == "Sign in":
            page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", name=words)).to_be_visible()
        assert violations(page) == []


def test_the_main_path_by_keyboard_alone(desk: Server, open_page: Open) -> None:
    page = open_page(desk, "jeroen", "/chats/new")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.locator("#topicId").focus()
    page.keyboard.type("BRP")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.locator("#body")).to_be_focused()
    page.keyboard.type("Kan dit ook zonder muis?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/chats/VIP-"))
    page.get_by_label("Uw bericht").focus()
    page.keyboard.type("Ja dus.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("Ja dus.")).to_be_visible()
    expect(page.get_by_label("Uw bericht")).to_be_focused()
