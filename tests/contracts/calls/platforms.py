"""Calls of lists of gifts from platforms."""

import base64
from collections.abc import Callable
from typing import Any

from core import clock
from tests.contracts.calls import Call
from tests.contracts.platform_things import sheet
from tests.contracts.world import World

_Made = Callable[[World], Call]
_FILE = {"name": "回单.pdf", "content": base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()}


def _list(state: str, **sent: Any) -> _Made:
    return lambda w: Call({"list_id": w.funds[f"{state}_list"]}, **sent)


def _lists(w: World, **sent: Any) -> Call:
    return Call({"campaign_id": w.funds["platform_campaign"]}, **sent)


def _new(w: World) -> Call:
    content = base64.b64encode(sheet("new", "1").content).decode()
    body = {"file": {"name": "清单.csv", "content": content}, "target": f"{w.funds['fund']}-"}
    return _lists(w, json=body)


def _paid(**changes: Any) -> dict[str, Any]:
    return {"payout_no": "N1", "paid_out_on": clock.today().isoformat()} | changes


_PAGES, _API = "/foundation", "/api/v1/foundation"
_OF, _ONE = "campaigns/{campaign_id:int}/platform", "platforms/{list_id:int}"
_WHY = {"reason": "平台给错了"}
CALLS: dict[str, _Made] = {
    f"GET {_PAGES}/{_OF}": _lists,
    f"POST {_PAGES}/{_OF}": lambda w: _lists(w, form={"target": f"{w.funds['fund']}-"}),
    f"GET {_PAGES}/{_ONE}": _list("judged"),
    f"POST {_PAGES}/{_ONE}/payout": _list("judged", form=_paid(payout="10")),
    f"POST {_PAGES}/{_ONE}/confirm": _list("waiting", form={}),
    f"POST {_PAGES}/{_ONE}/drop": _list("judged", form={}),
    f"POST {_PAGES}/{_ONE}/undo": _list("booked", form=_WHY),
    f"POST {_PAGES}/{_ONE}/sheet": _list("judged", form={"format": "csv"}),
    f"POST {_API}/{_OF}": _new,
    f"GET {_API}/{_ONE}": _list("judged"),
    f"POST {_API}/{_ONE}/payout": _list("judged", json=_paid(payout_fen=1000, file=_FILE)),
    f"POST {_API}/{_ONE}/confirm": _list("waiting"),
    f"POST {_API}/{_ONE}/drop": _list("judged"),
    f"POST {_API}/{_ONE}/undo": _list("booked", json=_WHY),
    f"POST {_API}/{_ONE}/sheet": _list("judged", json={"format": "csv"}),
}
