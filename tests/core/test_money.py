"""Fen as people read and type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import format_yuan, parse_yuan, spell_yuan


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (0, "0.00"),
        (1, "0.01"),
        (99, "0.99"),
        (100, "1.00"),
        (3500, "35.00"),
        (99999, "999.99"),
        (100000, "1,000.00"),
        (123456789, "1,234,567.89"),
        (-1, "-0.01"),
        (-123456, "-1,234.56"),
    ],
)
def test_fen_are_shown_as_yuan(fen: int, shown: str) -> None:
    assert format_yuan(fen) == shown


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("35", 3500),
        ("35.5", 3550),
        ("35.50", 3550),
        ("35.05", 3505),
        ("0", 0),
        ("0.01", 1),
        (" 35 ", 3500),
        ("1,234.56", 123456),
        ("1，234", 123400),
        ("9999999999.99", 999999999999),
    ],
)
def test_typed_yuan_become_fen(typed: str, fen: int) -> None:
    assert parse_yuan(typed) == fen


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-1", "+1", "1.234", "1.", ".5", "1e3", "三十五", "1.2.3", "10000000000", "1 2"],
)
def test_anything_else_is_not_money(typed: str) -> None:
    with pytest.raises(ValueError, match="not an amount of money"):
        parse_yuan(typed)


@given(st.integers(0, 999_999_999_999))
def test_what_is_shown_can_be_typed_again(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


@pytest.mark.parametrize("typed", ["35元", "35 元", "¥35", "￥35", "３５", "３５．０", "35。00", "35.0"])
def test_what_people_type_is_understood(typed: str) -> None:
    assert parse_yuan(typed) == 3500


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("0.00", "零元整"),
        ("0.01", "壹分"),
        ("0.09", "玖分"),
        ("0.10", "壹角整"),
        ("0.11", "壹角壹分"),
        ("1.00", "壹元整"),
        ("1.01", "壹元零壹分"),
        ("1.10", "壹元壹角整"),
        ("9.99", "玖元玖角玖分"),
        ("10.00", "壹拾元整"),
        ("11.00", "壹拾壹元整"),
        ("20.05", "贰拾元零伍分"),
        ("20.50", "贰拾元伍角整"),
        ("35.00", "叁拾伍元整"),
        ("100.05", "壹佰元零伍分"),
        ("101.00", "壹佰零壹元整"),
        ("110.00", "壹佰壹拾元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1005.00", "壹仟零伍元整"),
        ("1010.00", "壹仟零壹拾元整"),
        ("1100.00", "壹仟壹佰元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10000.00", "壹万元整"),
        ("10001.00", "壹万零壹元整"),
        ("10999.00", "壹万零玖佰玖拾玖元整"),
        ("11000.00", "壹万壹仟元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("1000000.00", "壹佰万元整"),
        ("10000000.00", "壹仟万元整"),
        ("100000000.00", "壹亿元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("109999999.00", "壹亿零玖佰玖拾玖万玖仟玖佰玖拾玖元整"),
        ("110000000.00", "壹亿壹仟万元整"),
        ("1000000010000.00", "壹万亿零壹万元整"),
        ("9999999999999.99", "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_papers_spell_amounts(typed: str, spelt: str) -> None:
    yuan, fen = typed.split(".")
    assert spell_yuan(int(yuan) * 100 + int(fen)) == spelt


@pytest.mark.parametrize("amount_fen", [-1, 10**15])
def test_what_no_paper_can_say_is_refused(amount_fen: int) -> None:
    with pytest.raises(ValueError, match="no amount for a paper"):
        spell_yuan(amount_fen)


def read_spelt(text: str) -> int:
    """What a cashier reads: digits and powers, nothing of how it was written."""
    digits = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
    units = {"元": 100, "角": 10, "分": 1}
    total, number, digit, section = 0, 0, 0, 0
    for sign in text.removesuffix("整"):
        if sign in digits:
            digit = digits[sign]
        elif sign in "拾佰仟":
            section, digit = section + digit * 10 ** ("拾佰仟".index(sign) + 1), 0
        elif sign == "万":
            number, section, digit = number + (section + digit) * 10**4, 0, 0
        elif sign == "亿":
            number, section, digit = (number + section + digit) * 10**8, 0, 0
        else:
            total, number, section, digit = total + (number + section + digit) * units[sign], 0, 0, 0
    return total


@given(st.integers(0, 10**15 - 1) | st.integers(0, 9999).map(lambda n: n * 10**9 + n))
def test_what_is_spelt_can_be_read_again(amount_fen: int) -> None:
    spelt = spell_yuan(amount_fen)
    assert read_spelt(spelt) == amount_fen
    assert "零零" not in spelt
    assert spelt.endswith(("整", "分"))
