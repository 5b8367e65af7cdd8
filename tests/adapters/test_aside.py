"""Work beside the server: it has a limit, and who goes over it harms nobody."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from vipservice.adapters.aside import Aside, TooLong
from vipservice.adapters.drafts import LIMIT, Drafts
from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.incidents.model import Conversation, Line
from vipservice.rules.people import Side
from vipservice.rules.refusals import Refusal

AT = datetime(2026, 4, 24, 16, 45)  # noqa: DTZ001 - a draft gets local time to print


def forever() -> None:
    """Never gives the turn back."""
    while True:
        pass


def refuse() -> None:
    """Says no."""
    raise Refusal("Not %(what)s.", what="now")


def die() -> None:
    """Ends its process at once."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def aside() -> Iterator[Aside]:
    found = Aside()
    yield found
    found.close()


def test_it_is_another_process_that_stays(aside: Aside) -> None:
    first, second = aside.run(9, os.getpid), aside.run(9, os.getpid)
    assert first == second != os.getpid()


def test_beyond_its_limit_it_is_ended_and_the_next_finds_a_new_one(aside: Aside) -> None:
    before = aside.run(9, os.getpid)
    mine = time.process_time()
    with pytest.raises(TooLong):
        aside.run(LIMIT, forever)
    assert time.process_time() - mine < LIMIT / 2
    assert aside.run(9, os.getpid) != before


def test_its_death_and_its_refusal_are_told(aside: Aside) -> None:
    with pytest.raises(TooLong):
        aside.run(9, die)
    with pytest.raises(Refusal, match="Not now"):
        aside.run(9, refuse)
    assert aside.run(9, sum, (1, 2)) == 3


def test_a_draft_that_can_not_be_read_is_the_transcript_and_says_so(
    aside: Aside, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Conversation(
        "VIP-1", "Kassa", "Kassa", "Hattem", "Jan", "j@x.example", "", "http://chat",
        (Line(1, AT, EntryKind.MESSAGE, Visibility.EVERYONE, Side.REQUESTER, "Jan", "Fout A-12"),),
    )  # fmt: skip
    drafts = Drafts(aside)
    assert [one.text for one in drafts.make(talk, "vip-1", "nl", None).found if "A-" in one.text]
    monkeypatch.setattr("vipservice.adapters.drafts.make_draft", lost)
    found = drafts.make(talk, "vip-1", "nl", None)
    assert found.found == ()
    assert "Fout A-12" in found.transcript
    assert "niet op tijd worden gelezen" in found.description


def lost(*_: object) -> None:
    """As a pattern that is lost in what it reads."""
    forever()
