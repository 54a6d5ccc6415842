"""Who is shown somebody's full name or phone on duty is on record, and the person reads it.

Everybody asks for every page and list; whoever else is named in the answer must have got a row. So a new
page needs no marker: it shows nobody, it records, or it stands below with a reason.
"""

import re
from collections import defaultdict
from dataclasses import replace

import pytest

from core.database import fetch
from tests.contracts.test_permissions import Stage, stage

__all__ = ["stage"]

_FAMILY, _OFFICE = "who lives together knows each other", "who holds an office is known to who works there"
NOT_RECORDED = {
    "/household": _FAMILY,
    "/household/split": _FAMILY,
    "/children": _FAMILY,
    "/volunteers/children/{child_id:int}": _FAMILY,
    "/volunteers/children/{child_id:int}/shifts/{shift_id:int}": _FAMILY,
    "/volunteers/shifts/{shift_id:int}": _FAMILY,
    "/volunteers/stars/apply/{child_id:int}": _FAMILY,
    "/api/v1/greencoin/claims": _FAMILY,
    "/api/v1/household": _FAMILY,
    "/api/v1/children": _FAMILY,
    "/organizations/{organization_id:int}/members": _OFFICE,
    "/api/v1/organizations/{organization_id:int}/members": _OFFICE,
    "/roles/{scope_kind:str}/{scope_id:int}": _OFFICE,
    "/api/v1/roles/{scope_kind:str}/{scope_id:int}": _OFFICE,
    "/roles/grants/{grant_id:int}/revoke": _OFFICE,
    "/funds/{fund_id:int}/setup": _OFFICE,
    "/api/v1/funds/{fund_id:int}/members": _OFFICE,
    "/approvals/{approval_id:int}": "who decides together sees who has voted how",
}
# Searches are asked for what everybody here is called.
_SEARCHES = ("/counter", "/api/v1/counter/orders")
_NAME, _PHONE = re.compile(r"某(\d{9})"), re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


async def _named(text: str) -> set[int]:
    rows = await fetch("select id from person where phone = any($1)", _PHONE.findall(text))
    return {int(number) for number in _NAME.findall(text)} | {row["id"] for row in rows}


@pytest.mark.routes
async def test_who_is_named_to_somebody_on_duty_can_read_so(stage: Stage) -> None:
    await fetch("update person set name = '某' || lpad(id::text, 9, '0')")
    unknown, recorded = defaultdict[str, set[str]](set), set[str]()
    for path in (path for path, method in stage.routes if method == "GET"):
        if path in _SEARCHES:
            call = stage.calls[f"GET {path}"]
            stage.calls[f"GET {path}"] = replace(call, query={"words": "某"})
        for who, token in stage.people.items():
            if token is None:
                continue
            me = int(token.split()[-1])
            async with stage.undone():
                answer = await stage.send("GET", path, token, form_token=True)
                named = (await _named(answer.text) if answer.status_code == 200 else set()) - {me}
                rows = await fetch("select person from person_access where viewer = $1", me)
            if named - {row["person"] for row in rows}:
                unknown[path].add(who)
            elif named:
                recorded.add(path)
    assert {path: whose for path, whose in unknown.items() if path not in NOT_RECORDED} == {}
    assert unknown.keys() == NOT_RECORDED.keys()  # nothing here that has gone
    assert {"/counter", "/residents/{person_id:int}", "/volunteers/lead/shifts/{shift_id:int}"} <= recorded
    assert {"/api/v1/residents/{person_id:int}", "/greencoin/{scheme_id:int}/desk"} <= recorded
