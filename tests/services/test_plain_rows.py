"""Rows and statements of the message path: what the unit of work would give, for less."""

from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import col
from sqlmodel import select as rows

from tests.support.recording import picked_up
from vipservice.rules.chats import EntryKind, State, Visibility
from vipservice.rules.refusals import Busy, NotFound, NotSignedIn, Refusal
from vipservice.services.chats.access import get_chat
from vipservice.services.chats.messages import NewMessage, add_note
from vipservice.services.chats.timeline import Wanted, read_timelines
from vipservice.services.people import sessions
from vipservice.services.shapes.chats import TimelineShape
from vipservice.store.bulk import keep
from vipservice.store.connecting import connect
from vipservice.store.keys import among, as_keys, dialect_of
from vipservice.store.noticing import NoticingSession
from vipservice.store.plain import fresh, instance
from vipservice.store.saying import locked_chats
from vipservice.store.tables import Counter, Entry, Outbox
from vipservice.store.types import new_id
from vipservice.testing.world import World

ODD = [
    "",
    "NULL",
    'say "x"',
    "back\\slash",
    "{a,b}",
    "’s-Hertogenbosch",
    "a,b",
    " ",
    "%s",
    "😀",
    "'",
]


def test_any_keys_are_found_and_no_others(world: World) -> None:
    with world.store.work() as work:
        work.session.add_all(Counter(name=name, value=1) for name in ODD)
    with world.store.read() as work:
        dialect = dialect_of(work.session)
        mine = rows(Counter.name).where(among(dialect, [col(Counter.name), col(Counter.value)]))
        for wanted in (ODD, ODD[:1], ODD[3:5]):
            keys = as_keys(dialect, [(name, 1) for name in wanted], 2)
            assert sorted(work.session.execute(mine, keys).scalars()) == sorted(wanted)
        for none in ([], [(ODD[2], 2)], [("nul\0", 1), ("half \ud800", 1)]):
            assert not work.session.execute(mine, as_keys(dialect, none, 2)).all()


def test_a_plain_row_has_the_methods_of_its_table_and_becomes_an_instance(world: World) -> None:
    at = world.clock()
    one = fresh(
        Entry, chat_id="a", seq=1, kind=EntryKind.MESSAGE, visibility=Visibility.EVERYONE,
        at=at, body="Hallo", data={"version": 2},
    )  # fmt: skip
    made = instance(one)
    assert isinstance(made, Entry)
    assert made.payload == one.payload
    assert made.sealed() == one.sealed()
    assert one.model_dump() == made.model_dump()


def test_only_what_has_another_value_is_written(world: World) -> None:
    chat_id = picked_up(world, "Hoe werkt dit?")
    with world.store.work(in_bulk=True) as work:
        chat = locked_chats(work.session, [chat_id])[chat_id]
        chat.title, chat.unread_centre, chat.state = "Anders", chat.unread_centre, State("active")
    assert get_chat(world.store, world.sanne, chat_id).title == "Anders"
    with world.store.work(in_bulk=True) as work:
        plain: Any = locked_chats(work.session, [chat_id])[chat_id]
        assert not any(plain.changed())
        plain.title = "Weer anders"
        assert sum(plain.changed()) == 1


def test_what_the_database_refuses_is_an_error_that_tells_no_row(world: World) -> None:
    with pytest.raises(IntegrityError) as refused, world.store.work(in_bulk=True) as work:
        keep(work.session, [fresh(Counter, name="same", value=secret) for secret in (987_654, 2)])
    assert "987654" not in str(refused.value)
    with world.store.work(in_bulk=True) as work:
        keep(work.session, [fresh(Counter, name="same", value=3)])
    with world.store.read() as read:
        assert read.session.get_one(Counter, "same").value == 3


def test_of_many_who_read_at_once_each_gets_what_they_may_see(world: World) -> None:
    mine, other = picked_up(world, "Een?"), picked_up(world, "Twee?", "klarinda")
    add_note(world.store, world.sanne, mine, NewMessage(body="Intern.", client_id=new_id()))
    world.say("jeroen", mine, "Nog iets.")
    gone = world.actors["samira"]
    sessions.sign_out(world.store, gone)
    wanted = [
        Wanted(world.jeroen, mine), Wanted(world.sanne, mine), Wanted(world.jeroen, mine, 2),
        Wanted(world.sanne, mine, 3), Wanted(world.jeroen, other), Wanted(gone, mine),
        Wanted(world.jeroen, "nothing"), Wanted(world.jeroen, mine, 99),
    ]  # fmt: skip
    with world.store.read() as work:
        together = read_timelines(work, wanted)
        alone = [read_timelines(work, [one])[0] for one in wanted]
    assert list(map(_plain, together)) == list(map(_plain, alone))
    kinds = [type(one) for one in together]
    assert kinds == [*[TimelineShape] * 4, NotFound, NotSignedIn, NotFound, TimelineShape]
    assert "Intern." not in str(together[0])
    assert "Intern." in str(together[1])
    for one, asked in zip(together, wanted, strict=True):
        if isinstance(one, TimelineShape):
            numbers = [entry.seq for entry in one.entries]
            assert numbers == list(range(asked.after + 1, one.last_seq + 1))


def _plain(found: TimelineShape | Refusal) -> object:
    return type(found) if isinstance(found, Refusal) else found.public()


def test_a_message_after_the_moment_of_a_clock_writes_its_flag_and_its_notices(
    world: World,
) -> None:
    chat_id = world.ask()
    world.clock.forward(hours=96)
    world.say("jeroen", chat_id, "Is er iemand?")
    with world.store.read() as work:
        kinds = [one.kind for one in work.session.exec(rows(Entry).order_by(col(Entry.seq)))]
        told = work.session.exec(rows(Outbox.key)).all()
    assert kinds[-1] is EntryKind.MESSAGE
    assert kinds.count(EntryKind.FLAG) == 3
    assert any(":manager:" in key for key in told)


def test_a_connection_that_forgot_its_plans_is_let_go(world: World) -> None:
    chat_id = picked_up(world, "Hoe werkt dit?")
    world.say("jeroen", chat_id, "Eerst dit.")
    with world.store.work() as work:
        if dialect_of(work.session) != "postgresql":
            return
        work.session.execute(text("DEALLOCATE ALL"))
    with pytest.raises(Busy):
        world.say("jeroen", chat_id, "Dan dit.")
    world.say("jeroen", chat_id, "En dan dit.")


@pytest.mark.parametrize("how", ["the driver's own calls", "statements"])
def test_what_fails_in_bulk_leaves_nothing_behind(world: World, how: str) -> None:
    """Of PostgreSQL nobody but `driver` begins and ends it."""
    with pytest.raises(IntegrityError):
        _fail_in_bulk(world, how)
    with world.store.work(in_bulk=True) as work:
        found = work.session.execute(rows(Counter.value).where(Counter.name == "half")).all()
        work.session.execute(insert(Counter).values(name="whole", value=1))
    assert not found
    with world.store.read() as work:
        assert work.session.get(Counter, "whole")
        if dialect_of(work.session) == "postgresql":
            assert not work.session.execute(text(OPEN)).all()


def _fail_in_bulk(world: World, how: str) -> None:
    nobodys = fresh(
        Entry, chat_id="none", seq=1, kind=EntryKind.MESSAGE, visibility=Visibility.EVERYONE,
        at=world.clock(),
    )  # fmt: skip
    with world.store.work(in_bulk=True) as work:
        if how == "statements":
            work.session.execute(insert(Counter).values(name="half", value=1))
        else:
            locked_chats(work.session, ["none"])
            keep(work.session, [fresh(Counter, name="half", value=1)])
        keep(work.session, [nobodys])


OPEN = (
    "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
)


def test_a_connection_that_is_gone_is_busy_for_whoever_finds_it_so(world: World) -> None:
    with world.store.work() as work:
        if dialect_of(work.session) != "postgresql":
            return
        mine = work.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = connect(str(world.store.engine.url))
    with other.connect() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend({mine})"))
    other.dispose()
    with pytest.raises(Busy), world.store.read() as work:
        work.session.execute(rows(Counter.name)).all()
    with world.store.read() as work:
        work.session.execute(rows(Counter.name)).all()


def test_of_a_connection_that_went_every_error_is_busy(world: World) -> None:
    """Under a statement of the unit of work psycopg2 gives a class that it has for much else."""
    gone = [DatabaseError(None, None, Exception("gone"), connection_invalidated=went)
            for went in (True, False)]  # fmt: skip
    with pytest.raises(Busy), world.store.read():
        raise gone[0]
    with pytest.raises(DatabaseError), world.store.read():
        raise gone[1]


def test_what_is_prepared_is_found_by_its_keys(world: World) -> None:
    """On a table that was almost empty a hash join would read all of it, when it has grown."""
    chat_id = picked_up(world, "Hoe werkt dit?")
    for who in ("jeroen", "sanne", "jeroen", "sanne"):
        world.say(who, chat_id, "Zo.")
    with world.store.work() as work:
        if dialect_of(work.session) != "postgresql":
            return
        known = work.session.execute(
            text("SELECT name, parameter_types::text[] FROM pg_prepared_statements")
        ).all()
        plans = {name: _plan(work.session, name, types) for name, types in known}
    assert any("Update on sla_clock" in plan for plan in plans.values())
    for plan in plans.values():
        assert not {"Hash Join", "Merge Join", "Seq Scan on"} & set(_steps(plan)), plan


def _plan(session: NoticingSession, name: str, types: list[str]) -> str:
    given = ", ".join("'[]'" if kind == "json" else "'{}'" for kind in types)
    rows_ = session.execute(text(f"EXPLAIN EXECUTE {name}" + (given and f" ({given})")))
    return "\n".join(row[0] for row in rows_)


def _steps(plan: str) -> list[str]:
    return [step for step in ("Hash Join", "Merge Join", "Seq Scan on") if step in plan]
