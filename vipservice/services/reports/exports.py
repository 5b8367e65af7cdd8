"""Tables to take along: CSV and XLSX, of exactly the rows that the API answers."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from xlsxwriter import Workbook

from vipservice.services.reports.words import HEADINGS
from vipservice.services.shapes import Shape

Say = Callable[[str], str]

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for a formula (OWASP, CSV injection)."""


def as_csv(rows: Sequence[Shape], model: type[Shape], say: Say) -> bytes:
    """Semicolons and a byte-order mark, as spreadsheets in the Netherlands expect."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(_headings(model, say))
    for row in rows:
        writer.writerow([_csv_cell(value) for value in _values(row)])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Shape], model: type[Shape], say: Say) -> bytes:
    """One sheet; text is written as text, whatever it looks like."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        for column, heading in enumerate(_headings(model, say)):
            sheet.write_string(0, column, heading, bold)
        for index, row in enumerate(rows, 1):
            for column, value in enumerate(_values(row)):
                _write(sheet, index, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()


def columns(model: type[Shape]) -> list[str]:
    """The fields of a row, with its name in front."""
    return sorted(model.model_fields, key=lambda name: name != "name")


def _headings(model: type[Shape], say: Say) -> list[str]:
    return [say(HEADINGS[name]) for name in columns(model)]


def _values(row: Shape) -> list[Any]:
    return [getattr(row, name) for name in columns(type(row))]


def _csv_cell(value: Any) -> str:
    """Numbers with a decimal comma; text that looks like a formula behind an apostrophe."""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(DANGEROUS) else text


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)
