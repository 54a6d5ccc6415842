"""Where lines end: measured with letters of one width and characters of two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.lines import broken


def measure(text: str) -> float:
    return sum(2 if letter > "\u2e80" else 1 for letter in text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("只种蔬菜", ["只种蔬菜"]),
        ("只种蔬菜瓜", ["只种蔬菜瓜"]),
        ("只种蔬菜瓜果", ["只种蔬菜瓜", "果"]),
        ("只种蔬菜瓜。果", ["只种蔬菜", "瓜。果"]),
        ("只种蔬菜（瓜）", ["只种蔬菜", "（瓜）"]),
        ("a garden plot", ["a garden", "plot"]),
        ("one   garden", ["one", "garden"]),
        ("    garden", ["garden"]),
        ("abcdefghij", ["abcdefghij"]),
        ("abcdefghijk", ["abcdefghij", "k"]),
        ("a\n\nb", ["a", "", "b"]),
        ("地块 35.00 元", ["地块 35.00", "元"]),
    ],
)
def test_a_line_ends_where_a_reader_expects_it(text: str, lines: list[str]) -> None:
    assert broken(text, 10, measure) == lines


@given(st.text("地块，。（）ab 1\n", max_size=60), st.integers(6, 20))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = broken(text, width, measure)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(measure(line) <= width for line in lines)


def test_a_letter_wider_than_the_line_still_gets_one() -> None:
    assert broken("地块", 1, measure) == ["地", "块"]
