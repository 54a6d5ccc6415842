"""A foundation that takes gifts online at a stand-in, and those who give there."""

from core.funds import services
from core.funds.queries import gifts
from core.funds.queries.gifts import GiftView
from core.funds.rules import Promise
from core.payments import queries as payments
from core.people.rules import Actor
from core.reference import Ref
from tests.core.funds.world import FundWorld, holder
from tests.core.payments.stand_in import Cashier, connect
from tests.factories import Committee, make_region
from workers.drain import run_due_jobs


async def take_online(world: FundWorld) -> Committee:
    """Let the foundation take money at the stand-in; as payments' tests know a payee, with a treasurer."""
    at, region_id = Ref("organization", world.foundation), await make_region()
    treasurer = await holder("测出纳", "core.treasurer", at, region_id)
    payee = Committee(id=world.foundation, region_id=region_id, treasurer=treasurer)
    await connect(payee)
    return payee


async def promise(
    world: FundWorld, amount_fen: int = 10_000, *, actor: Actor | None = None, **more: object
) -> GiftView:
    """A gift that is promised, by a stranger unless told otherwise."""
    wanted = Promise(amount_fen=amount_fen, **more)  # type: ignore[arg-type]
    order_id = await services.begin_gift(world.fund, wanted, actor=actor, address="203.0.113.7")
    return await gifts.online_gift((await payments.order(order_id)).page.rpartition("/")[2])


async def pay(gift: GiftView, stand_in: Cashier) -> int:
    """It is paid; the worker has not been told. Returns the attempt's id."""
    await services.pay_gift(gift.trace_code)
    await run_due_jobs()
    assert gift.order_id is not None
    (attempt,) = await payments.attempts(gift.order_id)
    stand_in.pay(attempt.external_id)
    return attempt.id


async def given(world: FundWorld, stand_in: Cashier, amount_fen: int = 10_000, **more: object) -> GiftView:
    """A gift that is paid online and counted."""
    gift = await promise(world, amount_fen, **more)  # type: ignore[arg-type]
    await pay(gift, stand_in)
    await services.ask_about_gift(gift.trace_code)
    await run_due_jobs()
    return await gifts.gift(gift.id)
