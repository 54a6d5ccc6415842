"""Fen as people read and type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import format_yuan, parse_yuan


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
