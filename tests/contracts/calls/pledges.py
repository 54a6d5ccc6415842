"""Calls of pledges."""

from collections.abc import Callable
from typing import Any

from core import clock
from tests.contracts.calls import Call
from tests.contracts.world import World

_Made = Callable[[World], Call]


def _pledge(name: str, **sent: Any) -> _Made:
    return lambda w: Call({"pledge_id": w.funds[name]}, **sent)


def _here(w: World) -> Call:
    return Call({"organization_id": w.here.id})


def _new(w: World) -> Call:
    form = {
        "fund_id": str(w.funds["fund"]), "parts": f"{clock.today()} 1", "donor_name": "认样人",
        "display": "name",
    }  # fmt: skip
    return Call({"organization_id": w.here.id}, form=form)


def _new_by_program(w: World) -> Call:
    body = {
        "fund_id": w.funds["fund"], "donor_name": "认样人", "display": "name", "is_binding": False,
        "parts": [{"due_on": clock.today().isoformat(), "amount_fen": 1}],
    }  # fmt: skip
    return Call(json=body)


_WHY = {"ground": "not_bound", "reason": "不捐了"}
_PAGES, _API = "/foundation/pledges/{pledge_id:int}", "/api/v1/foundation"
CALLS: dict[str, _Made] = {
    "GET /foundation/{organization_id:int}/pledges": _here,
    "GET /foundation/{organization_id:int}/pledges/new": _here,
    "POST /foundation/{organization_id:int}/pledges": _new,
    f"GET {_PAGES}": _pledge("pledge"),
    f"POST {_PAGES}/gifts": _pledge("pledge", form={"receipt_no": "1"}),
    f"POST {_PAGES}/withdraw": _pledge("pledge_lost", form=_WHY),
    f"POST {_PAGES}/pay": _pledge("pledge", form={}),
    f"POST {_API}/pledges/{{pledge_id:int}}/pay": _pledge("pledge"),
    f"GET {_API}/foundations/{{organization_id:int}}/pledges": _here,
    f"POST {_API}/pledges": _new_by_program,
    f"GET {_API}/pledges/{{pledge_id:int}}": _pledge("pledge"),
    f"POST {_API}/pledges/{{pledge_id:int}}/gifts": _pledge("pledge", json={"receipt_no": "1"}),
    f"POST {_API}/pledges/{{pledge_id:int}}/withdraw": _pledge("pledge_lost", json=_WHY),
}
