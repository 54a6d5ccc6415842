"""Calls of project calls, and of the registration of organizations that they begin with."""

from base64 import b64encode

from tests.contracts.calls import Call
from tests.contracts.world import World
from tests.core.files.pictures import photo

_AT, _API = "/venture/calls/{call_id:int}", "/api/v1/venture/calls/{call_id:int}"
_OF, _API_OF = (
    "/venture/applications/{application_id:int}",
    "/api/v1/venture/applications/{application_id:int}",
)
_IN, _API_IN = "/venture/contracts/{contract_id:int}", "/api/v1/venture/contracts/{contract_id:int}"
_ONE = "/organizations/{organization_id:int}"
_PHOTO = {"name": "a.jpg", "content": b64encode(photo()).decode()}
_PAID = {"payee_name": "测试自管会", "slip": "7"}
_LINE = {"category": "labour", "item": "社工", "quantity": "2"}


def _nothing(_: World) -> Call:
    return Call()


def _registration(w: World, name: str) -> dict[str, object]:
    return {"name": name, "kind": "community_group", "region_id": w.here.region_id}


def _typed(w: World, name: str) -> dict[str, str]:
    return {key: str(value) for key, value in _registration(w, name).items()}


def _terms(w: World) -> dict[str, object]:
    return {
        "organization_id": w.organization,
        "title": "好",
        "summary": "好",
        "budget_fen": 1_000_000,
        "cap_fen": 1_000_000,
        "plan": [5000, 3000, 2000],
        "closes_on": "2099-12-31",
        "criteria": [{"title": "好", "weight": 100}],
    }


def _form(w: World) -> dict[str, str]:
    return {
        "organization_id": str(w.organization),
        "title": "好",
        "summary": "好",
        "budget": "10000",
        "cap": "10000",
        "closes_on": "2099-12-31",
        "first_percent": "50",
        "second_percent": "30",
        "last_percent": "20",
        "criterion_1": "好",
        "weight_1": "100",
    }


def _words(w: World, asked: dict[str, object]) -> dict[str, object]:
    words = {"title": "好", "need": "好", "plan": "好", "beneficiaries": 3}
    return words | {"organization_id": w.there.id} | asked


def _application(w: World) -> dict[str, str]:
    return {key: str(value) for key, value in _words(w, {"asked": "100"}).items()}


def _written(w: World) -> dict[str, int]:
    return {"application_id": w.calls.written}


def _scored(w: World, number: int) -> dict[str, int]:
    return {"application_id": w.calls.scoring.applications[number]}


def _call(w: World, which: str) -> dict[str, int]:
    return {"call_id": getattr(w.calls, which).call}


def _tranche(contract_id: int) -> dict[str, int]:
    return {"contract_id": contract_id, "number": 1}


CALLS = {
    # organizations
    "GET /organizations": _nothing,
    "GET /organizations/new": _nothing,
    "POST /organizations/new": lambda w: Call(form=_typed(w, "合唱团")),
    f"GET {_ONE}": lambda w: Call({"organization_id": w.registration}),
    f"POST {_ONE}": lambda w: Call({"organization_id": w.returned}, form=_typed(w, "种菜小组")),
    f"POST {_ONE}/review": lambda w: Call({"organization_id": w.registration}, form={"outcome": "approved"}),
    "GET /api/v1/organizations": _nothing,
    "GET /api/v1/organizations/waiting": _nothing,
    "GET /api/v1/organizations/places": _nothing,
    "POST /api/v1/organizations": lambda w: Call(json=_registration(w, "合唱团")),
    f"GET /api/v1{_ONE}": lambda w: Call({"organization_id": w.registration}),
    f"PUT /api/v1{_ONE}": lambda w: Call({"organization_id": w.returned}, json=_registration(w, "种菜小组")),
    f"POST /api/v1{_ONE}/review": lambda w: Call(
        {"organization_id": w.registration}, json={"outcome": "approved"}
    ),
    # calls
    "GET /venture": _nothing,
    "GET /venture/calls/new": _nothing,
    "POST /venture/calls/new": lambda w: Call(form=_form(w)),
    f"GET {_AT}": lambda w: Call({"call_id": w.calls.draft}),
    f"GET {_AT}/desk": lambda w: Call({"call_id": w.calls.draft}),
    f"POST {_AT}/funds": lambda w: Call({"call_id": w.calls.draft}, form={"amount": "1", "slip": "9"}),
    f"POST {_AT}/publish": lambda w: Call({"call_id": w.calls.draft}, form={}),
    f"POST {_AT}/experts": lambda w: Call(
        {"call_id": w.calls.draft}, form={"phone": w.newcomer_phone, "name": w.newcomer_name}
    ),
    f"POST {_AT}/scoring": lambda w: Call(_call(w, "closed"), form={}),
    f"POST {_AT}/ranking": lambda w: Call(_call(w, "scored"), form={}),
    f"POST {_AT}/decision": lambda w: Call(_call(w, "over"), form={}),
    f"POST {_AT}/objections": lambda w: Call(
        _call(w, "publicity"),
        form={"application_id": str(w.calls.publicity.applications[1]), "text": "不合适"},
    ),
    "POST /venture/objections/{objection_id:int}": lambda w: Call(
        {"objection_id": w.calls.objection}, form={"outcome": "no", "answer": "查过了"}
    ),
    "GET /api/v1/venture/calls": _nothing,
    "POST /api/v1/venture/calls": lambda w: Call(json=_terms(w)),
    f"GET {_API}": lambda w: Call({"call_id": w.calls.draft}),
    f"POST {_API}/funds": lambda w: Call({"call_id": w.calls.draft}, json={"amount_fen": 100, "slip": "9"}),
    f"POST {_API}/publish": lambda w: Call({"call_id": w.calls.draft}),
    f"POST {_API}/experts": lambda w: Call(
        {"call_id": w.calls.draft}, json={"phone": w.newcomer_phone, "name": w.newcomer_name}
    ),
    f"POST {_API}/scoring": lambda w: Call(_call(w, "closed")),
    f"POST {_API}/ranking": lambda w: Call(_call(w, "scored")),
    f"POST {_API}/decision": lambda w: Call(_call(w, "over")),
    f"POST {_API_OF}/objections": lambda w: Call(
        {"application_id": w.calls.publicity.applications[1]}, json={"text": "不合适"}
    ),
    "POST /api/v1/venture/objections/{objection_id:int}/answer": lambda w: Call(
        {"objection_id": w.calls.objection}, json={"outcome": "dismissed", "answer": "查过了"}
    ),
    # applications and scores
    f"GET {_AT}/apply": lambda w: Call(_call(w, "open")),
    f"POST {_AT}/apply": lambda w: Call(_call(w, "open"), form=_application(w)),
    f"GET {_OF}": lambda w: Call(_written(w)),
    f"POST {_OF}": lambda w: Call(_written(w), form=_application(w)),
    f"POST {_OF}/lines": lambda w: Call(_written(w), form=_LINE | {"price": "1"}),
    f"POST {_OF}/lines/{{line_id:int}}/remove": lambda w: Call(
        _written(w) | {"line_id": w.calls.line}, form={}
    ),
    f"POST {_OF}/files": lambda w: Call(_written(w), form={}),
    f"POST {_OF}/submit": lambda w: Call(_written(w), form={}),
    f"POST {_OF}/withdraw": lambda w: Call(_written(w), form={}),
    "GET /venture/reviews": _nothing,
    f"GET {_OF}/review": lambda w: Call(_scored(w, 1)),
    f"POST {_OF}/stance": lambda w: Call(_scored(w, 0), form={"outcome": "none"}),
    f"POST {_OF}/score": lambda w: Call(_scored(w, 1), form={"mark_1": "80", "mark_2": "90"}),
    "GET /api/v1/venture/applications": _nothing,
    f"GET {_API_OF}": lambda w: Call(_written(w)),
    f"POST {_API}/applications": lambda w: Call(_call(w, "open"), json=_words(w, {"asked_fen": 10000})),
    f"PUT {_API_OF}": lambda w: Call(_written(w), json=_words(w, {"asked_fen": 10000})),
    f"POST {_API_OF}/lines": lambda w: Call(_written(w), json=_LINE | {"quantity": 2, "price_fen": 100}),
    f"DELETE {_API_OF}/lines/{{line_id:int}}": lambda w: Call(_written(w) | {"line_id": w.calls.line}),
    f"POST {_API_OF}/files": lambda w: Call(_written(w), json={"file": _PHOTO}),
    f"POST {_API_OF}/submit": lambda w: Call(_written(w)),
    f"POST {_API_OF}/withdraw": lambda w: Call(_written(w)),
    "GET /api/v1/venture/reviews": _nothing,
    f"POST {_API_OF}/stance": lambda w: Call(_scored(w, 0), json={"has_conflict": False}),
    f"POST {_API_OF}/score": lambda w: Call(_scored(w, 1), json={"marks": [80, 90]}),
    # contracts
    f"GET {_IN}": lambda w: Call({"contract_id": w.calls.offered}),
    f"POST {_IN}/accept": lambda w: Call({"contract_id": w.calls.offered}, form={"side": "grantee"}),
    f"POST {_IN}/tranches/{{number:int}}/ask": lambda w: Call(_tranche(w.calls.signed), form={}),
    f"POST {_IN}/tranches/{{number:int}}/pay": lambda w: Call(_tranche(w.calls.asked), form=_PAID),
    f"POST {_IN}/reports": lambda w: Call(
        {"contract_id": w.calls.signed}, form={"kind": "midterm", "text": "好"}
    ),
    "POST /venture/reports/{report_id:int}": lambda w: Call(
        {"report_id": w.calls.reported}, form={"outcome": "yes"}
    ),
    f"GET {_API_IN}": lambda w: Call({"contract_id": w.calls.offered}),
    f"POST {_API_IN}/accept": lambda w: Call({"contract_id": w.calls.offered}, json={"side": "funder"}),
    f"POST {_API_IN}/tranches/{{number:int}}/ask": lambda w: Call(_tranche(w.calls.signed)),
    f"POST {_API_IN}/tranches/{{number:int}}/pay": lambda w: Call(_tranche(w.calls.asked), json=_PAID),
    f"POST {_API_IN}/reports": lambda w: Call(
        {"contract_id": w.calls.signed}, json={"kind": "midterm", "text": "好", "file": _PHOTO}
    ),
    "POST /api/v1/venture/reports/{report_id:int}/answer": lambda w: Call(
        {"report_id": w.calls.reported}, json={"outcome": "accepted"}
    ),
}
