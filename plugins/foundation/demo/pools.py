"""Matching pools at every state, and gifts that were added to; sponsors and sums are samples."""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.database import fetch, fetch_value
from core.funds import services as funds
from core.funds.rules import NAME
from plugins.foundation import demo
from plugins.foundation.queries import pools as queries
from plugins.foundation.rules import pools as rules
from plugins.foundation.rules.pools import Plan, Terms
from plugins.foundation.services import pools
from plugins.foundation.services.pools import Slip
from workers.drain import run_due_jobs

Report = Callable[[int, int], None]
SHOWN = "样里街道配捐池 (样例)"
# Title, sponsor, ratio, whole pool, cap per gift, how far it has come.
_POOLS: tuple[tuple[str, str, tuple[int, int], int, int | None, str], ...] = (
    (SHOWN, "样里街道", (1, 2), 200000, 30000, rules.OPEN),
    ("邻里好物配捐池 (样例)", "邻样商店", (1, 1), 15000, None, "dry"),
    ("重阳配捐池 (样例)", "敬样公司", (1, 1), 100000, 20000, rules.ENDED),
    ("六一配捐池 (样例)", "童样书店", (1, 3), 80000, None, rules.PREPARED),
    ("开学配捐池 (样例)", "学样书屋", (1, 1), 200000, None, rules.SETTLED),
    ("新年配捐池 (样例)", "蜀样公司", (2, 1), 900000, None, rules.DRAFT),
)


async def build_pools(report: Report) -> None:
    """One fund for each pool, so that each gift is added to by one."""
    foundation = await fetch_value("select id from organization where name = '锦样基金会'")
    taking = "select id from fund where organization = $1 and state = 'open' order by id offset 4 limit $2"
    ids = [row["id"] for row in await fetch(taking, foundation, len(_POOLS))]
    for number, fund_id in enumerate(ids):
        await _build(foundation, fund_id, number)
        report(number + 1, len(ids))


async def _build(foundation: int, fund_id: int, number: int) -> None:
    """Step by step, each only if it has not been made."""
    title, _, _, whole_fen, _, state = _POOLS[number]
    is_over = state in (rules.ENDED, rules.PREPARED, rules.SETTLED)
    with demo.days_ago(40 if is_over else 6):
        pool_id = await fetch_value("select id from foundation_pool where title = $1", title)
        if pool_id is None:
            plan = _plan(number, fund_id)
            pool_id = await pools.create_pool(foundation, plan, actor=await demo.actor_at(demo.HEAD))
        if not await queries.known_fen(pool_id):
            slip = Slip(amount_fen=whole_fen, receipt_no=f"PC-HD-{number}", received_on=clock.today())
            await pools.record_money(pool_id, slip, actor=await demo.actor_at(demo.TREASURER))
        if state == rules.DRAFT:
            return  # above the limit: its money waits for the second person
        if (await queries.pool(pool_id)).state == rules.DRAFT:
            await pools.open_pool(pool_id, actor=await demo.actor_at(demo.PAYER))
        await _give(fund_id, number)
    if is_over:
        with demo.days_ago(9):
            await pools.end_over()
        await _settle(pool_id, state, number)


def _plan(number: int, fund_id: int) -> Plan:
    title, sponsor, (numerator, denominator), whole_fen, cap, _ = _POOLS[number]
    return Plan(
        title=title,
        sponsor_name=sponsor,
        sponsor_person=None,
        terms=Terms(numerator=numerator, denominator=denominator, per_gift_fen=cap),
        whole_fen=whole_fen,
        begins_on=clock.today(),
        ends_on=clock.today() + timedelta(days=30),
        fund_ids=(fund_id,),
    )


async def _give(fund_id: int, number: int) -> None:
    """Three gifts, one of them of the donor with an account; of the shown pool one goes back."""
    if await fetch_value("select exists (select from fund_gift where receipt_no = $1)", f"PC-{number}-3"):
        return
    keeper, payer, donor = [await demo.actor_at(who) for who in (demo.TREASURER, demo.PAYER, demo.DONOR)]
    own = {"donor_id": donor.person_id, "donor_name": donor.name, "display": NAME, "amount_fen": 10000}
    drafts = [
        demo.sample_gift(0, f"PC-{number}-1", **own),
        demo.sample_gift(1, f"PC-{number}-2", amount_fen=80000),
        demo.sample_gift(2, f"PC-{number}-3", amount_fen=5000),
    ]
    ids = [await funds.record_gift(fund_id, draft, actor=keeper) for draft in drafts]
    await run_due_jobs()
    if number == 0:
        await funds.prepare_refund(ids[2], reason="捐错了基金 (样例)", payment_no="TK-PC-1", actor=keeper)
        await funds.sign_refund(ids[2], actor=payer)
        await run_due_jobs()


async def _settle(pool_id: int, state: str, number: int) -> None:
    if state == rules.ENDED:
        return
    if (await queries.pool(pool_id)).state == rules.ENDED:
        keeper = await demo.actor_at(demo.TREASURER)
        await pools.prepare_rest(pool_id, payment_no=f"PC-YK-{number}", actor=keeper)
    if state == rules.SETTLED and (await queries.pool(pool_id)).state == rules.PREPARED:
        await pools.settle_rest(pool_id, actor=await demo.actor_at(demo.PAYER))
