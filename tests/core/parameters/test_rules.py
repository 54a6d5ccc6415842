"""Numbers as people read and type them."""

import pytest

from core.manifest import Parameter
from core.parameters.errors import ParameterMalformed
from core.parameters.rules import shown, typed

FEE = Parameter(code="x.fee", title="", default=0, unit="分")
DAYS = Parameter(code="x.days", title="", default=0, minimum=-5, unit="天")


@pytest.mark.parametrize(
    ("text", "fen"), [("30", 3000), ("30.5", 3050), ("￥1,234.56", 123456), ("５元", 500)]
)
def test_what_counts_fen_is_typed_in_yuan(text: str, fen: int) -> None:
    assert typed(FEE, text) == fen


@pytest.mark.parametrize(("text", "days"), [("7", 7), (" １２ ", 12), ("-3", -3)])
def test_everything_else_is_a_whole_number(text: str, days: int) -> None:
    assert typed(DAYS, text) == days


@pytest.mark.parametrize("parameter", [FEE, DAYS])
@pytest.mark.parametrize("text", ["", "三", "1.2.3", "1e5", "9" * 40, "٣x"])
def test_what_is_no_number_is_refused_beside_the_field(parameter: Parameter, text: str) -> None:
    with pytest.raises(ParameterMalformed) as refusal:
        typed(parameter, text)
    assert list(refusal.value.reasons()) == ["value"]


def test_a_value_is_shown_as_it_is_typed() -> None:
    assert (shown(FEE, 123456), shown(DAYS, -3)) == ("1,234.56", "-3")
