"""Calls of volunteering."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from core import clock
from core.volunteers.queries.certificates import key_of
from tests.contracts.calls import Call
from tests.contracts.world import World
from tests.core.volunteers.shifts import code_now
from tests.core.volunteers.stages import STRAY

_SIGN_UP = {"agreed": True, "meets": True}
_PLAN = {"title": "送餐", "task": "给行动不便的老人送午饭", "place": "食堂", "risk": "low"}
_REASON = {"reason": "核对过了"}
_RECORD = {"minutes": 60, "reason": "核对过了"}
_STAR = "/volunteers/stars/{star_id:int}"
_CHILD, _SHIFT = "/volunteers/children/{child_id:int}", "shifts/{shift_id:int}"
_LEAD, _API = "/volunteers/lead", "/api/v1/volunteers"


def _nothing(_: World) -> Call:
    return Call()


def _at(parameter: str, stage: str, *, form: Any = None, json: Any = None) -> Callable[[World], Call]:
    """On the thing of that stage; `form` and `json` may be made of the world."""

    def call(w: World) -> Call:
        sent = [what(w) if callable(what) else what for what in (form, json)]
        return Call({parameter: w.volunteering[stage]}, form=sent[0], json=sent[1])

    return call


def _code_at(stage: str) -> Callable[[World], dict[str, str]]:
    return lambda w: {"code": code_now(w.volunteering[stage])}


def _new(w: World) -> dict[str, Any]:
    return _PLAN | {"organization_id": w.organization, "age_least": 18}


def _certificate_in(w: World) -> Call:
    return Call(json={"organization_id": w.organization})


def _checked(w: World) -> Call:
    return Call({"number": w.certificate.number}, query={"k": key_of(w.certificate)})


def _shift_in(_: World) -> dict[str, Any]:
    begins_at = clock.now() + timedelta(days=2)
    return {
        "begins_at": begins_at.isoformat(),
        "ends_at": (begins_at + timedelta(hours=1)).isoformat(),
        "capacity": 3,
    }


def _shift_form(_: World) -> dict[str, str]:
    day = clock.today() + timedelta(days=2)
    return {"day": day.isoformat(), "begins_at": "09:00", "ends_at": "10:00", "capacity": "3"}


_STRAY = {"phone": STRAY[0], "name": STRAY[1], "reason": "临时来帮忙"}


def _backfill_form(w: World) -> dict[str, str]:
    first, second = (str(w.volunteering[name]) for name in ("first_witness", "second_witness"))
    return {**_STRAY, "minutes": "60", "first_id": first, "second_id": second}


def _backfill_in(w: World) -> dict[str, Any]:
    asked = [w.volunteering[name] for name in ("first_witness", "second_witness")]
    return {**_STRAY, "minutes": 60, "witness_ids": asked}


def _notes_form(w: World) -> dict[str, str]:
    return {"notes": f"{w.volunteering['present']} 走 {clock.local(clock.now()):%H:%M}"}


def _notes_in(w: World) -> dict[str, Any]:
    note = {"sign_up_id": w.volunteering["present"], "what": "went", "at": clock.now().isoformat()}
    return {"notes": [note]}


def _child(stage: str = "", *, form: Any = None, json: Any = None) -> Callable[[World], Call]:
    """About the first resident's child, at the shift of that stage if there is one."""

    def call(w: World) -> Call:
        where = {"child_id": w.volunteering["child"]}
        return Call(where | ({"shift_id": w.volunteering[stage]} if stage else {}), form=form, json=json)

    return call


_HERE = "30.657420, 104.065840"
_TICKS = {"agreed": "on", "meets": "on"}
_MINUTES = {"minutes": "60", "reason": "核对过了"}
_PLAN_FORM = {**_PLAN, "age_least": "18"}

CALLS: dict[str, Callable[[World], Call]] = {
    # everybody and volunteers
    "GET /volunteers": _nothing,
    "GET /volunteers/{opportunity_id:int}": _at("opportunity_id", "opportunity"),
    "GET /volunteers/shifts/{shift_id:int}": _at("shift_id", "soon"),
    "POST /volunteers/shifts/{shift_id:int}/sign-up": _at("shift_id", "free", form=_TICKS),
    "POST /volunteers/shifts/{shift_id:int}/cancel": _at("shift_id", "soon", form={}),
    "POST /volunteers/shifts/{shift_id:int}/check-in": _at("shift_id", "soon", form=_code_at("soon")),
    "POST /volunteers/shifts/{shift_id:int}/check-in-here": _at("shift_id", "soon", form={"here": _HERE}),
    "POST /volunteers/shifts/{shift_id:int}/check-out": _at("shift_id", "running", form=_code_at("running")),
    "GET /volunteers/mine": _nothing,
    f"GET {_CHILD}": _child(),
    f"POST {_CHILD}/certificates": lambda w: Call(
        {"child_id": w.volunteering["child"]}, form={"organization_id": str(w.organization)}
    ),
    f"GET {_CHILD}/{_SHIFT}": _child("child_free"),
    f"POST {_CHILD}/{_SHIFT}/sign-up": _child("child_free", form=_TICKS),
    f"POST {_CHILD}/{_SHIFT}/cancel": _child("child_soon", form={}),
    f"POST {_CHILD}/{_SHIFT}/plead": _child("child_missed", form=_REASON),
    "GET /volunteers/services/{service_id:int}": _at("service_id", "proposed"),
    "POST /volunteers/services/{service_id:int}/confirm": _at("service_id", "proposed", form={}),
    "POST /volunteers/services/{service_id:int}/dispute": _at("service_id", "proposed", form=_REASON),
    "POST /volunteers/services/{service_id:int}/witness": _at(
        "service_id", "witnessing", form={"agrees": "yes"}
    ),
    "POST /volunteers/shifts/{shift_id:int}/plead": _at("shift_id", "missed", form=_REASON),
    "POST /volunteers/services/{service_id:int}/correct": _at("service_id", "disputed", form=_MINUTES),
    "POST /volunteers/certificates": lambda w: Call(form={"organization_id": str(w.organization)}),
    "GET /volunteers/certificates/{certificate_id:int}": _at("certificate_id", "certificate"),
    "POST /volunteers/certificates/{certificate_id:int}/revoke": _at(
        "certificate_id", "certificate", form=_REASON
    ),
    "POST /volunteers/certificates/{certificate_id:int}/paper": _at("certificate_id", "certificate", form={}),
    "POST /volunteers/exports": lambda _: Call(form={"format": "csv"}),
    "GET /certificates/{number:str}": _checked,
    "GET /certificates/key.pem": _nothing,
    "GET /volunteers/stars": _nothing,
    "GET /volunteers/stars/apply": _nothing,
    "POST /volunteers/stars/apply": lambda _: Call(form={"agreed": "on"}),
    "GET /volunteers/stars/apply/{child_id:int}": _child(),
    "POST /volunteers/stars/apply/{child_id:int}": _child(form={"agreed": "on"}),
    "GET /volunteers/stars/desk": _nothing,
    f"GET {_STAR}": _at("star_id", "star_published"),
    f"POST {_STAR}/refuse": _at("star_id", "star_published", form=_REASON),
    f"POST {_STAR}/decide": _at("star_id", "star_reviewed", form=_REASON | {"verdict": "keep"}),
    f"POST {_STAR}/appeal": _at("star_id", "star_withdrawn", form=_REASON),
    f"POST {_STAR}/answer": _at("star_id", "star_appealed", form=_REASON | {"verdict": "keep"}),
    # leaders
    f"GET {_LEAD}": _nothing,
    f"GET {_LEAD}/new": _nothing,
    f"POST {_LEAD}/new": lambda w: Call(form=_PLAN_FORM | {"organization_id": str(w.organization)}),
    f"GET {_LEAD}/{{opportunity_id:int}}": _at("opportunity_id", "draft"),
    f"GET {_LEAD}/{{opportunity_id:int}}/edit": _at("opportunity_id", "draft"),
    f"POST {_LEAD}/{{opportunity_id:int}}/edit": _at("opportunity_id", "draft", form=_PLAN_FORM),
    f"POST {_LEAD}/{{opportunity_id:int}}/shifts": _at("opportunity_id", "draft", form=_shift_form),
    f"POST {_LEAD}/{{opportunity_id:int}}/open": _at("opportunity_id", "draft", form={}),
    f"POST {_LEAD}/{{opportunity_id:int}}/close": _at("opportunity_id", "opportunity", form={}),
    f"GET {_LEAD}/shifts/{{shift_id:int}}": _at("shift_id", "running"),
    f"GET {_LEAD}/shifts/{{shift_id:int}}/code": _at("shift_id", "running"),
    f"GET {_LEAD}/shifts/{{shift_id:int}}/offline": _at("shift_id", "running"),
    f"POST {_LEAD}/shifts/{{shift_id:int}}/notes": _at("shift_id", "running", form=_notes_form),
    f"POST {_LEAD}/shifts/{{shift_id:int}}/cancel": _at("shift_id", "soon", form=_REASON),
    f"POST {_LEAD}/shifts/{{shift_id:int}}/record": _at("shift_id", "past", form={}),
    f"POST {_LEAD}/sign-ups/{{sign_up_id:int}}/present": _at("sign_up_id", "placed", form={}),
    f"POST {_LEAD}/sign-ups/{{sign_up_id:int}}/left": _at("sign_up_id", "present", form={}),
    f"POST {_LEAD}/sign-ups/{{sign_up_id:int}}/absent": _at("sign_up_id", "missing", form={}),
    f"GET {_LEAD}/sign-ups/{{sign_up_id:int}}/absence": _at("sign_up_id", "absent"),
    f"POST {_LEAD}/sign-ups/{{sign_up_id:int}}/absence": _at(
        "sign_up_id", "absent", form=_REASON | {"verdict": "excused"}
    ),
    f"GET {_LEAD}/shifts/{{shift_id:int}}/backfill": _at("shift_id", "seen"),
    f"POST {_LEAD}/shifts/{{shift_id:int}}/backfill": _at("shift_id", "seen", form=_backfill_form),
    f"GET {_LEAD}/sign-ups/{{sign_up_id:int}}/record": _at("sign_up_id", "unrecorded"),
    f"POST {_LEAD}/sign-ups/{{sign_up_id:int}}/record": _at("sign_up_id", "unrecorded", form=_MINUTES),
    f"GET {_LEAD}/certificates/{{organization_id:int}}": lambda w: Call({"organization_id": w.organization}),
    # programs: everybody and volunteers
    f"GET {_API}/opportunities": _nothing,
    f"GET {_API}/opportunities/{{opportunity_id:int}}": _at("opportunity_id", "opportunity"),
    f"POST {_API}/shifts/{{shift_id:int}}/sign-up": _at("shift_id", "free", json=_SIGN_UP),
    f"POST {_API}/sign-ups/{{sign_up_id:int}}/cancel": _at("sign_up_id", "placed"),
    f"POST {_API}/shifts/{{shift_id:int}}/check-in": _at("shift_id", "soon", json=_code_at("soon")),
    f"POST {_API}/shifts/{{shift_id:int}}/check-in-here": _at("shift_id", "soon", json={"position": _HERE}),
    f"POST {_API}/shifts/{{shift_id:int}}/check-out": _at("shift_id", "running", json=_code_at("running")),
    f"GET {_API}/mine": _nothing,
    f"GET /api/v1{_CHILD}": _child(),
    f"POST /api/v1{_CHILD}/{_SHIFT}/sign-up": _child("child_free", json=_SIGN_UP),
    f"POST /api/v1{_CHILD}/certificates": lambda w: Call(
        {"child_id": w.volunteering["child"]}, json={"organization_id": w.organization}
    ),
    f"GET {_API}/services/{{service_id:int}}": _at("service_id", "proposed"),
    f"POST {_API}/services/{{service_id:int}}/confirm": _at("service_id", "proposed"),
    f"POST {_API}/services/{{service_id:int}}/dispute": _at("service_id", "proposed", json=_REASON),
    f"POST {_API}/services/{{service_id:int}}/witness": _at(
        "service_id", "witnessing", json={"agrees": True}
    ),
    f"POST {_API}/sign-ups/{{sign_up_id:int}}/plead": _at("sign_up_id", "absent", json=_REASON),
    f"GET {_API}/certificates": _nothing,
    f"POST {_API}/certificates": _certificate_in,
    f"POST {_API}/certificates/{{certificate_id:int}}/paper": _at("certificate_id", "certificate"),
    f"POST {_API}/exports": lambda _: Call(json={"format": "json"}),
    "GET /api/v1/certificates/keys": _nothing,
    "GET /api/v1/certificates/{number:str}": _checked,
    "GET /api/v1/volunteers/stars": _nothing,
    "POST /api/v1/volunteers/stars": lambda _: Call(json={"agreed": True}),
    "GET /api/v1/volunteers/stars/desk": _nothing,
    f"GET /api/v1{_STAR}": _at("star_id", "star_published"),
    f"POST /api/v1{_STAR}/refuse": _at("star_id", "star_published", json=_REASON),
    f"POST /api/v1{_STAR}/decide": _at("star_id", "star_reviewed", json=_REASON | {"keeps": True}),
    f"POST /api/v1{_STAR}/appeal": _at("star_id", "star_withdrawn", json=_REASON),
    f"POST /api/v1{_STAR}/answer": _at("star_id", "star_appealed", json=_REASON | {"keeps": True}),
    # programs: leaders
    f"GET {_API}/lead/opportunities": _nothing,
    f"POST {_API}/lead/opportunities": lambda w: Call(json=_new(w)),
    f"PUT {_API}/lead/opportunities/{{opportunity_id:int}}": _at("opportunity_id", "draft", json=_PLAN),
    f"GET {_API}/lead/opportunities/{{opportunity_id:int}}/shifts": _at("opportunity_id", "draft"),
    f"POST {_API}/lead/opportunities/{{opportunity_id:int}}/shifts": _at(
        "opportunity_id", "draft", json=_shift_in
    ),
    f"POST {_API}/lead/opportunities/{{opportunity_id:int}}/open": _at("opportunity_id", "draft"),
    f"POST {_API}/lead/opportunities/{{opportunity_id:int}}/close": _at("opportunity_id", "opportunity"),
    f"GET {_API}/lead/shifts/{{shift_id:int}}/attendees": _at("shift_id", "running"),
    f"GET {_API}/lead/shifts/{{shift_id:int}}/code": _at("shift_id", "running"),
    f"GET {_API}/lead/shifts/{{shift_id:int}}/codes": _at("shift_id", "running"),
    f"POST {_API}/lead/shifts/{{shift_id:int}}/notes": _at("shift_id", "running", json=_notes_in),
    f"POST {_API}/lead/shifts/{{shift_id:int}}/cancel": _at("shift_id", "soon", json=_REASON),
    f"POST {_API}/lead/shifts/{{shift_id:int}}/record": _at("shift_id", "past"),
    f"POST {_API}/lead/sign-ups/{{sign_up_id:int}}/present": _at("sign_up_id", "placed"),
    f"POST {_API}/lead/sign-ups/{{sign_up_id:int}}/left": _at("sign_up_id", "present"),
    f"POST {_API}/lead/sign-ups/{{sign_up_id:int}}/absent": _at("sign_up_id", "missing"),
    f"POST {_API}/lead/sign-ups/{{sign_up_id:int}}/record": _at("sign_up_id", "unrecorded", json=_RECORD),
    f"POST {_API}/lead/sign-ups/{{sign_up_id:int}}/absence": _at("sign_up_id", "absent", json=_REASON),
    f"GET {_API}/lead/shifts/{{shift_id:int}}/present": _at("shift_id", "seen"),
    f"POST {_API}/lead/shifts/{{shift_id:int}}/backfill": _at("shift_id", "seen", json=_backfill_in),
    f"POST {_API}/lead/services/{{service_id:int}}/correct": _at("service_id", "disputed", json=_RECORD),
    f"GET {_API}/lead/certificates/{{organization_id:int}}": lambda w: Call(
        {"organization_id": w.organization}
    ),
    f"POST {_API}/lead/certificates/{{certificate_id:int}}/revoke": _at(
        "certificate_id", "certificate", json=_REASON
    ),
}
