"""Typing one's own identity number: it comes back on no page, in no address and no log."""

import logging

import httpx
import pytest

from tests.factories import PASSWORD, make_region, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form

NUMBER, WRONG, _PAGE = "11010519491231002X", "110105194912310021", "/me/identity"


async def test_one_types_it_and_sees_two_characters_of_it(
    client: httpx.AsyncClient, db: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    phone = new_phone()
    await make_resident(await make_region(), name="林样", phone=phone, password=PASSWORD)
    await log_in(client, phone)
    assert _PAGE in (await client.get("/me")).text
    refused = await send_form(client, _PAGE, seen_on=_PAGE, identity_number=WRONG, agreed="on")
    assert (refused.status_code, "身份证号不对" in refused.text) == (422, True)
    unticked = await send_form(client, _PAGE, seen_on=_PAGE, identity_number=NUMBER)
    assert (unticked.status_code, "请先阅读并同意" in unticked.text) == (422, True)
    short = await send_form(client, _PAGE, seen_on=_PAGE, identity_number="123", agreed="on")
    assert (short.status_code, "身份证号是 18 位" in short.text) == (422, True)
    given = await send_form(client, _PAGE, seen_on=_PAGE, identity_number=NUMBER, agreed="on")
    assert (given.status_code, given.headers["location"]) == (303, _PAGE)
    shown = (await client.get(_PAGE)).text
    assert "1****************X" in shown
    assert "等待核验" in shown
    for said in (refused.text, unticked.text, shown, caplog.text, str(given.headers)):
        assert NUMBER not in said
        assert WRONG not in said
        assert NUMBER[6:14] not in said


async def test_a_program_does_the_same(client: httpx.AsyncClient, db: str) -> None:
    phone = new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    me = await bearer(client, phone)
    path = f"/api/v1{_PAGE}"
    nothing = {"masked": None, "verified_at": None}
    assert (await client.get(path, headers=me)).json() == nothing
    wrong = await client.post(path, headers=me, json={"identity_number": WRONG, "agreed": True})
    assert (wrong.status_code, WRONG in wrong.text) == (422, False)
    body = {"identity_number": NUMBER, "agreed": True}
    assert (await client.post(path, headers=me, json=body)).status_code == 204
    assert (await client.get(path, headers=me)).json() == nothing | {"masked": "1****************X"}
    assert (await client.get(path)).status_code == 401
