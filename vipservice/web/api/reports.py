"""Figures over HTTP: as JSON, CSV or XLSX."""

from collections.abc import Callable, Sequence
from datetime import date

from flask import Response

from vipservice.i18n import translator
from vipservice.rules.people import Right
from vipservice.rules.shape import Shape
from vipservice.services.reports import tables
from vipservice.services.reports.exports import as_csv, as_table, as_xlsx
from vipservice.services.reports.tables import (
    Figures,
    HeatCell,
    NamedFigures,
    PickupClass,
    Selection,
)
from vipservice.services.shares import Sort
from vipservice.store.work import Store
from vipservice.web.access import actor, service, take_share
from vipservice.web.api.endpoint import Api
from vipservice.web.periods import Period, require_specialists

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 20.0
"""Seconds of processor time for a file."""
Report = Callable[[Store, Selection], Sequence[Shape]]


def register(api: Api) -> None:
    """Declares the calls."""
    for path, model, report in (
        ("summary", Figures, _summary),
        ("service-level", NamedFigures, tables.days),
        ("municipalities", NamedFigures, tables.by_municipality),
        ("topics", NamedFigures, tables.by_topic),
        ("teams", NamedFigures, tables.by_team),
        ("specialists", NamedFigures, _specialists),
        ("hours", HeatCell, tables.heat),
        ("pickup-times", PickupClass, tables.pickup_times),
    ):
        api.call(
            "GET", f"/reports/{path}", model, Right.WATCH, many=True, query=Period,
            formats=(CSV, XLSX),
        )(_endpoint(path, model, report))  # fmt: skip


def _endpoint(
    path: str, model: type[Shape], report: Report
) -> Callable[[Period], Sequence[Shape] | Response]:
    def answer(period: Period) -> Sequence[Shape] | Response:
        question = period.question()
        rows = report(service().store, question)
        if period.format == "json":
            return rows
        return _file(path, model, rows, period.format, question.since, question.until)

    answer.__name__ = f"report_{path.replace('-', '_')}"
    answer.__doc__ = f"Figures: {path.replace('-', ' ')}; ?format=csv or xlsx to take along."
    return answer


def _file(
    path: str, model: type[Shape], rows: Sequence[Shape], format_: str, since: date, until: date
) -> Response:
    take_share(Sort.EXPORTS)
    write, kind = (as_csv, f"{CSV}; charset=utf-8") if format_ == "csv" else (as_xlsx, XLSX)
    name = f"{path}-{since}-{until}.{format_}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    table = as_table(rows, model, translator(actor().language))
    content = service().exports.run(LONGEST, write, table)
    return Response(content, mimetype=kind, headers=headers)


def _summary(store: Store, question: Selection) -> list[Figures]:
    return [tables.summary(store, question)]


def _specialists(store: Store, question: Selection) -> list[NamedFigures]:
    require_specialists()
    return tables.by_specialist(store, question)
