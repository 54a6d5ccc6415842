"""How votes are counted. Pure."""

from dataclasses import dataclass
from fractions import Fraction

APPROVED, REJECTED, EXPIRED = "approved", "rejected", "expired"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """At least `needed` approvals, `quorum` votes of any kind, and `share` of those for or against approve.

    Who abstains is present, so counts for the quorum, but is neither for nor against.
    """

    needed: int
    quorum: int = 0
    share: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        """Raise ValueError for a rule that nobody, or everybody, could meet."""
        if self.needed < 1 or self.quorum < 0 or not 0 <= self.share <= 1:
            raise ValueError(f"not a rule: {self}")

    @property
    def fewest(self) -> int:
        """How many must be able to vote for it to be decidable at all."""
        return max(self.needed, self.quorum)

    def is_met(self, *, approve: int, reject: int, abstain: int) -> bool:
        """Do these votes, if no more come, approve it? Exactly the share is enough."""
        return (
            approve >= self.needed
            and approve + reject + abstain >= self.quorum
            and approve >= self.share * (approve + reject)
        )


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The votes of those who are not recused, and how many those are."""

    eligible: int
    approve: int = 0
    reject: int = 0
    abstain: int = 0

    @property
    def present(self) -> int:
        """How many have voted."""
        return self.approve + self.reject + self.abstain

    @property
    def silent(self) -> int:
        """How many have not voted yet."""
        return self.eligible - self.present


def is_decidable(rule: Rule, tally: Tally) -> bool:
    """Are enough voters left after recusals?"""
    return tally.eligible >= rule.fewest


def outcome(rule: Rule, tally: Tally) -> str | None:
    """APPROVED or REJECTED once the votes still to come, or not to come, cannot change it; else None."""
    approve, reject, abstain, silent = tally.approve, tally.reject, tally.abstain, tally.silent
    if not is_decidable(rule, tally):
        return None
    # A voter who stays away hurts the quorum most, one who is against the share: both must be borne.
    if rule.is_met(approve=approve, reject=reject, abstain=abstain) and (
        approve >= rule.share * (approve + reject + silent)
    ):
        return APPROVED
    if not rule.is_met(approve=approve + silent, reject=reject, abstain=abstain):
        return REJECTED
    return None


def outcome_at_deadline(rule: Rule, tally: Tally) -> str:
    """APPROVED if the votes that have come meet the rule, else EXPIRED."""
    is_met = rule.is_met(approve=tally.approve, reject=tally.reject, abstain=tally.abstain)
    return APPROVED if is_decidable(rule, tally) and is_met else EXPIRED
