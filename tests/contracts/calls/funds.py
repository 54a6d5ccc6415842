"""Calls of funds, gifts and requests for money."""

from collections.abc import Callable
from typing import Any

from core import clock
from core.funds.rules import CHECKS
from core.funds.rules.quarters import quarter_of
from tests.contracts.calls import Call
from tests.contracts.fund_things import FILE
from tests.contracts.world import World

_Made = Callable[[World], Call]
_FISCAL = {"code": "51060124", "number": "0000000001", "check_code": "a1b2c3", "issued_on": "2026-01-31"}
_SHEET = {
    "name": "票据.csv",
    "content": "5pS25o2u5Y+3LOelqOaNruS7o+eggSznpajmja7lj7fnoIEs5qCh6aqM56CBLOW8gOelqOaXpeacnwo=",
}


def _fund(w: World, **sent: Any) -> Call:
    return Call({"fund_id": w.funds["fund"]}, **sent)


def _of(kind: str, **sent: Any) -> _Made:
    return lambda w: Call({"fund_id": w.funds[kind]}, **sent)


def _owner(**sent: Any) -> _Made:
    return lambda w: Call({"organization_id": w.here.id}, **sent)


def _gift(kind: str, **sent: Any) -> _Made:
    return lambda w: Call({"gift_id": w.funds[kind]}, **sent)


def _step(stage: str, **sent: Any) -> _Made:
    return lambda w: Call({"request_id": w.funds[stage]}, **sent)


def _here(w: World) -> Call:
    return Call({"organization_id": w.here.id})


def _nothing(_: World) -> Call:
    return Call()


def _rest(w: World, **sent: Any) -> Call:
    return Call({"fund_id": w.funds["rest"]}, **sent)


def _drafted(w: World, **sent: Any) -> Call:
    return Call({"agreement_id": w.funds["drafted"]}, **sent)


def _signed(**sent: Any) -> dict[str, Any]:
    return {"signed_on": clock.today().isoformat(), **sent}


def _agreed() -> dict[str, Any]:
    words = dict.fromkeys(("founder", "purpose", "uses", "rights", "ending"), "样例")
    return {"founder_kind": "community", "from_on": clock.today().isoformat(), **words}


def _leftover(w: World) -> Call:
    return Call({"leftover_id": w.funds["leftover"]})


def _move(w: World) -> Call:
    return Call({"leftover_id": w.funds["leftover"]}, form={})


def _change(w: World) -> Call:
    return Call({"change_id": w.funds["change"]})


def _changing(w: World, **form: str) -> Call:
    return Call({"change_id": w.funds["change"]}, form=form)


def _purposes(w: World) -> dict[str, Any]:
    return {"from_purpose_id": w.funds["asks_from"], "to_purpose_id": w.funds["asks_to"]}


_TODAY = clock.today().isoformat()
_GIFT = {"received_on": _TODAY, "receipt_no": "9", "method": "cash", "display": "anonymous"}
_WHY, _PAYMENT = {"reason": "还要想想"}, {"payment_no": "P9"}
_BACK = {"reason": "捐错了", "payment_no": "T9"}
_VOUCHER = {"voucher_no": "V1", "result": "办好了"}
_PAYBACK = {"amount": "1", "slip_no": "9", "payback_reason": "没用完"}
_EXPLAINED = {"warning": "account:0", "explanation": "不是"}
_LAST = quarter_of(clock.today()).moved(-1)


def _member(w: World) -> dict[str, str]:
    return {"phone": w.newcomer_phone, "name": w.newcomer_name}


def _founded(w: World) -> dict[str, Any]:
    return {"organization_id": w.here.id, "name": "测试自管会又一支微基金"}


def _asked(w: World) -> dict[str, Any]:
    return {"organization_id": w.there.id, "title": "助老餐"}


def _giving(w: World, **more: Any) -> Call:
    return Call({"code": w.funds["promised"]}, **more)


_PAGES: dict[str, _Made] = {
    "GET /funds": _nothing,
    "GET /funds/new": _nothing,
    "GET /funds/desk": _nothing,
    "POST /funds": lambda w: Call(form={k: str(v) for k, v in _founded(w).items()}),
    "GET /funds/{fund_id:int}": _fund,
    "GET /funds/{fund_id:int}/publication.csv": _fund,
    "GET /funds/{fund_id:int}/gifts": _fund,
    "GET /giving/{code:str}": _giving,
    "POST /giving/{code:str}/pay": lambda w: _giving(w, form={}),
    "POST /giving/{code:str}/fiscal": lambda w: _giving(w, form={"fiscal_title": "某公司"}),
    "POST /giving/{code:str}/pay/leave": lambda w: _giving(w, form={}),
    "POST /giving/{code:str}/transfer": lambda w: _giving(w, form={}),
    "POST /giving/{code:str}/transfer/drop": lambda w: _giving(w, form={}),
    "GET /giving/{code:str}/payer/{provider_id:str}": lambda w: Call(
        {"code": w.funds["promised"], "provider_id": "wechatpay"}
    ),
    "GET /giving/{code:str}/return": _giving,
    "GET /funds/{fund_id:int}/uses": _fund,
    "GET /funds/{fund_id:int}/setup": _fund,
    "GET /funds/{fund_id:int}/ask": _fund,
    "GET /funds/{fund_id:int}/gifts/new": _fund,
    "POST /funds/{fund_id:int}/purposes": lambda w: _fund(w, form={"title": "助学"}),
    "POST /funds/{fund_id:int}/members": lambda w: _fund(w, form=_member(w)),
    "POST /funds/{fund_id:int}/members/end": lambda w: Call(
        {"fund_id": w.funds["rest"]}, form={"seat_id": w.funds["rest_seat"], "seat_reason": "换届"}
    ),
    "POST /funds/{fund_id:int}/open": _of("opening", form={}),
    "POST /funds/{fund_id:int}/stop-gifts": _of("fund", form={}),
    "POST /funds/{fund_id:int}/end": _of("closing", form={}),
    "POST /funds/{fund_id:int}/gifts": lambda w: _fund(w, form={**_GIFT, "amount": "10"}),
    "POST /funds/{fund_id:int}/requests": lambda w: _fund(
        w, form={**{k: str(v) for k, v in _asked(w).items()}, "lines": "食材 10"}
    ),
    "GET /funds/requests/{request_id:int}": _step("voting"),
    "POST /funds/requests/{request_id:int}/withdraw": _step("voting", form={}),
    "POST /funds/requests/{request_id:int}/check": _step("approved", form=dict.fromkeys(CHECKS, "on")),
    "POST /funds/requests/{request_id:int}/refuse": _step("approved", form=_WHY),
    "POST /funds/requests/{request_id:int}/prepare": _step("held", form=_PAYMENT),
    "POST /funds/requests/{request_id:int}/release": _step("held", form=_WHY),
    "POST /funds/requests/{request_id:int}/sign": _step("prepared", form={}),
    "POST /funds/requests/{request_id:int}/send-back": _step("prepared", form=_WHY),
    "POST /funds/requests/{request_id:int}/explain": _step("voting", form=_EXPLAINED),
    "POST /funds/requests/{request_id:int}/payback": _step("paid", form=_PAYBACK),
    "POST /funds/requests/{request_id:int}/payback/sign": _step("paid", form={}),
    "POST /funds/requests/{request_id:int}/payback/drop": _step("paid", form={}),
    "POST /funds/requests/{request_id:int}/voucher": _step("paid", form=_VOUCHER),
    "GET /gifts/mine": _nothing,
    "POST /gifts/mine/exports": lambda _: Call(form={"format": "csv"}),
    "GET /gifts/trace": lambda w: Call(query={"code": w.funds["code"]}),
    "GET /gifts/{gift_id:int}": _gift("gift"),
    "GET /funds/fiscal/{organization_id:int}": _owner(),
    "POST /funds/fiscal/{organization_id:int}": _owner(form={}),
    "POST /funds/fiscal/{organization_id:int}/exports": _owner(form={"format": "csv"}),
    "POST /gifts/{gift_id:int}/fiscal": _gift("gift", form=_FISCAL),
    "POST /gifts/{gift_id:int}/fiscal/wish": _gift("gift", form={"fiscal_title": "某公司"}),
    "POST /gifts/trace/fiscal": lambda w: Call(form={"code": w.funds["code"], "fiscal_title": "某公司"}),
    "POST /gifts/{gift_id:int}/receipt": _gift("gift", form={}),
    "POST /gifts/trace/receipt": lambda w: Call(form={"code": w.funds["code"]}),
    "GET /gifts/trace/receipt": lambda w: Call(query={"code": w.funds["receipt_code"]}),
    "GET /gifts/trace/receipt.pdf": lambda w: Call(query={"code": w.funds["receipt_code"]}),
    "GET /gifts/receipts/key.pem": _nothing,
    "POST /gifts/{gift_id:int}/pack": _gift("gift", form={"pack_reason": "来电提出"}),
    "POST /gifts/trace/pack": lambda w: Call(form={"code": w.funds["code"]}),
    "GET /gifts/trace/pack": lambda w: Call(query={"code": w.funds["pack_code"]}),
    "GET /gifts/trace/pack.zip": lambda w: Call(query={"code": w.funds["pack_code"]}),
    "POST /gifts/{gift_id:int}/name/refuse": _gift("gift", form={"name_reason": "冒名"}),
    "POST /gifts/{gift_id:int}/name/lift": _gift("gift", form={}),
    "POST /gifts/{gift_id:int}/confirm": _gift("waiting_gift", form={}),
    "POST /gifts/{gift_id:int}/drop": _gift("waiting_gift", form={}),
    "POST /gifts/{gift_id:int}/refund": _gift("gift", form=_BACK),
    "POST /gifts/{gift_id:int}/refund/sign": _gift("gift_back", form={}),
    "POST /gifts/{gift_id:int}/refund/drop": _gift("gift_back", form={}),
    "GET /funds/{fund_id:int}/agreement": _fund,
    "POST /funds/{fund_id:int}/agreement": lambda w: Call(
        {"fund_id": w.funds["opening"]}, form={**_agreed(), "fee_percent": "5"}
    ),
    "POST /funds/agreements/{agreement_id:int}/sign": lambda w: _drafted(w, form=_signed()),
    "POST /funds/agreements/{agreement_id:int}/drop": lambda w: _drafted(w, form={}),
    "POST /funds/agreements/{agreement_id:int}/paper": lambda w: _drafted(w, form={}),
    "POST /funds/{fund_id:int}/leftovers": lambda w: _rest(
        w, form={"target": f"{w.funds['fund']}-", "reason": "办完了"}
    ),
    "GET /funds/leftovers/{leftover_id:int}": _leftover,
    "POST /funds/leftovers/{leftover_id:int}/move": _move,
    "POST /funds/{fund_id:int}/changes": lambda w: Call(
        {"fund_id": w.funds["asks"]},
        form={**{k: str(v) for k, v in _purposes(w).items()}, "change_reason": "办完了"},
    ),
    "GET /funds/changes/{change_id:int}": _change,
    "POST /funds/changes/{change_id:int}/answer": lambda w: _changing(w, answer="consent"),
    "POST /funds/changes/{change_id:int}/carry-out": _changing,
    "POST /funds/changes/{change_id:int}/drop": _changing,
    "POST /gifts/trace/answer": lambda w: Call(form={"code": w.funds["code"], "answer": "consent"}),
}
_API: dict[str, _Made] = {
    "GET /funds": _nothing,
    "POST /funds": lambda w: Call(json=_founded(w)),
    "GET /funds/{fund_id:int}": _fund,
    "GET /funds/{fund_id:int}/publication": _fund,
    "GET /funds/{fund_id:int}/publication/clock": _fund,
    "GET /funds/{fund_id:int}/publication.csv": _fund,
    "GET /funds/{fund_id:int}/gifts": _fund,
    "GET /giving/{code:str}": _giving,
    "POST /giving/{code:str}/payments": _giving,
    "POST /giving/{code:str}/fiscal": lambda w: _giving(w, json={"title": "某公司"}),
    "POST /giving/{code:str}/payments/check": _giving,
    "POST /giving/{code:str}/payments/leave": _giving,
    "POST /giving/{code:str}/transfer": _giving,
    "POST /giving/{code:str}/transfer/drop": _giving,
    "GET /funds/{fund_id:int}/uses": _fund,
    "POST /funds/{fund_id:int}/purposes": lambda w: _fund(w, json={"title": "助学"}),
    "POST /funds/{fund_id:int}/members": lambda w: _fund(w, json=_member(w)),
    "GET /funds/{fund_id:int}/members": _of("fund"),
    "POST /funds/{fund_id:int}/members/{seat_id:int}/end": lambda w: Call(
        {"fund_id": w.funds["rest"], "seat_id": w.funds["rest_seat"]}, json={"reason": "换届"}
    ),
    "POST /funds/{fund_id:int}/open": _of("opening"),
    "POST /funds/{fund_id:int}/stop-gifts": _of("fund"),
    "POST /funds/{fund_id:int}/end": _of("closing"),
    "POST /funds/{fund_id:int}/gifts": lambda w: _fund(w, json={**_GIFT, "amount_fen": 1000}),
    "POST /funds/{fund_id:int}/requests": lambda w: _fund(
        w, json={**_asked(w), "lines": [{"title": "食材", "amount_fen": 1000}]}
    ),
    "GET /funds/requests": _nothing,
    "GET /funds/requests/{request_id:int}": _step("voting"),
    "POST /funds/requests/{request_id:int}/withdraw": _step("voting"),
    "POST /funds/requests/{request_id:int}/check": _step("approved", json={"checks": list(CHECKS)}),
    "POST /funds/requests/{request_id:int}/refuse": _step("approved", json=_WHY),
    "POST /funds/requests/{request_id:int}/prepare": _step("held", json=_PAYMENT),
    "POST /funds/requests/{request_id:int}/release": _step("held", json=_WHY),
    "POST /funds/requests/{request_id:int}/sign": _step("prepared"),
    "POST /funds/requests/{request_id:int}/send-back": _step("prepared", json=_WHY),
    "POST /funds/requests/{request_id:int}/explain": _step("voting", json=_EXPLAINED),
    "POST /funds/requests/{request_id:int}/payback": _step(
        "paid", json={"amount_fen": 100, "slip_no": "9", "reason": "没用完", "slip": FILE}
    ),
    "POST /funds/requests/{request_id:int}/payback/sign": _step("paid"),
    "POST /funds/requests/{request_id:int}/payback/drop": _step("paid"),
    "POST /funds/requests/{request_id:int}/voucher": _step("paid", json={**_VOUCHER, "file": FILE}),
    "GET /gifts/mine": _nothing,
    "GET /gifts/mine/sums": _nothing,
    "POST /gifts/mine/exports": lambda _: Call(json={"format": "csv"}),
    "GET /gifts/trace": lambda w: Call(query={"code": w.funds["code"]}),
    "GET /gifts/{gift_id:int}": _gift("gift"),
    "GET /funds/fiscal/{organization_id:int}": _owner(),
    "POST /funds/fiscal/{organization_id:int}": _owner(json={"list": _SHEET}),
    "POST /funds/fiscal/{organization_id:int}/exports": _owner(json={"format": "csv"}),
    "GET /gifts/{gift_id:int}/fiscal": _gift("gift"),
    "POST /gifts/{gift_id:int}/fiscal": _gift("gift", json=_FISCAL),
    "POST /gifts/{gift_id:int}/fiscal/wish": _gift("gift", json={"title": "某公司"}),
    "GET /gifts/trace/fiscal": lambda w: Call(query={"code": w.funds["code"]}),
    "POST /gifts/trace/fiscal": lambda w: Call(json={"code": w.funds["code"], "title": "某公司"}),
    "POST /gifts/{gift_id:int}/receipt": _gift("gift"),
    "POST /gifts/{gift_id:int}/receipt/paper": _gift("gift"),
    "POST /gifts/trace/receipt": lambda w: Call(json={"code": w.funds["code"]}),
    "POST /gifts/{gift_id:int}/pack": _gift("gift", json={"reason": "来电提出"}),
    "POST /gifts/trace/pack": lambda w: Call(json={"code": w.funds["code"]}),
    "GET /gifts/trace/pack": lambda w: Call(query={"code": w.funds["pack_code"]}),
    "POST /gifts/{gift_id:int}/name/refuse": _gift("gift", json={"reason": "冒名"}),
    "POST /gifts/{gift_id:int}/name/lift": _gift("gift"),
    "POST /gifts/{gift_id:int}/confirm": _gift("waiting_gift"),
    "POST /gifts/{gift_id:int}/drop": _gift("waiting_gift"),
    "POST /gifts/{gift_id:int}/refund": _gift("gift", json=_BACK),
    "POST /gifts/{gift_id:int}/refund/sign": _gift("gift_back"),
    "POST /gifts/{gift_id:int}/refund/drop": _gift("gift_back"),
    "GET /funds/{fund_id:int}/agreements": _fund,
    "POST /funds/{fund_id:int}/agreements": lambda w: Call({"fund_id": w.funds["opening"]}, json=_agreed()),
    "POST /funds/agreements/{agreement_id:int}/sign": lambda w: _drafted(w, json=_signed(file=FILE)),
    "POST /funds/agreements/{agreement_id:int}/drop": _drafted,
    "POST /funds/agreements/{agreement_id:int}/paper": _drafted,
    "POST /funds/{fund_id:int}/leftovers": lambda w: _rest(
        w, json={"to_fund_id": w.funds["fund"], "reason": "办完了"}
    ),
    "GET /funds/leftovers/{leftover_id:int}": _leftover,
    "POST /funds/leftovers/{leftover_id:int}/move": _leftover,
    "POST /funds/{fund_id:int}/changes": lambda w: Call(
        {"fund_id": w.funds["asks"]}, json={**_purposes(w), "reason": "办完了"}
    ),
    "GET /funds/changes/{change_id:int}": _change,
    "POST /funds/changes/{change_id:int}/answer": lambda w: Call(
        {"change_id": w.funds["change"]}, json={"answer": "consent"}
    ),
    "POST /funds/changes/{change_id:int}/carry-out": _change,
    "POST /funds/changes/{change_id:int}/drop": _change,
    "POST /gifts/trace/answer": lambda w: Call(json={"code": w.funds["code"], "answer": "consent"}),
}
_FOUNDATION: dict[str, _Made] = {
    "GET /foundation": _nothing,
    "GET /foundation/{organization_id:int}": _here,
    "POST /foundation/{organization_id:int}/publications": lambda w: Call(
        {"organization_id": w.here.id}, form={"quarter": str(_LAST)}
    ),
    "GET /api/v1/foundation/foundations": _nothing,
    "GET /api/v1/foundation/foundations/{organization_id:int}": _here,
    "POST /api/v1/foundation/foundations/{organization_id:int}/publications": lambda w: Call(
        {"organization_id": w.here.id}, json={"year": _LAST.year, "quarter": _LAST.number}
    ),
}


def _under_api(route: str) -> str:
    method, path = route.split(" ")
    return f"{method} /api/v1{path}"


CALLS = _PAGES | {_under_api(route): call for route, call in _API.items()} | _FOUNDATION
