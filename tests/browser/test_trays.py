"""Files wait in a tray: pasted, dropped or chosen, and sent by "send" alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Request, Route, expect

from tests.browser.conftest import Open
from tests.browser.test_accessibility import VIEWS, violations
from tests.browser.test_drafts import (
    new_desk,
    notes,
    open_card,
    own_chat,
    path_of,
    refuse,
    said,
)
from tests.browser.test_escalation import walk
from tests.browser.test_whole_job import say
from tests.support.server import Server

pytestmark = pytest.mark.browser
SHOT: FilePayload = {"name": "scherm.png", "mimeType": "image/png", "buffer": b"\x89PNG" * 200}
LIST: FilePayload = {"name": "lijst.csv", "mimeType": "text/csv", "buffer": b"a;b\n" * 50}
HUGE: FilePayload = {"name": "alles.zip", "mimeType": "application/zip", "buffer": b"x" * 10485761}
PASTE = """(field, {text, picture}) => {
  const data = new DataTransfer();
  if (text) {
    data.setData("text/plain", text);
    data.setData("text/html", `<p>${text}</p>`);
  }
  if (picture) data.items.add(new File([new Uint8Array(9)], "image.png", {type: "image/png"}));
  const paste = new ClipboardEvent(
    "paste", {clipboardData: data, bubbles: true, cancelable: true});
  return field.dispatchEvent(paste);
}"""
DROP = """target => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "los.txt", {type: "text/plain"}));
  const options = {dataTransfer: data, bubbles: true, cancelable: true};
  target.dispatchEvent(new DragEvent("dragover", options));
  return target.dispatchEvent(new DragEvent("drop", options));
}"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with new_desk(tmp_path_factory.mktemp("trays")) as server:
        yield server


def tray(page: Page) -> Locator:
    return page.locator(".tray__item")


def choose(page: Page, *files: FilePayload) -> None:
    page.get_by_label("Bestand toevoegen").last.set_input_files(files=list(files))


def uploads(page: Page) -> list[Request]:
    """Grows with every file that leaves the page."""
    found: list[Request] = []

    def note(request: Request) -> None:
        if "/attachments" in request.url:
            found.append(request)

    page.on("request", note)
    page.route("**/chats/*/attachments", lambda route: route.continue_())  # shows their bodies
    return found


def field_of(request: Request, name: str) -> str:
    body = (request.post_data_buffer or b"").decode("latin-1")
    found = re.search(rf'name="{name}"\r\n\r\n(.*?)\r\n', body)
    return found[1] if found else ""


def test_a_lost_session_ends_the_page(desk: Server, open_page: Open) -> None:
    page = open_page(desk, "jeroen", path_of(desk, desk.world.ask("jeroen", "Wie bent u?")))
    expect(page.locator(".said--own")).to_have_count(1)
    sentence = "Er is intussen iemand anders ingelogd."
    page.route("**/api/v1/**", lambda route: refuse(route, status=401, detail=sentence))
    choose(page, SHOT)
    page.get_by_role("button", name="Versturen").click()
    expect(page.locator(".connection")).to_contain_text(sentence)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    say(page, "Niet meer")
    expect(page.get_by_text("Niet meer")).to_be_visible()
    page.get_by_role("button", name="Versturen").click()
    expect(tray(page)).to_contain_text(sentence)
    assert [url for url in asked if "/api/" in url or "/socket.io/" in url] == []
    assert all("Niet meer" not in words for *_, words in said_in(desk, page))


def said_in(desk: Server, page: Page) -> list[tuple[str, str, str]]:
    number = page.url.rsplit("/", 1)[1]
    found = desk.http("jeroen").get(f"{desk.url}/api/v1/chats?q={number}", timeout=10).json()
    return said(desk, found["items"][0]["id"])


FIVE = {
    "answer": ("sanne", "#message"),
    "note": ("sanne", "#message"),
    "search": ("sanne", "#search"),
    "incident": ("sanne", "#incident-description"),
    "new question": ("jeroen", "#body"),
}


@pytest.mark.parametrize("place", FIVE)
def test_a_paste_sends_nothing(desk: Server, open_page: Open, place: str) -> None:
    who, selector = FIVE[place]
    chat_id = own_chat(desk, f"Plakken in {place}.")
    path = "/chats/new" if who == "jeroen" else f"/workbench?chat={chat_id}"
    page = open_page(desk, who, path)
    sent = uploads(page)
    composer = place in ("answer", "note")
    if place == "note":
        notes(page).click()
    elif place == "incident":
        page.get_by_role("button", name="Incident maken").click()
    field = page.locator(selector)
    field.focus()
    assert field.evaluate(PASTE, {"text": "uit Word", "picture": True})
    expect(tray(page)).to_have_count(0)
    left_alone = field.evaluate(PASTE, {"text": "", "picture": True})
    assert left_alone is not composer
    expect(tray(page)).to_have_count(int(composer))
    assert sent == []
    if not composer:
        return
    expect(tray(page)).to_contain_text(re.compile(r"schermafdruk-\d{4}-\d\d-\d\d-\d{4}\.png"))
    field.press("Enter")
    expect(tray(page)).to_have_count(0)
    (request,) = sent
    assert field_of(request, "visibility") == ("centre" if place == "note" else "everyone")
    kind = ".said--note" if place == "note" else ".said--own"
    expect(page.locator(kind).get_by_role("link", name=re.compile("schermafdruk"))).to_be_visible()
    assert [readers for _, readers, _ in said(desk, chat_id)] == [
        "centre" if place == "note" else "everyone"
    ]


def test_a_tray_keeps_its_readers_and_asks_before_it_is_lost(desk: Server, open_page: Open) -> None:
    chat_id = own_chat(desk, "Bakje met bestanden")
    own_chat(desk, "Bakje ernaast")
    page = open_page(desk, "sanne", f"/workbench?chat={chat_id}")
    sent = uploads(page)
    notes(page).click()
    assert page.locator(".panel--details").evaluate(DROP) is False
    expect(tray(page)).to_have_count(0)
    assert page.locator(".composer__foot").evaluate(DROP) is False
    choose(page, SHOT, HUGE)
    expect(tray(page)).to_have_count(3)
    expect(tray(page).filter(has_text="alles.zip").get_by_role("alert")).to_have_text(
        "Groter dan 10 MB. Stuur een kleiner bestand."
    )
    expect(page.locator(".composer [role=status]").last).to_have_text(
        "2 bestanden zijn toegevoegd."
    )
    page.get_by_role("button", name="Antwoord").last.click()
    expect(tray(page)).to_have_count(0)
    open_card(page, "Bakje ernaast")
    expect(tray(page)).to_have_count(0)
    open_card(page, "Bakje met bestanden")
    expect(notes(page)).to_have_attribute("aria-pressed", "true")
    expect(tray(page)).to_have_count(3)
    assert sent == []
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.evaluate("setTimeout(() => location.assign('/account'))")
    assert asked.value.type == "beforeunload"
    expect(tray(page)).to_have_count(3)


def test_the_same_file_after_a_lost_answer_is_the_same_file(desk: Server, open_page: Open) -> None:
    chat_id = desk.world.ask("jeroen", "Verloren antwoord")
    page = open_page(desk, "jeroen", path_of(desk, chat_id))
    sent = uploads(page)
    send = page.get_by_role("button", name="Versturen")
    choose(page, SHOT, LIST)
    page.locator("#message").fill("Eerst de tekst")
    page.route("**/attachments", lambda route: route.abort())
    send.click()
    expect(tray(page).get_by_role("alert")).to_have_count(2)
    page.unroute("**/attachments")
    page.route("**/attachments", lambda route: refuse(route))
    send.click()
    expect(tray(page).get_by_text("Dit gesprek is van een collega.")).to_have_count(2)
    page.unroute("**/attachments")
    send.click()
    expect(tray(page)).to_have_count(0)
    keys = [field_of(request, "clientId") for request in sent]
    assert keys[:2] == keys[2:4]
    assert not {*keys[4:]} & {*keys[:4]}
    assert [words for *_, words in said(desk, chat_id)] == [
        "Eerst de tekst",
        "scherm.png",
        "lijst.csv",
    ]


def test_a_second_enter_while_sending_does_nothing(desk: Server, open_page: Open) -> None:
    chat_id = desk.world.ask("jeroen", "Tweemaal Enter")
    page = open_page(desk, "jeroen", path_of(desk, chat_id))
    held: list[Route] = []
    page.route("**/attachments", lambda route: held.append(route))
    field = page.locator("#message")
    choose(page, SHOT)
    with page.expect_request("**/attachments"):
        say(page, "Met tekst")
    expect(page.get_by_role("button", name="Versturen")).to_have_attribute("aria-busy", "true")
    say(page, "Volgende")
    expect(field).to_have_value("Volgende")
    assert len(held) == 1
    held[0].continue_()
    expect(tray(page)).to_have_count(0)
    field.press("Enter")
    expect(page.get_by_text("✓ Verstuurd")).to_have_count(4)
    assert [words for *_, words in said(desk, chat_id)] == ["Met tekst", "scherm.png", "Volgende"]


def in_note_mode(page: Page) -> None:
    notes(page).click()
    choose(page, SHOT, LIST, HUGE)
    expect(page.locator("img.tray__picture")).to_have_count(0)  # no picture after all: its kind


def after_it_was_closed(page: Page) -> None:
    page.locator("#message").fill("Nog iets")
    page.get_by_role("button", name="Vraag intrekken").click()
    expect(page.get_by_text("Deze tekst van u is niet verstuurd:")).to_be_visible()


def while_signing_out(page: Page) -> None:
    page.locator("#message").fill("Nog iets")
    page.goto(re.sub(r"/chats/.*", "/logout", page.url))
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


STATES = {
    "note": ("sanne", in_note_mode),
    "closed": ("jeroen", after_it_was_closed),
    "sign out": ("jeroen", while_signing_out),
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(desk: Server, open_page: Open, state: str) -> None:
    who, go = STATES[state]
    if who == "sanne":
        path = f"/workbench?chat={own_chat(desk, 'Toegankelijk')}"
    else:
        path = path_of(desk, desk.world.ask("jeroen", f"Toegankelijk: {state}"))
    page = open_page(desk, who, path)
    go(page)
    found = []
    for view in VIEWS:
        page.emulate_media(color_scheme=view["color_scheme"])
        page.set_viewport_size(view["viewport"])
        found += violations(page)
    assert found == []


def test_a_file_by_keyboard_alone(desk: Server, open_page: Open, tmp_path: Path) -> None:
    chat_id = desk.world.ask("jeroen", "Zonder muis een bestand")
    page = open_page(desk, "jeroen", path_of(desk, chat_id))
    paths = [tmp_path / "eerste.txt", tmp_path / "tweede.txt"]
    for path in paths:
        path.write_text(path.stem)
    page.on("filechooser", lambda chooser: chooser.set_files(paths))
    page.locator("#message").focus()
    walk(page, page.get_by_role("button", name="Bestand toevoegen"))
    page.keyboard.press("Enter")
    expect(tray(page)).to_have_count(2)
    walk(page, page.get_by_role("button", name="Verwijder eerste.txt"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(tray(page)).to_have_count(1)
    expect(page.get_by_role("button", name="Verwijder tweede.txt")).to_be_focused()
    walk(page, page.locator("#message"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile(r"Bestand: tweede\.txt"))).to_be_visible()
    expect(tray(page)).to_have_count(0)
    expect(page.locator("#message")).to_be_focused()
    assert [words for *_, words in said(desk, chat_id)] == ["tweede.txt"]
