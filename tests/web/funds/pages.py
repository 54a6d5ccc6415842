"""What there is to be seen of funds: gifts that came and wait, a request at every stage."""

from datetime import timedelta

from core import clock
from core.funds import services
from tests.core.funds.world import ask, give, held, make_fund_world, paid, report, three_gifts, vote
from workers.drain import run_due_jobs


async def build_fund_pages(phones: dict[str, str]) -> dict[str, int]:
    """Ids by name; those with a phone can log in."""
    with clock.frozen(clock.now() - timedelta(days=100)):
        world = await make_fund_world(phones, name="测样基金会")
        gift, _, _ = await three_gifts(world)
        await give(world, 400000, "S-4", purpose_id=world.children)
        late = await paid(world, 2000, payment_no="P-L")
        reported = await paid(world, 2000, payment_no="P-R")
        await report(world, reported)
    new = await services.found_fund(
        "测样基金会样新微基金", organization_id=world.foundation, summary="", actor=world.head
    )
    places = {"fund": world.fund, "new_fund": new, "foundation": world.foundation, "gift": gift}
    places["waiting_gift"] = await give(world, 800000, "S-5")
    places |= {"fund_late": late, "fund_reported": reported, "fund_voting": await ask(world, 2000)}
    places["fund_paid"] = await paid(world, 2000, payment_no="P-P")
    places["fund_held"] = await held(world, 2000)
    places["fund_prepared"] = await held(world, 2000)
    await services.prepare_payment(places["fund_prepared"], payment_no="P-D", actor=world.treasurer)
    places["fund_approved"] = await ask(world, 2000)
    await vote(world, places["fund_approved"])
    await run_due_jobs()
    return places
