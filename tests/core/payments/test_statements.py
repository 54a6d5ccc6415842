"""A bank's statement, row by row: days and sums as banks write them, columns, what is known again."""

import random
from datetime import date

import pytest

from core.payments.errors.bank import (
    ColumnsUnclear,
    DayUnreadable,
    DirectionUnreadable,
    HeaderUnclear,
    SerialDiffers,
    SumNegative,
    SumUnreadable,
    TwiceInStatement,
)
from core.payments.rules import codes_in, transfer_code
from core.payments.rules.statements import (
    Columns,
    Read,
    check_columns,
    find_columns,
    guess_columns,
    parse_day,
    parse_sum,
    read_rows,
    titles_of,
)

TODAY = date(2026, 11, 22)
HEADER = ["交易日期", "贷方发生额（元）", "借方发生额（元）", "对方户名", "对方账号", "附言", "交易流水号"]
COLUMNS = guess_columns([["账户明细"], ["账号", "6222****"], HEADER])


def read(*rows: list[str], columns: Columns = COLUMNS, known: dict[str, int] | None = None) -> Read:
    return read_rows(HEADER, rows, columns, known=known, today=TODAY)


@pytest.mark.parametrize(
    "written",
    ["20261122", "2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "2026-11-22 10:33:05",
     "20261122 103305", "20261122103305", "2026-11-22T10:33:05.123", "46348", "46348.4396412037",
     "２０２６－１１－２２"],
)  # fmt: skip
def test_days_as_banks_write_them(written: str) -> None:
    assert parse_day(written, TODAY) == TODAY


@pytest.mark.parametrize("written", ["", "昨天", "20261322", "2026-02-30", "1122", "20261124", "99999"])
def test_what_is_no_day_or_has_not_come_is_refused(written: str) -> None:
    with pytest.raises(DayUnreadable):
        parse_day(written, TODAY)
    assert parse_day("20261123", TODAY) == date(2026, 11, 23)  # the bank's clock may be ahead


def test_sums_as_banks_write_them() -> None:
    fen = {
        "35": 3500, "35.00": 3500, "1,234.5": 123450, "￥35.00": 3500, "¥1,234,567.89": 123456789,
        "35.00元": 3500, "+35.00": 3500, "-35.00": -3500, "": 0, "-": 0, "0.00": 0, "３５．００": 3500,
        "0.30000000000000004": 30, "3.5E1": 3500, "人民币35": 3500, "CNY 35.10": 3510,
    }  # fmt: skip
    assert {written: parse_sum(written) for written in fen} == fen
    for written in ("35.001", "三十五", "1.2.3", "=1+1", "1e99", "NaN", "35.00 CR"):
        with pytest.raises(SumUnreadable):
            parse_sum(written)


def test_the_code_of_an_order_is_found_in_what_payers_write_and_proves_itself() -> None:
    code = transfer_code(1234)
    assert code.startswith("YJ1234")
    for remark in (
        code,
        f"地块费{code}林样禾",
        code.lower(),
        f"YJ {code[2:]}",
        f"ＹＪ：{code[2:]}",
        f"{code} {code}",
    ):
        assert codes_in(remark) == ([1234], False), remark
    assert codes_in(f"{code}和{transfer_code(7)}") == ([1234, 7], False)
    assert codes_in("地块费") == ([], False)
    assert codes_in("YJ") == ([], False)


def test_a_slip_of_the_finger_never_names_another_order() -> None:
    chosen = random.Random(5)
    for order_id in [*range(1, 60), *(chosen.randrange(10**9) for _ in range(60))]:
        digits = transfer_code(order_id)[2:]
        for place in range(len(digits)):
            wrong = (
                digits[:place]
                + str((int(digits[place]) + 1 + chosen.randrange(9)) % 10)
                + digits[place + 1 :]
            )
            assert codes_in(f"YJ{wrong}") == ([], wrong != digits) or wrong == digits
        for place in range(len(digits) - 1):
            pair = digits[place + 1] + digits[place]
            swapped = digits[:place] + pair + digits[place + 2 :]
            assert swapped == digits or codes_in(f"YJ{swapped}")[0] == []


def test_columns_are_guessed_below_what_banks_put_on_top_and_found_again() -> None:
    assert Columns(
        header_line=3, day="交易日期", income="贷方发生额（元）", name="对方户名", account="对方账号",
        remark="附言", serial="交易流水号",
    ) == COLUMNS  # fmt: skip
    assert find_columns([HEADER], COLUMNS) == Columns(header_line=1, **COLUMNS.chosen)
    assert find_columns([HEADER[:3]], COLUMNS) is None
    assert titles_of(["金额", "金额", "", ""]) == ["金额", "金额 (2)", "", ""]


def test_columns_that_do_not_say_a_day_and_a_sum_are_refused() -> None:
    head = [["账户明细"], ["账号"], HEADER]
    check_columns(head, COLUMNS)
    for wrong in (
        Columns(header_line=3, day="", income="贷方发生额（元）"),
        Columns(header_line=3, day="交易日期", income=""),
        Columns(header_line=3, day="交易日期", income="交易日期"),
        Columns(header_line=3, day="交易日期", income="不在表里"),
    ):
        with pytest.raises(ColumnsUnclear):
            check_columns(head, wrong)
    for line in (0, 4, 41):
        with pytest.raises(HeaderUnclear):
            check_columns(head, Columns(header_line=line, day="交易日期", income="贷方发生额（元）"))


def test_every_row_is_judged_and_keeps_its_line() -> None:
    found = read(
        ["20261120", "35.00", "", "林样禾", "6222 0000 1234", "YJ1262", "A1"],
        ["20261120", "", "100.00", "供电局", "", "电费", "A2"],
        ["", "", "", "", "", "", ""],
        ["昨天", "35.00", "", "", "", "", "A3"],
        ["20261120", "三十", "", "", "", "", "A4"],
        ["20261120", "-35.00", "", "", "", "", "A5"],
        ["合计", "", "", "", "", "", ""],
    )
    (credit,) = found.credits
    assert (credit.line, credit.amount_fen, credit.payer_name, credit.payer_last4) == (
        4,
        3500,
        "林样禾",
        "1234",
    )
    assert (credit.remark, credit.serial, found.passed, found.known) == ("YJ1262", "A1", 2, 0)
    refused = [(row.line, type(row.refusal)) for row in found.bad]
    assert refused == [(7, DayUnreadable), (8, SumUnreadable), (9, SumNegative)]


def test_the_same_line_is_known_by_its_serial_number_or_by_what_it_says() -> None:
    row = ["20261120", "35.00", "", "林样禾", "", "", "A1"]
    (first,) = read(row).credits
    assert read(row, known={first.mark: 3500}).known == 1
    changed = ["20261120", "36.00", "", "林样禾", "", "", "A1"]
    assert isinstance(read(changed, known={first.mark: 3500}).bad[0].refusal, SerialDiffers)
    twice = read(row, row)
    assert (len(twice.credits), type(twice.bad[0].refusal)) == (1, TwiceInStatement)
    without = Columns(header_line=3, **{**COLUMNS.chosen, "serial": ""})
    two = read(row, row, columns=without).credits  # two gifts of the same sum on the same day
    assert two[0].mark != two[1].mark
    again = read(row, row, columns=without, known={one.mark: 3500 for one in two})
    assert (again.known, again.credits) == (2, [])


def test_where_in_and_out_share_a_column_a_mark_tells_them_apart() -> None:
    header = ["日期", "借贷标志", "金额"]
    columns = guess_columns([header])
    rows = [["20261120", "贷", "35.00"], ["20261120", "借", "20.00"], ["20261120", "？", "1.00"]]
    found = read_rows(header, rows, columns, today=TODAY)
    assert ([one.amount_fen for one in found.credits], found.passed) == ([3500], 1)
    assert isinstance(found.bad[0].refusal, DirectionUnreadable)
