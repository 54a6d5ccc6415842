"""Pledges on paper: what is typed, what has come, what is late, what may be withdrawn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.errors import YijiError
from core.funds.errors import DonorNameMissing, NicknameMissing
from plugins.foundation.errors.pledges import PartInThePast, PartMalformed, PledgeBinds, TooManyParts
from plugins.foundation.rules import pledges as rules
from plugins.foundation.rules.pledges import Part, PledgeDraft, covered

DAY = date(2026, 11, 22)
FIRST, SECOND = Part(DAY, 10000), Part(DAY + timedelta(days=30), 5000)
DRAFT = PledgeDraft(
    purpose_id=None, donor_id=None, donor_name="认样人", nickname="", display="name", is_binding=False,
    parts=(FIRST, SECOND),
)  # fmt: skip


def test_instalments_as_people_type_them() -> None:
    assert rules.typed_parts("2026-11-22 100\n\n 2026-12-22　50.00 ") == (FIRST, SECOND)


@pytest.mark.parametrize("typed", ["", "100", "2026-13-01 100", "2026-12-01 0", "2026-12-01 -5", "明年 100"])
def test_what_is_no_instalment(typed: str) -> None:
    with pytest.raises(PartMalformed):
        rules.typed_parts(typed)


def test_not_more_instalments_than_a_page_shows() -> None:
    line = "2026-12-01 1\n"
    assert len(rules.typed_parts(line * 24)) == 24
    with pytest.raises(TooManyParts):
        rules.typed_parts(line * 25)


@pytest.mark.parametrize(
    ("received", "expected"),
    [(0, [0, 0]), (9999, [9999, 0]), (10000, [10000, 0]), (10001, [10000, 1]), (20000, [10000, 5000])],
)
def test_what_has_come_keeps_the_earliest_instalment_first(received: int, expected: list[int]) -> None:
    assert [due.received_fen for due in covered([SECOND, FIRST], received)] == expected


def test_on_its_day_an_instalment_is_in_time() -> None:
    (due,) = covered([FIRST], 9999)
    assert not due.is_late(DAY)
    assert due.is_late(DAY + timedelta(days=1))
    (due,) = covered([FIRST], 10000)
    assert not due.is_late(DAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (replace(DRAFT, donor_name=""), DonorNameMissing),
        (replace(DRAFT, display="nickname"), NicknameMissing),
        (replace(DRAFT, parts=()), PartMalformed),
        (replace(DRAFT, parts=(FIRST,) * 25), TooManyParts),
        (replace(DRAFT, parts=(Part(DAY - timedelta(days=1), 1),)), PartInThePast),
    ],
)
def test_a_promise_that_cannot_be(draft: PledgeDraft, refusal: type[YijiError]) -> None:
    rules.check_draft(DRAFT, DAY)
    with pytest.raises(refusal):
        rules.check_draft(draft, DAY)


def test_what_binds_is_withdrawn_only_in_hardship() -> None:
    rules.check_withdrawal(True, rules.HARDSHIP)
    rules.check_withdrawal(False, rules.NOT_BOUND)
    with pytest.raises(PledgeBinds):
        rules.check_withdrawal(True, rules.NOT_BOUND)
