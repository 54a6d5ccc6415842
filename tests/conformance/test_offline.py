"""The counter keeps what every way to pay keeps. It has no adapter: there is nobody to ask."""

import pytest

from core.payments.services import pay_refund_out
from core.people.rules import Actor
from tests.conformance.channels import Channel, ChannelConformance
from tests.core.payments.orders import confirm
from tests.factories import Committee


class Counter:
    """Cash against receipts, and back against slips."""

    source = "core.outside_cash"
    _receipts = 0

    async def pay(self, order_id: int, payer: Actor, committee: Committee) -> None:
        self._receipts += 1  # the next of the pad
        for _ in range(2):  # a second click
            await confirm(order_id, committee.treasurer, receipt_no=f"R{self._receipts}")

    async def give_back(self, refund_id: int, committee: Committee) -> None:
        await pay_refund_out(refund_id, receipt_no=f"T{refund_id}", actor=committee.treasurer)


class TestCounter(ChannelConformance):
    @pytest.fixture
    async def channel(self, committee: Committee) -> Channel:
        return Counter()
