"""Calls of core's areas."""

from tests.contracts.calls import Call
from tests.contracts.world import MERCHANT_KEY, World
from tests.factories import PASSWORD

_NEW_PASSWORD = {"old_password": PASSWORD, "new_password": "battery staple"}
_NEW_PASSWORD_TWICE = _NEW_PASSWORD | {"new_password_again": "battery staple"}
_VOTE = {"choice": "abstain", "reason": "不了解"}
_WRONG = {"phone": "13999999999", "password": "wrong"}


def _nothing(_: World) -> Call:
    return Call()


def _order(w: World) -> Call:
    return Call({"order_id": w.order})


def _refund(w: World) -> Call:
    return Call({"refund_id": w.refund})


def _organization(w: World) -> Call:
    return Call({"organization_id": w.organization})


_MERCHANT = "/merchants/{organization_id:int}/{provider_id:str}"


def _merchant(w: World) -> Call:
    return Call({"organization_id": w.organization, "provider_id": "stripe"})


def _upload(w: World) -> Call:
    return Call({"file_id": w.upload})


def _project(w: World) -> Call:
    return Call({"project_id": w.project})


def _approval(w: World) -> Call:
    return Call({"approval_id": w.approval})


def _place(w: World) -> dict[str, object]:
    return {"scope_kind": "organization", "scope_id": w.organization}


def _granted(w: World) -> dict[str, str]:
    return {"phone": w.newcomer_phone, "name": w.newcomer_name, "role": "core.manager"}


CALLS = {
    "GET /": _nothing,
    "GET /healthz": _nothing,
    "GET /static/{file_path:path}": lambda w: Call({"file_path": "style.css"}),
    "HEAD /static/{file_path:path}": lambda w: Call({"file_path": "style.css"}),
    "GET /language/{language:str}": lambda w: Call({"language": "en"}),
    "GET /care/{choice:str}": lambda w: Call({"choice": "on"}),
    "GET /api/v1/openapi.json": _nothing,
    "GET /api/v1/openapi.json/openapi.json": _nothing,
    "GET /api/v1/openapi.json/{path:str}": lambda w: Call({"path": "nothing"}),
    # people
    "GET /login": _nothing,
    "POST /login": lambda w: Call(form=_WRONG),
    "POST /logout": lambda w: Call(form={}),
    "POST /api/v1/sessions": lambda w: Call(json=_WRONG),
    "DELETE /api/v1/sessions/current": _nothing,
    # account
    "GET /me": _nothing,
    "GET /sessions": _nothing,
    "POST /sessions/{session_id:int}/close": lambda w: Call({"session_id": w.session}, form={}),
    "POST /sessions/close-others": lambda w: Call(form={}),
    "GET /password": _nothing,
    "POST /password": lambda w: Call(form=_NEW_PASSWORD_TWICE),
    "GET /api/v1/me": _nothing,
    "GET /api/v1/sessions": _nothing,
    "DELETE /api/v1/sessions/{session_id:int}": lambda w: Call({"session_id": w.session}),
    "DELETE /api/v1/sessions/others": _nothing,
    "POST /api/v1/password": lambda w: Call(json=_NEW_PASSWORD),
    # roles
    "GET /roles": _nothing,
    "GET /roles/{scope_kind:str}/{scope_id:int}": lambda w: Call(_place(w)),
    "POST /roles/{scope_kind:str}/{scope_id:int}": lambda w: Call(_place(w), form=_granted(w)),
    "GET /roles/grants/{grant_id:int}/revoke": lambda w: Call({"grant_id": w.grant}),
    "POST /roles/grants/{grant_id:int}/revoke": lambda w: Call(
        {"grant_id": w.grant}, form={"reason": "离任"}
    ),
    "GET /api/v1/roles": _nothing,
    "GET /api/v1/roles/{scope_kind:str}/{scope_id:int}": lambda w: Call(_place(w)),
    "POST /api/v1/roles/{scope_kind:str}/{scope_id:int}": lambda w: Call(_place(w), json=_granted(w)),
    "POST /api/v1/roles/grants/{grant_id:int}/revoke": lambda w: Call(
        {"grant_id": w.grant}, json={"reason": "离任"}
    ),
    # approvals
    "GET /approvals": _nothing,
    "GET /approvals/{approval_id:int}": _approval,
    "POST /approvals/{approval_id:int}/vote": lambda w: Call(_approval(w).path, form=_VOTE),
    "POST /approvals/{approval_id:int}/take-back": lambda w: Call(_approval(w).path, form={}),
    "POST /approvals/{approval_id:int}/recuse": lambda w: Call(_approval(w).path, form={"interest": "亲戚"}),
    "POST /approvals/{approval_id:int}/withdraw": lambda w: Call(_approval(w).path, form={}),
    "GET /api/v1/approvals": _nothing,
    "GET /api/v1/approvals/{approval_id:int}": _approval,
    "POST /api/v1/approvals/{approval_id:int}/vote": lambda w: Call(_approval(w).path, json=_VOTE),
    "POST /api/v1/approvals/{approval_id:int}/take-back": _approval,
    "POST /api/v1/approvals/{approval_id:int}/recuse": lambda w: Call(
        _approval(w).path, json={"reason": "亲戚"}
    ),
    "POST /api/v1/approvals/{approval_id:int}/withdraw": _approval,
    # workflows
    "GET /workflows": _nothing,
    "GET /workflows/{code:str}": lambda _: Call({"code": "order"}),
    "GET /api/v1/workflows": _nothing,
    # payments
    "GET /orders/{order_id:int}": _order,
    "POST /orders/{order_id:int}/receipt": lambda w: Call({"order_id": w.order}, form={}),
    "GET /counter": _nothing,
    "POST /orders/{order_id:int}/pay": lambda w: Call({"order_id": w.order}, form={}),
    "POST /orders/{order_id:int}/pay/leave": lambda w: Call({"order_id": w.order}, form={}),
    "GET /orders/{order_id:int}/return": _order,
    "GET /counter/online": _nothing,
    "GET /orders/{order_id:int}/payer/{provider_id:str}": lambda w: Call(
        {"order_id": w.order, "provider_id": "wechatpay"}
    ),
    "GET /api/v1/orders/{order_id:int}/payments": _order,
    "POST /api/v1/orders/{order_id:int}/payments": _order,
    "POST /api/v1/orders/{order_id:int}/payments/check": _order,
    "POST /api/v1/orders/{order_id:int}/payments/leave": _order,
    "GET /api/v1/counter/payments": _nothing,
    "POST /api/v1/payments/notify/{provider:str}/{organization_id:int}": lambda w: Call(
        {"provider": "stripe", "organization_id": w.organization}
    ),
    # accounts at providers
    "GET /merchants": _nothing,
    "GET /merchants/{organization_id:int}": _organization,
    f"GET {_MERCHANT}": _merchant,
    f"POST {_MERCHANT}": lambda w: Call(_merchant(w).path, form={"secret_key": MERCHANT_KEY}),
    f"POST {_MERCHANT}/test": lambda w: Call(_merchant(w).path, form={}),
    f"POST {_MERCHANT}/disconnect": lambda w: Call(_merchant(w).path, form={}),
    "GET /api/v1/merchants/{organization_id:int}": _organization,
    f"GET /api/v1{_MERCHANT}": _merchant,
    f"PUT /api/v1{_MERCHANT}": lambda w: Call(_merchant(w).path, json={"keys": {"secret_key": MERCHANT_KEY}}),
    f"POST /api/v1{_MERCHANT}/test": _merchant,
    f"DELETE /api/v1{_MERCHANT}": _merchant,
    "GET /counter/{order_id:int}": _order,
    "POST /counter/{order_id:int}": lambda w: Call(
        {"order_id": w.order}, form={"amount": "35", "receipt_no": "A1"}
    ),
    "GET /api/v1/orders/{order_id:int}": _order,
    "POST /api/v1/orders/{order_id:int}/receipt": _order,
    "GET /api/v1/counter/orders": _nothing,
    "POST /api/v1/counter/orders/{order_id:int}/cash": lambda w: Call(
        {"order_id": w.order}, json={"amount_fen": 3500, "receipt_no": "A1"}
    ),
    # refunds and disputes
    "GET /counter/{order_id:int}/refund": lambda w: Call({"order_id": w.paid}),
    "POST /counter/{order_id:int}/refund": lambda w: Call(
        {"order_id": w.paid}, form={"amount": "30", "reason": "写错了", "seen_fen": "3500"}
    ),
    "GET /refunds/{refund_id:int}": _refund,
    "POST /refunds/{refund_id:int}": lambda w: Call({"refund_id": w.refund}, form={"receipt_no": "T9"}),
    "GET /counter/settlements": _nothing,
    "POST /counter/settlements": lambda w: Call(form={"organization_id": str(w.organization)}),
    "POST /counter/settlements/{line_id:int}/aside": lambda w: Call({"line_id": w.line}, form={}),
    "GET /api/v1/counter/settlements": _nothing,
    "POST /api/v1/counter/settlements/{line_id:int}/aside": lambda w: Call({"line_id": w.line}),
    "POST /api/v1/merchants/{organization_id:int}/settlements": _organization,
    "GET /counter/refunds": _nothing,
    "GET /counter/disputes": _nothing,
    "GET /api/v1/orders/{order_id:int}/history": _order,
    "POST /api/v1/counter/orders/{order_id:int}/refunds": lambda w: Call(
        {"order_id": w.paid}, json={"amount_fen": 3000, "reason": "写错了", "seen_fen": 3500}
    ),
    "GET /api/v1/refunds/{refund_id:int}": _refund,
    "POST /api/v1/refunds/{refund_id:int}/paid-out": lambda w: Call(
        {"refund_id": w.refund}, json={"receipt_no": "T9"}
    ),
    "GET /api/v1/counter/refunds": _nothing,
    "GET /api/v1/counter/disputes": _nothing,
    # ledger
    "GET /accounts": _nothing,
    "GET /accounts/{organization_id:int}": _organization,
    "GET /api/v1/accounts": _nothing,
    "GET /api/v1/accounts/{organization_id:int}": _organization,
    # notifications
    "GET /inbox": _nothing,
    "GET /inbox/{notice_id:int}": lambda w: Call({"notice_id": w.notice}),
    "POST /inbox/read": lambda w: Call(form={}),
    "GET /inbox/preferences": _nothing,
    "POST /inbox/preferences": lambda w: Call(form={"digest": "on"}),
    "POST /inbox/preferences/email": lambda w: Call(form={"email": "new@example.org"}),
    "POST /inbox/preferences/email/remove": lambda w: Call(form={}),
    "GET /inbox/email/{token:str}": lambda w: Call({"token": w.email_token}),
    "POST /inbox/email/{token:str}": lambda w: Call({"token": w.email_token}, form={}),
    "GET /api/v1/notices": _nothing,
    "GET /api/v1/notices/{notice_id:int}": lambda w: Call({"notice_id": w.notice}),
    "POST /api/v1/notices/read": lambda w: Call(json={"ids": None}),
    "GET /api/v1/notices/preferences": _nothing,
    "PUT /api/v1/notices/preferences": lambda w: Call(json={"quiet": None, "digest": True, "choices": {}}),
    "GET /api/v1/notices/email": _nothing,
    "PUT /api/v1/notices/email": lambda w: Call(json={"email": "new@example.org"}),
    "DELETE /api/v1/notices/email": _nothing,
    "POST /api/v1/notices/email/confirmation": lambda w: Call(json={"token": w.email_token}),
    # search, what waits, components
    "GET /search": lambda w: Call(query={"q": "菜园"}),
    "GET /api/v1/search": lambda w: Call(query={"q": "菜园"}),
    "GET /todo": _nothing,
    "GET /api/v1/todos": _nothing,
    "GET /styleguide": _nothing,
    # files, projects, journeys
    "GET /uploads/{file_id:int}": _upload,
    "GET /uploads/{file_id:int}/small": _upload,
    "GET /api/v1/uploads/{file_id:int}/content": _upload,
    "GET /projects": _nothing,
    "GET /projects/{project_id:int}": _project,
    "POST /projects/{project_id:int}/reports": lambda w: Call({"project_id": w.project}, form={"text": "好"}),
    "GET /api/v1/projects": _nothing,
    "GET /api/v1/projects/{project_id:int}": _project,
    "POST /api/v1/projects/{project_id:int}/reports": lambda w: Call(
        {"project_id": w.project}, json={"text": "好"}
    ),
    "GET /tour": _nothing,
    "GET /api/v1/tours": _nothing,
}
