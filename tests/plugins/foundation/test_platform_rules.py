"""Which rows of a platform's list are gifts."""

from datetime import date

import pytest

from plugins.foundation.errors import platforms as errors
from plugins.foundation.rules import platforms as rules
from plugins.foundation.rules.platforms import Row, Span

SPAN = Span(date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 22))


def judged(**changes: str) -> rules.Judged:
    known = {"order_no": "A1", "paid_on": "2026-11-22", "amount": "10", "name": "王小明", "fee": ""}
    row = Row(2, **(known | changes))
    return rules.judge([row], SPAN, {"B1"})[0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"order_no": ""}, errors.OrderNoMissing),
        ({"order_no": "1.2E+20"}, errors.OrderNoMalformed),
        ({"order_no": "9" * 65}, errors.OrderNoMalformed),
        ({"order_no": "B1"}, errors.OrderBooked),
        ({"amount": "0"}, errors.GiftSumWrong),
        ({"amount": "-1"}, errors.GiftSumWrong),
        ({"amount": "十元"}, errors.GiftSumWrong),
        ({"fee": "10.01"}, errors.FeeWrong),
        ({"paid_on": "2026-10-31"}, errors.BeforeCampaign),
        ({"paid_on": "2026-11-23"}, errors.BeforeCampaign),
    ],
)
def test_a_row_that_is_no_gift_says_why(changes: dict[str, str], reason: type[Exception]) -> None:
    assert isinstance(judged(**changes).refusal, reason)


@pytest.mark.parametrize(
    "changes", [{"order_no": "9" * 64}, {"fee": "10"}, {"paid_on": "2026-11-01"}, {"fee": "-0.1"}]
)
def test_each_boundary_is_still_a_gift(changes: dict[str, str]) -> None:
    assert judged(**changes).refusal is None


def test_columns_are_found_by_what_platforms_call_them() -> None:
    found = rules.columns_of(["捐款单号", "支付时间", "捐款金额（元）", "备注", "用户昵称"], {})
    assert found == {"order_no": 0, "paid_on": 1, "amount": 2, "name": 4}
    with pytest.raises(errors.ListColumnsMissing) as refusal:
        rules.columns_of(["昵称", "金额"], {})
    assert "订单号、捐赠时间" in str(refusal.value)


def test_what_is_chosen_by_hand_stands_over_the_usual_names() -> None:
    header = ["流水编码", "付款日", "金额（元）", "金额（笔）", " 实付 "]
    chosen = {"order_no": "流水编码", "paid_on": "付款日"}
    assert rules.columns_of(header, chosen) == {"order_no": 0, "paid_on": 1, "amount": 2}
    for at, title in ((3, "金额（笔）"), (4, "实付")):
        by_hand = {**chosen, "amount": title}
        assert rules.columns_of(header, by_hand) == {"order_no": 0, "paid_on": 1, "amount": at}
    with pytest.raises(errors.ListColumnsMissing) as refusal:
        rules.columns_of(header[:3], {**chosen, "fee": "金额（元）"})  # so it is no gift's sum
    assert "捐赠金额" in str(refusal.value)


def test_a_choice_names_a_column_that_is_there_and_each_once() -> None:
    header = ["流水编码", "付款日", ""]
    rules.check_chosen(header, {"order_no": "流水编码", "paid_on": "付款日"})
    for wrong, refusal in (
        ({"amount": "实付"}, errors.ColumnUnknown),
        ({"amount": ""}, errors.ColumnUnknown),
        ({"order_no": "付款日", "paid_on": "付款日"}, errors.ColumnTwice),
    ):
        with pytest.raises(refusal):
            rules.check_chosen(header, wrong)
    known = {"order_no": "流水编码", "amount": "实付", "gone": "付款日"}
    assert rules.still_there(header, known) == {"order_no": "流水编码"}


def test_columns_are_shown_with_what_the_first_row_says() -> None:
    assert rules.titles_shown([]) == []
    assert rules.titles_shown([["编码 ", "", "备注"], ["'001", "x"]]) == [
        ("编码", "编码 (001)"),
        ("备注", "备注"),
    ]


def test_too_many_rows_or_none_are_refused() -> None:
    header = ["订单号", "时间", "金额"]
    row = ["1", "2026-11-22", "1"]
    assert len(rules.rows_below(header, [row] * rules.ROWS_MOST, {})) == rules.ROWS_MOST
    with pytest.raises(errors.ListTooLong):
        rules.rows_below(header, [row] * (rules.ROWS_MOST + 1), {})
    with pytest.raises(errors.ListEmpty):
        rules.rows_below(header, [["", "", ""]], {})


def test_names_are_masked() -> None:
    assert [rules.shown_name(name) for name in ("王小明", "匿名", "", "爱心网友")] == ["王**", "", "", ""]
