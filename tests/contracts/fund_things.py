"""A fund of the first tenant with a request at every stage; the second tenant asks."""

from dataclasses import replace
from typing import Any

from core import clock
from core.approvals.services import cast_vote
from core.database import fetch, fetch_value, unit_of_work
from core.documents.services import NOBODY, keep_file
from core.dossiers import services as dossiers
from core.files.rules import Upload
from core.funds import rules, services
from core.funds.queries import funds, leftovers, requests
from core.funds.rules import Ask, GiftDraft, Line, Promise
from core.funds.services.receipts import keep_paper_by_code
from core.people.rules import Actor, Grant
from core.people.services import grant_role
from core.reference import Ref
from tests.contracts.pool_things import make_pools
from tests.contracts.year_things import make_year_things
from tests.core.funds.agreed import agree, open_agreed, terms
from tests.factories import Committee, make_resident

_AT_FOUNDATION = ("core.manager", "core.fund_treasurer", "core.fund_payer", "core.fund_checker")
FILE = {"name": "发票.pdf", "content": "JVBERi0xLjQK"}


async def make_fund_things(here: Committee, there: Committee, resident: Actor) -> dict[str, Any]:
    """Ids by name. The resident has given, and has asked; two others have written, checked and prepared."""
    await fetch("update organization set kind = 'foundation' where id = $1", here.id)
    first, second = [
        replace(await _person(here), grants=tuple(Grant(role, here.ref) for role in _AT_FOUNDATION))
        for _ in range(2)
    ]
    fund, other = [await _fund(here, f"测试自管会样{n}微基金", first) for n in "里外"]
    for member in (first, second):
        await grant_role(member.person_id, "core.fund_committee", Ref(rules.FUND, fund), actor_id=None)
    gift = await services.record_gift(fund, _draft(400000, "1", resident), actor=first)
    slip = Upload("回单.pdf", b"%PDF-1.4\n% slip")
    waiting = await services.record_gift(fund, _draft(600000, "2", resident), actor=first, upload=slip)
    asker = replace(resident, grants=(Grant("core.manager", there.ref),))
    things: dict[str, Any] = {"fund": fund, "other_fund": other, "gift": gift, "waiting_gift": waiting}
    promise = Promise(amount_fen=5000)
    order_id = await services.begin_gift(fund, promise, actor=resident)
    things["promised"] = await fetch_value('select trace_code from fund_gift where "order" = $1', order_id)
    things["code"] = await fetch_value("select trace_code from fund_gift where id = $1", gift)
    things["receipt_code"] = await _receipt(things["code"])
    things["opening"] = await services.found_fund(
        "测试自管会新微基金", organization_id=here.id, summary="", actor=first
    )
    await services.add_purpose(things["opening"], "助学", actor=first)
    await agree(things["opening"], first)
    things["drafted"] = await services.draft_agreement(fund, terms(), actor=second)
    things["closing"] = await _fund(here, "测试自管会旧微基金", first)
    await services.stop_gifts(things["closing"], actor=first)
    things["gift_back"] = await services.record_gift(fund, _draft(1000, "3", resident), actor=first)
    await services.prepare_refund(things["gift_back"], reason="捐错了", payment_no="T1", actor=first)
    things["pack_code"] = await _copied(things["gift_back"])
    things |= await make_pools(here.id, fund, maker=first, keeper=first, second=second)
    things |= await _leftovers(here, fund, (first, second))
    things |= await _changes(here, first, resident)
    things |= await make_year_things(here, first, second)
    for stage in ("voting", "approved", "held", "prepared", "paid"):
        things[stage] = await _request(fund, stage, asker, (first, second), there)
    return things


async def _receipt(code: str) -> str:
    """The gift's receipt with its paper; returns the code."""
    receipt_id = await services.issue_with_code(code)
    async with unit_of_work():
        file_id = await keep_file("回执.pdf", "application/pdf", b"%PDF-1.4\n", owner_id=NOBODY)
        await keep_paper_by_code(receipt_id, file_id)
    return code


async def _copied(gift_id: int) -> str:
    """Somebody with the gift's code has a copy of its records; returns the code."""
    code = str(await fetch_value("select trace_code from fund_gift where id = $1", gift_id))
    await dossiers.ask_with_code(code, address="203.0.113.7")
    async with unit_of_work():
        await dossiers.make_pack(await fetch_value("select max(id) from gift_pack"))
    return code


async def _person(here: Committee) -> Actor:
    return await make_resident(here.region_id, name="经办人")


async def _fund(here: Committee, name: str, actor: Actor) -> int:
    fund = await services.found_fund(name, organization_id=here.id, summary="", actor=actor)
    await services.add_purpose(fund, "助老", actor=actor)
    await open_agreed(fund, actor)
    return fund


async def _leftovers(here: Committee, to_fund: int, officers: tuple[Actor, Actor]) -> dict[str, int]:
    """A closing fund with a rest, and another whose committee has agreed where it goes."""
    first, second = officers
    found = {}
    for name in ("rest", "agreed"):
        found[name] = await _fund(here, f"测试自管会{name}微基金", first)
        await services.record_gift(found[name], _draft(1000, name, first), actor=first)
        await services.stop_gifts(found[name], actor=first)
        seat = Ref(rules.FUND, found[name])
        for member in officers:
            await grant_role(member.person_id, "core.fund_committee", seat, actor_id=None)
    found["rest_seat"] = (await funds.seats(found["rest"]))[0].id
    found["leftover"] = await services.propose_leftover(
        found["agreed"], to_fund_id=to_fund, to_purpose_id=None, reason="办完了", actor=first
    )
    approval_id = (await leftovers.leftover(found["leftover"])).approval_id
    assert approval_id is not None
    await cast_vote(approval_id, choice="approve", reason="", person_id=second.person_id)
    async with unit_of_work():
        await services.settle_leftover(found["leftover"], "approved")
    return found


async def _changes(here: Committee, head: Actor, donor: Actor) -> dict[str, int]:
    """Two funds with a gift for 助老; about that of the second its donor is asked."""
    found = {}
    for name in ("asks", "asked"):
        found[name] = await _fund(here, f"测试自管会{name}微基金", head)
        found[f"{name}_to"] = await services.add_purpose(found[name], "助学", actor=head)
        bound = next(p.id for p in await funds.purposes(found[name]) if p.title == "助老")
        found[f"{name}_from"] = bound
        gift = replace(_draft(1000, name, donor), purpose_id=bound)
        await services.record_gift(found[name], gift, actor=head)
    found["change"] = await services.propose_change(
        found["asked"],
        from_purpose_id=found["asked_from"],
        to_purpose_id=found["asked_to"],
        reason="办完了",
        actor=head,
    )
    return found


def _draft(amount_fen: int, receipt_no: str, donor: Actor) -> GiftDraft:
    return GiftDraft(
        amount_fen=amount_fen,
        purpose_id=None,
        donor_id=donor.person_id,
        donor_name=donor.name,
        nickname="",
        display=rules.NAME,
        method=rules.CASH,
        receipt_no=receipt_no,
        received_on=clock.today(),
    )


async def _request(
    fund: int, stage: str, asker: Actor, officers: tuple[Actor, Actor], there: Committee
) -> int:
    first, second = officers
    ask = Ask(organization_id=there.id, title=stage, purpose_id=None, lines=[Line("食材", 1000)])
    request_id = await services.ask_for_money(fund, ask, actor=asker)
    reached = ("voting", "approved", "held", "prepared", "paid").index(stage)
    if reached >= 1:
        approval_id = (await requests.request(request_id)).approval_id
        assert approval_id is not None
        for member in officers:
            await cast_vote(approval_id, choice="approve", reason="", person_id=member.person_id)
        async with unit_of_work():
            await services.settle_vote(request_id, "approved")
    if reached >= 2:
        await services.check_request(request_id, list(rules.CHECKS), actor=first)
    if reached >= 3:
        await services.prepare_payment(request_id, payment_no=f"P-{request_id}", actor=first)
    if reached >= 4:
        await services.sign_payment(request_id, actor=second)
    return request_id
