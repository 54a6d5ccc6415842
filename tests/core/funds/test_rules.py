"""What funds decide, on both sides of each boundary; nothing here needs a database."""

from datetime import date
from fractions import Fraction

import pytest

from core.funds import rules
from core.funds.errors import (
    AskedTooMuch,
    ChecksMissing,
    DonorNameMissing,
    FundNotEmpty,
    FundNotOpenForGifts,
    FundNotOpenForRequests,
    GiftDayInFuture,
    LineMalformed,
    NameWithoutFoundation,
    NicknameMissing,
    OwnGift,
    OwnPayment,
    OwnRequest,
    ReasonMissing,
    RequestsUnderWay,
    TooManyLines,
)
from core.funds.rules import Ask, GiftDraft, Line, states
from core.funds.rules.quarters import Quarter, parse_quarter, quarter_of

TODAY = date(2026, 11, 22)


def draft(**changes: object) -> GiftDraft:
    known: dict[str, object] = {
        "amount_fen": 10000,
        "purpose_id": None,
        "donor_id": None,
        "donor_name": "施样人",
        "nickname": "",
        "display": rules.NAME,
        "method": rules.CASH,
        "receipt_no": "S-1",
        "received_on": TODAY,
    }
    return GiftDraft(**(known | changes))  # type: ignore[arg-type]


def test_a_funds_name_begins_with_its_foundations_and_goes_on() -> None:
    rules.check_name("锦样基金会样里微基金", "锦样基金会")
    for name in ("样里微基金", "锦样基金会", "锦样基金会 ", "样锦样基金会微基金"):
        with pytest.raises(NameWithoutFoundation):
            rules.check_name(name, "锦样基金会")


def test_only_an_open_fund_takes_gifts_and_a_closing_one_still_pays() -> None:
    rules.check_takes_gifts(states.OPEN)
    for state in (states.OPENING, states.CLOSING, states.CLOSED):
        with pytest.raises(FundNotOpenForGifts):
            rules.check_takes_gifts(state)
    for state in (states.OPEN, states.CLOSING):
        rules.check_takes_requests(state)
    for state in (states.OPENING, states.CLOSED):
        with pytest.raises(FundNotOpenForRequests):
            rules.check_takes_requests(state)


def test_a_gift_has_come_and_its_donor_can_be_shown() -> None:
    rules.check_draft(draft(), TODAY)
    rules.check_draft(draft(display=rules.ANONYMOUS, donor_name=""), TODAY)
    rules.check_draft(draft(display=rules.NICKNAME, nickname="邻居"), TODAY)
    with pytest.raises(GiftDayInFuture):
        rules.check_draft(draft(received_on=date(2026, 11, 23)), TODAY)
    with pytest.raises(DonorNameMissing):
        rules.check_draft(draft(donor_name=""), TODAY)
    with pytest.raises(DonorNameMissing):
        rules.check_draft(draft(display=rules.NICKNAME, nickname="邻居", donor_name=""), TODAY)
    with pytest.raises(NicknameMissing):
        rules.check_draft(draft(display=rules.NICKNAME), TODAY)


def test_exactly_the_limit_is_still_for_one_person() -> None:
    assert not rules.needs_second(500000, 500000)
    assert rules.needs_second(500001, 500000)
    rules.check_second(2, recorded_by=1)
    with pytest.raises(OwnGift):
        rules.check_second(1, recorded_by=1)


def test_a_budget_is_read_as_people_type_it() -> None:
    typed = "绘本 300 本 6200.00\n\n水彩笔\t35元\n书架　1,200"
    assert rules.typed_lines(typed) == [
        Line("绘本 300 本", 620000),
        Line("水彩笔", 3500),
        Line("书架", 120000),
    ]
    assert rules.typed_lines("") == []


@pytest.mark.parametrize("line", ["绘本", "6200", "绘本 六千", "绘本 0", "绘本 -5", f"{'长' * 61} 5"])
def test_a_line_without_what_or_how_much_is_named_by_its_number(line: str) -> None:
    with pytest.raises(LineMalformed) as refused:
        rules.typed_lines(f"书架 1\n{line}")
    assert refused.value.params == {"number": 2}


def test_a_budget_has_one_to_twenty_lines() -> None:
    rules.check_lines([Line("书架", 1)] * 20)
    assert len(rules.typed_lines("书架 1\n" * 20)) == 20
    with pytest.raises(TooManyLines):
        rules.typed_lines("书架 1\n" * 21)
    with pytest.raises(TooManyLines):
        rules.check_lines([Line("书架", 1)] * 21)
    for lines in ([], [Line("", 1)], [Line("书架", 0)], [Line("长" * 61, 1)]):
        with pytest.raises(LineMalformed):
            rules.check_lines(lines)


def test_all_that_is_available_may_be_asked_for_and_no_more() -> None:
    rules.check_available(10000, 10000)
    with pytest.raises(AskedTooMuch) as refused:
        rules.check_available(10001, 10000)
    assert refused.value.params == {"available": "100.00"}


def test_compliance_is_all_four_points() -> None:
    rules.check_checks(list(rules.CHECKS))
    for ticked in ([], list(rules.CHECKS)[:3], [*rules.CHECKS, "another"]):
        with pytest.raises(ChecksMissing):
            rules.check_checks(ticked)


def test_nobody_checks_or_pays_what_is_the_own() -> None:
    rules.check_outsider(2, asked_by=1)
    with pytest.raises(OwnRequest):
        rules.check_outsider(1, asked_by=1)
    rules.check_payer(2, prepared_by=1)
    with pytest.raises(OwnPayment):
        rules.check_payer(1, prepared_by=1)
    rules.check_reason("还要想想")
    with pytest.raises(ReasonMissing):
        rules.check_reason("  ")


def test_a_fund_ends_when_nothing_is_left_in_it_nor_under_way() -> None:
    rules.check_end(0, 0)
    with pytest.raises(FundNotEmpty):
        rules.check_end(1, 0)
    with pytest.raises(RequestsUnderWay):
        rules.check_end(0, 1)


@pytest.mark.parametrize(("members", "quorum"), [(1, 1), (2, 1), (3, 2), (5, 3), (6, 3)])
def test_half_of_the_committee_votes_and_two_thirds_say_yes(members: int, quorum: int) -> None:
    ask = Ask(organization_id=7, title="课堂", purpose_id=None, lines=[Line("绘本", 6200)])
    question = rules.committee_question(
        1, ask, members=members, maker_id=9, quorum_percent=50, deadline=Quarter(2026, 4).end
    )
    assert (question.rule.quorum, question.rule.share) == (quorum, Fraction(2, 3))
    assert question.params == {"organization": 7, "sum": "62.00", "what": "课堂"}


def test_a_voucher_is_late_on_the_day_after_its_last() -> None:
    last = rules.voucher_day(date(2026, 11, 22), 30)
    assert last == date(2026, 12, 22)
    assert not rules.is_late(states.PAID, last, last)
    assert rules.is_late(states.PAID, last, date(2026, 12, 23))
    assert not rules.is_late(states.REPORTED, last, date(2026, 12, 23))
    assert not rules.is_late(states.HELD, None, TODAY)


def test_quarters_follow_each_other_through_the_years() -> None:
    fourth = quarter_of(TODAY)
    assert (str(fourth), fourth.first_day) == ("2026-4", date(2026, 10, 1))
    assert quarter_of(date(2026, 9, 30)) == fourth.moved(-1)
    assert (str(fourth.moved(1)), str(fourth.moved(-4))) == ("2027-1", "2025-4")
    assert fourth.end == fourth.moved(1).begin


@pytest.mark.parametrize(
    ("typed", "found"),
    [("2026-3", "2026-3"), ("2026-4", "2026-4"), ("2027-1", "2026-4"), ("2026-5", "2026-4"), ("", "2026-4")],
)
def test_what_is_no_quarter_or_still_to_come_is_the_present_one(typed: str, found: str) -> None:
    assert str(parse_quarter(typed, TODAY)) == found
