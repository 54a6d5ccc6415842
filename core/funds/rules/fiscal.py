"""Fiscal receipts (财综〔2024〕1号): their numbers, lists of them, and who asks for one. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import Invalid
from core.funds.errors.receipts import (
    CheckCodeWrong,
    FiscalCodeWrong,
    FiscalDayInFuture,
    FiscalNumberWrong,
    FiscalTitleMissing,
    TaxNumberWrong,
)
from core.language import explain, mark, translate

COLUMNS = (mark("收据号"), mark("票据代码"), mark("票据号码"), mark("校验码"), mark("开票日期"))
ROWS_MOST = 500
ALREADY, UNKNOWN = mark("这笔捐赠已经登记了另一张票据，请在捐赠页上更正"), mark("没有这个收据号的已入账捐赠")
TWICE, TAKEN = mark("清单里有两行是同一笔捐赠或同一张票据"), mark("这张票据已经登记在另一笔捐赠上")
DAY_WRONG = mark("开票日期写成 2026-12-31 这样")
_NUMBER = re.compile(r"[0-9A-Za-z]{1,20}")
# 统一社会信用代码 has 18 characters, older tax numbers 15 or 20.
_TAX_NO = re.compile(r"[0-9A-Z]{15,20}")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True)
class Numbers:
    """What is printed on a 公益事业捐赠票据."""

    code: str
    number: str
    check_code: str
    issued_on: date


@dataclass(frozen=True)
class Wish:
    """To whom a fiscal receipt is to be made out; `tax_no` "": a private person."""

    title: str
    tax_no: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a list: a gift by its number in the foundation's books, and what was issued for it."""

    line: int
    receipt_no: str
    numbers: Numbers


@dataclass(frozen=True)
class Wrong:
    """A line that cannot be taken, and why."""

    line: int
    reason: str


def check_numbers(numbers: Numbers, today: date) -> None:
    """Raise FiscalNumberWrong or FiscalDayInFuture."""
    for typed, refusal in (
        (numbers.code, FiscalCodeWrong),
        (numbers.number, FiscalNumberWrong),
        (numbers.check_code, CheckCodeWrong),
    ):
        if not _NUMBER.fullmatch(typed):
            raise refusal
    if numbers.issued_on > today:
        raise FiscalDayInFuture


def check_wish(title: str, tax_no: str) -> None:
    """Raise FiscalTitleMissing or TaxNumberWrong; a private person has no tax number."""
    if not title:
        raise FiscalTitleMissing
    if tax_no and not _TAX_NO.fullmatch(tax_no):
        raise TaxNumberWrong


def read_day(typed: str) -> date | None:
    """A day as sheets write it."""
    found = _DAY.fullmatch(typed.strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def columns_of(header: Sequence[str]) -> list[int] | None:
    """Where the columns stand, in the order of COLUMNS; None if one is missing."""
    names = [cell.strip() for cell in header]
    return [names.index(name) for name in COLUMNS] if set(COLUMNS) <= set(names) else None


def read_rows(typed: Sequence[tuple[int, Sequence[str]]], today: date) -> tuple[list[Row], list[Wrong]]:
    """What stands in the lines, cells in the order of COLUMNS, and what cannot be read."""
    rows, wrong = [], []
    for line, (receipt_no, code, number, check_code, day) in typed:
        issued_on = read_day(day)
        if issued_on is None:
            wrong.append(Wrong(line, translate(DAY_WRONG)))
            continue
        numbers = Numbers(code, number, check_code, issued_on)
        try:
            check_numbers(numbers, today)
        except Invalid as refusal:
            wrong.append(Wrong(line, explain(refusal)))
        else:
            rows.append(Row(line, receipt_no, numbers))
    return rows, wrong


def judged(
    rows: Sequence[Row],
    known: Mapping[str, tuple[int, Numbers | None]],
    taken: Mapping[tuple[str, str], int],
) -> list[Wrong]:
    """What speaks against which line.

    `known`: gifts by their number in the books, each with what is recorded of it; `taken`: the gifts to which
    fiscal numbers belong already.
    """
    times = Counter(row.receipt_no for row in rows)
    papers = Counter((row.numbers.code, row.numbers.number) for row in rows)
    wrong = []
    for row in rows:
        paper = (row.numbers.code, row.numbers.number)
        gift_id, before = known.get(row.receipt_no, (None, None))
        if times[row.receipt_no] > 1 or papers[paper] > 1:
            wrong.append(Wrong(row.line, translate(TWICE)))
        elif gift_id is None:
            wrong.append(Wrong(row.line, translate(UNKNOWN)))
        elif before not in (None, row.numbers):
            wrong.append(Wrong(row.line, translate(ALREADY)))
        elif taken.get(paper, gift_id) != gift_id:
            wrong.append(Wrong(row.line, translate(TAKEN)))
    return wrong


def mask_tax_no(tax_no: str) -> str:
    """The last four."""
    return f"{'*' * (len(tax_no) - 4)}{tax_no[-4:]}" if tax_no else ""
