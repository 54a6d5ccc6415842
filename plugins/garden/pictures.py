"""The garden's map as data for an SVG picture: where each plot stands, in units of the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.garden.queries import PlotView

CELL, GAP, PATH_EVERY = 40, 4, 3
PATH = 14


@dataclass(frozen=True)
class Row:
    """Plots side by side: the top of their squares, and each with the left of its own."""

    y: int
    plots: list[tuple[int, PlotView]]


@dataclass(frozen=True)
class Map:
    """The picture's size and its rows of squares of `CELL`."""

    width: int
    height: int
    rows: list[Row]


def draw_map(plots: Sequence[PlotView], *, columns: int) -> Map:
    """Rows of `columns` plots by number, with a path after every third row."""
    lefts = range(0, columns * (CELL + GAP), CELL + GAP)
    rows = [
        Row(
            y=number * (CELL + GAP) + number // PATH_EVERY * PATH,
            plots=list(zip(lefts, plots[number * columns : (number + 1) * columns], strict=False)),
        )
        for number in range(-(-len(plots) // columns))
    ]
    height = rows[-1].y + CELL if rows else CELL
    return Map(width=columns * (CELL + GAP) - GAP, height=height, rows=rows)
