"""Matching pools of the first tenant, one at every state, pledges, agreements and goods."""

from datetime import timedelta

from core import clock
from core.people.rules import Actor
from plugins.foundation.rules.agreements import MONEY, AgreementDraft
from plugins.foundation.rules.pledges import Part, PledgeDraft
from plugins.foundation.rules.pools import Plan, Terms
from plugins.foundation.services import agreements, goods, pledges, pools
from plugins.foundation.services.pools import Slip
from tests.plugins.foundation.goods_world import SLIP, handing, rice

STATES = ("draft", "open", "ended", "prepared")


async def make_pools(
    organization_id: int, fund_id: int, *, maker: Actor, keeper: Actor, second: Actor
) -> dict[str, int]:
    """Ids by state, and money of the open one that waits; `second` has opened them."""
    found: dict[str, int] = {}
    for state in STATES:
        found[f"pool_{state}"] = pool_id = await pools.create_pool(
            organization_id, _plan(fund_id), actor=maker
        )
        slip = Slip(amount_fen=1000, receipt_no=f"Y-{state}", received_on=clock.today())
        await pools.record_money(pool_id, slip, actor=keeper)
        if state != "draft":
            await pools.open_pool(pool_id, actor=second)
        if state in ("ended", "prepared"):
            await pools.end_pool(pool_id, actor=maker)
        if state == "prepared":
            await pools.prepare_rest(pool_id, payment_no="T-1", actor=keeper)
    waits = Slip(amount_fen=600_000, receipt_no="Y-waits", received_on=clock.today())
    for name in ("pledge", "pledge_lost"):
        found[name] = await pledges.record_pledge(fund_id, _promise(), actor=keeper)
    found |= await _goods(organization_id, keeper)
    for name in ("agreement", "agreement_lost"):
        found[name] = await agreements.draft_agreement(fund_id, _agreed(), actor=keeper)
    found["pool_money"] = await pools.record_money(found["pool_open"], waits, actor=keeper)
    return found


async def _goods(organization_id: int, keeper: Actor) -> dict[str, int]:
    """Goods that wait, that are to be reversed, and of which some have left."""
    found = {}
    for name, value_fen in (("goods_waiting", 10**9), ("goods_lost", 100), ("goods", 100)):
        draft = rice(value_fen=value_fen, slip_no=name)
        found[name] = await goods.record_goods(organization_id, draft, SLIP, actor=keeper)
    found["goods_move"] = await goods.move_goods(found["goods"], handing(1), SLIP, actor=keeper)
    return found


def _plan(fund_id: int) -> Plan:
    today = clock.today()
    return Plan(
        title="测样公司配捐",
        sponsor_name="测样公司",
        sponsor_person=None,
        terms=Terms(numerator=1, denominator=2),
        whole_fen=1_000_000,
        begins_on=today,
        ends_on=today + timedelta(days=30),
        fund_ids=(fund_id,),
    )


def _promise() -> PledgeDraft:
    return PledgeDraft(
        purpose_id=None,
        donor_id=None,
        donor_name="认样人",
        nickname="",
        display="name",
        is_binding=False,
        parts=(Part(clock.today(), 10000), Part(clock.today() + timedelta(days=30), 5000)),
    )


def _agreed() -> AgreementDraft:
    return AgreementDraft(
        donor_id=None,
        donor_name="约样公司",
        kind=MONEY,
        what="人民币",
        quantity="",
        quality="",
        value_fen=100,
        uses="课堂",
        deliver_by=clock.today(),
        beneficiary_id=None,
        is_unrelated=False,
    )
