"""A foundation's year as a flow: gifts by kind, to its funds, to what became of them."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

from core.drawing import Edge, FlowPicture, Node, laid_out, node_of
from core.funds.queries.sums import FundYear
from core.language import mark, translate

FUNDS_DRAWN = 6
# Field of a fund's year -> its words, and the tone of its bar.
CAME = {
    "opening_fen": (mark("年初余额"), "free"),
    "bound_fen": (mark("限定用途的捐赠"), "gift"),
    "free_fen": (mark("不限用途的捐赠"), "gift"),
    "moved_in_fen": (mark("别的基金转入"), "free"),
}
WENT = {
    "paid_fen": (mark("已付款"), "use"),
    "held_fen": (mark("已留出，还没付"), "use"),
    "returned_fen": (mark("退还捐赠人"), "use"),
    "moved_out_fen": (mark("转入别的基金"), "use"),
    "left_fen": (mark("还没有用"), "left"),
}
_NOT_ARRIVED = mark("退款没有成功")


def bounded(funds: Sequence[FundYear], foundation: str) -> list[FundYear]:
    """The largest funds under their own part of the name, and the others as one line."""
    shown = [replace(one, fund=one.fund.removeprefix(foundation)) for one in funds]
    if len(shown) <= FUNDS_DRAWN + 1:
        return shown
    others = shown[FUNDS_DRAWN:]
    sums = {field: sum(getattr(one, field) for one in others) for field in (*CAME, *WENT)}
    title = translate(mark("另外 %(n)s 支"), n=len(others))
    return [*shown[:FUNDS_DRAWN], FundYear(fund_id=0, fund=title, **sums)]


def draw_year(funds: Sequence[FundYear]) -> FlowPicture | None:
    """The picture of these lines; None for a year without money."""
    left: dict[Hashable, Node] = {}
    middle: dict[Hashable, Node] = {}
    right: dict[Hashable, Node] = {}
    edges_in: list[Edge] = []
    edges_out: list[Edge] = []
    for fund in funds:
        node = node_of(middle, fund.fund_id, fund.fund, "purpose")
        for field, (title, tone) in CAME.items():
            if amount := getattr(fund, field):
                edges_in.append(Edge(node_of(left, field, translate(title), tone), node, amount))
        for field, (title, tone) in WENT.items():
            amount = getattr(fund, field)
            if amount > 0:
                edges_out.append(Edge(node, node_of(right, field, translate(title), tone), amount))
            elif amount < 0:  # a bank did not take it back: it came again
                edges_in.append(Edge(node_of(left, "again", translate(_NOT_ARRIVED), "free"), node, -amount))
    return laid_out([left, middle, right], edges_in, edges_out) if edges_in else None


def columns(funds: Sequence[FundYear]) -> list[tuple[str, str]]:
    """(field, title) of what is not nothing everywhere: the table beside the picture."""
    return [
        (field, translate(title))
        for field, (title, _) in (CAME | WENT).items()
        if any(getattr(one, field) for one in funds)
    ]
