"""A workflow as data for an SVG picture: a tree of states, in units of the drawing.

Each transition has a row of its own: its title above the state that it leads to, with a line down from the
state that it leaves. That stays readable on a phone however many states there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.workflow import State, Transition, Workflow

WIDTH, BOX_WIDTH, BOX_HEIGHT = 280, 190, 40
_INDENT, _LABEL, _FOOT = 36, 30, 18


@dataclass(frozen=True)
class Box:
    """A state and its top left corner; `look`: first, middle, final, or again: it stands above already."""

    state: State
    x: int
    y: int
    look: str


@dataclass(frozen=True)
class Arrow:
    """A transition: the line of its path, and where its title begins."""

    transition: Transition
    path: str
    x: int
    y: int


@dataclass
class Picture:
    """The picture's size and what stands in it."""

    width: int = WIDTH
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)


def draw_flow(workflow: Workflow) -> Picture:
    """The states as a tree from the first one, each drawn out once."""
    picture = Picture(height=BOX_HEIGHT)
    first = Box(workflow.states[0], 0, 0, "first")
    picture.boxes.append(first)
    for box, arrow in _rows_below(workflow, first, {first.state.code}):
        picture.boxes.append(box)
        picture.arrows.append(arrow)
        picture.height = box.y + BOX_HEIGHT
        picture.width = max(picture.width, box.x + BOX_WIDTH)
    return picture


def _rows_below(workflow: Workflow, parent: Box, drawn: set[str]) -> Iterator[tuple[Box, Arrow]]:
    x, y = parent.x + _INDENT, parent.y
    for transition in workflow.leading_from(parent.state.code):
        y += BOX_HEIGHT + _LABEL
        box = Box(workflow.state(transition.target), x, y, _look(workflow, transition.target, drawn))
        trunk, middle = parent.x + _FOOT, y + BOX_HEIGHT // 2
        path = f"M{trunk} {parent.y + BOX_HEIGHT}V{middle}H{x - 2}"
        yield box, Arrow(transition, path, x, y - 8)
        if transition.target not in drawn:
            drawn.add(transition.target)
            for row in _rows_below(workflow, box, drawn):
                yield row
                y = row[0].y


def _look(workflow: Workflow, state: str, drawn: set[str]) -> str:
    if state in drawn:
        return "again"
    return "middle" if workflow.leading_from(state) else "final"
