"""A chat always has somebody, as both sides see it; the server's clock is moved, nobody waits."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, status_of, wait_until
from tests.support import sqlite
from tests.support.server import Server, running

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("somebody")
    with running(folder, sqlite.database(folder), "eventlet") as server:
        yield server


def asked(desk: Server, body: str = "Hoe dan?") -> str:
    """A question of Jeroen's; the address of its page."""
    chat = desk.world.ask("jeroen", body)
    with desk.http("jeroen") as session:
        number = session.get(f"{desk.url}/api/v1/chats/{chat}", timeout=10).json()["number"]
    return f"/chats/{number}"


def pick_up(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Oppakken")).first.click()


def say(page: Page, body: str) -> None:
    page.locator("#message").fill(body)
    page.locator("#message").press("Enter")
    expect(page.get_by_role("log").get_by_text(body)).to_be_visible()


def do(page: Page, step: str, reason: str) -> None:
    """A step that asks for a reason."""
    page.get_by_role("button", name=step, exact=True).click()
    page.get_by_label("Waarom?").fill(reason)
    page.locator(".hand-over").get_by_role("button", name=step, exact=True).click()


def test_silence_parks_by_itself_and_a_word_brings_it_back(desk: Server, open_page: Open) -> None:
    path = asked(desk)
    specialist = open_page(desk, "sanne")
    specialist.get_by_role("button", name="Beschikbaar melden").click()
    pick_up(specialist)
    say(specialist, "Via Afdrukken.")
    requester = open_page(desk, "jeroen", path)
    desk.shift_clock(11 * 60)
    expect(requester.get_by_text("Wij hebben even niets van u gehoord.")).to_be_visible()
    expect(specialist.get_by_text("0 van 2 actief")).to_be_visible()
    wait_until(requester, lambda: status_of(desk, "Sanne") == "available")
    say(requester, "En dan?")
    expect(specialist.get_by_text("1 van 2 actief")).to_be_visible()


def test_who_goes_offline_leaves_the_question_in_front_of_the_queue(
    desk: Server, open_page: Open
) -> None:
    path = asked(desk)
    specialist = open_page(desk, "sanne")
    specialist.get_by_role("button", name="Beschikbaar melden").click()
    pick_up(specialist)
    expect(specialist.get_by_text("1 van 2 actief")).to_be_visible()
    colleague, requester = open_page(desk, "ilias"), open_page(desk, "jeroen", path)
    specialist.close()
    desk.shift_clock(3 * 60)
    expect(requester.get_by_text("De vraag staat weer vooraan in de wachtrij.")).to_be_visible()
    expect(colleague.get_by_text("Teruggekomen")).to_be_visible()
    back = open_page(desk, "sanne")
    expect(back.get_by_text("staat weer in de wachtrij")).to_be_visible()
    back.get_by_role("button", name="Ik ben er weer").click()
    expect(back.get_by_text("U bent beschikbaar")).to_be_visible()


def test_a_pick_up_is_undone_and_a_chat_is_taken_over(desk: Server, open_page: Open) -> None:
    path = asked(desk)
    requester = open_page(desk, "jeroen", path)
    specialist, colleague = open_page(desk, "sanne"), open_page(desk, "ilias")
    pick_up(specialist)
    specialist.get_by_role("button", name="Oppakken ongedaan maken").click()
    expect(specialist.get_by_text("1 wachtend")).to_be_visible()
    pick_up(specialist)
    say(specialist, "Ik kijk.")
    colleague.goto(f"{desk.url}/workbench?chat={path.rpartition('/')[2]}")
    with desk.http("ilias") as session:
        (chat,) = session.get(f"{desk.url}/api/v1/chats", timeout=10).json()["items"]
    colleague.goto(f"{desk.url}/workbench?chat={chat['id']}")
    do(colleague, "Overnemen", "Sanne is ziek")
    expect(requester.get_by_text("Ilias gaat verder met uw vraag.")).to_be_visible()
    expect(specialist.get_by_text("van u overgenomen: Sanne is ziek")).to_be_visible()
    say(colleague, "Ik ga verder.")


def test_what_is_parked_until_a_moment_comes_back(desk: Server, open_page: Open) -> None:
    path = asked(desk)
    specialist = open_page(desk, "sanne")
    specialist.get_by_role("button", name="Beschikbaar melden").click()
    pick_up(specialist)
    say(specialist, "Ik zoek het uit.")
    requester = open_page(desk, "jeroen", path)
    do(specialist, "Parkeren", "Ik vraag het na")
    expect(requester.get_by_text("Reden: Ik vraag het na")).to_be_visible()
    say(requester, "Goed.")
    expect(specialist.get_by_text("1 van 2 actief")).to_be_visible()


def test_a_colleague_goes_on_with_a_question(desk: Server, open_page: Open) -> None:
    path = asked(desk)
    requester, colleague = open_page(desk, "jeroen", path), open_page(desk, "samira", path)
    expect(colleague.locator("#message")).to_have_count(0)
    colleague.get_by_role("button", name="Zelf met deze vraag verdergaan").click()
    say(colleague, "Ik neem het over van Jeroen.")
    expect(requester.get_by_text("Samira gaat verder met de vraag van Jeroen.")).to_be_visible()
    expect(requester.locator("#message")).to_have_count(0)


def test_who_is_away_says_why_and_nothing_can_be_handed_to_them(
    desk: Server, open_page: Open
) -> None:
    asked(desk)
    specialist, colleague = open_page(desk, "sanne"), open_page(desk, "ilias")
    colleague.get_by_role("button", name="Beschikbaar melden").click()
    colleague.get_by_role("button", name="Afwezig melden").click()
    colleague.get_by_label("Waarom?").fill("Overleg")
    colleague.get_by_role("button", name="Ik ben weg").click()
    expect(colleague.get_by_text("U bent afwezig: Overleg")).to_be_visible()
    pick_up(specialist)
    specialist.get_by_role("button", name="Overdragen").click()
    option = specialist.get_by_role("option", name=re.compile(r"^Ilias \(afwezig: Overleg"))
    expect(option).to_be_disabled()
