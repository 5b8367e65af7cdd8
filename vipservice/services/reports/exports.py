"""Tables to take along: CSV and XLSX, of exactly the rows that the API answers."""

import csv
import io
from collections.abc import Callable, Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from vipservice.rules.shape import Shape
from vipservice.services.reports.words import HEADINGS

Say = Callable[[str], str]

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for a formula (OWASP, CSV injection)."""


Table = tuple[list[str], list[list[object]]]
"""Headings, and rows of as many cells."""


def as_table(rows: Sequence[Shape], model: type[Shape], say: Say) -> Table:
    """What a file is made of, in the reader's language."""
    headings = [say(HEADINGS[name]) for name in columns(model)]
    return headings, [[getattr(row, name) for name in columns(type(row))] for row in rows]


def as_csv(table: Table) -> bytes:
    """Semicolons and a byte-order mark, as spreadsheets in the Netherlands expect."""
    headings, rows = table
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(headings)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> bytes:
    """One sheet; text is written as text, whatever it looks like."""
    headings, rows = table
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for index, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write(sheet, index, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()


def columns(model: type[Shape]) -> list[str]:
    """The fields of a row, with its name in front."""
    return sorted(model.model_fields, key=lambda name: name != "name")


def _csv_cell(value: object) -> str:
    """Numbers with a decimal comma; text that looks like a formula behind an apostrophe."""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(DANGEROUS) else text


def _write(sheet: Worksheet, row: int, column: int, value: object) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)
