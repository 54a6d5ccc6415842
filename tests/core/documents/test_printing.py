"""Papers as PDF: what can be read out of them again, and that they are always the same."""

import subprocess
import sys
from contextlib import closing
from datetime import date

import pypdfium2
import pytest

from core.documents.papers import Code, Facts, Heading, Paper, Paragraph, Part, Signatures, Table
from core.documents.printing import Press
from core.language import in_language

A4 = (pytest.approx(595.3, abs=0.1), pytest.approx(841.9, abs=0.1))
WORDS = "把每一分钱的去向说清楚"


def paper(*parts: Part, remark: str = "") -> Paper:
    return Paper(title="缴费凭条 Receipt", dated=date(2026, 11, 22), parts=parts, remark=remark)


def rows(n: int) -> Table:
    return Table(
        header=["编号", "说明", "金额"],
        rows=[[str(i), f"龙凤新区 {i} 号", "35.00"] for i in range(1, n + 1)],
        widths=(1, 3, 2),
        numbers=(2,),
    )


def printed(of: Paper) -> bytes:
    with closing(Press(of)) as press:
        for _ in press.lay_out():
            pass
        return press.finish()


def pages(content: bytes) -> list[str]:
    """The text of each page, as a reader program extracts it."""
    document = pypdfium2.PdfDocument(content)
    try:
        assert all(document.get_page_size(n) == A4 for n in range(len(document)))
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_every_part_can_be_read_out_of_the_file_again() -> None:
    everything = paper(
        Facts([("金额大写", "壹佰元零伍分"), ("Paid by", "Zhang San")]),
        Heading("约定"),
        Paragraph("第一行\n第二行"),
        rows(2),
        Code("https://yiji.test/orders/12", "扫码核对"),
        Signatures(["甲方", "乙方"]),
        remark="非财政票据",
    )
    (text,) = pages(printed(everything))
    for words in (
        *("缴费凭条 Receipt", "非财政票据", "金额大写 壹佰元零伍分", "Paid by Zhang San", "约定"),
        *("第一行", "第二行", "龙凤新区 2 号", "https://yiji.test/orders/12", "扫码核对", "甲方", "乙方"),
        "第 1 页，共 1 页",
    ):
        assert words in text, words


def test_a_long_table_repeats_its_header_and_loses_no_row() -> None:
    found = pages(printed(paper(rows(100))))
    assert len(found) > 2
    assert all(text.count("说明") == 1 for text in found)
    assert [f"第 {n} 页，共 {len(found)} 页" in text for n, text in enumerate(found, 1)] == [True] * len(
        found
    )
    joined = "\n".join(found)
    assert all(joined.count(f"龙凤新区 {n} 号") == 1 for n in range(1, 101))


def test_progress_counts_every_row_and_part() -> None:
    with closing(Press(paper(Heading("一"), rows(450), Paragraph("二")))) as press:
        assert press.size == 452
        assert list(press.lay_out()) == [1, 201, 401, 451, 452]


def test_an_empty_table_is_a_header() -> None:
    (text,) = pages(printed(paper(rows(0))))
    assert "编号" in text


def test_the_font_inside_holds_only_what_is_used() -> None:
    assert len(printed(paper(Paragraph(WORDS)))) < 30_000


def test_what_the_font_lacks_shows_its_place_and_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    (text,) = pages(printed(paper(Paragraph("张😀三\x07\u202e李"))))
    assert "张〓三李" in text
    assert caplog.text == ""


def test_a_page_speaks_the_reader_s_language() -> None:
    with in_language("en"):
        (text,) = pages(printed(paper()))
    assert "Page 1 of 1" in text


def test_the_same_paper_is_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib, sys; from tests.core.documents.test_printing import *;"
        " print(hashlib.sha256(printed(paper(Paragraph(WORDS), rows(60), Code('a', 'b')))).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_another_day_is_another_file() -> None:
    today, tomorrow = (Paper(title="凭条", dated=date(2026, 11, day), parts=[]) for day in (22, 23))
    assert printed(today) == printed(today)
    assert printed(today) != printed(tomorrow)
