"""The garden's map as data for an SVG picture: where each plot stands, in units of the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.garden.queries import PlotView

CELL, GAP, PATH_EVERY = 40, 4, 3
PATH = 14


@dataclass(frozen=True)
class DrawnPlot:
    """A plot with the top left corner of its square."""

    plot: PlotView
    x: int
    y: int


@dataclass(frozen=True)
class Map:
    """The picture's size and its squares of `CELL`."""

    width: int
    height: int
    plots: list[DrawnPlot]


def draw_map(plots: Sequence[PlotView], *, columns: int) -> Map:
    """Rows of `columns` plots by number, with a path after every third row."""
    drawn = []
    for index, plot in enumerate(plots):
        row, column = divmod(index, columns)
        drawn.append(
            DrawnPlot(plot, x=column * (CELL + GAP), y=row * (CELL + GAP) + row // PATH_EVERY * PATH)
        )
    rows = -(-len(plots) // columns)
    height = rows * (CELL + GAP) - GAP + max(0, rows - 1) // PATH_EVERY * PATH
    return Map(width=columns * (CELL + GAP) - GAP, height=max(height, CELL), plots=drawn)
