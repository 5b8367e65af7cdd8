"""Forms with rows: nothing is lost below an emptied row, and each mistake stands at its field."""

import re
from typing import Any

import pytest
from flask import Flask

from tests.support.client import Client
from vipservice.services.hours_and_targets import changes
from vipservice.testing.world import World

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
TARGETS = {
    "pickup_minutes": "30", "pickup_warn": "20", "reply_minutes": "15", "reply_warn": "10",
    "callback_minutes": "60", "callback_warn": "45", "manager_minutes": "10",
}  # fmt: skip


@pytest.fixture
def peter(web: Flask, world: World) -> Client:
    """The operator."""
    return Client(web, world.tokens["peter"])


def hours(**more: str) -> dict[str, str]:
    return {"action": "save", "holidays": "NL"} | dict.fromkeys(WEEK, "08:00-17:00") | more


def mistakes(answer: Any) -> dict[str, str]:
    """The sentence at each bad field of an answered form."""
    return dict(re.findall(r'class="field-problem" id="(\w+)-problem">([^<]+)<', answer.text))


def test_clearing_rows_loses_none_below_them(peter: Client) -> None:
    days = [f"2026-06-0{n}" for n in range(1, 7)]
    rows = {f"special_day_{row}": day for row, day in enumerate(days)}
    assert peter.post("/settings/hours", form=hours(**rows)).status_code == 302
    page = peter.get("/settings/hours").text
    assert all(day in page for day in days)
    emptied = rows | {f"special_day_{row}": "" for row in range(4)}
    peter.post("/settings/hours", form=hours(**emptied))
    page = peter.get("/settings/hours").text
    assert [day in page for day in days] == [False] * 4 + [True] * 2


def test_every_mistake_of_the_hours_stands_at_its_field(peter: Client) -> None:
    wrong = hours(
        monday="9-5", special_day_4="31-12-2026", special_hours_5="09:00-12:00",
        special_day_6="0", special_day_7="1777000000",
        valid_from="soon", reason="x" * 501,
    )  # fmt: skip
    answer = peter.post("/settings/hours", form=wrong)
    assert answer.status_code == 400
    assert mistakes(answer) == {
        "monday": "Typ uren zoals 08:00-12:30, 13:00-17:00, of laat het leeg.",
        "special_day_4": "Vul een datum in, bijvoorbeeld 2026-04-24.",
        "special_day_5": "Vul dit in.",
        "special_day_6": "Vul een datum in, bijvoorbeeld 2026-04-24.",
        "special_day_7": "Vul een datum in, bijvoorbeeld 2026-04-24.",
        "valid_from": "Vul een datum en een tijd in.",
        "reason": "Dit is te lang: hoogstens 500 tekens.",
    }
    assert all(value in answer.text for value in wrong.values()), "nothing typed is lost"


def test_a_team_follows_the_desk_again(world: World, peter: Client) -> None:
    team = world.team_id
    assert peter.post(f"/settings/hours?team={team}", form=hours(monday="")).status_code == 302
    world.clock.forward(minutes=5)
    assert changes.current_hours(world.store, team)[1]
    follow = {"action": "follow"}
    assert peter.post(f"/settings/hours?team={team}", form=follow).status_code == 302
    world.clock.forward(minutes=5)
    assert not changes.current_hours(world.store, team)[1]


def test_minutes_are_whole_and_not_endless(peter: Client) -> None:
    for minutes in ("", "-5", "1.5", "٣", "10001", "9" * 5000, "1_0", "soon"):
        wrong = TARGETS | {"manager_minutes": minutes, "pickup_minutes": minutes}
        found = mistakes(peter.post("/settings/targets", form=wrong))
        assert set(found) == {"pickup_minutes", "manager_minutes"}, minutes
    nothing = TARGETS | {"manager_minutes": "0", "pickup_minutes": "0"}
    assert set(mistakes(peter.post("/settings/targets", form=nothing))) == {"pickup_warn"}


def test_every_mistake_of_the_targets_stands_at_its_field(peter: Client) -> None:
    late = "De waarschuwing komt vóór de streeftijd, en allebei zijn ze meer dan nul."
    wrong = TARGETS | {"reply_warn": "15", "agreement_minutes_2": "20", "agreement_warn_2": "30"}
    assert mistakes(peter.post("/settings/targets", form=wrong)) == {
        "reply_warn": late,
        "agreement_warn_2": late,
        "agreement_municipality_2": "Kies een gemeente, een onderwerp, of allebei.",
    }


def test_agreements_are_saved_and_shown_again(world: World, peter: Client) -> None:
    rows = {
        "agreement_topic_1": world.topic_id, "agreement_minutes_1": "20", "agreement_warn_1": "10",
    }  # fmt: skip
    assert peter.post("/settings/targets", form=TARGETS | rows).status_code == 302
    world.clock.forward(minutes=5)
    (agreement,) = changes.current_targets(world.store).agreements
    assert (agreement.topic_id, agreement.municipality_id) == (world.topic_id, None)
    page = peter.get("/settings/targets").text
    assert 'name="agreement_minutes_0" type="number" value="20"' in page
    assert 'name="agreement_minutes_3"' in page, "rows to fill"


def test_only_the_first_mistake_takes_the_cursor(peter: Client) -> None:
    page = peter.post("/settings/hours", form=hours(monday="x", tuesday="y")).text
    first = re.search(r"<input [^>]*autofocus", page)
    assert first
    assert 'name="monday"' in first[0]


def test_odd_characters_are_no_mistake(peter: Client) -> None:
    assert peter.get("/settings/hours?team=%00").status_code in (200, 404)
    assert peter.post("/settings/hours", form=hours(reason="a\0b")).status_code == 302


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/settings/targets", "/settings/hours"), ("/settings/hours", "/settings/hours"),
        ("/reports/chats?figure=closed", "/reports"), ("/account", None),
    ],
)  # fmt: skip
def test_the_menu_shows_in_which_section_one_is(
    web: Flask, world: World, path: str, current: str | None
) -> None:
    page = Client(web, world.tokens["annet"]).get(path).text
    menu = page[page.index('class="site-nav"') : page.index("</nav>")]
    found = re.search(r'<a href="([^"]+)" aria-current', menu)
    assert (found[1] if found else None) == current
