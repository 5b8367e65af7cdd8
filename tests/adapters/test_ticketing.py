"""The adapters: one suite for all, then what is special to each."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import roundup
from tests.support.topdesk import LOGIN, PASSWORD, Topdesk, mistakes
from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.ticketing.base import Ticketing
from vipservice.adapters.ticketing.console import ConsoleTicketing
from vipservice.adapters.ticketing.roundup import RoundupTicketing
from vipservice.adapters.ticketing.topdesk import TopdeskTicketing, to_html
from vipservice.rules.incidents import Impact, IncidentDraft, Urgency
from vipservice.store.types import new_id

HOSTILE = "<script>alert(1)</script> & 'één' \"ü\" — 漢字 😀\nregel 2\n" + "x" * 2000


def make_draft(**changes: str) -> IncidentDraft:
    return replace(
        IncidentDraft(
            title="Een titel die langer is dan TOPdesk toelaat, " * 3,
            description=HOSTILE,
            category="BRP",
            impact=Impact.DEPARTMENT,
            urgency=Urgency.HIGH,
            because=(),
            requester="Jeroen de Boer",
            email="jeroen@test.example",
            phone="",
            municipality="Amersfoort",
            reference=f"vip-{new_id()}",
            chat_url="https://chat.example/chats/VIP-2026-000001",
        ),
        **changes,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[roundup.Roundup]:
    with roundup.running(tmp_path_factory.mktemp("roundup")) as found:
        yield found


@pytest.fixture
def double() -> Iterator[Topdesk]:
    found = Topdesk()
    yield found
    found.close()


@pytest.fixture(params=["console", "roundup", "topdesk"])
def ticketing(
    request: pytest.FixtureRequest, tmp_path: Path, tracker: roundup.Roundup, double: Topdesk
) -> Ticketing:
    if request.param == "console":
        return ConsoleTicketing(tmp_path, "http://chat.example/console-incidents")
    if request.param == "roundup":
        return RoundupTicketing(tracker.url, roundup.USER, roundup.PASSWORD)
    return TopdeskTicketing(double.url, LOGIN, PASSWORD)


def test_a_reference_that_nobody_used_is_not_found(ticketing: Ticketing) -> None:
    assert ticketing.find(f"vip-{new_id()}") is None


def test_what_is_created_is_found_again_by_its_reference(ticketing: Ticketing) -> None:
    draft = make_draft()
    made = ticketing.create(draft)
    assert made.number
    assert made.url.startswith("http")
    assert ticketing.find(draft.reference) == made
    assert ticketing.find(draft.reference[:-1]) is None


def test_check_reaches_the_system(ticketing: Ticketing) -> None:
    ticketing.check()


def test_nobody_listening_is_unavailable_not_refused() -> None:
    with pytest.raises(Unavailable):
        RoundupTicketing("http://127.0.0.1:9/tracker", "x", "y", 1).find("vip-1")


def test_console_keeps_the_whole_incident(tmp_path: Path) -> None:
    console = ConsoleTicketing(tmp_path, "page", say=lambda _line: None)
    draft = make_draft()
    console.create(draft)
    assert console.tickets()[0]["description"] == draft.description


def test_roundup_stores_the_text_letter_by_letter(tracker: roundup.Roundup) -> None:
    draft = make_draft()
    made = RoundupTicketing(tracker.url, roundup.USER, roundup.PASSWORD).create(draft)
    issue = tracker.get(f"/issue/{made.number}").json()["data"]["attributes"]
    message = tracker.get(f"/msg/{issue['messages'][0]['id']}/content").json()["data"]["data"]
    assert message == draft.description
    assert issue["external_ref"] == draft.reference


def test_roundup_refuses_a_second_issue_under_one_reference(tracker: roundup.Roundup) -> None:
    system = RoundupTicketing(tracker.url, roundup.USER, roundup.PASSWORD)
    draft = make_draft()
    system.create(draft)
    with pytest.raises(Refused, match="409"):
        system.create(draft)


def test_a_wrong_password_is_refused_in_the_systems_own_words(tracker: roundup.Roundup) -> None:
    with pytest.raises(Refused, match=r"40[13]"):
        RoundupTicketing(tracker.url, roundup.USER, "wrong").create(make_draft())


def test_topdesk_gets_what_it_documents(double: Topdesk) -> None:
    draft = make_draft()
    TopdeskTicketing(double.url, LOGIN, PASSWORD, "b0c7").create(draft)
    (incident,) = double.incidents.values()
    assert len(incident["briefDescription"]) <= 80
    assert "&lt;script&gt;" in incident["request"]
    assert incident["request"].count("<br>") == 2
    assert incident["operatorGroup"] == {"id": "b0c7"}


def test_topdesk_refuses_for_good_with_its_own_words(double: Topdesk) -> None:
    system = TopdeskTicketing(double.url, LOGIN, PASSWORD)
    with pytest.raises(Refused, match="No caller found"):
        system.create(make_draft(email="nobody@test.example"))
    double.broken = True
    with pytest.raises(Unavailable, match="503 Maintenance"):
        system.create(make_draft())


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"briefDescription": "x" * 81}, "too long"),
        ({"priority": {"name": "P1"}}, "unknown"),
        ({"request": "<a href=x>klik</a>"}, "not allowed"),
        ({"callerLookup": {"email": "jeroen@test.example", "id": "1"}}, "exactly one"),
    ],
)
def test_the_double_refuses_what_topdesk_refuses(change: dict[str, object], word: str) -> None:
    sent: dict[str, object] = {"callerLookup": {"email": "jeroen@test.example"}}
    assert mistakes(dict(sent)) == []
    assert word in " ".join(mistakes(sent | change))


def test_html_is_escaped_but_for_our_own_tags() -> None:
    assert to_html(make_draft(description="KOP <b>\na & b")) == "<b>KOP &lt;b&gt;</b><br>a &amp; b"
