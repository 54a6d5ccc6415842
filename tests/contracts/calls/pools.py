"""Calls of matching pools."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from core import clock
from tests.contracts.calls import Call
from tests.contracts.world import World

_Made = Callable[[World], Call]


def _pool(state: str, **sent: Any) -> _Made:
    return lambda w: Call({"pool_id": w.funds[f"pool_{state}"]}, **sent)


def _here(w: World) -> Call:
    return Call({"organization_id": w.here.id})


def _today() -> str:
    return clock.today().isoformat()


def _new(w: World) -> Call:
    form = {
        "title": "样配捐", "sponsor_name": "样公司", "ratio": "1:1", "whole": "100", "begins_on": _today(),
        "ends_on": (clock.today() + timedelta(days=9)).isoformat(), "rest": "sponsor",
        "fund_1": str(w.funds["fund"]),
    }  # fmt: skip
    return Call({"organization_id": w.here.id}, form=form)


def _new_by_program(w: World) -> Call:
    body = {
        "title": "样配捐", "sponsor_name": "样公司", "numerator": 1, "denominator": 1, "whole_fen": 100,
        "begins_on": _today(), "ends_on": _today(), "rest": "sponsor", "fund_ids": [w.funds["fund"]],
    }  # fmt: skip
    return Call({"organization_id": w.here.id}, json=body)


def _money(step: str, *, by_program: bool) -> _Made:
    def made(w: World) -> Call:
        path = {"pool_id": w.funds["pool_open"], "money_id": w.funds["pool_money"]}
        return Call(path, json={"step": step}) if by_program else Call(path, form={"step": step})

    return made


_POOL = "/foundation/pools/{pool_id:int}"
_API = "/api/v1/foundation"
CALLS: dict[str, _Made] = {
    "GET /foundation/{organization_id:int}/pools": _here,
    "GET /foundation/{organization_id:int}/pools/new": _here,
    "POST /foundation/{organization_id:int}/pools": _new,
    f"GET {_POOL}": _pool("open"),
    f"GET {_POOL}/matches.csv": _pool("open"),
    f"POST {_POOL}/money": lambda w: Call(
        {"pool_id": w.funds["pool_open"]}, form={"amount": "1", "receipt_no": "N-1", "received_on": _today()}
    ),
    f"POST {_POOL}/rest": _pool("ended", form={"payment_no": "N-1"}),
    f"POST {_POOL}/steps": _pool("draft", form={"step": "open"}),
    f"POST {_POOL}/money/{{money_id:int}}/steps": _money("confirm", by_program=False),
    f"GET {_API}/foundations/{{organization_id:int}}/pools": _here,
    f"POST {_API}/foundations/{{organization_id:int}}/pools": _new_by_program,
    f"GET {_API}/pools/{{pool_id:int}}": _pool("open"),
    f"GET {_API}/pools/{{pool_id:int}}/matches": _pool("open"),
    f"POST {_API}/pools/{{pool_id:int}}/money": lambda w: Call(
        {"pool_id": w.funds["pool_open"]},
        json={"amount_fen": 1, "receipt_no": "N-2", "received_on": _today()},
    ),
    f"POST {_API}/pools/{{pool_id:int}}/rest": _pool("ended", json={"payment_no": "N-2"}),
    f"POST {_API}/pools/{{pool_id:int}}/steps": _pool("draft", json={"step": "open"}),
    f"POST {_API}/pools/{{pool_id:int}}/money/{{money_id:int}}/steps": _money("confirm", by_program=True),
}
