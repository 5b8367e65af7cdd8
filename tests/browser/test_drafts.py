"""What is being written: whose it is, who reads it, and that only "send" sends it."""

import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import WAIT, Open
from tests.browser.test_whole_job import say
from tests.support import sqlite
from tests.support.server import Server, running
from vipservice.problems import SESSION_COOKIE
from vipservice.services.chats import timeline
from vipservice.services.people import sessions
from vipservice.services.routing import serving
from vipservice.testing.world import PASSWORD, address

pytestmark = pytest.mark.browser
COLLEAGUE = "Dit gesprek is van een collega."


def new_desk(folder: Path) -> AbstractContextManager[Server]:
    ticketing = f'[ticketing]\nfolder = "{folder}/incidents"\n'
    return running(folder, sqlite.database(folder), "eventlet", extra=ticketing)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Its own server: some of these tests stop it."""
    with new_desk(tmp_path_factory.mktemp("drafts")) as server:
        yield server


def own_chat(desk: Server, body: str, who: str = "jeroen") -> str:
    """A question that Sanne has picked up; its id."""
    chat_id = desk.world.ask(who, body)
    serving.pick_up(desk.world.store, desk.world.sanne, chat_id, 100)
    return chat_id


def path_of(desk: Server, chat_id: str) -> str:
    found = timeline.read_timeline(desk.world.store, desk.world.sanne, chat_id)
    return f"/chats/{found.chat.number}"


def said(desk: Server, chat_id: str) -> list[tuple[str, str, str]]:
    """Author, readers and words of everything that was said after the question."""
    read = timeline.read_timeline(desk.world.store, desk.world.sanne, chat_id)
    return [
        (one.author.name, str(one.visibility), one.body)
        for one in read.entries
        if one.author and one.kind in ("message", "note")
    ][1:]


def sign_in(desk: Server, context: BrowserContext, who: str, path: str) -> Page:
    """In a browser that somebody else may have used."""
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(f"{desk.url}/login")
    page.get_by_label("E-mailadres").fill(address(who))
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(desk.url + path)
    return page


def end_session(desk: Server, context: BrowserContext) -> None:
    """As after twelve hours: the browser still has its cookie, the server knows it no more."""
    (token,) = [one["value"] for one in context.cookies() if one["name"] == SESSION_COOKIE]
    actor = sessions.actor_of(desk.world.store, token)
    assert actor
    sessions.sign_out(desk.world.store, actor)


def kept(page: Page) -> dict[str, str]:
    """Everything in the browser's storage."""
    return dict(json.loads(page.evaluate("JSON.stringify(Object.entries(localStorage))")))


def notes(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Interne notitie"))


def open_card(page: Page, words: str) -> None:
    page.get_by_role("button", name=re.compile(words)).first.click()
    expect(page.get_by_role("heading", name=re.compile(words))).to_be_visible()
    page.locator("#message").wait_for()


def refuse(route: Route, status: int = 409, detail: str = COLLEAGUE) -> None:
    problem = {"status": status, "title": "Nee", "detail": detail}
    route.fulfill(status=status, content_type="application/json", body=json.dumps(problem))


def test_two_people_on_one_browser(desk: Server, open_page: Open) -> None:
    his, hers = desk.world.ask("jeroen", "Van Jeroen"), desk.world.ask("klarinda", "Van Klarinda")
    jeroen = open_page(desk, "jeroen", "/chats/new")
    context = jeroen.context
    jeroen.locator("#topicId").select_option(label="BRP")
    jeroen.locator("#body").fill("Half getypt door Jeroen")
    jeroen.goto(desk.url + path_of(desk, his))
    expect(jeroen.locator(".said--own")).to_have_count(1)
    desk.kill()
    expect(jeroen.get_by_text("De verbinding is weg.")).to_be_visible()
    say(jeroen, "Onverstuurd van Jeroen")
    jeroen.locator("#message").fill("Concept van Jeroen")
    jeroen.close()
    desk.start()
    end_session(desk, context)

    klarinda = sign_in(desk, context, "klarinda", "/chats/new")
    expect(klarinda.locator("#body")).to_have_value("")
    expect(klarinda.locator("#topicId")).to_have_value("")
    klarinda.goto(desk.url + path_of(desk, hers))
    say(klarinda, "Van haar zelf")
    expect(klarinda.get_by_text("✓ Verstuurd")).to_have_count(2)
    assert "Jeroen" not in klarinda.content()
    assert said(desk, his) == []
    assert said(desk, hers) == [("Klarinda", "everyone", "Van haar zelf")]
    klarinda.goto(f"{desk.url}/logout")
    klarinda.get_by_role("button", name="Uitloggen").click()

    jeroen = sign_in(desk, context, "jeroen", "/chats/new")
    expect(jeroen.locator("#body")).to_have_value("Half getypt door Jeroen")
    jeroen.goto(desk.url + path_of(desk, his))
    expect(jeroen.locator("#message")).to_have_value("Concept van Jeroen")
    expect(jeroen.get_by_text("✓ Verstuurd")).to_have_count(2)
    assert said(desk, his) == [("Jeroen", "everyone", "Onverstuurd van Jeroen")]


def test_a_page_that_stayed_open_sends_nothing_for_somebody_else(
    desk: Server, open_page: Open
) -> None:
    chat_id = desk.world.ask("jeroen", "Blijft open")
    page = open_page(desk, "jeroen", path_of(desk, chat_id))
    expect(page.locator(".said--own")).to_have_count(1)
    desk.kill()
    expect(page.get_by_text("De verbinding is weg.")).to_be_visible()
    say(page, "Onder wiens naam?")
    cookie = {"name": SESSION_COOKIE, "value": desk.world.tokens["samira"], "url": desk.url}
    page.context.clear_cookies(name=SESSION_COOKIE)
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    desk.start()
    expect(page.get_by_text("iemand anders")).to_be_visible()
    say(page, "En dit?")
    expect(page.get_by_text("Onder wiens naam?")).to_be_visible()
    assert said(desk, chat_id) == []
    assert any("Onder wiens naam?" in value for value in kept(page).values())
    answer = page.request.get(
        f"{desk.url}/api/v1/chats", headers={"X-Person": desk.world.jeroen.id}
    )
    assert answer.status == 401


def test_half_a_note_stays_a_note(desk: Server, open_page: Open) -> None:
    chat_id = own_chat(desk, "Gesprek met een notitie")
    own_chat(desk, "Gesprek ernaast")
    page = open_page(desk, "sanne", "/workbench")
    field = page.locator("#message")
    open_card(page, "Gesprek met een notitie")
    notes(page).click()
    field.fill("Klant betaalt niet, dus ")
    open_card(page, "Gesprek ernaast")
    expect(field).to_have_value("")
    expect(notes(page)).to_have_attribute("aria-pressed", "false")
    for again in (lambda: open_card(page, "Gesprek met een notitie"), page.reload):
        again()
        expect(field).to_have_value("Klant betaalt niet, dus ")
        expect(notes(page)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Antwoord", exact=False).last.click()
    expect(field).to_have_value("")
    field.press("Control+z")
    field.press("Enter")
    expect(field).to_have_value("")
    field.fill("Beste Jeroen, ")
    page.reload()
    expect(field).to_have_value("Beste Jeroen, ")
    expect(notes(page)).to_have_accessible_name("Interne notitie (nog niet verstuurd)")
    field.press("Enter")
    expect(page.get_by_text("✓ Verstuurd")).to_be_visible()
    notes(page).click()
    expect(field).to_have_value("Klant betaalt niet, dus ")
    field.press("Enter")
    kept_note = page.locator(".said--note:not(.said--pending)")
    expect(kept_note).to_contain_text("Klant betaalt niet, dus")
    assert said(desk, chat_id) == [
        ("Sanne", "everyone", "Beste Jeroen,"),
        ("Sanne", "centre", "Klant betaalt niet, dus"),
    ]


def test_a_refused_note_comes_back_before_what_was_typed_since(
    desk: Server, open_page: Open
) -> None:
    own_chat(desk, "Geweigerde notitie")
    own_chat(desk, "Ander gesprek")
    page = open_page(desk, "sanne", "/workbench")
    held: list[Route] = []
    page.route("**/notes", lambda route: held.append(route))
    open_card(page, "Geweigerde notitie")
    notes(page).click()
    with page.expect_request("**/notes"):
        say(page, "Eerste notitie")
    page.locator("#message").fill("Sindsdien getypt")
    open_card(page, "Ander gesprek")
    page.locator("#message").fill("Antwoord in het andere")
    refuse(held[0])
    expect(page.get_by_role("alert")).to_contain_text("Dit gesprek is van een collega.")
    expect(page.locator("#message")).to_have_value("Antwoord in het andere")
    open_card(page, "Geweigerde notitie")
    expect(notes(page)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#message")).to_have_value("Eerste notitie\n\nSindsdien getypt")


def test_words_that_are_taken_back_do_not_wipe_what_was_typed_since(
    desk: Server, open_page: Open
) -> None:
    chat_id = desk.world.ask("jeroen", "Terugnemen")
    page = open_page(desk, "jeroen", path_of(desk, chat_id))
    page.locator("#message").fill("x" * 7000)
    page.evaluate(
        "chat => localStorage.setItem(`vip:${document.querySelector('meta[name=person]').content}"
        ":outbox:${chat}:een`, JSON.stringify({clientId: 'een', body: 'Mislukt',"
        " visibility: 'everyone', at: '2026-11-25T10:00:00Z', problem: 'Weg.'}))",
        chat_id,
    )
    page.reload()
    page.locator("#message").fill("Sindsdien")
    page.get_by_role("button", name="Bewerken").click()
    expect(page.locator("#message")).to_have_value("Mislukt\n\nSindsdien")
    expect(page.locator("#message")).to_be_focused()
    expect(page.locator(".said--pending")).to_have_count(0)


def test_two_tabs_do_not_wipe_each_other(desk: Server, open_page: Open) -> None:
    chat_id = desk.world.ask("jeroen", "Twee tabbladen")
    one = open_page(desk, "jeroen", path_of(desk, chat_id))
    one.locator("#message").fill("hier begonnen")
    other = one.context.new_page()
    other.set_default_timeout(WAIT)
    other.goto(one.url)
    expect(other.locator("#message")).to_have_value("hier begonnen")
    other.locator("#message").press_sequentially(", daar verder")
    expect(one.locator("#message")).to_have_value("hier begonnen, daar verder")
    for page in (one, other):
        expect(page.locator(".said--own")).to_have_count(1)
    desk.kill()
    for page in (one, other):
        expect(page.get_by_text("De verbinding is weg.")).to_be_visible()
    say(one, "uit het ene")
    expect(other.locator("#message")).to_have_value("")
    say(other, "uit het andere")
    assert len([key for key in kept(one) if ":outbox:" in key]) == 2
    desk.start()
    for page in (one, other):
        expect(page.get_by_text("✓ Verstuurd")).to_have_count(3)
        expect(page.locator(".said--pending")).to_have_count(0)
    assert [words for *_, words in said(desk, chat_id)] == ["uit het ene", "uit het andere"]
    assert [key for key in kept(one) if ":outbox:" in key or ":draft:" in key] == []


def test_signing_out_asks_about_what_was_not_sent(desk: Server, open_page: Open) -> None:
    jeroen, klarinda = desk.world.jeroen.id, desk.world.klarinda.id
    chat_id = desk.world.ask("jeroen", "Uitloggen")
    page = open_page(desk, "jeroen", path_of(desk, chat_id))
    page.evaluate(
        "id => { localStorage.setItem(`vip:${id}:new:body`, 'van haar');"
        " localStorage.setItem('draft:oud', 'van wie?'); }",
        klarinda,
    )
    page.locator("#message").fill("nog niet verstuurd")
    page.goto(f"{desk.url}/chats/new")
    page.locator("#body").fill("nog niet gevraagd")
    page.goto(f"{desk.url}/logout")
    button, dialog = (
        page.get_by_role("button", name="Uitloggen", exact=True),
        page.locator("dialog"),
    )
    button.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("in 2 gesprekken")
    expect(dialog.get_by_role("button", name="Terug")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert len([key for key in kept(page) if key.startswith(f"vip:{jeroen}:")]) == 2
    button.click()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/login"))
    assert kept(page) == {f"vip:{klarinda}:new:body": "van haar"}

    page = sign_in(desk, page.context, "jeroen", "/logout")
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    page.wait_for_url(re.compile("/login"))
