"""What every way to pay keeps towards the books, the counter as well as a provider.

Subclass `ChannelConformance`, give it a `channel`, and run pytest: it plays on a real database.
"""

from typing import Protocol

import pytest

from core.database import fetch_value
from core.errors import YijiError
from core.ledger.queries import differences
from core.payments import queries, services
from core.payments.errors import OrderNotFound, OrderPaidAlready, OwnRefund, RefundTooMuch
from core.people.rules import Actor, Grant
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import balance
from tests.factories import Committee, make_committee, make_resident


class Channel(Protocol):
    """A way on which money comes and goes. `source`: the kind of account that stands for it."""

    source: str

    async def pay(self, order_id: int, payer: Actor, committee: Committee) -> None:
        """The whole sum, paid and booked; raises a YijiError where it may not be."""

    async def give_back(self, refund_id: int, committee: Committee) -> None:
        """What was asked to go back has gone, and is booked."""


class ChannelConformance:
    """Money comes once, goes back no more than once, and both books agree after each step."""

    @pytest.fixture
    async def channel(self, committee: Committee) -> Channel:
        """Yours; it may prepare the committee."""
        raise NotImplementedError("give your way to pay")

    @pytest.fixture
    async def committee(self, db: str) -> Committee:
        """A payee."""
        return await make_committee()

    @pytest.fixture
    async def payer(self, committee: Committee) -> Actor:
        """Who owes."""
        return await make_resident(committee.region_id)

    async def paid(self, channel: Channel, committee: Committee, payer: Actor) -> tuple[int, int | None]:
        """An order with its money, and the attempt that brought it."""
        order_id = await make_order(committee, payer)
        await channel.pay(order_id, payer, committee)
        (source,) = await queries.sources(order_id)
        return order_id, source.attempt_id

    async def check_books(self, channel: Channel, committee: Committee, held_fen: int) -> None:
        """What the payee has is what has come and not gone."""
        assert await balance(committee, "core.public") == held_fen
        assert await balance(committee, channel.source) == -held_fen
        assert await differences() == []

    async def test_an_order_is_paid_once(self, channel: Channel, committee: Committee, payer: Actor) -> None:
        order_id, _ = await self.paid(channel, committee, payer)
        with pytest.raises(OrderPaidAlready):
            await channel.pay(order_id, payer, committee)
        assert (await queries.order(order_id)).state == "paid"
        assert await fetch_value("select count(*) from event where name = 'order_paid'") == 1
        await self.check_books(channel, committee, 3500)

    async def test_parts_go_back_until_nothing_is_left(
        self, channel: Channel, committee: Committee, payer: Actor
    ) -> None:
        order_id, attempt_id = await self.paid(channel, committee, payer)
        for amount_fen, held_fen in ((1200, 2300), (2300, 0)):
            asked = [
                await services.ask_refund(
                    order_id,
                    amount_fen=amount_fen,
                    reason="多收了",
                    attempt_id=attempt_id,
                    actor=committee.treasurer,
                )
                for _ in range(2)
            ]
            assert asked[0] == asked[1]
            for _ in range(2):
                await channel.give_back(asked[0], committee)
            assert (await queries.refund(asked[0])).state == "sent"
            await self.check_books(channel, committee, held_fen)
        with pytest.raises(RefundTooMuch):
            await services.ask_refund(
                order_id, amount_fen=1, reason="多收了", attempt_id=attempt_id, actor=committee.treasurer
            )
        assert (await queries.order(order_id)).state == "paid"

    async def test_what_is_promised_is_not_promised_again(
        self, channel: Channel, committee: Committee, payer: Actor
    ) -> None:
        order_id, attempt_id = await self.paid(channel, committee, payer)
        await services.ask_refund(
            order_id, amount_fen=3000, reason="一", attempt_id=attempt_id, actor=committee.treasurer
        )
        with pytest.raises(RefundTooMuch):
            await services.ask_refund(
                order_id, amount_fen=501, reason="二", attempt_id=attempt_id, actor=committee.treasurer
            )

    async def test_nobody_sends_money_to_themselves_or_for_another_payee(
        self, channel: Channel, committee: Committee, payer: Actor
    ) -> None:
        order_id, attempt_id = await self.paid(channel, committee, payer)
        own = Actor(
            payer.person_id, payer.name, payer.household_id, (Grant("core.treasurer", committee.ref),)
        )
        stranger = (await make_committee()).treasurer
        refusals: list[tuple[Actor, type[YijiError]]] = [(own, OwnRefund), (stranger, OrderNotFound)]
        for actor, refusal in refusals:
            with pytest.raises(refusal):
                await services.ask_refund(
                    order_id, amount_fen=1, reason="退", attempt_id=attempt_id, actor=actor
                )
        await self.check_books(channel, committee, 3500)
