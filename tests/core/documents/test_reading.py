"""Lists that people send are read as they were written, and within bounds."""

import io
import itertools
import random
import zipfile
import zlib
from decimal import Decimal

import pytest

from core.documents.errors import ListTooLarge, ListUnreadable
from core.documents.reading import BYTES_MOST, rows_of
from core.documents.sheets import open_sheet

ROWS = [["组织全称", "代码"], ["样邻中心", "52510100500000007X"], ["", "二"], ["=1+1", "a\nb"]]


def written(format: str) -> bytes:
    sheet = open_sheet(format)
    for row in ROWS:
        sheet.append(row)
    content = sheet.finish()
    sheet.close()
    return content


def book(sheet: str, *, strings: str = "", target: str = "worksheets/sheet1.xml") -> bytes:
    """The least that is an XLSX file."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    parts = {
        "xl/workbook.xml": f'<workbook {main} {r}><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<a><Relationship Id="r1" Target="{target}"/></a>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>",
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f"<sst {main}>{strings}</sst>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(path, text)
    return packed.getvalue()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_our_own_sheets_say_is_read_back(format: str) -> None:
    assert list(rows_of(written(format))) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_other_programs_save_as_csv_is_read(encoding: str, delimiter: str) -> None:
    content = f'组织全称{delimiter}代码\r\n"样邻{delimiter}中心"{delimiter} 7\x00 \r\n'.encode(encoding)
    assert list(rows_of(content)) == [["组织全称", "代码"], [f"样邻{delimiter}中心", "7"]]


def test_cells_of_all_kinds_are_read() -> None:
    strings = "<si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r><rPh><t>yi</t></rPh></si>"
    sheet = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row r="3"><c r="B3"><v>7</v></c><c t="inlineStr"><is><t>丁</t></is></c>'
        '<c r="D3" t="str"><v>戊</v></c></row>'
    )
    for target in ("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"):
        found = list(rows_of(book(sheet, strings=strings, target=target)))
        assert found == [["甲", "", "乙丙"], [], ["", "7", "丁", "戊"]]


def test_a_long_cell_and_a_far_column_are_cut() -> None:
    sheet = f'<row r="1"><c r="A1" t="str"><v>{"长" * 300}</v></c><c r="ZZZ1"><v>7</v></c></row>'
    assert list(rows_of(book(sheet))) == [["长" * 200]]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 nothing",
        book("<row"),
        book('<row r="1"><c r="A1" t="s"><v>9</v></c></row>')[:-40],
        book('<row r="x"/>'),
        book('<row r="1"><c r="?"><v>1</v></c></row>'),
        book('<row r="1"><c r="A1" t="s"><v>9</v></c></row>', strings="<si><t>一</t></si>"),
        book("", target="worksheets/other.xml"),
        book('<!DOCTYPE a [<!ENTITY b "c">]><row r="1"/>'),
        b'"' + b"a" * 200_000,
        b"\xff\xff\xff",
        b"%PDF-1.4\n% a paper that is text",
    ],
)
def test_what_is_no_list_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(ListUnreadable, match="看不懂这个文件"):
        list(rows_of(content))


def test_what_is_damaged_or_locked_is_refused_and_nothing_else() -> None:
    chance, whole = random.Random(1), book('<row r="1"><c r="A1"><v>1</v></c></row>' * 30, strings="<si/>")
    reasons = set()
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(2):
            content[chance.randrange(4, len(content))] = chance.randrange(256)
        try:
            list(itertools.islice(rows_of(bytes(content)), 1000))
        except ListUnreadable as refusal:
            reasons.add(type(refusal.__context__))
    assert {zlib.error, zipfile.BadZipFile} <= reasons
    locked = bytearray(whole)
    for at in (whole.index(b"PK\x03\x04") + 6, whole.index(b"PK\x01\x02") + 8):
        locked[at] |= 1
    with pytest.raises(ListUnreadable):
        list(rows_of(bytes(locked)))


def test_a_bomb_that_hides_behind_another_encoding_is_refused() -> None:
    with zipfile.ZipFile(packed := io.BytesIO(book("")), "a", zipfile.ZIP_DEFLATED) as archive:
        text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><sst><si>&b;</si></sst>'
        archive.writestr("xl/sharedStrings.xml", text.encode("utf-16"))
    with pytest.raises(ListUnreadable):
        list(rows_of(packed.getvalue()))


def test_too_much_is_refused_packed_or_not() -> None:
    with pytest.raises(ListTooLarge, match="5 MB"):
        list(rows_of(b"a" * (BYTES_MOST + 1)))
    bomb = book(f'<row r="1"><c r="A1" t="str"><v>{" " * 41_000_000}</v></c></row>')
    assert len(bomb) < 100_000
    with pytest.raises(ListTooLarge):
        list(rows_of(bomb))
    with pytest.raises(ListTooLarge):  # each tag would be an object
        list(rows_of(book("", strings="<si/>" * 2_000_001)))


def test_an_amount_is_read_as_it_is_shown() -> None:
    sheet = open_sheet("xlsx")
    sheet.append([Decimal("12.50"), 7])
    assert list(rows_of(sheet.finish())) == [["12.50", "7"]]
    sheet.close()
