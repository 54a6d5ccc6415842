"""A fund's money as a flow, gifts to purposes to uses."""

from collections.abc import Hashable, Iterable, Sequence

from core.drawing import Edge, FlowPicture, Node, laid_out, node_of
from core.funds.queries.traces import Flow
from core.language import mark, translate

_PURPOSES_DRAWN, USES_DRAWN = 5, 5
_ELSEWHERE = {"returned": mark("退还捐赠人"), "moved": mark("转入别的基金")}


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
        return node_of(middle, key, label, "purpose" if flow.purpose_id else "free")

    left: dict[Hashable, Node] = {}
    right: dict[Hashable, Node] = {}
    edges_in = [Edge(_gift(left, flow), purpose(flow), flow.amount_fen) for flow in came]
    edges_out = [Edge(purpose(flow), _use(right, flow), flow.amount_fen) for flow in went]
    return laid_out([left, middle, right], edges_in, edges_out)


def _largest(amounts: Iterable[tuple[int | None, int]]) -> list[tuple[int | None, int]]:
    """The few keys with the largest sums."""
    sums: dict[int | None, int] = {}
    for key, amount in amounts:
        sums[key] = sums.get(key, 0) + amount
    return sorted(sums.items(), key=lambda item: -item[1])[:_PURPOSES_DRAWN]


def _gift(nodes: dict[Hashable, Node], flow: Flow) -> Node:
    if flow.what is None:
        label = translate(mark("另外 %(n)s 笔"), n=flow.count)
        return node_of(nodes, ("rest", flow.purpose_id), label, "gift")
    return node_of(nodes, flow.what, flow.title or translate(mark("匿名")), "gift")


def _use(nodes: dict[Hashable, Node], flow: Flow) -> Node:
    if flow.kind in _ELSEWHERE:
        return node_of(nodes, flow.kind, translate(_ELSEWHERE[flow.kind]), "use")
    if flow.kind == "left":
        return node_of(nodes, "left", translate(mark("还没有用")), "left")
    if flow.what is None:
        return node_of(nodes, "other", translate(mark("其他用款")), "use")
    return node_of(nodes, flow.what, flow.title, "use")
