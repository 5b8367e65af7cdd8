"""Drafting, splitting, adding to an existing incident, mending a refused one; and both ways."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.test_whole_job import ask, pick_up, say
from tests.support import sqlite
from tests.support.doubles.topdesk import Topdesk
from tests.support.server import Server, running

pytestmark = pytest.mark.browser
FIRST = 'Bij elk uittreksel komt "Sjabloon niet gevonden (UIT-5031)". Niemand kan afdrukken.'
SECOND = "En de pasfotoscanner geeft ORA-00060 bij het scannen."
NOTE = "Zelfde als maandag bij de buren"


@pytest.fixture(scope="module")
def topdesk() -> Iterator[Topdesk]:
    found = Topdesk()
    yield found
    found.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, topdesk: Topdesk) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("escalation")
    keys = {"poll_seconds": 1} | topdesk.settings
    lines = [
        f"{key} = {str(value).lower() if isinstance(value, bool | int) else repr(value)}"
        for key, value in keys.items()
    ]
    ticketing = "[ticketing]\n" + "\n".join(lines)
    with running(folder, sqlite.database(folder), "eventlet", extra=ticketing) as server:
        yield server


def draft_of(specialist: Page) -> Page:
    specialist.get_by_role("button", name="Incident maken").click()
    expect(specialist.get_by_label("Titel")).not_to_have_value("")
    return specialist


def made(page: Page, count: int = 1) -> str:
    """The number of the last of so many incidents that the timeline tells of."""
    entries = page.get_by_role("log").get_by_text(re.compile(r"Incident .+ is gemaakt\."))
    expect(entries).to_have_count(count)
    found = re.search(r"Incident (.+) is gemaakt", entries.last.inner_text())
    assert found
    return found[1]


def later(page: Page, done: Callable[[], bool]) -> None:
    """Waits until the server, another process, has delivered."""
    for _ in range(100):
        if done():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it was not delivered")


def everything_is_delivered(page: Page, desk: Server) -> bool:
    page.goto(f"{desk.url}/undelivered")
    return page.get_by_text("Alles is bezorgd.").count() == 1


def test_two_problems_become_two_incidents(desk: Server, open_page: Open, topdesk: Topdesk) -> None:
    requester, specialist = open_page(desk, "jeroen"), open_page(desk, "sanne")
    number = ask(requester, desk, FIRST)
    say(requester, SECOND)
    pick_up(specialist, number)
    specialist.get_by_role("button", name="Interne notitie").click()
    say(specialist, NOTE)
    expect(specialist.get_by_role("log").get_by_text(NOTE)).to_be_visible()
    draft_of(specialist)
    text = specialist.get_by_label("Omschrijving")
    expect(text).to_have_value(re.compile("ORA-00060"))
    expect(text).not_to_have_value(re.compile("maandag"))

    specialist.get_by_text("Waar dit vandaan komt").click()
    specialist.get_by_role("button", name=re.compile(r"bericht \d+")).first.click()
    expect(specialist.locator(".said:focus")).to_have_count(1)

    specialist.get_by_text("Welke berichten gaan mee").click()
    specialist.get_by_role("checkbox", name=re.compile("maandag")).check()
    expect(specialist.locator(".incident-form__note")).to_contain_text("maandag")
    expect(text).not_to_have_value(re.compile("maandag"))
    specialist.get_by_role("checkbox", name=re.compile("pasfotoscanner")).uncheck()
    expect(text).not_to_have_value(re.compile("ORA-00060"))
    specialist.get_by_role("checkbox", name=re.compile("ander probleem")).check()
    specialist.get_by_role("button", name="Incident versturen en verdergaan").click()
    first = made(requester)

    draft_of(specialist)
    specialist.get_by_text("Welke berichten gaan mee").click()
    specialist.get_by_role("checkbox", name=re.compile("UIT-5031")).uncheck()
    expect(text).not_to_have_value(re.compile("UIT-5031"))
    specialist.get_by_role("button", name="Incident versturen en afsluiten").click()
    expect(requester.locator(".notice", has_text="Incident")).to_have_count(2)
    second = made(requester, 2)
    assert first != second
    assert "ORA-00060" not in topdesk.kept(first).text
    later(specialist, lambda: len(topdesk.kept(first).notes) == 1)
    assert "maandag" in topdesk.kept(first).notes[0]
    assert "maandag" not in topdesk.kept(first).public
    assert "UIT-5031" not in topdesk.kept(second).text


def test_the_same_problem_is_added_and_nobody_sees_the_other(
    desk: Server, open_page: Open, topdesk: Topdesk
) -> None:
    jeroen, klarinda = open_page(desk, "jeroen"), open_page(desk, "klarinda")
    specialist = open_page(desk, "ilias")
    pick_up(specialist, ask(jeroen, desk, "De koppeling met RNI geeft STUF-7788 en valt stil."))
    draft_of(specialist)
    specialist.get_by_role("button", name="Incident versturen en afsluiten").click()
    number = made(jeroen)

    pick_up(specialist, ask(klarinda, desk, "Ook hier STUF-7788 op de koppeling met RNI."))
    draft_of(specialist)
    specialist.get_by_text("hetzelfde probleem").click()
    alike = specialist.locator(".similar__one", has_text="STUF-7788").first
    expect(alike).to_contain_text("Amersfoort")
    alike.get_by_role("button", name="Toevoegen aan dit incident").click()
    specialist.get_by_role("button", name="Toevoegen en afsluiten").click()
    expect(klarinda.locator(".notice", has_text=number)).to_be_visible()
    assert "Amersfoort" not in klarinda.content()
    assert "valt stil" not in klarinda.content()
    expect(specialist.get_by_text("toegevoegd aan het incident van een ander")).to_be_visible()

    say(klarinda, "Sinds 10 uur weer goed, maar traag.")
    later(specialist, lambda: len(topdesk.kept(number).notes) == 2)
    kept = topdesk.kept(number)
    assert any("Ook hier STUF-7788" in one for one in kept.notes)
    assert any("maar traag" in one for one in kept.notes)
    assert "Rijssen" not in kept.public
    assert "maar traag" not in kept.public

    topdesk.set_status(number, "Opgelost")
    for page in (jeroen, klarinda):
        expect(page.get_by_text(f"Incident {number}: opgelost (Opgelost).")).to_be_visible()
    klarinda.get_by_role("button", name="Heropenen").click()
    expect(klarinda.get_by_text("Het gesprek is heropend.")).to_be_visible()


def test_a_refused_incident_is_mended_and_sent_again(
    desk: Server, open_page: Open, topdesk: Topdesk
) -> None:
    requester, specialist = open_page(desk, "jeroen"), open_page(desk, "marieke")
    pick_up(specialist, ask(requester, desk, "Het rapport van de kassa klopt niet, R-4711."))
    draft_of(specialist)
    specialist.get_by_label("Categorie").fill("Bestaat niet")
    specialist.get_by_role("button", name="Incident versturen en afsluiten").click()
    alert = specialist.get_by_role("alert").filter(has_text="weigerde het incident")
    expect(alert).to_be_visible()
    expect(requester.get_by_text("weigerde")).to_have_count(0)
    specialist.goto(f"{desk.url}/undelivered")
    row = specialist.get_by_role("listitem").filter(has_text="Een specialist opent")
    expect(row).to_be_visible()
    specialist.get_by_role("link", name=re.compile("VIP-")).click()
    specialist.set_viewport_size({"width": 390, "height": 844})
    specialist.get_by_role("button", name="Naar het incident").click()
    specialist.get_by_role("button", name="Verbeteren en opnieuw versturen").click()
    specialist.get_by_label("Categorie").fill("BRP")
    specialist.get_by_role("button", name="Opnieuw versturen", exact=True).click()
    number = made(requester)
    assert "R-4711" in topdesk.kept(number).text
    later(specialist, lambda: everything_is_delivered(specialist, desk))


def test_a_file_goes_along_and_their_own_number_is_found(
    desk: Server, open_page: Open, topdesk: Topdesk
) -> None:
    requester, specialist = open_page(desk, "jeroen"), open_page(desk, "sanne")
    pick_up(specialist, ask(requester, desk, "Zie de schermafdruk, fout KAS-12 bij de kassa."))
    content = b"\x89PNG" + b"x" * 500
    shot: FilePayload = {"name": "scherm é.png", "mimeType": "image/png", "buffer": content}
    requester.get_by_label("Bestand toevoegen").last.set_input_files(files=[shot])
    requester.get_by_role("button", name="Versturen").click()
    link = specialist.get_by_role("link", name=re.compile(r"Bestand: scherm"))
    with specialist.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes() == content
    requester.get_by_role("button", name="Eigen nummer van de gemeente noteren").click()
    requester.get_by_label("Eigen nummer van de gemeente").fill("M2026-778")
    requester.get_by_role("button", name="Bewaren").click()
    expect(requester.locator(".customer-reference")).to_contain_text("M2026-778")
    draft_of(specialist)
    specialist.get_by_role("button", name="Incident versturen en afsluiten").click()
    incident = made(requester)
    later(specialist, lambda: len(topdesk.kept(incident).files) == 2)
    kept = topdesk.kept(incident)
    assert content in kept.files.values()
    assert "M2026-778" in kept.text
    for page, path in ((requester, "/chats"), (specialist, "/workbench")):
        page.goto(desk.url + path)
        page.get_by_role("searchbox").fill("M2026-778")
        page.get_by_role("button", name="Zoeken").click()
        found = page.locator("search .chat-list__link")
        expect(found).to_have_count(1)
        expect(found).to_contain_text("schermafdruk")


def walk(page: Page, target: Locator, key: str = "Tab") -> None:
    """Presses the key until the target has the focus."""
    for _ in range(60):
        page.keyboard.press(key)
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{key} does not lead to {target}")


def retype(page: Page, field: Locator, words: str) -> None:
    walk(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def test_an_incident_by_keyboard_alone(desk: Server, open_page: Open) -> None:
    requester, page = open_page(desk, "jeroen"), open_page(desk, "sanne")
    number = ask(requester, desk, "Zonder muis: de zaak Z-2026-5150 blijft op slot.")
    button = page.get_by_role("button", name="Incident maken")
    walk(page, page.get_by_role("button", name=re.compile(f"Oppakken .*{number}")))
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_be_focused()
    walk(page, button, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Incident maken")).to_be_focused()
    walk(page, page.get_by_role("button", name="Annuleren"))
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Incident maken")).to_be_focused()
    retype(page, page.get_by_label("Categorie"), "Bestaat niet")
    walk(page, page.get_by_role("button", name="Incident versturen en afsluiten"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Gegevens")).to_be_focused()
    mend = page.get_by_role("button", name="Verbeteren en opnieuw versturen")
    expect(mend).to_be_visible()
    walk(page, mend)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Titel")).to_be_focused()
    retype(page, page.get_by_label("Categorie"), "BRP")
    walk(page, page.get_by_role("button", name="Opnieuw versturen", exact=True))
    page.keyboard.press("Enter")
    made(requester)


def test_a_source_is_read_beside_what_is_being_written(desk: Server, open_page: Open) -> None:
    page = open_page(desk, "klarinda")
    number = ask(page, desk, "Het scherm blijft wit. Foutcode 4711.", problem=True)
    page.goto(f"{desk.url}/chats/{number}")
    say(page, "\n".join(["Nog steeds wit."] * 60))
    expect(page.get_by_role("log").get_by_text("Nog steeds wit.")).to_be_visible()
    page.get_by_role("link", name="Naar het incidentformulier").click()
    page.get_by_label("Titel").fill("Mijn eigen woorden")
    page.get_by_text("Waar dit vandaan komt").click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name=re.compile(r"bericht \d+")).first.click()
    expect(opened.value.locator(".said:focus")).to_be_in_viewport()
    expect(page.get_by_label("Titel")).to_have_value("Mijn eigen woorden")
