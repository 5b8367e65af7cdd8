"""The whole job in two real browsers, to both of its ends."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support import roundup, sqlite
from tests.support.server import Server, running

pytestmark = pytest.mark.browser
QUESTION = "Goedemorgen, hoe druk ik een uittreksel af voor een wachtende burger?"
PROBLEM = 'Sinds vannacht: "Sjabloon niet gevonden (UIT-5031)". Versie 8.4.2, productieomgeving.'


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[roundup.Roundup]:
    with roundup.running(tmp_path_factory.mktemp("roundup")) as found:
        yield found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, tracker: roundup.Roundup) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("desk")
    ticketing = (
        f'[ticketing]\nsystem = "roundup"\nurl = "{tracker.url}"\n'
        f'user = "{roundup.USER}"\npassword = "{roundup.PASSWORD}"\nallow_private = true\n'
    )
    with running(folder, sqlite.database(folder), "eventlet", extra=ticketing) as server:
        yield server


def ask(page: Page, server: Server, body: str, problem: bool = False) -> str:
    """Asks through the form; the chat's number."""
    page.goto(f"{server.url}/chats")
    page.get_by_role("link", name="Stel een vraag").last.click()
    page.get_by_label("Waar gaat het over?").select_option(label="BRP")
    if problem:
        page.get_by_label("Meld een technisch probleem").check()
    page.locator("#body").fill(body)
    page.locator("form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/chats/VIP-"))
    return str(re.findall(r"VIP-\d{4}-\d{6}", page.url)[0])


def say(page: Page, body: str) -> None:
    page.locator("#message").fill(body)
    page.locator("#message").press("Enter")


def log(page: Page) -> object:
    return page.get_by_role("log")


def pick_up(page: Page, number: str) -> None:
    page.get_by_role("button", name=re.compile(f"Oppakken .*{number}")).click()


def test_asked_answered_confirmed_and_closed(desk: Server, open_page: Open) -> None:
    requester, specialist = open_page(desk, "jeroen"), open_page(desk, "sanne")
    expect(requester.get_by_text("nu is nog niemand beschikbaar")).to_be_visible()
    specialist.get_by_role("button", name="Beschikbaar melden").click()
    expect(requester.get_by_text("er is een specialist aanwezig")).to_be_visible()

    number = ask(requester, desk, QUESTION)
    expect(requester.get_by_text("De vraag staat in de wachtrij.")).to_be_visible()
    pick_up(specialist, number)
    expect(requester.get_by_text("Sanne heeft de vraag opgepakt.")).to_be_visible()
    expect(specialist.get_by_role("log").get_by_text(QUESTION)).to_be_visible()

    specialist.locator("#message").press_sequentially("Via Afdrukken")
    expect(requester.get_by_text("Sanne is aan het typen…")).to_be_visible()
    specialist.locator("#message").press("Shift+Enter")
    specialist.locator("#message").press_sequentially("en dan Uittreksel.")
    specialist.locator("#message").press("Enter")
    expect(requester.get_by_text("Via Afdrukken\nen dan Uittreksel.")).to_be_visible()
    expect(specialist.get_by_text("✓✓ Gelezen")).to_be_visible()

    specialist.get_by_role("button", name="Interne notitie").click()
    say(specialist, "alleen voor ons")
    expect(specialist.get_by_role("log").get_by_text("alleen voor ons")).to_be_visible()
    specialist.get_by_role("button", name="Antwoord", exact=True).click()

    requester.locator("#message").fill("nog niet verstuurd")
    requester.reload()
    expect(requester.locator("#message")).to_have_value("nog niet verstuurd")
    say(requester, "Dank u wel!")
    expect(specialist.get_by_role("log").get_by_text("Dank u wel!")).to_be_visible()

    specialist.get_by_role("button", name="Vraag of dit het antwoord is").click()
    requester.get_by_role("button", name="Nog niet opgelost").click()
    expect(specialist.get_by_text("Nog niet opgelost: het gesprek gaat verder.")).to_be_visible()
    specialist.get_by_role("button", name="Vraag of dit het antwoord is").click()
    requester.get_by_role("button", name="Ja, sluit het gesprek af").click()
    expect(requester.get_by_role("button", name="Heropenen")).to_be_visible()
    expect(specialist.get_by_text("Het gesprek is afgesloten.").first).to_be_visible()
    assert "alleen voor ons" not in requester.content()


def test_escalated_to_an_incident_in_a_real_tracker(
    desk: Server, open_page: Open, tracker: roundup.Roundup
) -> None:
    requester, specialist = open_page(desk, "klarinda"), open_page(desk, "ilias")
    number = ask(requester, desk, PROBLEM)
    pick_up(specialist, number)
    say(specialist, "Is de afdrukservice herstart?")
    expect(requester.get_by_text("Is de afdrukservice herstart?")).to_be_visible()
    say(requester, "Ja, twee keer. <b>Niemand</b> kan afdrukken.")
    expect(specialist.get_by_text("<b>Niemand</b> kan afdrukken.")).to_be_visible()

    specialist.get_by_role("button", name="Incident maken").click()
    title = specialist.get_by_label("Titel")
    expect(title).to_have_value(re.compile("Sjabloon niet gevonden"))
    expect(specialist.get_by_label("Impact")).to_have_value("department")
    title.fill("Afdrukken lukt niet sinds de update (UIT-5031)")
    reference = specialist.locator(".incident-form .facts__code").inner_text()
    specialist.get_by_role("button", name="Incident versturen en afsluiten").click()

    expect(requester.get_by_text(re.compile(r"Incident \d+ is gemaakt\."))).to_be_visible()
    expect(specialist.get_by_role("link", name=re.compile(r"Incident \d+"))).to_be_visible()
    found = tracker.get("/issue", **{"external_ref:": reference, "@verbose": "2"}).json()
    (issue,) = found["data"]["collection"]
    issue = tracker.get(f"/issue/{issue['id']}").json()["data"]["attributes"]
    assert issue["title"] == "Afdrukken lukt niet sinds de update (UIT-5031)"
    text = tracker.get(f"/msg/{issue['messages'][0]['id']}/content").json()["data"]["data"]
    for words in (PROBLEM, "Is de afdrukservice herstart?", "Ja, twee keer.", "8.4.2"):
        assert words in text


def test_a_technical_problem_takes_the_official_route(
    desk: Server, open_page: Open, tracker: roundup.Roundup
) -> None:
    page = open_page(desk, "samira")
    ask(page, desk, PROBLEM, problem=True)
    expect(page.get_by_label("Omschrijving")).to_have_value(re.compile("UIT-5031"))
    page.get_by_role("button", name="Incident versturen").click()
    expect(page.get_by_text(re.compile(r"Incident \d+ is gemaakt\."))).to_be_visible()


def test_a_late_question_is_flagged_everywhere_without_reload(
    desk: Server, open_page: Open
) -> None:
    requester, specialist = open_page(desk, "jeroen"), open_page(desk, "sanne")
    manager = open_page(desk, "annet")
    number = ask(requester, desk, "Wie helpt mij met de BRP?")
    too_late = manager.locator(".figure", has_text="Vandaag te laat").locator(".figure__value")
    expect(too_late).to_have_text("0")
    waiting = specialist.locator(".card-row--waiting", has_text="Wie helpt mij")
    expect(waiting.get_by_text(re.compile("nog [23]"))).to_be_visible()
    try:
        desk.shift_clock(31 * 60)
        expect(requester.get_by_text("Onze excuses.")).to_be_visible()
        expect(too_late).to_have_text("1")
        pick_up(specialist, number)
        expect(specialist.get_by_text("De beheerder weet dit.")).to_be_visible()
    finally:
        desk.shift_clock(0)


def test_what_is_typed_while_the_server_is_gone_arrives_later(
    desk: Server, open_page: Open
) -> None:
    requester, specialist = open_page(desk, "jeroen"), open_page(desk, "marieke")
    number = ask(requester, desk, "Een vraag vlak voor een storing in de BRP")
    pick_up(specialist, number)
    say(specialist, "Ik kijk even")
    expect(requester.get_by_text("Ik kijk even")).to_be_visible()
    desk.kill()
    expect(requester.get_by_text("De verbinding is weg.")).to_be_visible()
    say(requester, "tijdens de storing")
    expect(requester.get_by_text("Wordt verstuurd…")).to_be_visible()
    desk.start()
    arrived = specialist.get_by_role("log").get_by_text("tijdens de storing")
    expect(arrived).to_be_visible(timeout=20_000)  # a client tries again at most every 5 s
    expect(requester.get_by_text("Wordt verstuurd…")).to_have_count(0)
    expect(requester.get_by_text("tijdens de storing")).to_have_count(1)
