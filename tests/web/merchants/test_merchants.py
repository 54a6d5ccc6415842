"""The page where an organization's keys are entered, and what programs see of them."""

from collections.abc import Iterator

import httpx
import pytest

from core.approvals.services import cast_vote
from core.organizations.rules import STAFF
from core.payments import queries
from core.payments.errors import DeploymentKeyTaken
from core.payments.services import connect_merchant
from core.people.rules import Actor
from core.people.services import grant_role
from core.reference import Ref
from core.settings import load
from plugins.practice.rules import stand_in_key
from tests.core.payments.stand_in import Cashier, cashier
from tests.factories import PASSWORD, make_committee, make_manager, make_resident, new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs


@pytest.fixture
def stand_in(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running


async def test_keys_are_entered_tested_and_forgotten(client: httpx.AsyncClient, stand_in: Cashier) -> None:
    committee, phone = await make_committee(), new_phone()
    await make_manager(committee, phone=phone)
    path = f"/merchants/{committee.id}/stripe"
    await log_in(client, phone)
    assert "只收现金" in (await client.get("/merchants")).text
    alone = await send_form(client, path, seen_on="/merchants", secret_key="sk_test_12345678")
    assert alone.status_code == 409
    assert "改动收款账户要两个人" in alone.text
    assert 'href="/roles"' in alone.text
    second = await make_manager(committee)
    for fields, reason in (
        ({"secret_key": "pk_test_12345678"}, "密钥应以 sk_ 或 rk_ 开头"),
        ({"secret_key": "sk_test_12345678", "webhook_secret": "x"}, "通知签名密钥应以 whsec_ 开头"),
        ({"secret_key": ""}, "请填写这一项"),
        ({"secret_key": "sk_test_" + "1" * 5000}, "密钥太长了"),
    ):
        refused = await send_form(client, path, seen_on=path, **fields)
        assert refused.status_code in (409, 422)
        assert reason in refused.text
        assert not fields["secret_key"] or fields["secret_key"] not in refused.text

    key = stand_in_key(committee.id, load().secret)
    await send_form(client, path, seen_on=path, secret_key=key)
    assert "新密钥，等另一位同意" in (await client.get(path)).text
    await run_due_jobs()
    shown = (await client.get(path)).text
    assert "新密钥有效" in shown
    assert "只收现金" in (await client.get("/merchants")).text  # nobody has agreed yet
    await agree(committee.id, second)
    shown = (await client.get(path)).text
    assert "密钥有效，可以在线收款" in shown
    assert key not in shown
    me = await bearer(client, phone)
    answer = (await client.get(f"/api/v1{path}", headers=me)).json()
    assert (answer["takes_money"], answer["is_live"], answer["has_webhook"]) == (True, False, False)
    assert key not in str(answer)

    wrong = {"keys": {"secret_key": "sk_standin_1_wrong_key_12"}}
    assert (await client.put(f"/api/v1{path}", headers=me, json=wrong)).status_code == 202
    await run_due_jobs()
    assert "Stripe 不认新密钥" in (await client.get(path)).text
    await agree(committee.id, second)
    assert "收款平台不认这套密钥" in (await client.get(path)).text
    told = (await client.get(f"/api/v1{path}/change", headers=me)).json()
    assert (told["state"], told["problem"]) == ("refused", "refused")
    await send_form(client, f"{path}/disconnect", seen_on=path)
    assert (await client.get(f"/api/v1{path}", headers=me)).json()["is_active"]
    await agree(committee.id, second)
    assert not (await client.get(f"/api/v1{path}", headers=me)).json()["is_active"]


async def test_a_single_managers_change_is_agreed_to_by_the_regions_staff(
    client: httpx.AsyncClient, stand_in: Cashier
) -> None:
    committee, phone, staff_phone = await make_committee(), new_phone(), new_phone()
    await make_manager(committee, phone=phone)
    staff = await make_resident(committee.region_id, name="甲科员", phone=staff_phone, password=PASSWORD)
    await grant_role(staff.person_id, STAFF, Ref("region", committee.region_id), actor_id=None)
    path = f"/merchants/{committee.id}/stripe"
    await log_in(client, phone)
    assert "由地区工作人员同意，记录在案" in (await client.get(path)).text
    key = stand_in_key(committee.id, load().secret)
    await send_form(client, path, seen_on=path, secret_key=key)
    client.cookies.clear()
    await log_in(client, staff_phone)
    shown = (await client.get(path)).text
    assert "新密钥，等另一位同意" in shown
    assert "<form" not in shown[shown.index("<main") : shown.index("</main>")]
    assert (await client.get(f"/merchants/{committee.id}/wechatpay")).status_code == 403
    me = await bearer(client, staff_phone)
    assert (await client.get(f"/api/v1{path}/change", headers=me)).json()["state"] == "asked"
    assert (await client.put(f"/api/v1{path}", headers=me, json={"keys": {}})).status_code == 403
    await agree(committee.id, staff)
    assert "这项变更已经启用" in (await client.get(path)).text


async def agree(committee_id: int, person: Actor) -> None:
    """The second person agrees to what waits."""
    change = await queries.waiting_change(committee_id, "stripe")
    assert change is not None
    approval_id = await queries.change_approval(change.id)
    assert approval_id is not None
    await cast_vote(approval_id, choice="approve", reason="", person_id=person.person_id)
    await run_due_jobs()


async def test_only_its_own_heads_see_an_account(client: httpx.AsyncClient, stand_in: Cashier) -> None:
    here, there, phone = await make_committee(), await make_committee(), new_phone()
    await make_manager(here, phone=phone)
    await log_in(client, phone)
    assert (await client.get(f"/merchants/{there.id}/stripe")).status_code == 403
    me = await bearer(client, phone)
    assert (await client.get(f"/api/v1/merchants/{there.id}/stripe", headers=me)).status_code == 403


async def test_the_deployments_key_serves_one_payee(
    client: httpx.AsyncClient, stand_in: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIJI_STRIPE_KEY", "sk_live_12345678")
    first, second, phone, other = await make_committee(), await make_committee(), new_phone(), new_phone()
    for committee, who in ((first, phone), (second, other)):
        await make_manager(committee, phone=who)
        await make_manager(committee)
    await connect_merchant(first.id, "stripe", {})
    for committee, who, status in ((second, other, 409), (first, phone, 202)):
        answer = await client.put(
            f"/api/v1/merchants/{committee.id}/stripe", headers=await bearer(client, who), json={"keys": {}}
        )
        assert answer.status_code == status
    with pytest.raises(DeploymentKeyTaken):
        await connect_merchant(second.id, "stripe", {})
