"""Lists as CSV, XLSX or JSON, row by row; the first two without keeping them all in memory."""

import csv
import io
import tempfile
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import msgspec

from core.documents.errors import FormatUnknown

# Decimal: an amount as people read it. XLSX itself keeps numbers as doubles, exact to fifteen digits.
Cell = str | int | Decimal | None
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Sheet(Protocol):
    """A list being written; `finish()` blocks, and is called once."""

    media_type: str

    def append(self, cells: Sequence[Cell]) -> None:
        """One more row."""

    def finish(self) -> bytes:
        """The whole file."""

    def close(self) -> None:
        """Leave nothing behind, finished or not."""


def open_sheet(format: str) -> Sheet:
    """An empty sheet of the format `csv`, `xlsx` or `json`; raises FormatUnknown."""
    check_format(format, SHEETS)
    return SHEETS[format]()


def check_format(format: str, formats: Collection[str]) -> None:
    """Raise FormatUnknown unless it is one of `formats`."""
    if format not in formats:
        raise FormatUnknown(formats=" / ".join(known.upper() for known in formats))


class CsvSheet:
    """UTF-8 with a byte order mark, by which spreadsheets know that it is not GBK."""

    media_type = "text/csv; charset=utf-8"

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._text = io.TextIOWrapper(self._bytes, encoding="utf-8-sig", newline="", write_through=True)
        self._rows = csv.writer(self._text)

    def append(self, cells: Sequence[Cell]) -> None:
        self._rows.writerow([neutral(cell) for cell in cells])

    def finish(self) -> bytes:
        self._text.flush()
        return self._bytes.getvalue()

    def close(self) -> None:
        self._text.close()


def neutral(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula, made plain by an apostrophe. Numbers stay."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


class XlsxSheet:
    """Rows go to a temporary file as they come. Texts are stored as texts: there are no formulas."""

    media_type = _XLSX

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="yiji-sheet-")
        self._path = Path(self._folder.name) / "sheet.xlsx"
        options = {"constant_memory": True, "tmpdir": self._folder.name}
        import xlsxwriter  # most processes never write one

        self._book = xlsxwriter.Workbook(self._path, options)
        self._sheet = self._book.add_worksheet()
        self._row = 0

    def append(self, cells: Sequence[Cell]) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, int | Decimal):
                self._sheet.write_number(self._row, column, cell)
            elif cell:
                self._sheet.write_string(self._row, column, cell)
        self._row += 1

    def finish(self) -> bytes:
        self._book.close()
        return self._path.read_bytes()

    def close(self) -> None:
        self._book.fileclosed = True  # or it would warn that nobody finished it
        self._sheet.row_data_fh.close()
        self._folder.cleanup()


class JsonSheet:
    """A list of objects, one a line, whose names the header gives. Decimals are texts, so none is rounded."""

    media_type = "application/json"

    def __init__(self) -> None:
        self._header: Sequence[Cell] = ()
        self._lines: list[bytes] = []

    def append(self, cells: Sequence[Cell]) -> None:
        if self._header:
            self._lines.append(msgspec.json.encode(dict(zip(self._header, cells, strict=True))))
        else:
            self._header = cells

    def finish(self) -> bytes:
        return b"[\n" + b",\n".join(self._lines) + b"\n]\n"

    def close(self) -> None: ...


SHEETS: dict[str, Callable[[], Sheet]] = {"csv": CsvSheet, "xlsx": XlsxSheet, "json": JsonSheet}
