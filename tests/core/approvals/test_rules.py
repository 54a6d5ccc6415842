"""When an approval is decided: both sides of every boundary, and against a naive count."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.approvals import rules
from core.approvals.errors import (
    ApprovalClosed,
    NotTheMaker,
    OwnApproval,
    ReasonMissing,
    TooFewVoters,
    Undecidable,
    VotedAlready,
)
from core.approvals.rules import Approval, Ballot, Recusal, Rule, Tally, Vote
from core.reference import Ref

TWO_THIRDS = Fraction(2, 3)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def approval(**changes: object) -> Approval:
    known: dict[str, object] = {
        "id": 1,
        "subject": Ref("test.thing", 1),
        "purpose": "test.decide",
        "maker_id": 1,
        "title": "t",
        "params": {},
        "rule": Rule(needed=1),
        "state": "open",
        "opened_at": NOW,
        "deadline": NOW + timedelta(days=1),
    }
    return Approval(**(known | changes))  # type: ignore[arg-type]


def ballot(votes: dict[int, str], *, voters: int = 3, recused: tuple[int, ...] = ()) -> Ballot:
    """Voters 2, 3, … with their choices."""
    return Ballot(
        voters=range(2, 2 + voters),
        recusals=[Recusal(person_id=p, code="core.declared", title="", reason="") for p in recused],
        votes=[Vote(person_id=p, choice=c, reason="", cast_at=NOW) for p, c in votes.items()],
    )


@pytest.mark.parametrize(
    ("rule", "tally", "outcome"),
    [
        # N of M: the N-th approval decides, whoever is silent.
        (Rule(needed=2), Tally(eligible=5, approve=1), None),
        (Rule(needed=2), Tally(eligible=5, approve=2), "approved"),
        (Rule(needed=2), Tally(eligible=3, approve=1, reject=1), None),
        (Rule(needed=2), Tally(eligible=3, approve=0, reject=2), "rejected"),
        (Rule(needed=2), Tally(eligible=3, approve=0, reject=1, abstain=1), "rejected"),
        # A quorum: missed by one, and met by who abstains.
        (Rule(needed=1, quorum=3), Tally(eligible=5, approve=2), None),
        (Rule(needed=1, quorum=3), Tally(eligible=5, approve=2, reject=1), "approved"),
        (Rule(needed=1, quorum=3), Tally(eligible=5, approve=2, abstain=1), "approved"),
        # Two thirds of those for or against: exactly is enough, and nobody silent may still spoil it.
        (Rule(needed=1, share=TWO_THIRDS), Tally(eligible=3, approve=2, reject=1), "approved"),
        (Rule(needed=1, share=TWO_THIRDS), Tally(eligible=3, approve=2), "approved"),
        (Rule(needed=1, share=TWO_THIRDS), Tally(eligible=4, approve=2), None),
        (Rule(needed=1, share=TWO_THIRDS), Tally(eligible=4, approve=2, reject=1), None),
        (Rule(needed=1, share=TWO_THIRDS), Tally(eligible=4, approve=2, reject=2), "rejected"),
        (Rule(needed=1, share=TWO_THIRDS), Tally(eligible=4, approve=2, reject=1, abstain=1), "approved"),
        (Rule(needed=1, share=TWO_THIRDS), Tally(eligible=6, approve=3, reject=2), None),
        # Too few left after recusals: neither, whatever the votes.
        (Rule(needed=2), Tally(eligible=2), None),
        (Rule(needed=2), Tally(eligible=1), None),
        (Rule(needed=2), Tally(eligible=0), None),
        (Rule(needed=1, quorum=3), Tally(eligible=2, approve=2), None),
        (Rule(needed=2), Tally(eligible=1, reject=1), None),
    ],
)
def test_an_approval_is_decided_once_nothing_can_change_it(
    rule: Rule, tally: Tally, outcome: str | None
) -> None:
    assert rules.outcome(rule, tally) == outcome


@pytest.mark.parametrize(
    ("eligible", "is_decidable"), [(0, False), (1, False), (2, False), (3, True), (4, True)]
)
def test_recusals_may_leave_as_many_as_the_rule_needs_and_no_fewer(eligible: int, is_decidable: bool) -> None:
    assert rules.is_decidable(Rule(needed=2, quorum=3), Tally(eligible=eligible)) is is_decidable
    assert rules.is_decidable(Rule(needed=3, quorum=2), Tally(eligible=eligible)) is is_decidable


@pytest.mark.parametrize(
    ("tally", "outcome"),
    [
        (Tally(eligible=6, approve=2, reject=1), "approved"),
        (Tally(eligible=6, approve=2, abstain=1), "approved"),
        (Tally(eligible=6, approve=2), "expired"),
        (Tally(eligible=6, approve=3, reject=2), "expired"),
        (Tally(eligible=2, approve=2), "expired"),
        (Tally(eligible=6), "expired"),
    ],
)
def test_at_the_deadline_the_votes_that_have_come_count(tally: Tally, outcome: str) -> None:
    assert rules.outcome_at_deadline(Rule(needed=1, quorum=3, share=TWO_THIRDS), tally) == outcome


def naive_is_met(rule: Rule, votes: list[str]) -> bool:
    approve, reject = votes.count("approve"), votes.count("reject")
    return (
        approve >= rule.needed
        and len([vote for vote in votes if vote != "absent"]) >= rule.quorum
        and approve * rule.share.denominator >= rule.share.numerator * (approve + reject)
    )


def naive_outcome(rule: Rule, votes: list[str], silent: int) -> str | None:
    """Play out everything that the silent voters may still do."""
    if len(votes) + silent < max(rule.needed, rule.quorum):
        return None
    ends = {
        naive_is_met(rule, votes + list(rest))
        for rest in product(["approve", "reject", "abstain", "absent"], repeat=silent)
    }
    return {frozenset([True]): "approved", frozenset([False]): "rejected"}.get(frozenset(ends))


@given(
    rule=st.builds(
        Rule,
        needed=st.integers(1, 6),
        quorum=st.integers(0, 6),
        share=st.sampled_from([Fraction(0), Fraction(1, 2), TWO_THIRDS, Fraction(3, 4), Fraction(1)]),
    ),
    votes=st.lists(st.sampled_from(rules.CHOICES), max_size=6),
    silent=st.integers(0, 4),
)
def test_the_outcome_is_what_playing_out_all_votes_gives(rule: Rule, votes: list[str], silent: int) -> None:
    tally = Tally(eligible=len(votes) + silent, **{choice: votes.count(choice) for choice in rules.CHOICES})
    assert rules.outcome(rule, tally) == naive_outcome(rule, votes, silent)


def test_a_recused_vote_does_not_count() -> None:
    tally = ballot({2: "approve", 3: "reject"}, recused=(2,)).tally()
    assert tally == Tally(eligible=2, reject=1)
    assert tally.silent == 1


@pytest.mark.parametrize(
    "wrong", [{"needed": 0}, {"needed": 1, "quorum": -1}, {"needed": 1, "share": Fraction(4, 3)}]
)
def test_a_rule_can_be_met_and_missed(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a rule"):
        Rule(**wrong)  # type: ignore[arg-type]


def test_as_many_voters_as_the_rule_needs_are_enough() -> None:
    rules.check_opening(Rule(needed=2, quorum=3), [2, 3, 4])
    with pytest.raises(TooFewVoters, match="要 3 位，除发起人外只有 2 位"):
        rules.check_opening(Rule(needed=2, quorum=3), [2, 3])


def test_a_vote_comes_in_time_once_and_from_somebody_else() -> None:
    rules.check_vote(approval(), ballot({}), 2, NOW)
    with pytest.raises(OwnApproval):
        rules.check_vote(approval(), ballot({}), 1, NOW)
    with pytest.raises(VotedAlready):
        rules.check_vote(approval(), ballot({2: "reject"}), 2, NOW)
    with pytest.raises(Undecidable):
        rules.check_vote(approval(rule=Rule(needed=3)), ballot({}, recused=(3,)), 2, NOW)
    with pytest.raises(ApprovalClosed):
        rules.check_vote(approval(state="approved"), ballot({}), 2, NOW)


def test_at_the_deadline_itself_it_is_too_late() -> None:
    late = approval()
    rules.check_under_way(late, late.deadline - timedelta(microseconds=1))
    for moment in (late.deadline, late.deadline + timedelta(days=1)):
        with pytest.raises(ApprovalClosed):
            rules.check_under_way(late, moment)
        with pytest.raises(ApprovalClosed):
            rules.check_withdrawal(late, 1, moment)


def test_only_the_maker_withdraws_and_is_never_recused() -> None:
    rules.check_withdrawal(approval(), 1, NOW)
    with pytest.raises(NotTheMaker):
        rules.check_withdrawal(approval(), 2, NOW)
    rules.check_recusal(approval(), 2, NOW)
    with pytest.raises(OwnApproval):
        rules.check_recusal(approval(), 1, NOW)


def test_only_who_approves_needs_no_reason() -> None:
    rules.check_reason("", "approve")
    rules.check_reason("因为", "reject")
    for choice in ("reject", "abstain", None):
        with pytest.raises(ReasonMissing):
            rules.check_reason("", choice)
