"""Gifts are drawn first in, first out within their purpose; what is released is as old as it was."""

from core.funds import services
from core.funds.queries import traces
from core.funds.queries.traces import HELD, LEFT, PAID
from tests.core.funds.world import FundWorld, give, held, paid


async def became(gift_id: int) -> list[tuple[str, int]]:
    return [(part.kind, part.amount_fen) for part in await traces.trace_gift(gift_id)]


async def two_more(world: FundWorld) -> tuple[int, int]:
    """After the donor's 100.00 for the children: 20.00 and 30.00 for them, in this order."""
    return (
        await give(world, 2000, "S-4", purpose_id=world.children),
        await give(world, 3000, "S-5", purpose_id=world.children),
    )


async def test_the_gift_that_came_first_is_used_up_before_the_next_is_touched(world: FundWorld) -> None:
    second, third = await two_more(world)
    await held(world, 10000)
    assert await became(second) == [(LEFT, 2000)]
    await held(world, 201)
    assert await became(second) == [(HELD, 201), (LEFT, 1799)]
    await paid(world, 2000)
    assert await became(second) == [(PAID, 1799), (HELD, 201)]
    assert await became(third) == [(PAID, 201), (LEFT, 2799)]


async def test_what_is_released_is_drawn_before_what_came_later(world: FundWorld) -> None:
    second, third = await two_more(world)
    first_request = await held(world, 10000)
    second_request = await held(world, 3500)
    assert await became(third) == [(HELD, 1500), (LEFT, 1500)]
    await services.release_money(second_request, reason="不办了", actor=world.treasurer)
    assert (await became(second), await became(third)) == ([(LEFT, 2000)], [(LEFT, 3000)])
    await services.release_money(first_request, reason="不办了", actor=world.treasurer)
    await held(world, 10000)
    assert await became(second) == [(LEFT, 2000)]


async def test_free_money_waits_until_all_that_is_bound_is_used(world: FundWorld) -> None:
    """The free 50.00 came before these two, and the elders' 30.00 are not for the children at all."""
    _, third = await two_more(world)
    await held(world, 15000)
    assert await became(third) == [(HELD, 3000)]
    assert await became(2) == [(LEFT, 5000)]
    await held(world, 5000)
    assert await became(2) == [(HELD, 5000)]
    assert await became(3) == [(LEFT, 3000)]
