"""Figures in pages, API and exports: equal, safe to open, and only for managers."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from pydantic.alias_generators import to_camel

from tests.conftest import absent, web_of
from tests.support import postgres, sqlite
from tests.support.busy import Busy
from tests.support.client import Client
from tests.support.service import service_of
from vipservice.i18n import catalogue
from vipservice.rules.hours import NETHERLANDS
from vipservice.services.reports.folding import fold_all
from vipservice.services.reports.words import HEADINGS
from vipservice.store.figures import CellKind, figure
from vipservice.store.tables import Topic
from vipservice.store.work import Store
from vipservice.testing.clock import ManualClock
from vipservice.testing.world import World, make_world
from vipservice.web import create_web

PERIOD = "from=2026-04-01&until=2026-05-31"
REPORTS = (
    "summary", "service-level", "municipalities", "topics", "teams", "specialists", "hours",
    "pickup-times",
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def busy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A world after some busy days, on each kind of database; its tests only read it."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = sqlite.database(tmp_path_factory.mktemp("busy"))
        elif postgres.is_there():
            url = stack.enter_context(postgres.database())
        else:
            absent("PostgreSQL")
        clock = ManualClock("2026-04-28T09:00+02:00")
        world = make_world(Store(url, clock), clock)
        Busy(world, 5).live(500)
        fold_all(world.store, per_specialist=True)
        yield world
        world.store.close()


@pytest.fixture
def manager(busy: World) -> Client:
    """The manager of that world."""
    return Client(web_of(busy), busy.tokens["annet"])


def report(manager: Client, name: str, more: str = "") -> list[dict[str, Any]]:
    answer = manager.get(f"/api/v1/reports/{name}?{PERIOD}{more}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def csv_rows(manager: Client, name: str) -> list[list[str]]:
    answer = manager.get(f"/api/v1/reports/{name}?{PERIOD}&format=csv")
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def xlsx_rows(manager: Client, name: str) -> list[tuple[Any, ...]]:
    answer = manager.get(f"/api/v1/reports/{name}?{PERIOD}&format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    return list(sheet.values)


@pytest.mark.parametrize("name", REPORTS)
def test_api_csv_and_xlsx_hold_the_same_figures(manager: Client, name: str) -> None:
    headings = csv_rows(manager, name)[0]
    words = catalogue("nl").gettext
    keys = {words(heading): to_camel(field) for field, heading in HEADINGS.items()}
    told = [[row[keys[heading]] for heading in headings] for row in report(manager, name)]
    assert told
    assert all(len(row) == len(headings) for row in told)
    assert [list(row) for row in xlsx_rows(manager, name)[1:]] == told
    as_text = [
        ["" if value is None else str(value).replace(".", ",") if isinstance(value, float)
         else str(value) for value in row]
        for row in told
    ]  # fmt: skip
    assert csv_rows(manager, name)[1:] == as_text


def test_the_page_shows_the_same_figures(manager: Client) -> None:
    page = manager.get(f"/reports?{PERIOD}").text
    (total,) = report(manager, "summary")
    for name in ("percentWithin", "percentFirstContact", "late", "closed", "incident"):
        shown = str(total[name]).replace(".", ",").removesuffix(",0")
        assert re.search(rf">{re.escape(shown)}%?<", page), (name, shown)


def test_the_chart_draws_each_day_and_calls_low_what_misses_the_goal(
    busy: World, manager: Client
) -> None:
    strict = Client(
        create_web(service_of(busy.store, reports={"goal_percent": 100})), busy.tokens["annet"]
    )
    shares = [row["percentWithin"] for row in report(manager, "service-level") if row["offered"]]
    assert min(shares) < 80 <= max(shares)
    heights = [max(share, 0.5) for share in shares]
    assert bars(strict.get(f"/reports?{PERIOD}")) == [(height, height < 100) for height in heights]
    assert bars(manager.get(f"/reports?{PERIOD}")) == [(height, height < 80) for height in heights]


def test_dashboard_and_reports_draw_the_same_last_days(busy: World, manager: Client) -> None:
    today = busy.clock().astimezone(NETHERLANDS).date()
    drawn = bars(manager.get(f"/reports?from={today - timedelta(days=29)}&until={today}"))
    assert drawn
    assert bars(manager.get("/dashboard")) == drawn


def bars(answer: Any) -> list[tuple[float, bool]]:
    """Of each bar of the chart: its height in percent, and whether it is drawn as too low."""
    found = re.findall(r'<rect [^>]*height="([\d.]+)%" class="trend__bar ([^"]*)"', answer.text)
    return [(float(height), bool(low)) for height, low in found]


@pytest.mark.parametrize("name", ["breached", "closed", "repeats", "late", "contacts"])
def test_a_figure_opens_the_chats_behind_it(manager: Client, name: str) -> None:
    page = manager.get(f"/reports/chats?figure={name}&{PERIOD}").text
    (total,) = report(manager, "summary")
    assert len(re.findall(r'href="/chats/VIP-', page)) == total[name]


def test_the_heat_map_opens_the_chats_of_that_hour(manager: Client) -> None:
    cell = max(report(manager, "hours"), key=lambda one: one["contacts"])
    more = f"weekday={cell['weekday']}&hour={cell['hour']}"
    page = manager.get(f"/reports/chats?figure=contacts&{PERIOD}&{more}").text
    assert len(re.findall(r'href="/chats/VIP-', page)) == cell["contacts"]


@pytest.mark.parametrize("name", ["=1+1", "+SUM(A1)", "-2", "@cmd", "\tx", "=HYPERLINK(0)"])
def test_no_cell_becomes_a_formula(manager: Client, busy: World, name: str) -> None:
    with busy.store.work() as work:
        work.session.get_one(Topic, busy.topic_id).name = name
    assert csv_rows(manager, "topics")[1][0] == f"'{name}"
    answer = manager.get(f"/api/v1/reports/topics?{PERIOD}&format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"


def test_figures_of_a_part_add_up_to_the_whole(manager: Client, busy: World) -> None:
    (total,) = report(manager, "summary")
    towns = report(manager, "municipalities")
    parts = [report(manager, "summary", f"&municipalityId={row['id']}")[0] for row in towns]
    for name in ("chats", "offered", "within", "closed", "incident"):
        assert sum(row[name] for row in towns) == total[name]
        assert [part[name] for part in parts] == [row[name] for row in towns]
    both = f"&municipalityId={towns[0]['id']}&topicId={busy.topic_id}"
    assert report(manager, "summary", both)[0]["chats"] == towns[0]["chats"]


def test_a_period_is_the_sum_of_its_months_and_days(manager: Client) -> None:
    """Wherever it is cut: within a month, at its end, or across the year."""
    for cut in ("2026-04-24", "2026-04-25", "2026-04-30", "2026-05-01"):
        after = (date.fromisoformat(cut) + timedelta(days=1)).isoformat()
        spans = (("2026-04-01", "2026-05-31"), ("2026-04-01", cut), (after, "2026-05-31"))
        whole, first, second = (
            manager.get(f"/api/v1/reports/summary?from={since}&until={until}").json["items"][0]
            for since, until in spans
        )
        assert whole["contacts"] == first["contacts"] + second["contacts"]
        assert whole["contacts"] > 0


def test_figures_per_specialist_can_be_switched_off(world: World) -> None:
    Busy(world, 7).live(120)
    fold_all(world.store, per_specialist=False)
    app = create_web(service_of(world.store, reports={"per_specialist": False}))
    manager = Client(app, world.tokens["annet"])
    assert manager.get(f"/api/v1/reports/specialists?{PERIOD}").status_code == 404
    assert "Per specialist" not in manager.get(f"/reports?{PERIOD}").text
    someone = f"/reports/chats?figure=closed&specialistId={world.sanne.id}"
    assert manager.get(someone).status_code == 404
    with world.store.read() as work:
        kinds = {row.kind for row in work.session.execute(figure.select())}
    assert CellKind.SPECIALIST not in kinds


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-05-02&until=2026-05-01", "from=x", "until=2101-01-01", "format=pdf",
        "from=2001-01-01&until=2026-01-01", "unknown=1",
    ],
)  # fmt: skip
def test_a_bad_question_gets_a_sentence(manager: Client, query: str) -> None:
    for path in ("/api/v1/reports/summary", "/reports"):
        answer = manager.get(f"{path}?{query}")
        assert answer.status_code == 400
    assert manager.get(f"/reports/chats?figure=made-up&{PERIOD}").status_code == 404


def test_a_statement_tells_a_municipality_its_month(manager: Client, busy: World) -> None:
    town = busy.jeroen.municipality_id
    page = manager.get(f"/reports/statements/{town}?month=2026-04").text
    (own,) = manager.get(
        f"/api/v1/reports/summary?from=2026-04-01&until=2026-04-30&municipalityId={town}"
    ).json["items"]
    assert f"Van de {own['offered']} vragen van uw gemeente" in page
    assert "Rijssen-Holten" not in page
    assert "Sanne" not in page, "a municipality is not sent who of the staff did what"
    assert manager.get(f"/reports/statements/{town}?month=2026-13").status_code == 400
