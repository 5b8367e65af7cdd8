"""Whatever somebody pastes, the others are answered: a heavy input keeps nobody waiting."""

from collections.abc import Iterator

import pytest

from tests.support import sqlite
from tests.support.server import Server, running
from vipservice.adapters.drafts import ENOUGH
from vipservice.rules.chats import BODY_LENGTH
from vipservice.services.routing import serving

LOG = "\n".join(
    f"2026-11-25 09:{line % 60:02}:00 ERROR Zaak ZAAK-2026-{line:06}: NullPointer at a.B(C:1)"
    for line in range(200)
)
NASTY = {
    "colons": (": A" * BODY_LENGTH)[:BODY_LENGTH],
    "participles": ("heb ik ge" * BODY_LENGTH)[:BODY_LENGTH],
    "quotes": ("«" * BODY_LENGTH)[:BODY_LENGTH],
    "a log": LOG[:BODY_LENGTH],
}
TIMES = 4
NO_LIMITS = (
    "[limits]\nmessages = { person = 0 }\nlog_ins = { address = 0 }\ndrafts = { person = 0 }\n"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("loop")
    with running(folder, sqlite.database(folder), "eventlet", extra=NO_LIMITS) as found:
        yield found


def cpu_of(server: Server) -> float:
    """Seconds of processor time of the server itself, without the processes beside it."""
    assert server.process
    with open(f"/proc/{server.process.pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def pasted(desk: Server, body: str, times: int) -> str:
    """A chat in which somebody pasted this so many times."""
    chat_id = desk.world.ask("jeroen", body)
    serving.pick_up(desk.world.store, desk.world.sanne, chat_id, 99)
    for _ in range(times - 1):
        desk.world.say("jeroen", chat_id, body)
    return chat_id


@pytest.mark.parametrize("name", [*NASTY])
def test_a_draft_of_the_worst_costs_the_loop_next_to_nothing(desk: Server, name: str) -> None:
    """30 of the longest messages took 8 s of the loop; now it is the other process that reads.

    Who reads them goes on for ENOUGH seconds of processor time, also the second time. Jobs that
    ran meanwhile count too: it is the least of some that tells.
    """
    chat_id = pasted(desk, NASTY[name], 30)
    sanne, costs = desk.http("sanne"), []
    for _ in range(TIMES):
        before = cpu_of(desk)
        answer = sanne.get(f"{desk.url}/api/v1/chats/{chat_id}/incident-draft", timeout=60)
        costs.append(cpu_of(desk) - before)
        assert answer.ok
    assert min(costs) < ENOUGH
    assert NASTY[name][:40].strip()[:20] in answer.json()["transcript"]


def test_an_ordinary_draft_is_read(desk: Server) -> None:
    chat_id = pasted(desk, "Fout UIT-5031 bij afdrukken. Versie 8.4.2.", 1)
    answer = desk.http("sanne").get(f"{desk.url}/api/v1/chats/{chat_id}/incident-draft", timeout=60)
    assert "UIT-5031" in str(answer.json()["found"])
