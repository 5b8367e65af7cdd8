"""Adding facts to the figures: to every cell that they belong to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, delete
from sqlalchemy import select as sa_select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlmodel import Session

from vipservice.rules.measures import ADDED, COLUMNS, MEASURES
from vipservice.store.bulk import as_rows, insert_given, rows_of
from vipservice.store.driver import run_each
from vipservice.store.figures import (
    HOURLY,
    IDS,
    KEY,
    OF,
    CellKey,
    CellKind,
    Counts,
    Grain,
    figure,
    measure,
)  # fmt: skip
from vipservice.store.keys import among, as_keys, dialect_of
from vipservice.store.noticing import NoticingSession
from vipservice.store.tables import Fact

_FACT: Table = Fact.__table__  # type: ignore[attr-defined]
_WAITING = sa_select(_FACT).order_by(_FACT.c.number).limit(bindparam("limit")).with_for_update()


def waiting_facts(session: NoticingSession, limit: int) -> list[Fact]:
    """The facts that came first and were not added yet, locked."""
    return rows_of(session, Fact, _WAITING, {"limit": limit})


def forget_facts(session: Session, facts: Iterable[Fact]) -> None:
    """These are in the figures now."""
    dialect = dialect_of(session)
    mine = among(dialect, [_FACT.c.number])
    session.execute(delete(_FACT).where(mine), as_keys(dialect, [(one.number,) for one in facts]))


def add_facts(session: Session, facts: Iterable[Fact], *, per_specialist: bool) -> None:
    """Adds the measures of facts to every cell that they belong to."""
    cells: dict[CellKey, Counts] = {}
    for whose, measures in _together(facts).items():
        for key in _keys(whose, per_specialist):
            counts = cells.get(key)
            if counts is None:
                counts = cells[key] = dict.fromkeys(MEASURES, 0)
            for name, count in measures.items():
                counts[name] += count
    named = [(dict(zip(KEY, key, strict=True)), cells[key]) for key in sorted(cells)]
    _add(session, figure, COLUMNS, [
        key | {name: counts[name] for name in COLUMNS} for key, counts in named
    ])  # fmt: skip
    _add(session, measure, ("count",), [
        key | {"name": name, "count": counts[name]}
        for key, counts in named for name in ADDED if counts[name]
    ])  # fmt: skip


_KINDS = [
    (kind.value, own, [one.value for one in Grain if one is not Grain.HOUR or kind in HOURLY])
    for kind, own in OF.items()
]
"""Each kind of cell, the ids that it has, and its grains."""


class Whose(NamedTuple):
    """For whom facts count, and at which local hour."""

    day: date
    hour: int
    municipality_id: str
    topic_id: str
    team_id: str
    specialist_id: str


_of_whom = attrgetter(*Whose._fields)


def _together(facts: Iterable[Fact]) -> dict[Whose, Counts]:
    """One sum for all that count for the same: a busy chat brings many."""
    sums: dict[Whose, Counts] = defaultdict(lambda: defaultdict(int))
    for fact in facts:
        counts = sums[Whose._make(_of_whom(fact))]
        for name, count in fact.measures.items():
            counts[name] += count
    return sums


def _keys(whose: Whose, per_specialist: bool) -> Iterator[CellKey]:
    day = whose.day.isoformat()
    hour = f"{day}T{whose.hour:02}"
    periods: dict[str, str] = {Grain.DAY: day, Grain.MONTH: day[:7], Grain.HOUR: hour}
    for kind, own, grains in _KINDS:
        if kind == CellKind.SPECIALIST and not (per_specialist and whose.specialist_id):
            continue
        ids = tuple(getattr(whose, name) if name in own else "" for name in IDS)
        for grain in grains:
            yield (kind, grain, *ids, periods[grain])


def _add(
    session: Session, table: Table, counts: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> None:
    """Makes the rows, or lets those that are there grow."""
    if not rows:
        return
    names = tuple(rows[0])
    if session.get_bind().dialect.name == "sqlite":
        connection = session.connection()
        text = _growing_each(connection.dialect, table, names, tuple(counts))
        run_each(connection, text, list(map(itemgetter(*names), rows)))
    else:
        document = insert_given(table, names)
        session.execute(_growing(document, document.excluded, table, counts), as_rows(rows, names))


@cache
def _growing_each(
    dialect: Dialect, table: Table, names: tuple[str, ...], counts: tuple[str, ...]
) -> str:
    """For the driver's own call, with these columns in their order."""
    made = sqlite.insert(table).values({name: bindparam(name) for name in names})
    compiled = _growing(made, made.excluded, table, counts).compile(dialect=dialect)
    assert tuple(compiled.positiontup) == names
    return str(compiled)


def _growing(made: Any, given: Any, table: Table, counts: Sequence[str]) -> Any:
    grown = {name: table.c[name] + given[name] for name in counts}
    return made.on_conflict_do_update(index_elements=table.primary_key.columns, set_=grown)
