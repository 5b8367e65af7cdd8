"""Who reads what of a ticket, what is gone, and what a check says: one suite for all adapters."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.adapters.conftest import DOUBLES
from tests.support.doubles.base import Double
from tests.support.drafts import FILES, adapter, make_draft
from vipservice.adapters.base import Missing, OutsideError, Refused
from vipservice.adapters.ticketing.base import File, Ticketing

WORDS = "Bij Rijssen-Holten ook\n\nVIP-2026-000002 [added]"
SECRETS = [File("VIP-2026-000002-003-geheim.png", "image/png", b"geheim van een ander")]


def test_a_note_is_read_by_no_one_but_engineers(double: Double, system: Ticketing) -> None:
    """What is a note stays out of all that the ticket's requester may read, files too."""
    ticket = system.create(make_draft(), FILES[:1])
    if not system.has_notes:
        with pytest.raises(Refused):
            system.note(ticket, WORDS)
        return
    system.note(ticket, WORDS, SECRETS if system.has_internal_files else ())
    kept = double.kept(ticket.number)
    assert any("Rijssen-Holten" in said for said in kept.notes)
    assert "Rijssen-Holten" not in kept.public
    assert "geheim" not in kept.public
    assert (SECRETS[0].name in kept.files) is system.has_internal_files
    assert any("[added]" in said for said in system.read(ticket).comments), "sent once"


def test_a_comment_is_read_by_the_tickets_requester(double: Double, system: Ticketing) -> None:
    ticket = system.create(make_draft())
    system.comment(ticket, "Nog iets\n\nVIP-2026-000001 [10]", FILES[:1])
    kept = double.kept(ticket.number)
    assert "Nog iets" in kept.public
    assert FILES[0].name in kept.files


def test_internal_files_stay_internal_when_they_come_later(
    double: Double, system: Ticketing
) -> None:
    ticket = system.create(make_draft())
    if system.has_internal_files:
        system.attach(ticket, SECRETS, internal=True)
        kept = double.kept(ticket.number)
        assert kept.files[SECRETS[0].name] == SECRETS[0].content
        assert "geheim" not in kept.public


def test_a_ticket_that_is_gone_is_missing_and_its_system_well(
    double: Double, system: Ticketing
) -> None:
    ticket, other = system.create(make_draft()), system.create(make_draft())
    double.remove(ticket.number)
    for ask in (system.status, system.read):
        with pytest.raises(Missing):
            ask(ticket)
    system.check()
    assert system.status(other)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("topdesk", {"operator_group": "none"}, "operator_group none"),
    ("topdesk", {"project": "none"}, "branch"),
    ("servicenow", {"operator_group": "none"}, "operator_group none"),
    ("jira", {"project": "99"}, "service desk"),
    ("jira", {"kind": "99"}, "request type"),
    ("zammad", {"project": "Nowhere"}, "no such group"),
    ("zammad", {"reference_field": "nowhere"}, "no such attribute"),
    ("rt", {"project": "Nowhere"}, "queue"),
    ("rt", {"reference_field": "Nowhere"}, "no such custom field"),
    ("redmine", {"project": "nowhere"}, "project nowhere"),
    ("redmine", {"kind": "1"}, "tracker 1"),
    ("redmine", {"kind": "99"}, "tracker 99"),
    ("redmine", {"reference_field": "99"}, "filter"),
]


@pytest.mark.parametrize(("name", "changes", "words"), WRONG)
def test_check_says_what_is_wrong_before_the_first_create(
    name: str, changes: dict[str, Any], words: str
) -> None:
    double = DOUBLES[name]()
    adapter(**double.settings).create(make_draft())
    with pytest.raises(OutsideError, match=words):
        adapter(**double.settings | changes).check()
    assert len(double.numbers()) == 1, "a check makes nothing"
    double.close()


def lacking_filter(double: Any) -> None:
    double.filters.clear()


def lacking_right(double: Any) -> None:
    double.permissions.discard("set_notes_private")


def lacking_search(double: Any) -> None:
    double.searches = False


def lacking_label(double: Any) -> None:
    double.form.discard("labels")


def ignoring_filters(double: Any) -> None:
    double.ignores_filters = True


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        ("redmine", lacking_filter, "used as a filter"),
        ("redmine", lacking_right, "set_notes_private"),
        ("zammad", lacking_search, "Elasticsearch"),
        ("jira", lacking_label, "labels"),
        ("servicenow", ignoring_filters, "finds everything"),
    ],
)
def test_check_sees_what_is_set_up_wrongly_over_there(
    name: str, spoil: Callable[[Any], None], words: str
) -> None:
    double = DOUBLES[name]()
    system = adapter(**double.settings)
    system.create(make_draft())
    system.check()
    spoil(double)
    with pytest.raises(Refused, match=words):
        system.check()
    double.close()
