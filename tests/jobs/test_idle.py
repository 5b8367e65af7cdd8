"""A server that has nothing to do writes nothing, and takes no lock that a writer waits for."""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from tests.support.recording import Recording, escalated
from tests.support.service import service_of
from tests.support.world import World
from vipservice.adapters.base import Unavailable
from vipservice.jobs import scheduler
from vipservice.rules.events import RightsEnded
from vipservice.services import routing
from vipservice.services.context import Service

JOBS: dict[str, Callable[[Service], object]] = {
    "flag": scheduler.flag,
    "count": lambda service: scheduler.count(service, Nobody()),
    "deliver": scheduler.deliver,
    "add": scheduler.add,
    "poll": scheduler.poll,
    "mail": scheduler.mail,
    "sweep": lambda service: routing.sweep_offline(service.store, service.desk),
    "look": lambda service: scheduler.RightsWatch(service, Nobody()).look(),
}


class Nobody:
    """A live edge without connections."""

    def refresh(self) -> None: ...
    def foresee(self) -> None: ...
    def mark_stale(self) -> None: ...
    def end_connections(self, ended: RightsEnded) -> None: ...
    def end_expired(self) -> None: ...
    def close_strangers(self) -> None: ...
    def specialists(self) -> set[str]:
        return set()


@pytest.mark.parametrize("name", ["deliver", "add"])
def test_what_a_resting_system_must_still_get_is_only_looked_at(world: World, name: str) -> None:
    system = Recording(steps={"find": [Unavailable("away")] * 99})
    service = service_of(world.store, system)
    escalated(world)
    for _ in range(9):
        scheduler.deliver(service)
        world.clock.forward(minutes=9)
    scheduler.deliver(service)
    assert _writes_of(world, lambda: JOBS[name](service)) == []


@pytest.mark.parametrize("name", [*JOBS])
def test_a_job_with_nothing_to_do_only_looks(world: World, name: str) -> None:
    service = service_of(world.store)
    routing.connected(world.store, world.sanne, world.desk)
    for _ in range(2):  # what it takes the first time, such as a lease
        JOBS[name](service)
    assert _writes_of(world, lambda: JOBS[name](service)) == []


def _writes_of(world: World, act: Callable[[], object]) -> list[str]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement.strip())

    event.listen(world.store.engine, "before_cursor_execute", note)
    act()
    assert asked
    writes = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
    return [one for one in asked if one.startswith(writes) or "FOR UPDATE" in one]
