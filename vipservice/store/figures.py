"""The table of figures: counts added up, for each sort of report at the grain that it asks.

A cell belongs to a kind (all, municipality, topic, both, team, specialist) and a period (an hour,
a day, a month), so that a year of the whole country is read from some thousands of rows.
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
    String,
    Table,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from vipservice.rules.figures import MEASURES, month_end
from vipservice.store.tables import Fact

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

figure = Table(
    "figure",
    SQLModel.metadata,
    Column("kind", String(16), nullable=False),
    Column("grain", String(8), nullable=False),
    *(Column(name, String(36), nullable=False) for name in IDS),
    Column("period", String(13), nullable=False),
    *(Column(name, Integer, nullable=False) for name in MEASURES),
    PrimaryKeyConstraint("kind", "grain", *IDS, "period"),
    Index("ix_figure_kind_grain_period", "kind", "grain", "period"),
)

CellKey = tuple[str, ...]
"""Kind, grain, the four ids and the period."""


@dataclass(frozen=True)
class Scope:
    """Which cells: of a kind, of the ids that are given, between two local days, both included."""

    kind: CellKind
    since: date
    until: date
    ids: Mapping[str, str] = field(default_factory=dict)

    def conditions(self, grain: Grain, first: str, last: str) -> list[ColumnElement[bool]]:
        """Those cells of one grain."""
        cells = figure.c
        own = [cells[name] == self.ids[name] for name in OF[self.kind] if name in self.ids]
        return [
            cells.kind == self.kind,
            cells.grain == grain,
            *own,
            cells.period.between(first, last),
        ]

    def spans(self) -> Iterator[tuple[Grain, str, str]]:
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


def add_facts(session: Session, facts: Iterable[Fact], *, per_specialist: bool) -> None:
    """Adds the measures of facts to every cell that they belong to."""
    cells: dict[CellKey, Counts] = {}
    for fact in facts:
        for key in _keys(fact, per_specialist):
            counts = cells.setdefault(key, dict.fromkeys(MEASURES, 0))
            for name, count in fact.measures.items():
                counts[name] += count
    if cells:
        names = ("kind", "grain", *IDS, "period")
        rows = [dict(zip(names, key, strict=True)) | cells[key] for key in sorted(cells)]
        session.execute(_upsert(session), rows)


def sums(session: Session, scope: Scope, by: str | None = None) -> dict[str, Counts]:
    """The measures added up over a period, under "" or for each id of ``by``."""
    total: dict[str, Counts] = {}
    for grain, first, last in scope.spans():
        columns = [func.sum(figure.c[name]).label(name) for name in MEASURES]
        query = select(*columns).where(*scope.conditions(grain, first, last))
        if by:
            query = query.add_columns(figure.c[by].label("by")).group_by(figure.c[by])
        for row in session.execute(query).mappings():
            _add(total.setdefault(row["by"] if by else "", dict.fromkeys(MEASURES, 0)), row)
    return total


def series(
    session: Session, scope: Scope, grain: Grain, names: Iterable[str] = MEASURES
) -> dict[str, Counts]:
    """Measures of one scope for each period of a grain, in order; without the empty ones."""
    names = list(names)
    first = scope.since.isoformat()[: 7 if grain is Grain.MONTH else 10]
    last = scope.until.isoformat()[: 7 if grain is Grain.MONTH else 10]
    conditions = scope.conditions(grain, first, last + ("T99" if grain is Grain.HOUR else ""))
    query = select(figure.c.period, *(figure.c[name] for name in names)).where(*conditions)
    rows = session.execute(query.order_by(figure.c.period)).mappings()
    return {row["period"]: {name: row[name] for name in names} for row in rows}


def _keys(fact: Fact, per_specialist: bool) -> Iterator[CellKey]:
    day = fact.day.isoformat()
    periods = {Grain.DAY: day, Grain.MONTH: day[:7], Grain.HOUR: f"{day}T{fact.hour:02}"}
    for kind, own in OF.items():
        if kind is CellKind.SPECIALIST and not (per_specialist and fact.specialist_id):
            continue
        ids = tuple(getattr(fact, name) if name in own else "" for name in IDS)
        for grain, period in periods.items():
            if grain is not Grain.HOUR or kind in HOURLY:
                yield (kind.value, grain.value, *ids, period)


def _upsert(session: Session) -> Any:
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert(figure) if dialect == "sqlite" else postgresql.insert(figure)
    grown = {name: figure.c[name] + insert.excluded[name] for name in MEASURES}
    return insert.on_conflict_do_update(index_elements=figure.primary_key.columns, set_=grown)


def _add(total: Counts, row: Any) -> None:
    for name in MEASURES:
        total[name] += row[name] or 0


def _last_whole_month(first: date, until: date) -> date | None:
    """The last day of the last whole month of a period that begins with one; None if none is."""
    if until == month_end(until):
        return until
    end = until.replace(day=1) - timedelta(days=1)
    return end if end >= first else None
