"""A server that has nothing to do writes nothing, and takes no lock that a writer waits for."""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from tests.live.test_rooms import RecordingServer
from tests.support.recording import escalated
from tests.support.service import service_of
from vipservice.adapters.base import Unavailable
from vipservice.config import Settings
from vipservice.jobs import duties
from vipservice.jobs.table import jobs
from vipservice.live.broadcast import Broadcast
from vipservice.live.connections import Connections
from vipservice.services.context import Service
from vipservice.services.routing import presence
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World

JOBS = {job.does: job for job in jobs(Settings())}
DELIVERING = [job.does for job in JOBS.values() if job.run in (duties.deliver, duties.add)]


def run(name: str, service: Service) -> None:
    JOBS[name].once(service, Broadcast(RecordingServer(), service, Connections()))


@pytest.mark.parametrize("name", DELIVERING)
def test_what_a_resting_system_must_still_get_is_only_looked_at(world: World, name: str) -> None:
    system = Recording(steps={"find": [Unavailable("away")] * 99})
    service = service_of(world.store, system)
    escalated(world)
    for _ in range(9):
        run(DELIVERING[0], service)
        world.clock.forward(minutes=9)
    run(DELIVERING[0], service)
    assert _writes_of(world, lambda: run(name, service)) == []


@pytest.mark.parametrize("name", [*JOBS])
def test_a_job_with_nothing_to_do_only_looks(world: World, name: str) -> None:
    service = service_of(world.store)
    presence.connected(world.store, world.sanne, world.capacity)
    for _ in range(2):  # what it takes the first time, such as a lease
        run(name, service)
    assert _writes_of(world, lambda: run(name, service)) == []


def _writes_of(world: World, act: Callable[[], object]) -> list[str]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement.strip())

    event.listen(world.store.engine, "before_cursor_execute", note)
    act()
    writes = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
    return [one for one in asked if one.startswith(writes) or "FOR UPDATE" in one]


def test_the_table_says_each_job_in_a_sentence() -> None:
    told = [job.sentence for job in JOBS.values()]
    assert "Every 2 s one process adds what happened to the figures." in told
    assert len(set(told)) == len(JOBS) == 19
