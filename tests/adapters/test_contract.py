"""One suite for all adapters: what every ticketing system must do, and survive."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.conftest import DOUBLES
from tests.support.doubles.base import RETRY_AFTER, Double, Fault
from tests.support.doubles.redmine import Redmine
from tests.support.drafts import FILES, adapter, make_draft
from vipservice.adapters.base import OutsideError, Unavailable
from vipservice.adapters.ticketing import SYSTEMS
from vipservice.adapters.ticketing.base import Ticketing
from vipservice.adapters.ticketing.limits import LIMITS, MEGABYTE
from vipservice.adapters.ticketing.literal import from_literal
from vipservice.config import NEEDED
from vipservice.rules.incidents.compare import differences
from vipservice.rules.incidents.model import IncidentDraft, Progress
from vipservice.store.types import new_id

SOLVED = {
    "topdesk": "Opgelost",
    "servicenow": "Resolved",
    "jira": "Resolved",
    "zammad": "closed",
    "redmine": "Resolved",
    "rt": "resolved",
    "roundup": "resolved",
    "webhook": "solved",
}


NASTY = (
    "a </pre> b <PRE> <notextile> <kbd>x</kbd> x%&\n```\n~~~~~\n@requester #1 {{toc}} h1. x\n"
    "    ingesprongen\n" + "lange regel met woorden " * 20 + "\n" + "x" * 300
)


def told(system: Ticketing, draft: IncidentDraft, files: Any = ()) -> list[str]:
    """What was not kept of a draft that was just made."""
    ticket = system.create(draft)
    if files:
        system.attach(ticket, files)
    kept = system.read(ticket)
    sizes = {file.name: len(file.content) for file in files}
    return list(differences(draft, kept.title, kept.text, kept.reference, sizes, kept.files, str))


def test_there_is_a_double_and_a_limit_for_every_adapter() -> None:
    assert set(DOUBLES) == set(SYSTEMS) == set(LIMITS) - {"console"}


def audience(name: str) -> str:
    """Whether it has notes and files for engineers alone, as the table of README.md says it."""
    if name == "webhook":
        return "as `internal_notes` says"
    kind: Any = SYSTEMS[name]
    return ", ".join("yes" if has else "no" for has in (kind.has_notes, kind.has_internal_files))


def test_the_readme_tells_every_limit() -> None:
    table = (Path(__file__).parents[2] / "README.md").read_text()
    for name in SYSTEMS:
        limits = LIMITS[name]
        (row,) = [line for line in table.splitlines() if line.startswith(f"| `{name}` |")]
        title = f"{limits.title} bytes" if limits.bytes else f"{limits.title}"
        assert f"| {title}, {limits.text:,}, {limits.file // MEGABYTE} MB |" in row
        assert f"| {audience(name)} |" in row
        assert row.endswith(f"| {limits.state} |")
        for key in NEEDED[name]:
            assert key == "url" or f"`{key}`" in row


def test_check_reaches_the_system(system: Ticketing) -> None:
    system.check()


def test_what_is_created_is_found_by_exactly_its_reference(
    double: Double, system: Ticketing
) -> None:
    draft, other = make_draft(), make_draft()
    assert system.find(draft.reference) is None
    made = system.create(draft)
    system.create(other)
    assert made.number in double.numbers()
    assert made.url.startswith("http")
    assert system.find(draft.reference) == made
    assert system.find(draft.reference[:-1]) is None
    assert system.find(f"vip-{new_id()}") is None


def test_a_filter_that_is_ignored_finds_nobody_elses_ticket(
    double: Double, system: Ticketing
) -> None:
    mine = make_draft()
    system.create(make_draft())
    made = system.create(mine)
    double.ignores_filters = True
    assert system.find(f"vip-{new_id()}") is None
    assert system.find(mine.reference) == made


def test_hostile_text_comes_back_as_it_was(double: Double, system: Ticketing) -> None:
    draft = make_draft()
    assert told(system, draft, FILES) == []
    kept = double.kept(double.numbers()[0])
    assert kept.reference == draft.reference
    assert dict(kept.files) == {file.name: file.content for file in FILES}


def test_what_is_too_long_is_cut_and_told(double: Double, system: Ticketing) -> None:
    limits = LIMITS[system.name]
    draft = make_draft(
        title="één lange titel, " * 40, description="regel met ü\n" * (limits.text // 10)
    )
    words = told(system, draft)
    assert len(words) == 2
    assert all("here" in sentence for sentence in words)
    kept = double.kept(double.numbers()[0])
    size = len(kept.title.encode()) if limits.bytes else len(kept.title)
    assert limits.title / 2 < size <= limits.title
    assert kept.title.endswith("…")


@pytest.mark.parametrize("lost", ["title", "text"])
def test_what_the_system_drops_behind_its_201_is_told(
    double: Double, system: Ticketing, lost: str
) -> None:
    double.losing.add(lost)
    (sentence,) = told(system, make_draft())
    assert {"title": "The title", "text": "The description"}[lost] in sentence


def test_files_and_additions_can_come_later(double: Double, system: Ticketing) -> None:
    ticket = system.create(make_draft())
    system.attach(ticket, FILES[:1])
    system.comment(ticket, "Het gebeurt ook bij <b>Ede</b> & één\nregel 2\n\nVIP-2026-000001 [9]")
    system.attach(ticket, FILES[1:])
    system.comment(ticket, "Nog iets\n\nVIP-2026-000001 [10]")
    kept = system.read(ticket)
    sizes = {file.name: len(file.content) for file in FILES}
    assert set(kept.files) == set(sizes)
    assert all(size in (sizes[name], -1) for name, size in kept.files.items())
    said = [comment for comment in kept.comments if "VIP-2026-000001 [" in comment]
    assert [comment.splitlines()[-1] for comment in said] == [
        "VIP-2026-000001 [9]",
        "VIP-2026-000001 [10]",
    ]
    assert "<b>Ede</b> & één" in said[0]


def test_progress_has_our_word_and_the_systems_own(double: Double, system: Ticketing) -> None:
    ticket = system.create(make_draft())
    first = system.status(ticket)
    known = (Progress.RECEIVED, Progress.IN_PROGRESS)
    assert first.progress in known or (first.progress, first.words) == (Progress.UNKNOWN, "open")
    double.set_status(ticket.number, SOLVED[double.name])
    now = system.status(ticket)
    assert now.progress is Progress.SOLVED
    assert now.words == SOLVED[double.name]
    assert system.read(ticket).status == now


def test_a_wrong_password_is_not_the_writers_fault(double: Double, system: Ticketing) -> None:
    double.locked_out = True
    calls: list[Callable[[], object]] = [
        system.check,
        lambda: system.find("vip-1"),
        lambda: system.create(make_draft()),
    ]
    for call in calls:
        with pytest.raises(Unavailable, match=r"40[13]|login|log-in"):
            call()
    assert double.numbers() == []


def test_missing_rights_make_nothing(double: Double, system: Ticketing) -> None:
    double.no_rights = True
    with pytest.raises(OutsideError):
        system.create(make_draft())
    assert double.numbers() == []


QUICK = [fault for fault in Fault if fault is not Fault.DRIP]
"""That one takes as long as a whole call may; test_bounds.py has it, and the proof."""
REST = {Fault.BUSY: RETRY_AFTER, Fault.GREEDY: 3600}


def asking(double: Double, fault: Fault) -> Ticketing:
    """The adapter, which does not wait long for what never answers."""
    patience = {"timeout_seconds": 1} if fault is Fault.STALL else {}
    return adapter(**double.settings | patience)


@pytest.mark.parametrize("fault", QUICK)
def test_whatever_fails_in_a_create_is_found_or_made_by_the_next(
    double: Double, system: Ticketing, fault: Fault
) -> None:
    draft = make_draft()
    double.fault = lambda request: fault if request.method == "POST" else None
    with pytest.raises(Unavailable) as failed:
        asking(double, fault).create(draft)
    assert failed.value.retry_after == REST.get(fault)
    double.fault = lambda _request: None
    found = system.find(draft.reference) or system.create(draft)
    assert double.numbers() == [found.number]


@pytest.mark.parametrize("fault", QUICK)
def test_a_look_up_that_fails_is_never_taken_for_none(
    double: Double, system: Ticketing, fault: Fault
) -> None:
    draft = make_draft()
    system.create(draft)
    double.fault = lambda _request: fault
    with pytest.raises(Unavailable):
        asking(double, fault).find(draft.reference)


def test_a_private_address_is_refused_unless_it_is_allowed(double: Double) -> None:
    with pytest.raises(Unavailable, match="private address"):
        adapter(**double.settings | {"allow_private": False}).find("vip-1")
    assert double.calls == []


def test_nobody_is_asked_for_a_browser(double: Double, system: Ticketing) -> None:
    system.find("vip-1")
    assert double.calls[0].headers["user-agent"] == "vipservice"


def test_the_console_keeps_the_same_promises(tmp_path: Path) -> None:
    system = adapter(system="console", folder=str(tmp_path))
    draft = make_draft()
    assert told(system, draft, FILES) == []
    found = system.find(draft.reference)
    assert found
    system.comment(found, "één\n\nVIP-1 [2]")
    assert system.read(found).comments == ["één\n\nVIP-1 [2]"]
    assert system.status(found).progress is Progress.RECEIVED
    assert system.find("vip-none") is None


@pytest.mark.parametrize("markup", ["textile", "markdown"])
def test_what_would_end_redmines_literal_block_comes_back_as_it_was(markup: str) -> None:
    double = Redmine()
    system = adapter(**double.settings, markup=markup)
    assert told(system, make_draft(description=NASTY)) == []
    stored = double.kept(double.numbers()[0]).text
    assert stored != NASTY
    assert from_literal(stored) == NASTY
    opening, *inside, closing = stored.splitlines()
    assert (opening, closing) == {"textile": ("<pre>", "</pre>"), "markdown": ("```", "```")}[
        markup
    ]
    assert not any(closing in line for line in inside)
    double.close()
