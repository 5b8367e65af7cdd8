"""Reports: figures over a period, for everybody at once or for each of a sort.

Pages, exports and API all read these tables, so that a figure is the same wherever it stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import select

from vipservice.rules.measures import BINS, EDGES, month_end, percent, quantile
from vipservice.rules.policy import Promise
from vipservice.rules.refusals import N_, Refusal
from vipservice.rules.shape import Count, Id, Shape
from vipservice.rules.text import sort_key
from vipservice.services.sla.versions import all_versions
from vipservice.store.figures import CellKind, Counts, Grain, Scope, series, sums
from vipservice.store.tables import Municipality, Person, Team, Topic
from vipservice.store.work import Store, Work

HEAT = ("offered", "within", "breached", "contacts")
NO_COUNTS: Counts = {}


@dataclass(frozen=True)
class Selection:
    """What a report is asked for: local days, both included, and of whom ("": everybody)."""

    since: date
    until: date
    municipality_id: str = ""
    topic_id: str = ""

    def before(self) -> "Selection":
        """The period of the same length that ends just before this one."""
        days = self.until - self.since + timedelta(days=1)
        return replace(self, since=self.since - days, until=self.until - days)

    def scope(self) -> Scope:
        """The cells that answer it."""
        given = {"municipality_id": self.municipality_id, "topic_id": self.topic_id}
        ids = {name: id_ for name, id_ in given.items() if id_}
        kinds = {0: CellKind.ALL, 2: CellKind.BOTH}
        one = CellKind.MUNICIPALITY if self.municipality_id else CellKind.TOPIC
        return Scope(kinds.get(len(ids), one), self.since, self.until, ids)


class Figures(Shape):
    """The figures of a period, as FACTS of the field define them; minutes are of opening time.

    A percentage is None of nothing, a median or percentile also when it passes eight hours.
    """

    chats: Count
    contacts: Count
    offered: Count
    within: Count
    percent_within: float | None
    breached: Count
    late: Count
    left_in_time: Count
    picked: Count
    average_pickup_minutes: float | None
    median_pickup_minutes: Count | None
    p90_pickup_minutes: Count | None
    reply_offered: Count
    reply_within: Count
    percent_reply_within: float | None
    callback_offered: Count
    callback_within: Count
    percent_callback_within: float | None
    closed: Count
    answered: Count
    answered_unconfirmed: Count
    incident: Count
    callback: Count
    withdrawn: Count
    first_contact: Count
    percent_first_contact: float | None
    transfers: Count
    repeats: Count
    percent_repeats: float | None
    average_handling_minutes: float | None
    average_parked_minutes: float | None


class NamedFigures(Figures):
    """The figures of one municipality, topic, team, specialist or day."""

    id: Id
    name: str


class HeatCell(Shape):
    """One hour of one weekday (0 is Monday)."""

    weekday: Count
    hour: Count
    contacts: Count
    offered: Count
    within: Count
    breached: Count
    percent_within: float | None


class PickupClass(Shape):
    """How many were picked up after more than the edge before and at most this one.

    The last class has no edge.
    """

    minutes: Count | None
    picked: Count
    percent: float | None


def summary(store: Store, question: Selection) -> Figures:
    """The figures of a period in one row."""
    with store.read() as work:
        return figures_of(sums(work.session, question.scope()).get("", NO_COUNTS))


def days(store: Store, question: Selection) -> list[NamedFigures]:
    """The figures of each day, also of those without any."""
    with store.read() as work:
        found = series(work.session, question.scope(), Grain.DAY)
    length = (question.until - question.since).days + 1
    each = [(question.since + timedelta(days=n)).isoformat() for n in range(length)]
    return [_named(day, day, found.get(day, NO_COUNTS)) for day in each]


def months(store: Store, question: Selection) -> list[NamedFigures]:
    """The figures of each month that the period touches, of that part of it."""
    found: list[NamedFigures] = []
    first = question.since
    while first <= question.until:
        last = min(month_end(first), question.until)
        with store.read() as work:
            scope = replace(question, since=first, until=last).scope()
            counts = sums(work.session, scope).get("", NO_COUNTS)
        found.append(_named(f"{first:%Y-%m}", f"{first:%Y-%m}", counts))
        first = last + timedelta(days=1)
    return found


def by_municipality(store: Store, question: Selection) -> list[NamedFigures]:
    """The figures of each municipality, by name."""
    kind = CellKind.BOTH if question.topic_id else CellKind.MUNICIPALITY
    return _by(store, replace(question, municipality_id=""), kind, "municipality_id", Municipality)


def by_topic(store: Store, question: Selection) -> list[NamedFigures]:
    """The figures of each topic, by name."""
    kind = CellKind.BOTH if question.municipality_id else CellKind.TOPIC
    return _by(store, replace(question, topic_id=""), kind, "topic_id", Topic)


def by_team(store: Store, question: Selection) -> list[NamedFigures]:
    """The figures of each team, by name. Raises Refusal with a municipality or topic chosen."""
    return _by(store, _unfiltered(question), CellKind.TEAM, "team_id", Team)


def by_specialist(store: Store, question: Selection) -> list[NamedFigures]:
    """The figures of each specialist, by name. Raises Refusal as by_team.

    Of what somebody picked up. A promise breaks with nobody, so answers are not judged here.
    """
    scope = replace(_unfiltered(question).scope(), kind=CellKind.SPECIALIST)
    with store.read() as work:
        counts = sums(work.session, scope, by="specialist_id")
        names = _names(work, Person, counts)
    rows = [_named(id_, names.get(id_, id_), _picked_by(counts[id_])) for id_ in counts]
    return sorted(rows, key=lambda row: sort_key(row.name))


def heat(store: Store, question: Selection) -> list[HeatCell]:
    """Weekday by hour, only the hours in which something came in."""
    scope = question.scope()
    if scope.kind is CellKind.BOTH:
        raise Refusal(N_("Choose a municipality or a topic, not both: the hours are kept apart."))
    with store.read() as work:
        found = series(work.session, scope, Grain.HOUR, HEAT)
    cells: dict[tuple[int, int], Counts] = {}
    for period, counts in found.items():
        key = date.fromisoformat(period[:10]).weekday(), int(period[11:])
        cell = cells.setdefault(key, dict.fromkeys(HEAT, 0))
        for name in HEAT:
            cell[name] += counts[name]
    return [
        HeatCell(
            weekday=key[0], hour=key[1], **cell,
            percent_within=percent(cell["within"], cell["offered"]),
        )
        for key, cell in sorted(cells.items())
        if any(cell.values())
    ]  # fmt: skip


def pickup_times(store: Store, question: Selection) -> list[PickupClass]:
    """How the pick-up times are spread."""
    with store.read() as work:
        counts = sums(work.session, question.scope()).get("", NO_COUNTS)
    edges: list[int | None] = [*EDGES, None]
    return [
        PickupClass(
            minutes=edge, picked=counts.get(name, 0),
            percent=percent(counts.get(name, 0), counts.get("picked", 0)),
        )
        for name, edge in zip(BINS, edges, strict=True)
    ]  # fmt: skip


def target_minutes(store: Store, municipality_id: str = "") -> int:
    """The pick-up target of now, in general or of a municipality."""
    with store.read() as work:
        policy = all_versions(work).policy_at(work.now)[1]
    return policy.target(Promise.PICKUP, municipality_id, "").minutes


def figures_of(counts: Counts) -> Figures:
    """The figures that follow from counts."""
    return Figures(**_values(counts))


def _values(counts: Counts) -> dict[str, Any]:
    known = {name: counts.get(name, 0) for name in Figures.model_fields}
    ended = known["closed"] - known["withdrawn"]
    first = known["answered"] + known["answered_unconfirmed"] - counts.get("answered_repeats", 0)
    spread = {name: counts.get(name, 0) for name in BINS}
    return known | {
        "percent_within": percent(known["within"], known["offered"]),
        "average_pickup_minutes": _minutes(counts.get("pickup_seconds", 0), known["picked"]),
        "median_pickup_minutes": quantile(spread, 0.5),
        "p90_pickup_minutes": quantile(spread, 0.9),
        "percent_reply_within": percent(known["reply_within"], known["reply_offered"]),
        "percent_callback_within": percent(known["callback_within"], known["callback_offered"]),
        "first_contact": first,
        "percent_first_contact": percent(first, ended),
        "percent_repeats": percent(known["repeats"], ended),
        "average_handling_minutes": _minutes(counts.get("handling_seconds", 0), ended),
        "average_parked_minutes": _minutes(counts.get("parked_seconds", 0), ended),
    }


def _named(id_: str, name: str, counts: Counts) -> NamedFigures:
    return NamedFigures(id=id_, name=name, **_values(counts))


def _picked_by(counts: Counts) -> Counts:
    late = counts["picked"] - counts["within"]
    judged = {"offered": counts["picked"], "breached": late, "reply_offered": 0, "reply_within": 0}
    return counts | judged


def _by(
    store: Store, question: Selection, kind: CellKind, column: str, table: Any
) -> list[NamedFigures]:
    scope = replace(question.scope(), kind=kind)
    with store.read() as work:
        counts = sums(work.session, scope, by=column)
        names = _names(work, table, counts)
    rows = [_named(id_, names.get(id_, id_), counts[id_]) for id_ in counts]
    return sorted(rows, key=lambda row: sort_key(row.name))


def _names(work: Work, table: Any, ids: Iterable[str]) -> dict[str, str]:
    """Names of all: there are some hundreds at most, which is less than a list of ids costs."""
    wanted = set(ids)
    rows = work.session.execute(select(table.id, table.name)).all()
    return {id_: name for id_, name in rows if id_ in wanted}


def _unfiltered(question: Selection) -> Selection:
    if question.municipality_id or question.topic_id:
        raise Refusal(N_("These figures are kept for all municipalities and topics together."))
    return question


def _minutes(seconds: int, count: int) -> float | None:
    return round(seconds / 60 / count, 1) if count else None
