"""A year against the table as bars with a line, in units of the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.foundation.rules.ratios import Judged

WIDTH = 340


@dataclass(frozen=True)
class Segment:
    """A part of a bar; `tone` is spent, reserved or gap, or cost."""

    tone: str
    x: int
    width: int


@dataclass(frozen=True)
class Bar:
    """What there is, in parts, and the line that it must reach, or stay below."""

    segments: Sequence[Segment]
    line_x: int


def spending_bar(judged: Judged) -> Bar:
    """Spent, set aside, and what is missing then; the line is what must be spent."""
    parts = (
        ("spent", judged.spent_fen),
        ("reserved", judged.reserved_fen),
        ("gap", judged.unplanned_fen),
    )
    return _bar(parts, judged.needed_fen or 0)


def management_bar(judged: Judged) -> Bar:
    """What management costs; the line is the most that it may."""
    tone = "over" if judged.costs_too_much else "cost"
    return _bar(((tone, judged.management_fen),), judged.manage_most_fen)


def _bar(parts: Sequence[tuple[str, int]], line_fen: int) -> Bar:
    most = max(sum(amount for _, amount in parts), line_fen, 1)
    segments, done = [], 0
    for tone, amount in parts:
        begin, done = done, done + amount
        x, end = begin * WIDTH // most, done * WIDTH // most
        if end > x:
            segments.append(Segment(tone, x, end - x))
    return Bar(segments, line_fen * WIDTH // most)
