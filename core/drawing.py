"""Money that flows, as a picture: three columns of bars and the streams between them, as data for an SVG.

In units of the drawing. What flows from where to where, whoever draws it knows.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

WIDTH, BAR = 360, 8
_LEFTS = (0, 150, WIDTH - BAR)
_LABEL_HEIGHT, _GAP, _STREAM = 36, 8, 220
_CHARACTERS = (10, 7, 7)


@dataclass
class Node:
    """A bar with its label; `tone` is gift, purpose, free, use or left."""

    key: Hashable
    label: str
    tone: str
    amount_fen: int = 0
    x: int = 0
    y: float = 0
    height: float = 0
    used: dict[str, float] = field(default_factory=lambda: {"in": 0.0, "out": 0.0})
    characters: int = 10

    @property
    def short(self) -> str:
        """The label as far as there is room for it."""
        taken = 0.0
        for at, sign in enumerate(self.label):
            taken += 1.0 if sign > "\u2e80" else 0.55
            if taken > self.characters:
                return f"{self.label[: max(at - 1, 1)].rstrip()}…"
        return self.label

    def taken(self, side: str, thickness: float) -> float:
        """The top of the next stream that leaves or reaches the bar."""
        top = self.y + self.used[side]
        self.used[side] += thickness
        return top


@dataclass(frozen=True)
class Stream:
    """A ribbon between two bars."""

    path: str
    tone: str


@dataclass
class FlowPicture:
    """Three columns of bars and the ribbons between them; `rows` say the same in words."""

    columns: list[list[Node]]
    streams: list[Stream]
    height: float
    rows: list[tuple[str, str, int]]


@dataclass(frozen=True)
class Edge:
    """Money from one bar to another."""

    source: Node
    target: Node
    amount_fen: int


def node_of(nodes: dict[Hashable, Node], key: Hashable, label: str, tone: str) -> Node:
    """The bar with this key, made when it is first asked for."""
    return nodes.setdefault(key, Node(key, label, tone))


def laid_out(columns: list[dict[Hashable, Node]], edges_in: list[Edge], edges_out: list[Edge]) -> FlowPicture:
    """Columns of bars, the streams from the first to the second and from there to the third."""
    for edge in edges_in:
        edge.source.amount_fen += edge.amount_fen
        edge.target.amount_fen += edge.amount_fen
    for edge in edges_out:
        edge.target.amount_fen += edge.amount_fen
    placed = [list(column.values()) for column in columns]
    placed[2].sort(key=lambda node: node.tone == "left")
    scale = _STREAM / sum(node.amount_fen for node in placed[0])
    heights = [_stack(nodes, x, scale) for nodes, x in zip(placed, _LEFTS, strict=True)]
    for nodes, characters in zip(placed, _CHARACTERS, strict=True):
        for node in nodes:
            node.characters = characters
    order = {id(node): n for nodes in placed for n, node in enumerate(nodes)}
    edges = sorted(edges_in + edges_out, key=lambda e: (order[id(e.source)], order[id(e.target)]))
    streams = [_stream(edge, edge.amount_fen * scale) for edge in edges]
    return FlowPicture(placed, streams, max(heights), _rows(edges))


def _stack(nodes: Sequence[Node], x: int, scale: float) -> float:
    y = 0.0
    for node in nodes:
        node.x, node.y, node.height = x, y, max(node.amount_fen * scale, 1.5)
        y += max(node.height, _LABEL_HEIGHT) + _GAP
    return y - _GAP


def _stream(edge: Edge, thickness: float) -> Stream:
    x, end = edge.source.x + BAR, edge.target.x
    top, there = edge.source.taken("out", thickness), edge.target.taken("in", thickness)
    middle, thick = (x + end) // 2, max(thickness, 1.0)
    path = (
        f"M{x} {top:.1f}C{middle} {top:.1f} {middle} {there:.1f} {end} {there:.1f}v{thick:.1f}"
        f"C{middle} {there + thick:.1f} {middle} {top + thick:.1f} {x} {top + thick:.1f}z"
    )
    tone = edge.target.tone if edge.target.tone in ("use", "left") else edge.source.tone
    return Stream(path, tone)


def _rows(edges: Sequence[Edge]) -> list[tuple[str, str, int]]:
    """(from, to, amount), streams between the same two bars as one."""
    named = sorted((e.source.label, e.target.label, e.amount_fen) for e in edges)
    return [
        (source, target, sum(amount for _, _, amount in same))
        for (source, target), same in groupby(named, key=lambda row: row[:2])
    ]
