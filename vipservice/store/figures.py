"""The table of figures: counts added up, for each sort of report at the grain that it asks.

A cell belongs to a kind (all, municipality, topic, both, team, specialist) and a period (an hour,
a day, a month), so that a year of the whole country is read from some thousands of rows. The first
measures are columns of one row a cell; those that came later are rows of a narrow table beside it,
so that a new one needs no migration.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    PrimaryKeyConstraint,
    RowMapping,
    Select,
    String,
    Table,
    func,
    literal,
    select,
)
from sqlmodel import Session, SQLModel

from vipservice.rules.measures import ADDED, COLUMNS, MEASURES, month_end

IDS = ("municipality_id", "topic_id", "team_id", "specialist_id")
Counts = dict[str, int]


class CellKind(StrEnum):
    """Of whom a cell is: its own ids are filled in, the others are empty."""

    ALL = "all"
    MUNICIPALITY = "municipality"
    TOPIC = "topic"
    BOTH = "both"
    TEAM = "team"
    SPECIALIST = "specialist"


class Grain(StrEnum):
    """The length of a period: "2026-04-24T16", "2026-04-24" or "2026-04"."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


OF = {
    CellKind.ALL: (),
    CellKind.MUNICIPALITY: ("municipality_id",),
    CellKind.TOPIC: ("topic_id",),
    CellKind.BOTH: ("municipality_id", "topic_id"),
    CellKind.TEAM: ("team_id",),
    CellKind.SPECIALIST: ("specialist_id",),
}
HOURLY = (CellKind.ALL, CellKind.MUNICIPALITY, CellKind.TOPIC, CellKind.TEAM)
"""The kinds that have a cell for each hour."""

KEY = ("kind", "grain", *IDS, "period")
CellKey = tuple[str, ...]
"""Kind, grain, the four ids and the period."""


def _table(name: str, keys: tuple[str, ...], *columns: Column[Any]) -> Table:
    """A table with a row, or some rows, for each cell."""
    lengths = {"kind": 16, "grain": 8, "period": 13, "name": 32}
    return Table(
        name,
        SQLModel.metadata,
        *(Column(key, String(lengths.get(key, 36)), nullable=False) for key in keys),
        *columns,
        PrimaryKeyConstraint(*keys),
        Index(f"ix_{name}_kind_grain_period", "kind", "grain", "period"),
    )


figure = _table("figure", KEY, *(Column(name, Integer, nullable=False) for name in COLUMNS))
"""One row a cell: the first measures."""
measure = _table("measure", (*KEY, "name"), Column("count", Integer, nullable=False))
"""One row for each later measure of a cell that is not 0."""


Span = tuple[Grain, str, str]
"""A grain, and its first and last period."""


@dataclass(frozen=True)
class Scope:
    """Which cells: of a kind, of the ids that are given, between two local days, both included."""

    kind: CellKind
    since: date
    until: date
    ids: Mapping[str, str] = field(default_factory=dict)

    def conditions(
        self, table: Table, grain: Grain, first: str, last: str
    ) -> list[ColumnElement[bool]]:
        """Those cells of one grain."""
        cells = table.c
        own = [cells[name] == self.ids[name] for name in OF[self.kind] if name in self.ids]
        return [
            cells.kind == self.kind,
            cells.grain == grain,
            *own,
            cells.period.between(first, last),
        ]

    def spans(self) -> Iterator[Span]:
        """The fewest cells that make the period: whole months, and days around them."""
        day = self.since
        while day <= self.until:
            if day.day == 1 and (last := _last_whole_month(day, self.until)):
                yield Grain.MONTH, f"{day:%Y-%m}", f"{last:%Y-%m}"
                day = last
            else:
                last = min(month_end(day), self.until)
                yield Grain.DAY, day.isoformat(), last.isoformat()
                day = last
            day += timedelta(days=1)


def sums(session: Session, scope: Scope, by: str | None = None) -> dict[str, Counts]:
    """The measures added up over a period, under "" or for each id of ``by``."""
    total: dict[str, Counts] = {}
    columns = [func.sum(figure.c[name]) for name in COLUMNS]
    later = select(measure.c.name, func.sum(measure.c.count)).group_by(measure.c.name)
    for cells in scope.spans():
        for *counts, of in _each(session, figure, select(*columns), scope, cells, by):
            _add(total, of, zip(COLUMNS, counts, strict=True))
        for name, count, of in _each(session, measure, later, scope, cells, by):
            _add(total, of, ((name, count),))
    return total


def series(
    session: Session, scope: Scope, grain: Grain, names: Iterable[str] = MEASURES
) -> dict[str, Counts]:
    """Measures of one scope for each period of a grain, in order; without the empty ones."""
    wanted = list(names)
    columns, later = [[name for name in wanted if name in some] for some in (COLUMNS, ADDED)]
    length = 7 if grain is Grain.MONTH else 10
    first, last = scope.since.isoformat()[:length], scope.until.isoformat()[:length]
    cells = (grain, first, last + ("T99" if grain is Grain.HOUR else ""))
    query = select(figure.c.period, *(figure.c[name] for name in columns))
    rows = session.execute(query.where(*scope.conditions(figure, *cells))).mappings()
    found = {row["period"]: dict.fromkeys(wanted, 0) | _only(row, columns) for row in rows}
    if later:
        each = select(measure.c.period, measure.c.name, measure.c.count)
        conditions = (*scope.conditions(measure, *cells), measure.c.name.in_(later))
        for period, name, count in session.execute(each.where(*conditions)):
            found.setdefault(period, dict.fromkeys(wanted, 0))[name] = count
    return dict(sorted(found.items()))


def _each(
    session: Session, table: Table, query: Select[Any], scope: Scope, cells: Span, by: str | None
) -> Iterable[Any]:
    """The rows of these cells, for each id of ``by``, which comes last."""
    of = table.c[by] if by else literal("")
    query = query.add_columns(of).where(*scope.conditions(table, *cells))
    return session.execute(query.group_by(of) if by else query)


def _add(total: dict[str, Counts], key: str, counts: Iterable[tuple[str, int | None]]) -> None:
    if key not in total:
        total[key] = dict.fromkeys(MEASURES, 0)
    found = total[key]
    for name, count in counts:
        found[name] += count or 0


def _only(row: RowMapping, names: Iterable[str]) -> Counts:
    return {name: row[name] for name in names}


def _last_whole_month(first: date, until: date) -> date | None:
    """The last day of the last whole month of a period that begins with one; None if none is."""
    if until == month_end(until):
        return until
    end = until.replace(day=1) - timedelta(days=1)
    return end if end >= first else None
