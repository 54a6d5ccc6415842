"""An agreement by its pages: drafted, signed by another, fulfilled by what came, or ended with a reason."""

from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from core import clock
from plugins.foundation.queries import agreements as queries
from plugins.foundation.rules.pledges import Part, PledgeDraft
from plugins.foundation.services import pledges
from tests.core.funds.world import VOUCHER, FundWorld, give, make_fund_world, paid
from tests.factories import new_phone
from tests.plugins.foundation.test_pledges import draft as pledge_draft
from tests.web.visitors import log_in, send_file, send_form

PAPER = (VOUCHER.name, VOUCHER.content)


@dataclass
class Office:
    """The foundation at one screen: whoever is named sits down at it."""

    client: httpx.AsyncClient
    world: FundWorld
    phones: dict[str, str]

    async def sits(self, who: str) -> None:
        self.client.cookies.clear()
        await log_in(self.client, self.phones[who])

    async def drafts(self, **changes: str) -> str:
        """The treasurer writes down 100.00 of the donor; returns the page."""
        await self.sits("treasurer")
        typed = {
            "fund_id": str(self.world.fund), "donor_name": "施捐赠", "donor_phone": self.phones["donor"],
            "kind": "money", "what": "人民币", "value": "100", "uses": "四点半课堂的书",
            "deliver_by": clock.today().isoformat(),
        }  # fmt: skip
        at = f"/foundation/{self.world.foundation}/agreements"
        made = await send_form(self.client, at, seen_on=f"{at}/new", **(typed | changes))
        assert made.status_code == 303
        return str(made.headers["location"])

    async def signs(self, page: str) -> httpx.Response:
        await self.sits("checker")
        day = clock.today().isoformat()
        return await send_file(self.client, f"{page}/sign", "file", PAPER, seen_on=page, signed_on=day)

    async def sends(self, page: str, verb: str, **fields: str) -> httpx.Response:
        return await send_form(self.client, f"{page}/{verb}", seen_on=page, **fields)

    async def sees(self, page: str) -> str:
        answer = await self.client.get(page)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
async def office(db: str, client: httpx.AsyncClient) -> Office:
    phones = {name: new_phone() for name in ("head", "treasurer", "checker", "donor", "asker", "payer")}
    return Office(client, await make_fund_world(phones), phones)


def instalments(*amounts_fen: int, **changes: object) -> PledgeDraft:
    """A month apart from each other."""
    today = clock.today()
    parts = tuple(Part(today + timedelta(days=30 * n), fen) for n, fen in enumerate(amounts_fen, 1))
    return pledge_draft(parts=parts, **changes)


async def _state(page: str) -> str:
    return (await queries.agreement(int(page.rpartition("/")[2]))).state


async def test_two_persons_draft_and_sign(office: Office) -> None:
    page = await office.drafts()
    own = await office.sees(page)
    assert "由基金会另一位合规审核人核对签订" in own
    assert f"{page}/sign" not in own
    refused = await send_file(
        office.client, f"{page}/sign", "file", PAPER, seen_on=page, signed_on=clock.today().isoformat()
    )
    assert refused.status_code == 403
    await office.sits("checker")
    early = await office.sends(page, "fulfil", receipt_no="A-1")
    assert early.status_code == 403
    unsigned = await office.sends(page, "sign", signed_on=clock.today().isoformat())
    assert (unsigned.status_code, 'aria-invalid="true"' in unsigned.text) == (422, True)
    for _ in range(2):
        assert (await office.signs(page)).status_code == 303
    signed = await office.sees(page)
    assert "已签订" in signed
    assert VOUCHER.name in signed
    await office.sits("donor")
    assert "还没有捐赠算入这份协议" in await office.sees(page)
    await office.sits("asker")
    assert (await office.client.get(page)).status_code == 404


async def test_a_beneficiary_is_named_and_not_related(office: Office) -> None:
    page = await office.drafts(beneficiary="测样社区", is_unrelated="1")
    assert "测样社区" in await office.sees(page)
    at = f"/foundation/{office.world.foundation}/agreements"
    typed = {
        "fund_id": str(office.world.fund), "donor_name": office.world.asker.name,
        "donor_phone": office.phones["asker"], "kind": "money", "what": "人民币", "value": "100",
        "uses": "书", "is_unrelated": "1", "deliver_by": clock.today().isoformat(),
    }  # fmt: skip
    for named, reason in (
        ("没有这个社区", "没有找到这个组织，请写全称或 18 位统一社会信用代码"),
        ("测样社区", "捐赠人或其家人在受益组织任职"),
    ):
        refused = await send_form(office.client, at, seen_on=f"{at}/new", **typed, beneficiary=named)
        assert refused.status_code == 422
        assert reason in refused.text
        assert f'value="{named}"' in refused.text


async def test_gifts_fulfil_it_and_the_page_says_what_became_of_them(office: Office) -> None:
    page, donor = await office.drafts(), office.world.donor.person_id
    await office.signs(page)
    own = {"donor_id": donor, "donor_name": "施捐赠"}
    await give(office.world, 6_000, "A-1", purpose_id=office.world.children, **own)
    await office.sits("treasurer")
    wrong = await office.sends(page, "fulfil", receipt_no="none")
    assert (wrong.status_code, "没有这样的捐赠" in wrong.text, 'value="none"' in wrong.text) == (
        422,
        True,
        True,
    )
    for _ in range(2):
        assert (await office.sends(page, "fulfil", receipt_no="A-1")).status_code == 303
    half = await office.sees(page)
    assert "60.00 / 100.00" in half
    assert await _state(page) == "signed"
    await paid(office.world, 2_000)
    await give(office.world, 4_000, "A-2", **own)
    await office.sends(page, "fulfil", receipt_no="A-2")
    await office.sits("donor")
    whole = await office.sees(page)
    for said in ("已履行", "100.00 / 100.00", "A-1", "A-2", "已经付出", "20.00 元", "还没有用", "80.00 元"):
        assert said in whole
    await office.sits("head")
    late = await office.sends(page, "end", reason="太晚了")
    assert late.status_code == 409
    assert "已履行" in late.text


async def test_instalments_of_a_pledge_fulfil_it(office: Office) -> None:
    page, world = await office.drafts(), office.world
    donor = {"donor_id": world.donor.person_id, "donor_name": "施捐赠"}
    pledge = await pledges.record_pledge(
        world.fund, instalments(5_000, 5_000, **donor), actor=world.treasurer
    )
    strange = await pledges.record_pledge(world.fund, instalments(5_000), actor=world.treasurer)
    await office.sits("treasurer")
    assert f'value="{strange}"' not in await office.sees(page)
    refused = await office.sends(page, "pledges", pledge_id=str(strange))
    assert (refused.status_code, "要是这位捐赠人给这支基金的认捐" in refused.text) == (422, True)
    for _ in range(2):
        assert (await office.sends(page, "pledges", pledge_id=str(pledge))).status_code == 303
    await office.signs(page)
    for receipt_no in ("P-1", "P-2"):
        await give(world, 5_000, receipt_no, **donor)
        await pledges.link_gift(pledge, receipt_no, actor=world.treasurer)
    assert await _state(page) == "fulfilled"
    await office.sits("donor")
    shown = await office.sees(page)
    assert f"认捐 {pledge}" in shown
    assert "100.00 / 100.00" in shown
    await office.sits("treasurer")
    other = await office.drafts()
    taken = await office.sends(other, "pledges", pledge_id=str(pledge))
    assert (taken.status_code, "已经并入另一份协议" in taken.text or "已经算在一份协议里" in taken.text) == (
        409,
        True,
    )


async def test_less_than_agreed_is_fulfilled_only_with_a_reason(office: Office) -> None:
    page, world = await office.drafts(), office.world
    await office.signs(page)
    await office.sits("treasurer")
    assert (await office.sends(page, "settle", settled_reason="说好了")).status_code == 403
    await office.sits("head")
    nothing = await office.sends(page, "settle", settled_reason="说好了")
    assert (nothing.status_code, "什么都没有到" in nothing.text) == (409, True)
    await give(world, 6_000, "A-1", donor_id=world.donor.person_id, donor_name="施捐赠")
    await office.sits("treasurer")
    await office.sends(page, "fulfil", receipt_no="A-1")
    await office.sits("head")
    empty = await office.sends(page, "settle", settled_reason=" ")
    assert (empty.status_code, 'aria-invalid="true"' in empty.text) == (422, True)
    for _ in range(2):
        assert (await office.sends(page, "settle", settled_reason="双方商定减到 60 元")).status_code == 303
    await office.sits("donor")
    shown = await office.sees(page)
    assert "双方商定减到 60 元" in shown
    assert "60.00 / 100.00" in shown
    assert await _state(page) == "fulfilled"


async def test_what_is_not_fulfilled_ends_with_a_reason(office: Office) -> None:
    page = await office.drafts()
    await office.signs(page)
    await office.sits("treasurer")
    assert (await office.sends(page, "end", reason="不捐了")).status_code == 403
    await office.sits("head")
    empty = await office.sends(page, "end", reason="")
    assert (empty.status_code, 'aria-invalid="true"' in empty.text) == (422, True)
    for _ in range(2):
        assert (await office.sends(page, "end", reason="捐赠人经济困难")).status_code == 303
    assert "已终止：捐赠人经济困难" in await office.sees(page)
    await office.sits("treasurer")
    late = await office.sends(page, "fulfil", receipt_no="A-1")
    assert late.status_code in (409, 422)
    assert await _state(page) == "ended"
