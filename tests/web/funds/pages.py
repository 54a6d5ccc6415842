"""What there is to be seen of funds: gifts that came and wait, a request at every stage."""

from datetime import timedelta

from core import clock
from core.approvals.services import cast_vote
from core.database import fetch, fetch_value
from core.dossiers.services import ask_with_code
from core.funds import rules, services
from core.funds.queries import gifts, leftovers
from core.funds.rules import Promise
from core.payments.services import connect_merchant
from core.people.services import grant_role
from core.reference import Ref
from plugins.foundation.queries.goods import goods
from plugins.foundation.rules import SECRETARY
from plugins.foundation.rules.disclosures import TRANSACTION
from plugins.foundation.services import agreements, bindings
from plugins.foundation.services.disclosures import record_duty
from tests.contracts.pool_things import make_pools
from tests.core.funds.agreed import open_agreed, terms
from tests.core.funds.world import (
    FundWorld,
    ask,
    draft,
    give,
    held,
    make_fund_world,
    paid,
    report,
    three_gifts,
    vote,
)
from tests.core.payments.bank import open_bank_account
from tests.factories import Committee, make_region
from tests.plugins.foundation.test_agreements import signed
from tests.plugins.foundation.test_bindings import promised
from tests.plugins.foundation.years_world import enter, opened, secretary
from workers.drain import run_due_jobs


async def build_fund_pages(phones: dict[str, str]) -> dict[str, int | str]:
    """Ids by name; those with a phone can log in."""
    with clock.frozen(clock.now() - timedelta(days=100)):
        world = await make_fund_world(phones, name="测样基金会")
        gift, _, _ = await three_gifts(world)
        left = await give(world, 400000, "S-4", purpose_id=world.children)
        late = await paid(world, 2000, payment_no="P-L")
        reported = await paid(world, 2000, payment_no="P-R")
        await report(world, reported)
    places: dict[str, int | str] = {
        "fund": world.fund,
        "foundation": world.foundation,
        "gift": gift,
        "receipt_code": await _acknowledged(gift),
    }
    places |= await _opening(world)
    places["gift_left"] = left
    places["waiting_gift"] = await give(world, 800000, "S-5")
    places["year"] = clock.today().year
    places |= {"fund_late": late, "fund_reported": reported, "fund_voting": await ask(world, 2000)}
    places["fund_paid"] = await paid(world, 2000, payment_no="P-P")
    places["fund_held"] = await held(world, 2000)
    places["fund_prepared"] = prepared = await held(world, 2000)
    await services.prepare_payment(prepared, payment_no="P-D", actor=world.treasurer)
    places["fund_approved"] = approved = await ask(world, 2000)
    await vote(world, approved)
    places |= await _endings(world)
    places |= await make_pools(
        world.foundation, world.fund, maker=world.head, keeper=world.treasurer, second=world.payer
    )
    places["agreement_signed"] = await _agreed(world)
    places["goods_code"] = (await goods(int(places["goods"]))).trace_code
    places["fund_change"] = await services.propose_change(
        world.fund,
        from_purpose_id=world.elders,
        to_purpose_id=world.children,
        reason="助老餐由街道办了",
        actor=world.head,
    )
    await run_due_jobs()
    await opened(world, clock.today().year)
    await enter(world, 1000, occurred_on=clock.today())
    await enter(world, 600000, "V-2", occurred_on=clock.today())
    head = secretary(world)
    await grant_role(head.person_id, SECRETARY, Ref("organization", world.foundation), actor_id=None)
    await record_duty(world.foundation, TRANSACTION, "买车", clock.today(), actor=head)
    return places | await _online(world)


async def _opening(world: FundWorld) -> dict[str, int]:
    """A fund whose agreement is drafted, and one of which nothing is agreed yet."""
    found = {}
    for name in ("new_fund", "bare_fund"):
        found[name] = await services.found_fund(
            f"测样基金会{name}", organization_id=world.foundation, summary="", actor=world.head
        )
    await services.draft_agreement(found["new_fund"], terms(), actor=world.head)
    return found


async def _online(world: FundWorld) -> dict[str, int | str]:
    """The foundation takes money online: a stranger has promised some, another one transfers it."""
    keys = {"secret_key": "sk_standin_1_12345678", "webhook_secret": "whsec_12345678"}
    await connect_merchant(world.foundation, "stripe", keys)
    checked = "update payment_merchant set checked_at = $1 where organization = $2"
    await fetch(checked, clock.now(), world.foundation)
    payee = Committee(id=world.foundation, region_id=await make_region(), treasurer=world.treasurer)
    await open_bank_account(payee)
    codes = []
    for _ in range(2):
        order_id = await services.begin_gift(world.fund, Promise(amount_fen=1000), actor=None)
        codes.append(await fetch_value('select trace_code from fund_gift where "order" = $1', order_id))
    await services.transfer_gift(codes[1])
    return {"promised": codes[0], "transferred": codes[1]}


async def _endings(world: FundWorld) -> dict[str, int]:
    """A gift on its way back, a closing fund with a rest, and one whose committee has agreed."""
    back = await give(world, 3000, "S-6")
    await services.prepare_refund(back, reason="捐错了基金", payment_no="T-1", actor=world.treasurer)
    found = {"gift_back": back}
    for name in ("rest_fund", "agreed_fund"):
        fund = await services.found_fund(
            f"测样基金会{name}", organization_id=world.foundation, summary="", actor=world.head
        )
        await services.add_purpose(fund, "助学", actor=world.head)
        await open_agreed(fund, world.head)
        await services.record_gift(fund, draft(5000, name), actor=world.treasurer)
        await services.stop_gifts(fund, actor=world.head)
        for member in world.members:
            seat = Ref(rules.FUND, fund)
            await grant_role(member.person_id, "core.fund_committee", seat, actor_id=None)
        found[name] = fund
    found["leftover"] = await services.propose_leftover(
        found["agreed_fund"], to_fund_id=world.fund, to_purpose_id=None, reason="办完了", actor=world.head
    )
    approval_id = (await leftovers.leftover(found["leftover"])).approval_id
    assert approval_id is not None
    for member in world.members[:2]:
        await cast_vote(approval_id, choice="approve", reason="", person_id=member.person_id)
    return found


async def _agreed(world: FundWorld) -> int:
    """An agreement with a gift, a pledge that belongs to it, and one that might."""
    made = await signed(world)
    for _ in range(2):
        pledge = await promised(world)
    await bindings.bind_pledge(made, pledge, actor=world.treasurer)
    await give(world, 4000, "S-agreed")
    await agreements.fulfil_agreement(made, "S-agreed", actor=world.treasurer)
    return made


async def _acknowledged(gift: int) -> str:
    """The gift's receipt is issued, a fiscal one and a copy asked for; returns the trace code."""
    code = (await gifts.gift(gift)).trace_code
    await services.issue_with_code(code)
    await ask_with_code(code, address="203.0.113.7")
    await services.ask_for_fiscal_with_code(code, title="样里小店", tax_no="91510100MA6CXXXX1Q")
    return code
