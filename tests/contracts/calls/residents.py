"""Calls of registration, of households and of the worker's desk."""

from typing import Any

from tests.contracts.calls import Call
from tests.contracts.world import World

_NEW = "battery staple"


def _nothing(_: World) -> Call:
    return Call()


def _path(w: World, purpose: str) -> dict[str, str]:
    return {"token": w.households["tokens"][purpose]}


def _proof(w: World, purpose: str, **more: Any) -> dict[str, Any]:
    return {"code": w.households["digits"][purpose]} | more


def _sent(w: World, purpose: str, **more: Any) -> dict[str, Any]:
    return _path(w, purpose) | _proof(w, purpose, **more)


def _phone(w: World) -> dict[str, str]:
    return {"phone": w.households["phone"]}


def _request(w: World, which: str) -> dict[str, int]:
    return {"request_id": w.households[which]}


def _split(w: World) -> dict[str, Any]:
    member = w.households["member"]
    return {"person_id": str(member), f"member_{member}": "on"}


def _resident(w: World) -> dict[str, Any]:
    return {"name": "何老", "region_id": w.households["region"]}


def _child(w: World, purpose: str) -> dict[str, Any]:
    return {"person_id": w.households["child"], "purpose": purpose}


def _person(w: World) -> dict[str, int]:
    return {"person_id": w.households["member"]}


def _number() -> dict[str, Any]:
    return {"identity_number": "11010519491231002X"}


def _card(w: World) -> dict[str, Any]:
    return {"name": "林家人"} | _number()


_POINTS, _CHILD = "minor_points", {"name": "林小妹", "born_on": "2016-01-31"}
_ACCOUNT = {"name": "何新来", "password": _NEW}
CALLS = {
    # registration
    "GET /privacy": _nothing,
    "GET /register": _nothing,
    "POST /register": lambda w: Call(form=_phone(w)),
    "GET /register/{token:str}": lambda w: Call(_path(w, "register")),
    "POST /register/{token:str}": lambda w: Call(
        _path(w, "register"), form=_proof(w, "register", agreed="on", **_ACCOUNT)
    ),
    "GET /reset": _nothing,
    "POST /reset": lambda w: Call(form=_phone(w)),
    "GET /reset/{token:str}": lambda w: Call(_path(w, "reset")),
    "POST /reset/{token:str}": lambda w: Call(_path(w, "reset"), form=_proof(w, "reset", password=_NEW)),
    "GET /phone": _nothing,
    "POST /phone": lambda w: Call(form=_phone(w)),
    "GET /phone/{token:str}": lambda w: Call(_path(w, "change")),
    "POST /phone/{token:str}": lambda w: Call(_path(w, "change"), form=_proof(w, "change")),
    "GET /consents": _nothing,
    "POST /consents/{purpose:str}/give": lambda w: Call({"purpose": "privacy"}, form={}),
    "POST /consents/{purpose:str}/withdraw": lambda w: Call({"purpose": "privacy"}, form={}),
    "GET /api/v1/privacy": _nothing,
    "POST /api/v1/codes": lambda w: Call(json=_phone(w) | {"purpose": "reset"}),
    "POST /api/v1/registrations": lambda w: Call(json=_sent(w, "register", agreed=True, **_ACCOUNT)),
    "POST /api/v1/password-resets": lambda w: Call(json=_sent(w, "reset", password=_NEW)),
    "POST /api/v1/me/phone/codes": lambda w: Call(json=_phone(w)),
    "POST /api/v1/me/phone": lambda w: Call(json=_sent(w, "change")),
    "GET /me/identity": _nothing,
    "POST /me/identity": lambda w: Call(form=_number() | {"agreed": "on"}),
    "GET /api/v1/me/identity": _nothing,
    "POST /api/v1/me/identity": lambda w: Call(json=_number() | {"agreed": True}),
    "GET /api/v1/consents": _nothing,
    "POST /api/v1/consents/{purpose:str}/give": lambda w: Call({"purpose": "privacy"}),
    "POST /api/v1/consents/{purpose:str}/withdraw": lambda w: Call({"purpose": "privacy"}),
    # households
    "GET /household": _nothing,
    "GET /household/found": _nothing,
    "POST /household/found": lambda w: Call(form={"region_id": str(w.households["region"])}),
    "GET /household/move": _nothing,
    "POST /household/move": lambda w: Call(form={"region_id": str(w.there.region_id)}),
    "POST /household/join": lambda w: Call(form={"code": w.households["invitation"]}),
    "POST /household/apply": lambda w: Call(form={"household_id": str(w.households["household"])}),
    "POST /household/invitations": lambda w: Call(form={}),
    "POST /household/leave": lambda w: Call(form={}),
    "POST /household/head": lambda w: Call(form={"person_id": str(w.households["member"])}),
    "POST /household/merge": lambda w: Call(form={"household_id": str(w.households["household"])}),
    "GET /household/split": _nothing,
    "POST /household/split": lambda w: Call(form=_split(w)),
    "POST /household/requests/{request_id:int}/agree": lambda w: Call(_request(w, "joining"), form={}),
    "POST /household/requests/{request_id:int}/refuse": lambda w: Call(_request(w, "joining"), form={}),
    "POST /household/requests/{request_id:int}/withdraw": lambda w: Call(_request(w, "merging"), form={}),
    "GET /api/v1/places": _nothing,
    "GET /api/v1/household": _nothing,
    "POST /api/v1/household": lambda w: Call(json={"region_id": w.households["region"]}),
    "POST /api/v1/household/invitations": _nothing,
    "POST /api/v1/household/join": lambda w: Call(json={"code": w.households["invitation"]}),
    "POST /api/v1/household/leave": _nothing,
    "POST /api/v1/household/head": lambda w: Call(json={"person_id": w.households["member"]}),
    "GET /api/v1/household/requests": _nothing,
    "POST /api/v1/household/requests/join": lambda w: Call(json={"household_id": w.households["household"]}),
    "POST /api/v1/household/requests/move": lambda w: Call(json={"region_id": w.there.region_id}),
    "POST /api/v1/household/requests/merge": lambda w: Call(json={"household_id": w.households["household"]}),
    "POST /api/v1/household/requests/split": lambda w: Call(
        json={"members": [w.households["member"]], "person_id": w.households["member"]}
    ),
    "POST /api/v1/household/requests/{request_id:int}/agree": lambda w: Call(_request(w, "joining")),
    "POST /api/v1/household/requests/{request_id:int}/refuse": lambda w: Call(_request(w, "joining")),
    "POST /api/v1/household/requests/{request_id:int}/withdraw": lambda w: Call(_request(w, "merging")),
    "GET /children": _nothing,
    "POST /children": lambda w: Call(form=_CHILD | {"agreed": "on"}),
    "POST /children/{person_id:int}/{purpose:str}/give": lambda w: Call(_child(w, _POINTS), form={}),
    "POST /children/{person_id:int}/{purpose:str}/withdraw": lambda w: Call(_child(w, _POINTS), form={}),
    "POST /children/{person_id:int}/invitation": lambda w: Call(
        {"person_id": w.households["child"]}, form={}
    ),
    "POST /api/v1/children/{person_id:int}/invitation": lambda w: Call({"person_id": w.households["child"]}),
    "GET /api/v1/children": _nothing,
    "POST /api/v1/children": lambda w: Call(json=_CHILD | {"agreed": True}),
    "POST /api/v1/children/{person_id:int}/{purpose:str}/give": lambda w: Call(_child(w, _POINTS)),
    "POST /api/v1/children/{person_id:int}/{purpose:str}/withdraw": lambda w: Call(_child(w, _POINTS)),
    # one's own data
    "POST /me/name": lambda w: Call(form={"name": "何新名"}),
    "GET /me/accesses": _nothing,
    "GET /me/data": _nothing,
    "POST /me/data/copy": lambda w: Call(form={}),
    "POST /me/data/deletion": lambda w: Call(form={"sure": "on"}),
    "POST /me/data/deletion/withdraw": lambda w: Call(form={}),
    "POST /api/v1/me/name": lambda w: Call(json={"name": "何新名"}),
    "GET /api/v1/me/accesses": _nothing,
    "POST /api/v1/me/data/copy": _nothing,
    "GET /api/v1/me/data/deletion": _nothing,
    "POST /api/v1/me/data/deletion": lambda w: Call(json={"sure": True}),
    "POST /api/v1/me/data/deletion/withdraw": _nothing,
    # the worker's desk
    "GET /residents/find": _nothing,
    "GET /residents/{person_id:int}": lambda w: Call(_person(w)),
    "POST /residents/{person_id:int}/identity": lambda w: Call(_person(w), form=_card(w) | {"agreed": "on"}),
    "POST /residents/{person_id:int}/guardian": lambda w: Call(
        {"person_id": w.households["child"]}, form={"guardian_id": str(w.households["member"])}
    ),
    "GET /api/v1/residents": _nothing,
    "GET /api/v1/residents/{person_id:int}": lambda w: Call(_person(w)),
    "POST /api/v1/residents/{person_id:int}/identity": lambda w: Call(
        _person(w), json=_card(w) | {"agreed": True}
    ),
    "POST /api/v1/residents/{person_id:int}/guardian": lambda w: Call(
        {"person_id": w.households["child"]}, json={"guardian_id": w.households["member"]}
    ),
    "GET /residents": _nothing,
    "POST /residents/codes": lambda w: Call(form=_phone(w) | {"purpose": "register"}),
    "GET /residents/codes/{token:str}": lambda w: Call(_path(w, "register")),
    "GET /residents/new": _nothing,
    "POST /residents/new": lambda w: Call(
        form={k: str(v) for k, v in _resident(w).items()} | {"agreed": "on"}
    ),
    "POST /residents/moves/{request_id:int}/agree": lambda w: Call(_request(w, "moving"), form={}),
    "POST /residents/moves/{request_id:int}/refuse": lambda w: Call(_request(w, "moving"), form={}),
    "POST /api/v1/residents/codes": lambda w: Call(json=_phone(w) | {"purpose": "register"}),
    "POST /api/v1/residents": lambda w: Call(json=_resident(w) | {"agreed": True}),
    "GET /api/v1/residents/moves": _nothing,
}
