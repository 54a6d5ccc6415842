"""Scores: integer hundredths of a point, sealed until all are there; ranking and the line. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from plugins.venture.errors import (
    MarkOutOfRange,
    ScoresMissing,
    TooFewCriteria,
    TooFewScores,
    WeightsMissTheSum,
)

WHOLE = 100


@dataclass(frozen=True)
class Criterion:
    """What is scored; the first criterion of a call is its need, which decides between equals."""

    title: str
    weight: int


def check_criteria(criteria: Sequence[Criterion]) -> None:
    """Raise TooFewCriteria or WeightsMissTheSum."""
    if not criteria:
        raise TooFewCriteria
    total = sum(criterion.weight for criterion in criteria)
    if total != WHOLE or any(criterion.weight < 1 for criterion in criteria):
        raise WeightsMissTheSum(sum=total)


def check_marks(marks: Sequence[int], criteria: Sequence[Criterion]) -> None:
    """Raise MarkOutOfRange unless there is one of 0 to 100 for each criterion."""
    if len(marks) != len(criteria) or not all(0 <= m <= WHOLE for m in marks):
        raise MarkOutOfRange


def score_of(marks: Sequence[int], criteria: Sequence[Criterion]) -> int:
    """Hundredths of a point: marks are whole and weights are hundredths, so nothing is rounded."""
    return sum(mark * criterion.weight for mark, criterion in zip(marks, criteria, strict=True))


def mean(values: Sequence[int]) -> int:
    """The mean, half rounded up."""
    return (2 * sum(values) + len(values)) // (2 * len(values))


@dataclass(frozen=True)
class Sheet:
    """An expert's score of an application, and what of it falls to the need; both in hundredths."""

    score: int
    need: int


def kept(sheets: Sequence[Sheet], trim_from: int) -> list[Sheet]:
    """From `trim_from` sheets on, without one highest and one lowest."""
    ordered = sorted(sheets, key=lambda sheet: (sheet.score, sheet.need))
    return ordered[1:-1] if len(ordered) >= trim_from else ordered


@dataclass(frozen=True)
class Candidate:
    """An application that was handed in; `missing`: experts who are neither recused nor done."""

    id: int
    title: str
    asked_fen: int
    submitted_at: datetime
    sheets: tuple[Sheet, ...]
    missing: int


@dataclass(frozen=True)
class Placed:
    """A place in the ranking; `award_fen` 0: below the line, or the money did not reach so far."""

    id: int
    rank: int
    score: int
    need: int
    award_fen: int


def check_complete(candidates: Sequence[Candidate], fewest: int) -> None:
    """Raise ScoresMissing or TooFewScores."""
    if missing := sum(candidate.missing for candidate in candidates):
        raise ScoresMissing(missing=missing)
    for candidate in candidates:
        if len(candidate.sheets) < fewest:
            raise TooFewScores(title=candidate.title, there=len(candidate.sheets), needed=fewest)


def ranking(candidates: Sequence[Candidate], *, trim_from: int, line: int, budget_fen: int) -> list[Placed]:
    """By score; between equals the greater need, the smaller sum, the earlier hour decide.

    Down the ranking each gets what it asked for, as long as it is above `line` and the money reaches;
    where it does not reach, nobody further down gets any, so that a rank is never jumped.
    """
    scored = []
    for candidate in candidates:
        sheets = kept(candidate.sheets, trim_from)
        scored.append((mean([s.score for s in sheets]), mean([s.need for s in sheets]), candidate))
    scored.sort(key=lambda x: (-x[0], -x[1], x[2].asked_fen, x[2].submitted_at, x[2].id))
    placed, left, is_open = [], budget_fen, True
    for rank, (score, need, candidate) in enumerate(scored, 1):
        is_open = is_open and score >= line * WHOLE and candidate.asked_fen <= left
        award = candidate.asked_fen if is_open else 0
        left -= award
        placed.append(Placed(candidate.id, rank, score, need, award))
    return placed
