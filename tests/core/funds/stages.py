"""How far things can be: each takes a world there and returns the gift, request or proposal in question."""

from core.approvals.services import cast_vote
from core.database import fetch_value
from core.funds import services
from core.funds.queries import leftovers
from tests.core.funds.agreed import open_agreed
from tests.core.funds.world import (
    ALL,
    AWARE,
    CHILDREN,
    FundWorld,
    ask,
    give,
    held,
    paid,
    report,
    vote,
)
from workers.drain import run_due_jobs


async def nothing(_: FundWorld) -> int:
    return 0


async def gift(_: FundWorld) -> int:
    return int(await fetch_value("select id from fund_gift where receipt_no = 'S-1'"))


async def waiting_gift(world: FundWorld) -> int:
    return await give(world, 600000, "S-9")


async def closing(world: FundWorld) -> int:
    await services.stop_gifts(world.fund, actor=world.head)
    return 0


async def closing_with_waiting_gift(world: FundWorld) -> int:
    made = await waiting_gift(world)
    await closing(world)
    return made


async def voting(world: FundWorld) -> int:
    return await ask(world)


async def decided(world: FundWorld) -> int:
    request_id = await ask(world)
    await vote(world, request_id)
    return request_id


async def out_of_money(world: FundWorld) -> int:
    """Two requests were approved for the same money; the other got it."""
    first, second = await ask(world, 15000), await ask(world, 15000)
    for request_id in (first, second):
        await vote(world, request_id)
    await services.check_request(second, ALL, aware=AWARE, actor=world.checker)
    return first


async def prepared(world: FundWorld) -> int:
    request_id = await held(world)
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    return request_id


async def prepared_and_held(world: FundWorld) -> int:
    await prepared(world)
    return await held(world, 2000)


async def reported(world: FundWorld) -> int:
    request_id = await paid(world)
    await report(world, request_id)
    return request_id


async def refund(world: FundWorld) -> int:
    made = await gift(world)
    await services.prepare_refund(made, reason="捐错了", payment_no="T-1", actor=world.treasurer)
    return made


async def used_up(world: FundWorld) -> int:
    await held(world, 10000)
    return await gift(world)


async def proposal(world: FundWorld) -> int:
    fund = await services.found_fund(
        "测样基金会柳样微基金", organization_id=world.foundation, summary="", actor=world.head
    )
    await services.add_purpose(fund, CHILDREN, actor=world.head)
    await open_agreed(fund, world.head)
    await closing(world)
    return await services.propose_leftover(
        world.fund, to_fund_id=fund, to_purpose_id=None, reason="办完了", actor=world.head
    )


async def agreed_proposal(world: FundWorld) -> int:
    made = await proposal(world)
    approval = (await leftovers.leftover(made)).approval_id
    assert approval is not None
    for member in world.members[:2]:
        await cast_vote(approval, choice="approve", reason="", person_id=member.person_id)
    await run_due_jobs()
    return made
