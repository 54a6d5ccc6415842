"""Calls of what is on record about organizations, and of where they are paid."""

from tests.contracts.calls import Call
from tests.contracts.world import World

_ONE = "/organizations/{organization_id:int}"
_RESTRICTION, _PAYEE = f"{_ONE}/restrictions/{{restriction_id:int}}", f"{_ONE}/payee/{{payee_id:int}}"
_FINDING = {"value": "4A", "given_by": "民政局", "valid_from": "2026-01-01", "reason": "公告 7 号"}
_RESTRICT = {"grade": "notice", "reason": "迟交", "until_on": "2027-06-30"}
_DECISION = {"outcome": "lifted", "answer": "已补交"}
_ACCOUNT = {"bank": "样例银行", "holder": "测试自管会", "account": "62220002"}
_CONFIRM = {"outcome": "confirmed"}


def _here(w: World) -> dict[str, int]:
    return {"organization_id": w.organization}


def _restricted(w: World) -> dict[str, int]:
    return _here(w) | {"restriction_id": w.organizations["restriction"]}


def _paid(w: World) -> dict[str, int]:
    return {"organization_id": w.organizations["group"], "payee_id": w.organizations["payee"]}


def _imported(w: World) -> dict[str, int]:
    return {"import_id": w.organizations["import"]}


_IMPORT, _LIST = "/organizations/imports/{import_id:int}", {"name": "a.csv", "content": "YQ=="}
CALLS = {
    "GET /organizations/imports": lambda w: Call(),
    "POST /organizations/imports": lambda w: Call(form={}),
    "POST /api/v1/organizations/imports": lambda w: Call(json={"file": _LIST}),
    f"GET {_IMPORT}": lambda w: Call(_imported(w)),
    f"GET /api/v1{_IMPORT}": lambda w: Call(_imported(w)),
    f"POST {_IMPORT}": lambda w: Call(_imported(w), form={"good": "1"}),
    f"POST /api/v1{_IMPORT}/confirmation": lambda w: Call(_imported(w), json={"good": 1}),
    f"POST {_IMPORT}/errors": lambda w: Call(_imported(w), form={"format": "csv"}),
    f"POST /api/v1{_IMPORT}/errors": lambda w: Call(_imported(w), json={"format": "csv"}),
    "POST /organizations/exports": lambda w: Call(form={"format": "csv"}),
    "POST /api/v1/organizations/exports": lambda w: Call(json={"format": "csv"}),
    f"GET {_ONE}/members": lambda w: Call(_here(w)),
    f"GET /api/v1{_ONE}/members": lambda w: Call(_here(w)),
    f"GET {_ONE}/records": lambda w: Call(_here(w)),
    f"GET /api/v1{_ONE}/records": lambda w: Call(_here(w)),
    f"GET {_ONE}/records/{{kind:str}}": lambda w: Call(_here(w) | {"kind": "rating"}),
    f"POST {_ONE}/records/{{kind:str}}": lambda w: Call(_here(w) | {"kind": "rating"}, form=_FINDING),
    f"POST /api/v1{_ONE}/records": lambda w: Call(_here(w), json=_FINDING | {"kind": "rating"}),
    f"GET {_ONE}/restrictions": lambda w: Call(_here(w)),
    f"GET /api/v1{_ONE}/restrictions": lambda w: Call(_here(w)),
    f"POST {_ONE}/restrictions": lambda w: Call(_here(w), form=_RESTRICT),
    f"POST /api/v1{_ONE}/restrictions": lambda w: Call(_here(w), json=_RESTRICT),
    f"GET {_RESTRICTION}": lambda w: Call(_restricted(w)),
    f"POST {_RESTRICTION}/appeal": lambda w: Call(_restricted(w), form={"appeal": "已经补交"}),
    f"POST /api/v1{_RESTRICTION}/appeal": lambda w: Call(_restricted(w), json={"appeal": "已经补交"}),
    f"POST {_RESTRICTION}/decision": lambda w: Call(_restricted(w), form=_DECISION),
    f"POST /api/v1{_RESTRICTION}/decision": lambda w: Call(_restricted(w), json=_DECISION),
    f"GET {_ONE}/payee": lambda w: Call(_here(w)),
    f"GET /api/v1{_ONE}/payee": lambda w: Call(_here(w)),
    f"POST {_ONE}/payee": lambda w: Call(_here(w), form=_ACCOUNT),
    f"POST /api/v1{_ONE}/payee": lambda w: Call(_here(w), json=_ACCOUNT),
    f"POST {_PAYEE}/decision": lambda w: Call(_paid(w), form=_CONFIRM),
    f"POST /api/v1{_PAYEE}/decision": lambda w: Call(_paid(w), json=_CONFIRM),
}
