"""Calls of what comes by bank transfer."""

import base64

from tests.contracts.calls import Call
from tests.contracts.world import World

_DESK, _STATEMENT = "/counter/bank", "/counter/bank/statements/{statement_id:int}"
_LINE, _ORDER = "/counter/bank/lines/{line_id:int}", "/orders/{order_id:int}/transfer"
_TAKING = "/counter/takings/{taking_id:int}"
_FILE = {"name": "a.csv", "content": base64.b64encode("日期,收入\n20261120,1\n".encode()).decode()}
_COLUMNS = {"day": "交易日期", "income": "收入金额", "serial": "交易流水号"}
_FORM, _JSON = _COLUMNS | {"header_line": "2"}, _COLUMNS | {"header_line": 2}


def _line(which: str):  # type: ignore[no-untyped-def]
    return lambda w: {"line_id": w.bank[which]}


def _statement(w: World, which: str) -> dict[str, int]:
    return {"statement_id": w.bank[which]}


def _transfer(w: World) -> dict[str, int]:
    return {"order_id": w.bank["transfer"]}


_WAITING, _RETURNING, _ASIDE, _OTHER = (_line(one) for one in ("waiting", "returning", "aside", "other"))
CALLS = {
    "GET /api/v1/merchants/{organization_id:int}/{provider_id:str}/change": lambda w: Call(
        {"organization_id": w.organization, "provider_id": "stripe"}
    ),
    f"POST {_ORDER}": lambda w: Call(_transfer(w), form={}),
    f"POST {_ORDER}/drop": lambda w: Call(_transfer(w), form={}),
    f"POST /api/v1{_ORDER}": lambda w: Call(_transfer(w)),
    f"POST /api/v1{_ORDER}/drop": lambda w: Call(_transfer(w)),
    f"GET {_TAKING}": lambda w: Call({"taking_id": w.bank["taking"]}),
    f"GET /api/v1{_TAKING}": lambda w: Call({"taking_id": w.bank["taking"]}),
    f"GET {_DESK}": lambda w: Call(),
    f"POST {_DESK}": lambda w: Call(form={}),
    f"POST {_DESK}/export": lambda w: Call(form={"organization_id": str(w.organization), "format": "csv"}),
    f"POST /api/v1{_DESK}/statements": lambda w: Call(
        json={"organization_id": w.organization, "file": _FILE}
    ),
    f"GET {_STATEMENT}": lambda w: Call(_statement(w, "choosing")),
    f"GET /api/v1{_STATEMENT}": lambda w: Call(_statement(w, "choosing")),
    f"POST {_STATEMENT}/columns": lambda w: Call(_statement(w, "choosing"), form=_FORM),
    f"POST /api/v1{_STATEMENT}/columns": lambda w: Call(_statement(w, "choosing"), json=_JSON),
    f"POST {_STATEMENT}": lambda w: Call(_statement(w, "judged"), form={"credits": "1"}),
    f"POST /api/v1{_STATEMENT}/confirmation": lambda w: Call(_statement(w, "judged"), json={"credits": 1}),
    f"POST {_STATEMENT}/drop": lambda w: Call(_statement(w, "choosing"), form={}),
    f"POST /api/v1{_STATEMENT}/drop": lambda w: Call(_statement(w, "choosing")),
    f"GET /api/v1{_DESK}/lines": lambda w: Call(),
    f"POST /api/v1{_DESK}/lines/export": lambda w: Call(
        json={"organization_id": w.organization, "format": "csv"}
    ),
    f"GET {_LINE}": lambda w: Call(_WAITING(w)),
    f"GET /api/v1{_LINE}": lambda w: Call(_WAITING(w)),
    f"POST {_LINE}/order": lambda w: Call(_WAITING(w), form={"order_id": str(w.bank["order"])}),
    f"POST /api/v1{_LINE}/order": lambda w: Call(_WAITING(w), json={"order_id": w.bank["order"]}),
    f"POST {_LINE}/payout": lambda w: Call(_OTHER(w), form={"payout_id": str(w.bank["payout"])}),
    f"POST /api/v1{_LINE}/payout": lambda w: Call(_OTHER(w), json={"payout_id": w.bank["payout"]}),
    f"POST {_LINE}/not-ours": lambda w: Call(_OTHER(w), form={}),
    f"POST /api/v1{_LINE}/not-ours": lambda w: Call(_OTHER(w)),
    f"POST {_LINE}/return": lambda w: Call(_OTHER(w), form={}),
    f"POST /api/v1{_LINE}/return": lambda w: Call(_OTHER(w)),
    f"POST {_LINE}/returned": lambda w: Call(_RETURNING(w), form={"sent_back_no": "R1"}),
    f"POST /api/v1{_LINE}/returned": lambda w: Call(_RETURNING(w), json={"sent_back_no": "R1"}),
    f"POST {_LINE}/undo": lambda w: Call(_ASIDE(w), form={"reason": "点错了"}),
    f"POST /api/v1{_LINE}/undo": lambda w: Call(_ASIDE(w), json={"reason": "点错了"}),
}
