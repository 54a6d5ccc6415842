"""Calls of agreements with donors."""

from collections.abc import Callable
from typing import Any

from core import clock
from tests.contracts.calls import Call
from tests.contracts.fund_things import FILE
from tests.contracts.world import World

_Made = Callable[[World], Call]


def _agreement(name: str, **sent: Any) -> _Made:
    return lambda w: Call({"agreement_id": w.funds[name]}, **sent)


def _here(w: World) -> Call:
    return Call({"organization_id": w.here.id})


def _words() -> dict[str, Any]:
    return {
        "donor_name": "约样公司", "kind": "money", "what": "人民币", "uses": "课堂",
        "deliver_by": clock.today().isoformat(),
    }  # fmt: skip


def _new(w: World) -> Call:
    form = _words() | {"fund_id": str(w.funds["fund"]), "value": "1"}
    return Call({"organization_id": w.here.id}, form=form)


def _new_by_program(w: World) -> Call:
    return Call(json=_words() | {"fund_id": w.funds["fund"], "value_fen": 100})


def _signed(name: str) -> _Made:
    day = "2026-01-01"
    return lambda w: Call({"agreement_id": w.funds[name]}, json={"signed_on": day, "file": FILE})


_PAGES = "/foundation/agreements/{agreement_id:int}"
_API = "/api/v1/foundation"
CALLS: dict[str, _Made] = {
    "GET /foundation/{organization_id:int}/agreements": _here,
    "GET /foundation/{organization_id:int}/agreements/new": _here,
    "POST /foundation/{organization_id:int}/agreements": _new,
    f"GET {_PAGES}": _agreement("agreement"),
    f"POST {_PAGES}/sign": _agreement("agreement", form={"signed_on": "2026-01-01"}),
    f"POST {_PAGES}/fulfil": _agreement("agreement", form={"receipt_no": "1"}),
    f"POST {_PAGES}/pledges": _agreement("agreement", form={"pledge_id": "1"}),
    f"POST {_PAGES}/settle": _agreement("agreement", form={"settled_reason": "约定改了"}),
    f"POST {_PAGES}/end": _agreement("agreement_lost", form={"reason": "不捐了"}),
    f"POST {_PAGES}/paper": _agreement("agreement", form={}),
    f"GET {_API}/foundations/{{organization_id:int}}/agreements": _here,
    f"POST {_API}/agreements": _new_by_program,
    f"GET {_API}/agreements/{{agreement_id:int}}": _agreement("agreement"),
    f"POST {_API}/agreements/{{agreement_id:int}}/sign": _signed("agreement"),
    f"POST {_API}/agreements/{{agreement_id:int}}/fulfil": _agreement("agreement", json={"receipt_no": "1"}),
    f"POST {_API}/agreements/{{agreement_id:int}}/end": _agreement(
        "agreement_lost", json={"reason": "不捐了"}
    ),
    f"POST {_API}/agreements/{{agreement_id:int}}/pledges": _agreement("agreement", json={"pledge_id": 1}),
    f"POST {_API}/agreements/{{agreement_id:int}}/settle": _agreement(
        "agreement", json={"reason": "约定改了"}
    ),
    f"POST {_API}/agreements/{{agreement_id:int}}/paper": _agreement("agreement"),
}
