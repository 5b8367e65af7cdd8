"""The promise on the screen: settings, board with its remedies, reports, and the derivation."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.support import sqlite
from tests.support.server import Server, running
from vipservice.rules.routing import LEAST_HANDLED
from vipservice.services.chats import moves
from vipservice.services.reports.folding import fold_all
from vipservice.services.routing import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server where enough has been handled for a forecast."""
    folder = tmp_path_factory.mktemp("promise")
    extra = f'[mail]\nfolder = "{folder}/mail"\n[ticketing]\nfolder = "{folder}/incidents"\n'
    with running(folder, sqlite.database(folder), "eventlet", extra=extra) as server:
        world = server.world
        for _ in range(LEAST_HANDLED):
            chat_id = world.ask("jeroen")
            serving.pick_up(world.store, world.sanne, chat_id, 9)
            world.clock.forward(seconds=30)
            world.say("sanne", chat_id, "Zo.")
            moves.propose(world.store, world.sanne, chat_id)
            moves.confirm(world.store, world.jeroen, chat_id)
        yield server


def test_hours_are_looked_at_before_they_are_saved(desk: Server, open_page: Open) -> None:
    desk.world.ask("jeroen")
    page = open_page(desk, "peter", "/settings/hours")
    for day in ("Maandag", "Dinsdag", "Woensdag", "Donderdag", "Vrijdag", "Zaterdag", "Zondag"):
        page.get_by_label(day, exact=True).fill("9:00 - 9:05 en 18.00-18.05")
    page.get_by_role("button", name="Bekijk wat dit doet").click()
    preview = page.get_by_role("status")
    expect(preview).to_contain_text("Er is nog niets opgeslagen")
    expect(preview).to_contain_text("1 lopende klok verschuiven")
    page.get_by_label("gaan ook mee met deze wijziging").check()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Schrijf op waarom")).to_be_visible()
    expect(page.get_by_label("Maandag")).to_have_value("9:00 - 9:05 en 18.00-18.05")
    page.get_by_label("Waarom").fill("Andere uren rond de verkiezingen")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("status")).to_contain_text("Opgeslagen. Het geldt vanaf")
    requester = open_page(desk, "jeroen", "/chats")
    requester.locator(".chat-list__link").first.click()
    expect(requester.get_by_role("log")).to_contain_text("opnieuw berekend")
    expect(requester.get_by_role("log")).to_contain_text("Andere uren rond de verkiezingen")


def test_wrong_hours_are_named_by_their_field_and_nothing_is_lost(
    desk: Server, open_page: Open
) -> None:
    page = open_page(desk, "annet", "/settings/hours")
    page.get_by_label("Maandag").fill("van acht tot vijf")
    page.get_by_label("Dinsdag").fill("17:00-08:00")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_label("Maandag")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Maandag")).to_have_value("van acht tot vijf")
    expect(page.get_by_text("Typ uren zoals")).to_be_visible()
    expect(page.get_by_text("Elk deel begint voordat het eindigt")).to_be_visible()


def test_a_target_for_one_municipality(desk: Server, open_page: Open) -> None:
    page = open_page(desk, "annet", "/settings/targets")
    page.get_by_label("Gemeente").first.select_option("Amersfoort")
    page.locator("#agreement_minutes_0").fill("15")
    page.locator("#agreement_warn_0").fill("20")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("De waarschuwing komt vóór de streeftijd")).to_be_visible()
    page.locator("#agreement_warn_0").fill("10")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("status")).to_contain_text("Opgeslagen")
    expect(page.locator("#agreement_minutes_0")).to_have_value("15")


def test_the_board_foretells_and_its_remedies_are_one_click_away(
    desk: Server, open_page: Open
) -> None:
    sanne = open_page(desk, "sanne", "/workbench")
    expect(sanne.get_by_text("U bent afwezig")).to_be_visible()
    desk.world.ask("jeroen", "Waar vind ik het formulier voor een levenloos geboren kind?")
    board = open_page(desk, "annet", "/dashboard")
    forecast = board.get_by_role("region", name="Verwachting")
    expect(forecast).to_contain_text(re.compile(r"1 gesprek haalt 30 minuten niet, tenzij er vóór"))
    board.get_by_role("button", name="Vraag Sanne om online te komen").click()
    expect(forecast).to_contain_text("Sanne heeft de vraag gekregen")
    asked = sanne.get_by_role("alert")
    expect(asked).to_contain_text("Annet vraagt of u online komt")
    asked.get_by_role("button", name="Beschikbaar melden").click()
    expect(forecast).to_contain_text("waarschijnlijk op tijd opgepakt")


def test_a_callback_is_offered_accepted_and_done(desk: Server, open_page: Open) -> None:
    desk.world.ask("jeroen", "Waar vind ik het formulier voor een levenloos geboren kind?")
    board = open_page(desk, "annet", "/dashboard")
    board.get_by_role("button", name=re.compile("terugbellen aan")).click()
    page = open_page(desk, "jeroen", "/chats")
    page.locator(".chat-list__link").first.click()
    page.get_by_role("button", name="Bel mij terug").click()
    expect(page.get_by_text("Vul een telefoonnummer in")).to_be_visible()
    page.get_by_label("Telefoonnummer").fill("033 123 45 67")
    page.get_by_label("Wanneer schikt het?").fill("na 14 uur")
    page.get_by_role("button", name="Bel mij terug").click()
    expect(page.get_by_role("log")).to_contain_text("Wij bellen terug op 033 123 45 67. na 14 uur")
    sanne = open_page(desk, "sanne", "/workbench")
    callbacks = sanne.get_by_role("region", name=re.compile("^Terugbellen"))
    expect(callbacks).to_contain_text("033 123 45 67")
    callbacks.get_by_role("button", name="Geen gehoor").click()
    expect(callbacks).to_contain_text("1 poging")
    callbacks.get_by_role("button", name="Gesproken").click()
    expect(callbacks).to_have_count(0)
    expect(page.get_by_role("log")).to_contain_text("Sanne heeft teruggebeld")


def test_the_due_time_explains_itself_to_both_sides(desk: Server, open_page: Open) -> None:
    chat_id = desk.world.ask("jeroen")
    page = open_page(desk, "jeroen", "/chats")
    page.locator(".chat-list__link").first.click()
    page.get_by_text("Hoe wij de tijd berekenen").click()
    expect(page.get_by_text(re.compile(r"30 minuten openingstijd"))).to_be_visible()
    expect(page.get_by_text("versie 1 van de openingstijden")).to_be_visible()
    sanne = open_page(desk, "sanne", f"/workbench?chat={chat_id}")
    sanne.get_by_text("Hoe wij de tijd berekenen").click()
    expect(sanne.get_by_text(re.compile("Loopt nog"))).to_be_visible()
    desk.world.say("jeroen", chat_id, "Nog iets.")
    sanne.get_by_role("button", name="Oppakken", exact=True).click()
    expect(sanne.get_by_text(re.compile("op tijd", re.IGNORECASE)).first).to_be_visible()
    expect(sanne.locator("details.clocks")).to_have_attribute("open", "")


def test_a_report_opens_the_chats_behind_a_figure(desk: Server, open_page: Open) -> None:
    fold_all(desk.world.store, per_specialist=False)
    page = open_page(desk, "annet", "/reports")
    closed = page.get_by_role("link", name=re.compile("^Afgesloten"))
    expect(closed).to_be_visible()
    page.wait_for_function("() => document.body.innerText.includes('Afgesloten')")
    closed.click()
    expect(page.get_by_role("heading", name="Afgesloten")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(LEAST_HANDLED)
    page.get_by_role("link", name="Terug naar het rapport").click()
    page.get_by_role("link", name="Per gemeente").click()
    page.get_by_role("link", name="Openen").first.click()
    expect(page.get_by_text(re.compile("vragen van uw gemeente hebben wij er"))).to_be_visible()
    page.goto(f"{desk.url}/reports")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_the_wallboard_follows_without_a_touch(desk: Server, open_page: Open) -> None:
    page = open_page(desk, "annet", "/wallboard")
    tile = page.locator(".wall__tile", has_text="Wachtend")
    expect(tile).to_contain_text("0")
    desk.world.ask("jeroen")
    desk.shift_clock(0)
    expect(tile.locator(".wall__value")).to_have_text("1", timeout=25_000)
