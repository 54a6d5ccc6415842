"""The garden's decisions, without a database."""

from datetime import date, timedelta

import pytest

from plugins.garden import postings, rules
from plugins.garden.errors import (
    AgreementNotAccepted,
    HouseholdHasPlots,
    PlotAlreadyLeased,
    PlotIsYours,
    PlotOutOfService,
)
from plugins.garden.rules import HeldPlot, Terms

TERMS = Terms.from_parameters({p.code: p.default for p in rules.PARAMETERS})


def held(*, plot_id: int, household_id: int, state: str = rules.ACTIVE, order_id: int = 1) -> HeldPlot:
    return HeldPlot(1, plot_id, household_id, state, order_id, is_late=False)


def claim(**changes: object) -> None:
    facts = {
        "plot_id": 7,
        "number": 7,
        "in_service": True,
        "agreed": True,
        "household_id": 10,
        "held": [],
        "terms": TERMS,
    }
    rules.check_claim(**(facts | changes))  # type: ignore[arg-type]


def test_the_defaults_are_those_of_longfeng() -> None:
    assert (TERMS.plot_fee_fen, TERMS.membership_fee_fen) == (3000, 500)
    assert (TERMS.hold, TERMS.term_months, TERMS.plots_most) == (timedelta(hours=48), 12, 1)


def test_a_free_plot_may_be_claimed_and_each_obstacle_has_its_reason() -> None:
    claim()
    for obstacle, refusal in (
        ({"in_service": False}, PlotOutOfService),
        ({"held": [held(plot_id=7, household_id=11)]}, PlotAlreadyLeased),
        ({"held": [held(plot_id=7, household_id=10)]}, PlotIsYours),
        ({"held": [held(plot_id=8, household_id=10)]}, HouseholdHasPlots),
        ({"agreed": False}, AgreementNotAccepted),
    ):
        with pytest.raises(refusal):
            claim(**obstacle)


@pytest.mark.parametrize(
    ("starts_on", "months", "last"),
    [
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2026, 11, 22), 12, date(2027, 11, 21)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 27)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
    ],
)
def test_a_term_ends_the_day_before_its_anniversary(starts_on: date, months: int, last: date) -> None:
    assert rules.last_day(starts_on, months) == last


def test_only_an_unpaid_reservation_of_the_same_household_is_a_repeat() -> None:
    reserved = held(plot_id=1, household_id=10, state=rules.RESERVED)
    leases = [reserved, held(plot_id=2, household_id=10)]
    assert rules.repeated_claim(leases, 1, 10) is reserved
    for plot_id, household_id in ((2, 10), (1, 11), (3, 10)):
        assert rules.repeated_claim(leases, plot_id, household_id) is None


def test_a_first_claim_owes_membership_and_plot_and_a_second_only_the_plot() -> None:
    facts = {"account_id": 5, "garden": "二号园", "plot_number": 7}
    first = postings.claim_lines(TERMS, with_membership=True, **facts)  # type: ignore[arg-type]
    assert [(x.reason, x.amount_fen) for x in first] == [
        ("garden.membership_fee", 500),
        ("garden.plot_fee", 3000),
    ]
    (second,) = postings.claim_lines(TERMS, with_membership=False, **facts)  # type: ignore[arg-type]
    assert (second.reason, second.amount_fen, second.note) == ("garden.plot_fee", 3000, "二号园 7 号")
