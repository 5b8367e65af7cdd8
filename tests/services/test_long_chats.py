"""What lasts: a chat of any length goes along whole, and silence is counted from the last words."""

import pytest

from vipservice.rules.chats import BODY_LENGTH
from vipservice.rules.shape import LONGEST
from vipservice.services.chats import reading
from vipservice.services.forecast import forecast
from vipservice.services.incidents import drafting, escalation
from vipservice.services.routing import serving
from vipservice.testing.ticketing import DRAFTER, edited
from vipservice.testing.world import World


def test_a_long_chat_is_read_in_parts_and_none_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[float] = []
    monkeypatch.setattr("vipservice.services.incidents.drafting.time.sleep", turns.append)
    monkeypatch.setattr(drafting, "PART", 5)
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    for number in range(12):
        world.say("jeroen", chat_id, f"woord {number:02}")
    told = drafting.get_draft(world.store, world.sanne, chat_id, DRAFTER).transcript
    words = [line.split(": ")[1] for line in told.splitlines() if ": woord" in line]
    assert words == [f"woord {number:02}" for number in range(12)]
    assert turns == [0, 0, 0]


def test_silence_counts_from_the_last_words_and_reading_is_none(world: World) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    world.clock.set("2026-04-28T10:00+02:00")
    world.say("sanne", chat_id, "Lukt het zo?")
    world.clock.forward(minutes=9)
    reading.mark_read(world.store, world.jeroen, chat_id, 99)
    assert forecast(world.store, world.capacity, 10).idle == ()
    world.clock.forward(minutes=2)
    assert [one.minutes for one in forecast(world.store, world.capacity, 10).idle] == [11]
    world.say("jeroen", chat_id, "Ja")
    assert forecast(world.store, world.capacity, 10).idle == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_transcript_of_a_very_long_chat_has_no_end(world: World) -> None:
    chat_id = world.ask()
    serving.pick_up(world.store, world.sanne, chat_id, 2)
    for number in range(LONGEST // BODY_LENGTH + 2):
        world.say("jeroen", chat_id, f"{number:03} ".ljust(BODY_LENGTH, "x"))
    draft = drafting.get_draft(world.store, world.sanne, chat_id, DRAFTER)
    assert len(draft.transcript) > LONGEST
    made = escalation.escalate(
        world.store, world.sanne, chat_id, edited(draft), system="recording", drafter=DRAFTER
    )
    sent = escalation.get_sent_draft(world.store, world.sanne, made.id)
    assert len(sent.transcript) > LONGEST
