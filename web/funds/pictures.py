"""A fund's money as a flow, gifts to purposes to uses: as data for an SVG, in units of the drawing."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from core.funds.queries.traces import Flow
from core.language import mark, translate

WIDTH, BAR = 360, 8
_LEFTS = (0, 150, WIDTH - BAR)
_LABEL_HEIGHT, _GAP, _STREAM = 36, 8, 220
_CHARACTERS = (10, 7, 7)
_PURPOSES_DRAWN, USES_DRAWN = 5, 5
_ELSEWHERE = {"returned": mark("退还捐赠人"), "moved": mark("转入别的基金")}


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
class _Edge:
    source: Node
    target: Node
    amount_fen: int


def draw_flow(came: Sequence[Flow], went: Sequence[Flow], purposes: dict[int, str]) -> FlowPicture | None:
    """The picture of what came and where it went; None before the first gift."""
    if not came:
        return None
    middle: dict[Hashable, Node] = {}
    shown = {id_ for id_, _ in _largest((flow.purpose_id, flow.amount_fen) for flow in came)}

    def purpose(flow: Flow) -> Node:
        key = flow.purpose_id if flow.purpose_id in shown else "other"
        title = purposes.get(flow.purpose_id, "") if flow.purpose_id else translate(mark("不限用途"))
        label = title if key == flow.purpose_id else translate(mark("其他用途"))
        return _node(middle, key, label, "purpose" if flow.purpose_id else "free")

    left: dict[Hashable, Node] = {}
    right: dict[Hashable, Node] = {}
    edges_in = [_Edge(_gift(left, flow), purpose(flow), flow.amount_fen) for flow in came]
    edges_out = [_Edge(purpose(flow), _use(right, flow), flow.amount_fen) for flow in went]
    return _laid_out([left, middle, right], edges_in, edges_out)


def _largest(amounts: Iterable[tuple[int | None, int]]) -> list[tuple[int | None, int]]:
    """The few keys with the largest sums."""
    sums: dict[int | None, int] = {}
    for key, amount in amounts:
        sums[key] = sums.get(key, 0) + amount
    return sorted(sums.items(), key=lambda item: -item[1])[:_PURPOSES_DRAWN]


def _gift(nodes: dict[Hashable, Node], flow: Flow) -> Node:
    if flow.what is None:
        label = translate(mark("另外 %(n)s 笔"), n=flow.count)
        return _node(nodes, ("rest", flow.purpose_id), label, "gift")
    return _node(nodes, flow.what, flow.title or translate(mark("匿名")), "gift")


def _use(nodes: dict[Hashable, Node], flow: Flow) -> Node:
    if flow.kind in _ELSEWHERE:
        return _node(nodes, flow.kind, translate(_ELSEWHERE[flow.kind]), "use")
    if flow.kind == "left":
        return _node(nodes, "left", translate(mark("还没有用")), "left")
    if flow.what is None:
        return _node(nodes, "other", translate(mark("其他用款")), "use")
    return _node(nodes, flow.what, flow.title, "use")


def _node(nodes: dict[Hashable, Node], key: Hashable, label: str, tone: str) -> Node:
    return nodes.setdefault(key, Node(key, label, tone))


def _laid_out(
    columns: list[dict[Hashable, Node]], edges_in: list[_Edge], edges_out: list[_Edge]
) -> FlowPicture:
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


def _stream(edge: _Edge, thickness: float) -> Stream:
    x, end = edge.source.x + BAR, edge.target.x
    top, there = edge.source.taken("out", thickness), edge.target.taken("in", thickness)
    middle, thick = (x + end) // 2, max(thickness, 1.0)
    path = (
        f"M{x} {top:.1f}C{middle} {top:.1f} {middle} {there:.1f} {end} {there:.1f}v{thick:.1f}"
        f"C{middle} {there + thick:.1f} {middle} {top + thick:.1f} {x} {top + thick:.1f}z"
    )
    tone = edge.target.tone if edge.target.tone in ("use", "left") else edge.source.tone
    return Stream(path, tone)


def _rows(edges: Sequence[_Edge]) -> list[tuple[str, str, int]]:
    """(from, to, amount), streams between the same two bars as one."""
    named = sorted((e.source.label, e.target.label, e.amount_fen) for e in edges)
    return [
        (source, target, sum(amount for _, _, amount in same))
        for (source, target), same in groupby(named, key=lambda row: row[:2])
    ]
