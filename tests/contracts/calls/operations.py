"""Calls of what operators, auditors and administrators do; rules, and files of one's own."""

from tests.contracts.calls import Call
from tests.contracts.world import RULE, World

_AT = "/operations/jobs/{job_id:int}"
_OF = "/operations/deliveries/{delivery_id:int}"
_PLACE = "/rules/{kind:str}/{scope_id:int}"
_RULE = _PLACE + "/{code:str}"
_REASON = {"reason": "重复了"}


def _nothing(_: World) -> Call:
    return Call()


def _delivery(w: World) -> dict[str, int]:
    return {"delivery_id": w.delivery}


def _rule(w: World) -> dict[str, object]:
    return {"kind": "organization", "scope_id": w.organization, "code": RULE}


def _own(w: World) -> Call:
    return Call({"job_id": w.waiting_job})


def _file(w: World) -> Call:
    return Call({"file_id": w.file})


CALLS = {
    # jobs
    "GET /operations/jobs": _nothing,
    f"GET {_AT}": _own,
    f"POST {_AT}/retry": lambda w: Call({"job_id": w.failed_job}, form={}),
    f"POST {_AT}/cancel": lambda w: Call({"job_id": w.waiting_job}, form=_REASON),
    "GET /jobs/{job_id:int}": _own,
    "GET /api/v1/operations/jobs": _nothing,
    f"GET /api/v1{_AT}": _own,
    f"POST /api/v1{_AT}/retry": lambda w: Call({"job_id": w.failed_job}),
    f"POST /api/v1{_AT}/cancel": lambda w: Call({"job_id": w.waiting_job}, json=_REASON),
    "GET /api/v1/jobs/{job_id:int}": _own,
    # events
    "GET /operations/deliveries": _nothing,
    f"GET {_OF}": lambda w: Call(_delivery(w)),
    f"POST {_OF}/repeat": lambda w: Call(_delivery(w), form={}),
    f"POST {_OF}/skip": lambda w: Call(_delivery(w), form=_REASON),
    "GET /api/v1/operations/deliveries": _nothing,
    f"GET /api/v1{_OF}": lambda w: Call(_delivery(w)),
    f"POST /api/v1{_OF}/repeat": lambda w: Call(_delivery(w)),
    f"POST /api/v1{_OF}/skip": lambda w: Call(_delivery(w), json=_REASON),
    # audit
    "GET /audit": _nothing,
    "POST /audit/exports": lambda w: Call(form={"format": "csv"}),
    "POST /accounts/{organization_id:int}/exports": lambda w: Call(
        {"organization_id": w.organization}, form={"format": "csv"}
    ),
    "POST /api/v1/accounts/{organization_id:int}/exports": lambda w: Call(
        {"organization_id": w.organization}, json={"format": "csv"}
    ),
    "GET /api/v1/audit": _nothing,
    "POST /api/v1/audit/exports": lambda w: Call(json={"format": "csv"}),
    # documents
    "GET /files": _nothing,
    "GET /files/{file_id:int}": _file,
    "GET /api/v1/files": _nothing,
    "GET /api/v1/files/{file_id:int}/content": _file,
    # rules
    "GET /rules": _nothing,
    f"GET {_PLACE}": lambda w: Call(_rule(w)),
    f"GET {_RULE}": lambda w: Call(_rule(w)),
    f"POST {_RULE}": lambda w: Call(_rule(w), form={"value": "31", "effective_on": w.planned_on}),
    f"POST {_RULE}/withdraw": lambda w: Call(_rule(w), form={"effective_on": w.planned_on}),
    f"GET /api/v1{_PLACE}": lambda w: Call(_rule(w)),
    f"GET /api/v1{_RULE}": lambda w: Call(_rule(w)),
    f"POST /api/v1{_RULE}": lambda w: Call(_rule(w), json={"value": 3100, "effective_on": w.planned_on}),
    f"POST /api/v1{_RULE}/withdraw": lambda w: Call(_rule(w), json={"effective_on": w.planned_on}),
}
