"""Calls of 绿币."""

from collections.abc import Callable
from typing import Any

from core import clock
from tests.contracts.calls import Call
from tests.contracts.world import World

_Maker = Callable[[World], Call]


def _of(name: str, key: str, **sent: Any) -> _Maker:
    """A call about the thing of the world that is called `key`."""
    return lambda world: Call({name: world.points[key]}, **sent)


def _scheme(**sent: Any) -> _Maker:
    return _of("scheme_id", "scheme", **sent)


_RULE = {
    "behaviour": "参加村民会议",
    "category": "public",
    "unit": "次",
    "points": "3",
    "effective_from": clock.today().isoformat(),
}
_RULE_JSON = {**_RULE, "points": 300}
_CLAIM = {"quantity": "1", "happened_on": clock.today().isoformat(), "words": "再报一次"}
_REASON = {"reason": "看不清"}
_STOCK = {"change": "5", "reason": "进货"}
_ITEM = {"name": "酱油", "points": "7"}


def _hand_over(**wrapped: Any) -> _Maker:
    return lambda world: Call(
        {"scheme_id": world.points["scheme"]},
        **{kind: {"code": world.points["code"], **more} for kind, more in wrapped.items()},
    )


_PAGES: dict[str, _Maker] = {
    "GET /greencoin": lambda w: Call(),
    "GET /greencoin/mine": lambda w: Call(),
    "GET /greencoin/desk": lambda w: Call(),
    "GET /greencoin/counter": lambda w: Call(),
    "GET /greencoin/{scheme_id:int}": _scheme(),
    "POST /greencoin/{scheme_id:int}/board": _scheme(form={"shown": "on"}),
    "GET /greencoin/{scheme_id:int}/rules": _scheme(),
    "POST /greencoin/{scheme_id:int}/rules": _scheme(form=_RULE),
    "GET /greencoin/rules/{rule_id:int}": _of("rule_id", "yard"),
    "POST /greencoin/rules/{rule_id:int}": _of("rule_id", "yard", form=_RULE),
    "POST /greencoin/rules/{rule_id:int}/end": _of("rule_id", "yard", form={}),
    "GET /greencoin/{scheme_id:int}/claim": _scheme(),
    "GET /greencoin/rules/{rule_id:int}/claim": _of("rule_id", "yard"),
    "POST /greencoin/rules/{rule_id:int}/claim": _of("rule_id", "yard", form=_CLAIM),
    "GET /greencoin/claims/{claim_id:int}": _of("claim_id", "submitted"),
    "POST /greencoin/claims/{claim_id:int}/withdraw": _of("claim_id", "submitted", form={}),
    "POST /greencoin/claims/{claim_id:int}/verify": _of("claim_id", "submitted", form={}),
    "POST /greencoin/claims/{claim_id:int}/credit": _of("claim_id", "uncredited", form={}),
    "POST /greencoin/claims/{claim_id:int}/reject": _of("claim_id", "submitted", form=_REASON),
    "POST /greencoin/claims/{claim_id:int}/reverse": _of("claim_id", "credited", form=_REASON),
    "GET /greencoin/{scheme_id:int}/desk": _scheme(),
    "POST /greencoin/{scheme_id:int}/reviews": _scheme(form={}),
    "GET /greencoin/reviews/{review_id:int}": _of("review_id", "review"),
    "GET /greencoin/{scheme_id:int}/shop": _scheme(),
    "POST /greencoin/{scheme_id:int}/items": _scheme(form=_ITEM),
    "GET /greencoin/items/{item_id:int}": _of("item_id", "item"),
    "POST /greencoin/items/{item_id:int}/reserve": _of("item_id", "other_item", form={"quantity": "1"}),
    "POST /greencoin/items/{item_id:int}/stock": _of("item_id", "item", form=_STOCK),
    "POST /greencoin/items/{item_id:int}/off": _of("item_id", "item", form={}),
    "GET /greencoin/redemptions/{redemption_id:int}": _of("redemption_id", "redemption"),
    "POST /greencoin/redemptions/{redemption_id:int}/cancel": _of("redemption_id", "redemption", form={}),
    "GET /greencoin/{scheme_id:int}/counter": _scheme(),
    "POST /greencoin/{scheme_id:int}/counter": _hand_over(form={}),
}
_API: dict[str, _Maker] = {
    "GET /schemes": lambda w: Call(),
    "GET /schemes/{scheme_id:int}": _scheme(),
    "GET /schemes/{scheme_id:int}/rules": _scheme(),
    "POST /schemes/{scheme_id:int}/rules": _scheme(json=_RULE_JSON),
    "POST /rules/{rule_id:int}/versions": _of("rule_id", "yard", json=_RULE_JSON),
    "POST /rules/{rule_id:int}/end": _of("rule_id", "yard"),
    "GET /passbook": lambda w: Call(),
    "POST /schemes/{scheme_id:int}/board": _scheme(json={"shown": True}),
    "POST /rules/{rule_id:int}/claims": _of("rule_id", "yard", json={**_CLAIM, "quantity": 1}),
    "GET /claims": lambda w: Call(),
    "GET /claims/{claim_id:int}": _of("claim_id", "submitted"),
    "GET /schemes/{scheme_id:int}/claims": _scheme(),
    "POST /claims/{claim_id:int}/withdraw": _of("claim_id", "submitted"),
    "POST /claims/{claim_id:int}/verify": _of("claim_id", "submitted"),
    "POST /claims/{claim_id:int}/credit": _of("claim_id", "uncredited"),
    "POST /claims/{claim_id:int}/reject": _of("claim_id", "submitted", json=_REASON),
    "POST /claims/{claim_id:int}/reverse": _of("claim_id", "credited", json=_REASON),
    "POST /schemes/{scheme_id:int}/reviews": _scheme(),
    "GET /reviews/{review_id:int}": _of("review_id", "review"),
    "GET /schemes/{scheme_id:int}/items": _scheme(),
    "POST /schemes/{scheme_id:int}/items": _scheme(json={"name": "酱油", "cost": 700}),
    "POST /items/{item_id:int}/off": _of("item_id", "item"),
    "POST /items/{item_id:int}/stock": _of("item_id", "item", json={**_STOCK, "change": 5}),
    "POST /items/{item_id:int}/reserve": _of("item_id", "other_item", json={"quantity": 1}),
    "GET /redemptions": lambda w: Call(),
    "GET /redemptions/{redemption_id:int}": _of("redemption_id", "redemption"),
    "POST /redemptions/{redemption_id:int}/cancel": _of("redemption_id", "redemption"),
    "GET /schemes/{scheme_id:int}/waiting": _scheme(),
    "POST /schemes/{scheme_id:int}/hand-over": _hand_over(json={}),
}
CALLS = _PAGES | {
    f"{method} /api/v1/greencoin{path}": maker
    for route, maker in _API.items()
    for method, _, path in [route.partition(" ")]
}
