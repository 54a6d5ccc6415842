"""Lists as files: what stands in them, and that nothing in them is a formula."""

import csv
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from core.documents.errors import FormatUnknown
from core.documents.sheets import Cell, XlsxSheet, neutral, open_sheet

ROWS: list[list[Cell]] = [
    ["编号", "姓名"],
    [1, "王**"],
    [-5, "=cmd|' /C calc'!A0"],
    [None, "+86"],
    [10**12, "-1"],
    [0, "@SUM(A1)"],
    [2, "\t=1+1"],
    [3, '引号 " 与, 逗号\n换行'],
]


def written(format: str) -> bytes:
    sheet = open_sheet(format)
    try:
        for row in ROWS:
            sheet.append(row)
        return sheet.finish()
    finally:
        sheet.close()


def test_a_csv_is_utf8_with_a_mark_and_neutral_cells() -> None:
    content = written("csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\xef\xbb\xbf") == 1
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [
        ["编号", "姓名"],
        ["1", "王**"],
        ["-5", "'=cmd|' /C calc'!A0"],
        ["", "'+86"],
        ["1000000000000", "'-1"],
        ["0", "'@SUM(A1)"],
        ["2", "'\t=1+1"],
        ["3", '引号 " 与, 逗号\n换行'],
    ]


def test_an_xlsx_holds_the_same_rows_as_texts_and_numbers() -> None:
    with zipfile.ZipFile(io.BytesIO(written("xlsx"))) as book:
        assert book.testzip() is None
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=cmd|" in sheet
    assert "<v>1000000000000</v>" in sheet
    assert "<v>-5</v>" in sheet
    assert "王**" in sheet
    assert sheet.count("<row ") == len(ROWS)


def test_the_temporary_files_of_an_xlsx_are_gone_even_if_nobody_finishes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sheet = XlsxSheet()
    sheet.append(["x"] * 100)
    assert list(tmp_path.iterdir())
    sheet.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", ["", "pdf", "CSV", "../csv"])
def test_another_format_is_refused_in_words(format: str) -> None:
    with pytest.raises(FormatUnknown, match="CSV / XLSX / JSON"):
        open_sheet(format)


@pytest.mark.parametrize("first", "=+-@＝＋－＠\t\r\n")
def test_no_text_is_a_formula(first: str) -> None:
    assert neutral(f"{first}1+1") == f"'{first}1+1"
    assert neutral(f"1{first}") == f"1{first}"


def test_json_is_a_list_of_objects_named_by_the_header() -> None:
    rows = json.loads(written("json"))
    assert rows[:2] == [{"编号": 1, "姓名": "王**"}, {"编号": -5, "姓名": "=cmd|' /C calc'!A0"}]
    assert len(rows) == len(ROWS) - 1
    sheet = open_sheet("json")
    sheet.append(["元"])
    sheet.append([Decimal("0.10")])
    assert json.loads(sheet.finish()) == [{"元": "0.10"}]
