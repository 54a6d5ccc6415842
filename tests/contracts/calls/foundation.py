"""Calls of campaigns and host names."""

from collections.abc import Callable
from typing import Any

from core import clock
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules.campaigns import WORDS
from tests.contracts.calls import Call
from tests.contracts.world import World

_Made = Callable[[World], Call]
_TODAY = clock.today().isoformat()
_PLAN = {**dict.fromkeys(WORDS, "样"), "mode": rules.MUTUAL, "begins_on": _TODAY, "ends_on": _TODAY}
_FILING = {"filing_no": "B1", "filed_on": _TODAY}
_TEXT, _HOST = {"text": "都办好了"}, {"name": "new.example.org"}


def _of(name: str, **sent: Any) -> _Made:
    return lambda w: Call({"campaign_id": w.funds[f"{name}_campaign"]}, **sent)


def _host(name: str, **sent: Any) -> _Made:
    return lambda w: Call({"host_id": w.funds[f"{name}_host"]}, **sent)


def _here(w: World, **sent: Any) -> Call:
    return Call({"organization_id": w.here.id}, **sent)


def _nothing(_: World) -> Call:
    return Call()


def _invited(w: World) -> dict[str, str]:
    return {"phone": w.newcomer_phone, "name": w.newcomer_name, "capacity": "board"}


def _new(w: World) -> dict[str, Any]:
    return {**_PLAN, "fund_id": w.funds["fund"]}


_BUTTONS = {
    "review": "draft", "reopen": "reviewed", "drop": "draft", "publish": "reviewed", "stop": "running",
}  # fmt: skip
_HOST_BUTTONS = {"confirm": "asked", "refuse": "asked", "give-up": "own"}
_PAGES: dict[str, _Made] = {
    "GET /campaigns": _nothing,
    "GET /campaigns/{campaign_id:int}": _of("running"),
    "GET /campaigns/{campaign_id:int}/desk": _of("draft"),
    "GET /campaigns/new/{organization_id:int}": _here,
    "POST /campaigns/new/{organization_id:int}": lambda w: _here(
        w, form={name: str(value) for name, value in _new(w).items()}
    ),
    "POST /campaigns/{campaign_id:int}/plan": _of("draft", form=_PLAN),
    "POST /campaigns/{campaign_id:int}/funds": lambda w: _of("draft", form={"fund_id": str(w.funds["fund"])})(
        w
    ),
    "POST /campaigns/{campaign_id:int}/filing": _of("reviewed", form=_FILING),
    "POST /campaigns/{campaign_id:int}/reports": _of("ended", form=_TEXT),
    "POST /campaigns/{campaign_id:int}/invited": lambda w: _of("directed", form=_invited(w))(w),
    **{f"POST /campaigns/{{campaign_id:int}}/{path}": _of(name, form={}) for path, name in _BUTTONS.items()},
    "GET /campaigns/{campaign_id:int}/give": _of("running"),
    "POST /campaigns/{campaign_id:int}/give": lambda w: _of(
        "running", form={"amount": "10", "target": f"{w.funds['fund']}-", "display": "anonymous"}
    )(w),
    "GET /hosts": _nothing,
    "POST /{organization_id:int}/hosts": lambda w: _here(w, form=_HOST),
    **{f"POST /hosts/{{host_id:int}}/{path}": _host(name, form={}) for path, name in _HOST_BUTTONS.items()},
}
_API: dict[str, _Made] = {
    "GET /campaigns": _nothing,
    "GET /campaigns/{campaign_id:int}": _of("running"),
    "POST /foundations/{organization_id:int}/campaigns": lambda w: _here(w, json=_new(w)),
    "POST /campaigns/{campaign_id:int}/plan": _of("draft", json=_PLAN),
    "POST /campaigns/{campaign_id:int}/funds": lambda w: _of("draft", json={"fund_id": w.funds["fund"]})(w),
    "POST /campaigns/{campaign_id:int}/filing": _of("reviewed", json=_FILING),
    "POST /campaigns/{campaign_id:int}/reports": _of("ended", json=_TEXT),
    "POST /campaigns/{campaign_id:int}/invited": lambda w: _of("directed", json=_invited(w))(w),
    **{f"POST /campaigns/{{campaign_id:int}}/{path}": _of(name) for path, name in _BUTTONS.items()},
    "POST /campaigns/{campaign_id:int}/give": lambda w: _of(
        "running", json={"amount_fen": 1000, "target": f"{w.funds['fund']}-", "display": "anonymous"}
    )(w),
    "GET /hosts": _nothing,
    "POST /foundations/{organization_id:int}/hosts": lambda w: _here(w, json=_HOST),
    **{f"POST /hosts/{{host_id:int}}/{path}": _host(name) for path, name in _HOST_BUTTONS.items()},
}


def _under(prefix: str, calls: dict[str, _Made]) -> dict[str, _Made]:
    return {route.replace(" ", f" {prefix}", 1): call for route, call in calls.items()}


CALLS = _under("/foundation", _PAGES) | _under("/api/v1/foundation", _API)
