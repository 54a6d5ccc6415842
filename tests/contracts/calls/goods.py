"""Calls of goods."""

from collections.abc import Callable
from typing import Any

from core import clock
from tests.contracts.calls import Call
from tests.contracts.fund_things import FILE
from tests.contracts.world import World

_Made = Callable[[World], Call]


def _goods(name: str, **sent: Any) -> _Made:
    return lambda w: Call({"goods_id": w.funds[name]}, **sent)


def _here(w: World) -> Call:
    return Call({"organization_id": w.here.id})


def _came() -> dict[str, Any]:
    return {
        "donor_name": "样样书店", "kind": "books", "what": "绘本", "unit": "本", "valued": "none",
        "condition": "全新", "slip_no": "W-new",
    }  # fmt: skip


def _new(w: World) -> Call:
    form = _came() | {"quantity": "3", "day": clock.today().isoformat()}
    return Call({"organization_id": w.here.id}, form=form)


def _new_by_program(w: World) -> Call:
    came = _came() | {"quantity": 3, "received_on": clock.today().isoformat(), "file": FILE}
    return Call({"organization_id": w.here.id}, json=came)


def _leaves() -> dict[str, Any]:
    day = clock.today().isoformat()
    return {
        "kind": "handed", "quantity": 1, "receiver_name": "三号楼", "why": "慰问", "happened_on": day,
        "slip_no": "F-new", "file": FILE,
    }  # fmt: skip


def _undone(w: World) -> Call:
    return Call({"goods_id": w.funds["goods"], "move_id": w.funds["goods_move"]}, json={"reason": "数错了"})


def _undone_on_page(w: World) -> Call:
    form = {"move_id": str(w.funds["goods_move"]), "reason": "数错了"}
    return Call({"goods_id": w.funds["goods"]}, form=form)


_LIST = "/foundation/{organization_id:int}/goods"
_ONE = "/foundation/goods/{goods_id:int}"
_API = "/api/v1/foundation/goods/{goods_id:int}"
_WHY = {"reason": "数错了"}
CALLS: dict[str, _Made] = {
    f"GET {_LIST}": _here,
    f"GET {_LIST}.csv": _here,
    f"GET {_LIST}/new": _here,
    f"POST {_LIST}": _new,
    "GET /foundation/goods/trace": lambda w: Call(query={"code": "none"}),
    f"GET {_ONE}": _goods("goods"),
    f"POST {_ONE}/confirm": _goods("goods_waiting", form={}),
    f"POST {_ONE}/drop": _goods("goods_waiting", form={}),
    f"POST {_ONE}/reverse": _goods("goods_lost", form=_WHY),
    f"POST {_ONE}/moves": _goods("goods", form={"move": "handed"}),
    f"POST {_ONE}/moves/reverse": _undone_on_page,
    f"POST {_ONE}/receipt": _goods("goods", form={}),
    "GET /api/v1/foundation/foundations/{organization_id:int}/goods": _here,
    "POST /api/v1/foundation/foundations/{organization_id:int}/goods": _new_by_program,
    "GET /api/v1/foundation/goods/trace": lambda w: Call(query={"code": "none"}),
    f"GET {_API}": _goods("goods"),
    f"POST {_API}/confirm": _goods("goods_waiting"),
    f"POST {_API}/drop": _goods("goods_waiting"),
    f"POST {_API}/reverse": _goods("goods_lost", json=_WHY),
    f"POST {_API}/moves": lambda w: Call({"goods_id": w.funds["goods"]}, json=_leaves()),
    f"POST {_API}/moves/{{move_id:int}}/reverse": _undone,
    f"POST {_API}/receipt": _goods("goods"),
}
