"""What was forgotten is recorded if two others saw it. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime

from core.volunteers.errors import (
    NotOver,
    TestifiedAlready,
    TooLateToBackfill,
    TooLateToTestify,
    TwoWitnessesNeeded,
)
from core.volunteers.rules.flows import DISPUTED, PROPOSED, WITNESSING
from core.volunteers.rules.terms import Span, Terms

NEEDED = 2
# The version of the agreement that stands where somebody has come without signing up.
NONE_READ = 0


def check_backfill(span: Span, terms: Terms, now: datetime) -> None:
    """Raise NotOver or TooLateToBackfill."""
    if now < span.ends_at:
        raise NotOver
    if now > span.ends_at + terms.backfill:
        raise TooLateToBackfill(days=terms.backfill.days)


def check_witnesses(
    witness_ids: Sequence[int], *, present_ids: Collection[int], volunteer_id: int, leader_id: int
) -> None:
    """Raise TwoWitnessesNeeded unless they are two others of those who have checked in."""
    able = set(present_ids) - {volunteer_id, leader_id}
    if len(set(witness_ids)) != NEEDED or not set(witness_ids) <= able:
        raise TwoWitnessesNeeded


def check_testimony(state: str, agrees: bool | None, asked_at: datetime, terms: Terms, now: datetime) -> None:
    """Raise TestifiedAlready or TooLateToTestify; `agrees`: what the witness has said before."""
    if agrees is not None or state != WITNESSING:
        raise TestifiedAlready
    if now > asked_at + terms.backfill:
        raise TooLateToTestify(days=terms.backfill.days)


def after(said: Collection[bool | None]) -> str:
    """The record's state after these answers: one no is enough, yes needs all."""
    if False in said:
        return DISPUTED
    return WITNESSING if None in said else PROPOSED
