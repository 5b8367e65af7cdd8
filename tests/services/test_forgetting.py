"""What is done with is forgotten, and what is not stays; ends of rights are all seen."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import func, select

from tests.support.recording import deliver_next, escalated
from vipservice.rules.news import RightsEnded
from vipservice.rules.notices import Channel
from vipservice.services import forgetting
from vipservice.services.forgetting import forget
from vipservice.services.idempotency import Asked, once
from vipservice.services.people.rights import SETTLED, EndsSeen, end_rights, rights_ended_since
from vipservice.services.people.sessions import actor_of
from vipservice.store.tables import (
    LoginAttempts,
    LoginSession,
    Outbox,
    RememberedAnswer,
    RightsChange,
)
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World, signed_in

TABLES: tuple[Any, ...] = (LoginAttempts, LoginSession, Outbox, RememberedAnswer, RightsChange)


def counts(world: World) -> dict[str, int]:
    with world.store.read() as work:
        return {
            table.__name__: work.session.exec(select(func.count()).select_from(table)).one()
            for table in TABLES
        }


def remember(world: World, key: str) -> None:
    once(world.store, Asked(world.jeroen, key, "the same"), lambda: {}, 201, lambda _: "")


def test_what_is_done_with_is_forgotten_and_the_rest_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    for number in range(5):
        remember(world, f"key number {number}")
    for name in ("jeroen", "samira", "klarinda"):
        signed_in(world.store, name, hours=1)
        with world.store.work() as work:
            work.session.add(
                Outbox(
                    key=name,
                    channel=Channel.MAIL,
                    created_at=work.now,
                    next_attempt_at=work.now,
                    done_at=work.now,
                    last_problem="refused" if name == "samira" else "",
                )  # fmt: skip
            )
            work.session.add(LoginAttempts(key=name, last_at=work.now, blocked_until=work.now))
            end_rights(work, world.ilias.id, "over")
    incident = escalated(world)
    deliver_next(world, Recording(), "test")
    before = counts(world)
    assert forget(world.store) == 0
    world.clock.forward(days=31)
    remember(world, "a key of today")
    forget(world.store)
    after = counts(world)
    assert after["RememberedAnswer"] == 1
    assert after["LoginAttempts"] == 0
    assert after["RightsChange"] == 1
    assert after["LoginSession"] == before["LoginSession"] - 3 - 1  # Ilias' was ended
    with world.store.read() as work:
        assert sorted(work.session.exec(select(Outbox.key)).all()) == sorted(
            ["samira", incident["reference"]]
        )
    assert actor_of(world.store, world.tokens["jeroen"])


def test_hundreds_of_ends_at_once_are_all_seen_once(world: World) -> None:
    seen = rights_ended_since(world.store, EndsSeen())[1]
    for _ in range(3):
        with world.store.work() as work:
            for _ in range(150):
                end_rights(work, world.ilias.id, "over")
        fresh, seen = rights_ended_since(world.store, seen)
        assert fresh == [RightsEnded(world.ilias.id, None, "over")] * 150
        assert rights_ended_since(world.store, seen)[0] == []
        world.clock.forward(seconds=40)
    assert len(seen.beyond) < 450


def test_an_end_that_becomes_visible_late_is_seen(world: World) -> None:
    with world.store.work() as work:
        work.session.add(RightsChange(number=7, person_id=world.ilias.id, reason="a", at=work.now))
    fresh, seen = rights_ended_since(world.store, EndsSeen())
    assert len(fresh) == 1
    world.clock.forward(seconds=SETTLED.total_seconds() - timedelta(seconds=1).total_seconds())
    with world.store.work() as work:
        work.session.add(RightsChange(number=5, person_id=world.ilias.id, reason="b", at=work.now))
    fresh, seen = rights_ended_since(world.store, seen)
    assert [one.reason for one in fresh] == ["b"]
