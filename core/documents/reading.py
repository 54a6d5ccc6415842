"""Lists that people send as CSV or XLSX, row by row; what is too large or no list is refused."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from core.documents.errors import ListTooLarge, ListUnreadable
from core.documents.sheets import FORMULA

BYTES_MOST, CELL_MOST = 5_000_000, 200
# Of a part of an XLSX file once it is unpacked: some megabytes can become as many gigabytes, and each tag an
# object in memory. Ten thousand rows of thirty cells have 1.2 million tags.
_PART_MOST, _TAGS_MOST = 40_000_000, 2_000_000
_COLUMNS_MOST = 100
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def rows_of(content: bytes) -> Iterator[list[str]]:
    """The rows of a list, its header first; raises ListTooLarge or ListUnreadable, also on the way."""
    if len(content) > BYTES_MOST:
        raise ListTooLarge(mb=BYTES_MOST // 10**6)
    if content.startswith(b"%PDF"):  # a small one is text that looks like a list of one column
        raise ListUnreadable
    rows = _xlsx_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    try:
        for row in rows:
            yield [_plain(cell) for cell in row[:_COLUMNS_MOST]]
    except _DAMAGED:
        raise ListUnreadable from None


# What the libraries raise for what is no list, is damaged, or locked by a password.
_DAMAGED = (
    csv.Error, zipfile.BadZipFile, ElementTree.ParseError, LookupError, ValueError, RuntimeError, EOFError,
    OSError, zlib.error,
)  # fmt: skip


def _plain(cell: str) -> str:
    """Without what the database cannot store, and without the apostrophe that our own sheets put in front."""
    cell = cell.replace("\x00", "").encode(errors="ignore").decode().strip()[:CELL_MOST]
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    text = _text(content)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _text(content: bytes) -> str:
    """Spreadsheets write UTF-8 with a mark, UTF-8 without one, or what Windows in China calls ANSI."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _xlsx_rows(content: bytes) -> Iterator[list[str]]:
    """Of the first sheet. Formulas are not computed: their last result counts."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = _strings(book)
        path = _first_sheet(book)
        expected = 1
        for _, row in ElementTree.iterparse(_part(book, path)):
            if row.tag == f"{_MAIN}row":
                number = int(row.get("r", expected))
                yield from ([] for _ in range(expected, number))  # empty rows are left out
                yield _cells(row, strings)
                expected = number + 1
                row.clear()


def _part(book: zipfile.ZipFile, path: str) -> io.BytesIO:
    with book.open(path) as packed:
        content = packed.read(_PART_MOST + 1)
    if len(content) > _PART_MOST or content.count(b"<") > _TAGS_MOST:
        raise ListTooLarge(mb=BYTES_MOST // 10**6)
    # No spreadsheet has them; bombs do. With zero bytes it is UTF-16, in which they would not be seen.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
        raise ListUnreadable
    return io.BytesIO(content)


def _first_sheet(book: zipfile.ZipFile) -> str:
    sheet = ElementTree.parse(_part(book, "xl/workbook.xml")).find(f"{_MAIN}sheets/{_MAIN}sheet")
    wanted = "" if sheet is None else sheet.get(_RELATION)
    for relation in ElementTree.parse(_part(book, "xl/_rels/workbook.xml.rels")).getroot():
        if relation.get("Id") == wanted:
            target = relation.get("Target", "")
            return target[1:] if target.startswith("/") else f"xl/{target}"
    raise ListUnreadable


def _strings(book: zipfile.ZipFile) -> list[str]:
    """Texts that cells name by their number."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = ElementTree.parse(_part(book, "xl/sharedStrings.xml")).getroot()
    return [_words(item) for item in root]


def _words(item: ElementTree.Element) -> str:
    """Plain, or in pieces of several looks; how it is pronounced does not count."""
    pieces = [item.find(f"{_MAIN}t"), *item.iterfind(f"{_MAIN}r/{_MAIN}t")]
    return "".join(piece.text or "" for piece in pieces if piece is not None)


def _cells(row: ElementTree.Element, strings: list[str]) -> list[str]:
    found: list[str] = []
    for cell in row:
        place = _column(cell.get("r", "")) if cell.get("r") else len(found)
        if len(found) <= place < _COLUMNS_MOST:
            found += [""] * (place - len(found))
            found.append(_value(cell, strings))
    return found


def _column(name: str) -> int:
    """`B7` -> 1."""
    letters, number = re.match("[A-Z]{1,3}", name), 0
    if letters is None:
        raise ListUnreadable
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, strings: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        inside = cell.find(f"{_MAIN}is")
        return "" if inside is None else _words(inside)
    value = cell.findtext(f"{_MAIN}v") or ""
    return strings[int(value)] if cell.get("t") == "s" and value else value
