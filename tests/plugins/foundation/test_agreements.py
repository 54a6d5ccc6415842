"""Agreements with donors: two persons, related beneficiaries refused, fulfilled by gifts or goods."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from core import clock
from core.database import fetch, fetch_value
from core.errors import YijiError
from core.funds.errors import DonorNameMissing, ReasonMissing
from core.funds.queries.funds import available
from core.language import in_language
from core.people.errors import PermissionMissing
from core.people.masks import GONE
from core.workflow import WrongState
from plugins.foundation.errors import agreements as errors
from plugins.foundation.papers.agreements import agreement_paper
from plugins.foundation.queries import agreements as queries
from plugins.foundation.rules.agreements import GOODS, MONEY, AgreementDraft, check_draft
from plugins.foundation.services import agreements as services
from tests.core.funds.world import VOUCHER, FundWorld, give, make_fund_world
from tests.factories import new_phone
from tests.web.visitors import bearer, log_in, send_form
from workers.drain import run_due_jobs

SEEN = ("head", "treasurer", "checker", "donor")


@pytest.fixture
async def world(db: str) -> FundWorld:
    return await make_fund_world()


def draft(**changes: object) -> AgreementDraft:
    known: dict[str, object] = {
        "donor_id": None,
        "donor_name": "样样公司",
        "kind": MONEY,
        "what": "人民币",
        "quantity": "",
        "quality": "",
        "value_fen": 10000,
        "uses": "四点半课堂的书",
        "deliver_by": clock.today(),
        "beneficiary_id": None,
        "is_unrelated": False,
    }
    return AgreementDraft(**(known | changes))  # type: ignore[arg-type]


async def drafted(world: FundWorld, **changes: object) -> int:
    return await services.draft_agreement(world.fund, draft(**changes), actor=world.treasurer)


async def signed(world: FundWorld, **changes: object) -> int:
    made = await drafted(world, **changes)
    await sign(world, made)
    return made


async def sign(world: FundWorld, made: int) -> None:
    await services.sign_agreement(made, signed_on=clock.today(), upload=VOUCHER, actor=world.checker)


async def state(made: int) -> str:
    return (await queries.agreement(made)).state


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"donor_name": ""}, DonorNameMissing),
        ({"value_fen": 0}, errors.ValueOutOfRange),
        ({"kind": GOODS, "quantity": "3 本"}, errors.QuantityMissing),
        ({"kind": GOODS, "quality": "全新"}, errors.QuantityMissing),
        ({"deliver_by": clock.today() - timedelta(days=2)}, errors.DeliveredInThePast),
        ({"beneficiary_id": 1}, errors.RelatedUndeclared),
    ],
)
def test_what_is_not_agreed_is_named(changes: dict[str, object], refusal: type[YijiError]) -> None:
    check_draft(draft(), clock.today())
    with pytest.raises(refusal):
        check_draft(draft(**changes), clock.today())


async def test_gifts_fulfil_an_agreement_once_and_it_is_no_money(world: FundWorld) -> None:
    made = await signed(world)
    assert await available(world.fund, None) == 0
    await give(world, 6000, "X-1")
    await asyncio.gather(*(services.fulfil_agreement(made, "X-1", actor=world.treasurer) for _ in range(3)))
    assert (await queries.agreement(made)).received_fen == 6000
    assert await state(made) == "signed"
    other = await signed(world)
    with pytest.raises(errors.GiftOfOther):
        await services.fulfil_agreement(other, "X-1", actor=world.treasurer)
    with pytest.raises(errors.GiftNotOfAgreement):
        await services.fulfil_agreement(made, "none", actor=world.treasurer)
    await give(world, 4000, "X-2")
    await services.fulfil_agreement(made, "X-2", actor=world.treasurer)
    assert await state(made) == "fulfilled"
    await services.fulfil_agreement(made, "X-2", actor=world.treasurer)
    with pytest.raises(WrongState):
        await services.end_agreement(made, reason="太晚了", actor=world.head)


async def test_goods_are_fulfilled_by_the_slip_of_their_delivery(world: FundWorld) -> None:
    goods = {"kind": GOODS, "what": "绘本", "quantity": "300 本", "quality": "全新，有合格证"}
    made = await drafted(world, **goods)
    with pytest.raises(WrongState):
        await services.fulfil_agreement(made, "D-1", actor=world.treasurer)
    await sign(world, made)
    for _ in range(2):
        await services.fulfil_agreement(made, "D-1", actor=world.treasurer)
    assert await state(made) == "fulfilled"
    assert await available(world.fund, None) == 0
    with pytest.raises(WrongState):
        await services.fulfil_agreement(made, "D-2", actor=world.treasurer)


async def test_another_person_signs_once_and_not_before_its_day(world: FundWorld) -> None:
    made = await drafted(world)
    checker = world.checker
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(errors.SignedTooEarly):
        await services.sign_agreement(made, signed_on=tomorrow, upload=VOUCHER, actor=checker)
    with pytest.raises(PermissionMissing):
        await services.sign_agreement(made, signed_on=clock.today(), upload=VOUCHER, actor=world.treasurer)
    with pytest.raises(errors.AgreementNotFound):
        await services.sign_agreement(made, signed_on=clock.today(), upload=VOUCHER, actor=world.asker)
    (todo,) = await queries.todos(checker)
    assert todo.path == f"/foundation/agreements/{made}"
    await sign(world, made)
    await sign(world, made)
    files = "select count(*) from file where subject_kind = 'foundation.agreement' and subject_id = $1"
    assert await fetch_value(files, made) == 1
    assert await queries.todos(checker) == []
    with pytest.raises(asyncpg.PostgresError, match="says what was agreed"):
        await fetch("update foundation_agreement set value_fen = 1 where id = $1", made)


async def test_who_drafted_does_not_sign(world: FundWorld) -> None:
    made = await drafted(world)
    await fetch("alter table foundation_agreement disable trigger foundation_agreement_stays")
    await fetch(
        "update foundation_agreement set drafted_by = $1 where id = $2", world.checker.person_id, made
    )
    with pytest.raises(errors.OwnAgreement):
        await sign(world, made)


async def test_a_donor_names_no_related_beneficiary(world: FundWorld) -> None:
    """The asker manages the community; by the time of signing an office may have been taken."""
    named = {"beneficiary_id": world.community, "is_unrelated": True}
    with pytest.raises(errors.RelatedBeneficiary):
        await drafted(world, donor_id=world.asker.person_id, **named)
    with pytest.raises(errors.BeneficiaryUnknown):
        await drafted(world, beneficiary_id=2**40, is_unrelated=True)
    made = await drafted(world, donor_id=world.donor.person_id, **named)
    await fetch(
        "update role_grant set person = $1 where scope_kind = 'organization' and scope_id = $2"
        " and role = 'core.manager'",
        world.donor.person_id,
        world.community,
    )
    with pytest.raises(errors.RelatedBeneficiary):
        await sign(world, made)
    assert await state(made) == "draft"


async def test_it_ends_with_a_reason_and_forgets_a_name(world: FundWorld) -> None:
    made = await signed(world, donor_id=world.donor.person_id)
    with pytest.raises(ReasonMissing):
        await services.end_agreement(made, reason="", actor=world.head)
    with pytest.raises(PermissionMissing):
        await services.end_agreement(made, reason="不捐了", actor=world.treasurer)
    for _ in range(2):
        await services.end_agreement(made, reason="不捐了", actor=world.head)
    found = await queries.agreement(made)
    assert (found.state, found.reason) == ("ended", "不捐了")
    await services.forget_giver(world.donor.person_id)
    assert (await queries.agreement(made)).donor_name == GONE


async def test_the_paper_names_both_sides_and_strangers_get_none(world: FundWorld) -> None:
    made = await drafted(world, donor_id=world.donor.person_id)
    with in_language("zh"):
        paper = agreement_paper(await queries.agreement(made))
    assert "壹佰元整" in str(paper.parts)
    assert "样样公司" in str(paper.parts)
    assert "草稿" in paper.remark
    await services.ask_for_agreement(made, actor=world.donor)
    with pytest.raises(errors.AgreementNotFound):
        await services.ask_for_agreement(made, actor=world.asker)
    await run_due_jobs()
    stored = await fetch_value("select content from stored_file where owner_id = $1", world.donor.person_id)
    assert stored.startswith(b"%PDF")


async def test_large_gifts_without_an_agreement_are_listed(world: FundWorld) -> None:
    await give(world, 9999, "L-1")
    await give(world, 10000, "L-2")
    found = await queries.without_agreement(world.foundation, 10000, limit=5)
    assert [one.receipt_no for one in found] == ["L-2"]
    made = await signed(world)
    await services.fulfil_agreement(made, "L-2", actor=world.treasurer)
    assert await queries.without_agreement(world.foundation, 10000, limit=5) == []


def typed(fund_id: int, **changes: str) -> dict[str, Any]:
    known = {
        "fund_id": str(fund_id), "donor_name": "样样公司", "kind": "goods", "what": "绘本",
        "quantity": "300 本", "quality": "全新", "value": "1200.50", "uses": "四点半课堂",
        "deliver_by": clock.today().isoformat(),
    }  # fmt: skip
    return known | changes


async def test_pages_draft_sign_and_fulfil(db: str, client: httpx.AsyncClient) -> None:
    phones = {name: new_phone() for name in SEEN}
    world = await make_fund_world(phones)
    await log_in(client, phones["treasurer"])
    at, new = f"/foundation/{world.foundation}/agreements", f"/foundation/{world.foundation}/agreements/new"
    refused = await send_form(client, at, seen_on=new, **typed(world.fund, quality=""))
    assert refused.status_code == 422
    assert "捐赠物资的，要写数量，也要写质量" in refused.text
    assert 'value="300 本"' in refused.text
    wrong = await send_form(client, at, seen_on=new, **typed(world.fund, value="一千"))
    assert wrong.status_code == 422
    made = await send_form(client, at, seen_on=new, **typed(world.fund))
    path = made.headers["location"]
    assert "等您" not in (await client.get(path)).text
    assert "样样公司" in (await client.get(at)).text
    client.cookies.clear()
    await log_in(client, phones["donor"])
    assert (await client.get(path)).status_code == 404
    assert (await client.get(at)).status_code == 404


async def test_programs_draft_read_and_end(db: str, client: httpx.AsyncClient) -> None:
    phones = {name: new_phone() for name in SEEN}
    world = await make_fund_world(phones)
    keeper = await bearer(client, phones["treasurer"])
    body = {
        "fund_id": world.fund, "donor_name": "样样公司", "kind": "money", "what": "人民币", "value_fen": 500,
        "uses": "课堂", "deliver_by": clock.today().isoformat(),
    }  # fmt: skip
    made = await client.post("/api/v1/foundation/agreements", json=body, headers=keeper)
    assert made.status_code == 201
    one = f"/api/v1/foundation/agreements/{made.json()['id']}"
    assert (await client.get(one, headers=keeper)).json()["state"] == "draft"
    head = await bearer(client, phones["head"])
    ended = await client.post(f"{one}/end", json={"reason": "不捐了"}, headers=head)
    assert ended.json()["state"] == "ended"
    stranger = await bearer(client, phones["donor"])
    assert (await client.get(one, headers=stranger)).status_code == 404
