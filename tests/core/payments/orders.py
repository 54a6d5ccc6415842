"""Builders of orders and of those who take their money."""

from datetime import datetime, timedelta
from typing import Any

from core import clock
from core.database import unit_of_work
from core.payments.rules import OrderLine
from core.payments.services import create_order, take_at_counter
from core.people.rules import Actor, Grant
from core.reference import Ref
from tests.factories import Committee, make_accounts, make_resident

CAUSE = Ref("test.thing", 1)


async def make_order(
    committee: Committee,
    payer: Actor,
    *,
    amounts: tuple[int, ...] = (500, 3000),
    cause: Ref = CAUSE,
    expires_at: datetime | None = None,
) -> int:
    """An open order with a line for each amount, to the committee's public account."""
    _, public = await make_accounts(committee)
    async with unit_of_work():
        return await create_order(
            payee_id=committee.id,
            payer=payer,
            cause=cause,
            lines=[
                OrderLine(reason="garden.plot_fee", account_id=public, amount_fen=amount, note=f"{n} 号")
                for n, amount in enumerate(amounts, 1)
            ],
            expires_at=expires_at or clock.now() + timedelta(hours=48),
        )


async def confirm(order_id: int, actor: Actor, **changes: Any) -> None:
    """Take 35 yuan on receipt 1, unless told otherwise."""
    await take_at_counter(order_id, **({"amount_fen": 3500, "receipt_no": "1", "actor": actor} | changes))


async def make_second_treasurer(committee: Committee) -> Actor:
    """Another person with the role at the same counter."""
    person = await make_resident(committee.region_id, name="孙出纳")
    grant = Grant("core.treasurer", committee.ref)
    return Actor(person.person_id, person.name, person.household_id, (grant,))
